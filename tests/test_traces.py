"""Traces: what a collector is told of a question, and that nobody is told anything otherwise."""

import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from fakes import HashingEmbedding, ScriptedAnswerer
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from servers import serving

from assistant.answerer import Answerer
from assistant.answering.extractive import ExtractiveAnswerer
from assistant.answers import Piece, Waiting
from assistant.assistant import Assistant
from assistant.models.limits import LimitedAnswerer
from assistant.reading.findings import Finding
from assistant.settings import read_settings
from assistant.traces import PATH, Traces
from index.errors import UserError
from index.generations.pointer import open_current
from index.steps import request_id

QUESTION = "Who led the repair of the iron bridge in Marlow?"
ROOT = Path(__file__).resolve().parent.parent


class Collector(ThreadingHTTPServer):
    """Keeps what it is sent; its spans by name."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bodies: list[bytes] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def spans(self) -> dict[str, Any]:
        requests = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        scopes = [scope for one in requests for resource in one.resource_spans for scope in resource.scope_spans]
        return {span.name: span for scope in scopes for span in scope.spans}


class _Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        assert self.path == PATH
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as one:
        yield one


@contextmanager
def collecting() -> Iterator[Collector]:
    with Collector() as one:
        thread = threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield one
        one.shutdown()
        thread.join(5)


def opened(index_dir: Path, answerer: Answerer, traces: Traces | None) -> Assistant:
    return Assistant(index_dir, open_current(index_dir), HashingEmbedding(), answerer, traces)


@pytest.mark.parametrize("aside", [False, True])
def test_a_question_is_a_span_with_its_steps_in_it(index_dir: Path, collector: Collector, aside: bool) -> None:
    quoting = ExtractiveAnswerer()
    traces = Traces(collector.address)
    answerer = LimitedAnswerer(quoting, 60) if aside else quoting
    token = request_id.set("r-1")
    answer = opened(index_dir, answerer, traces).ask(QUESTION)
    request_id.reset(token)
    traces.flush()
    spans = collector.spans
    assert set(spans) == {
        "question",
        "understanding",
        "search",
        "embedding",
        "reading",
        "checking",
        "drafting",
        "verification",
    }
    question = spans["question"]
    parents = {name: next(one.name for one in spans.values() if one.span_id == span.parent_span_id)
               for name, span in spans.items() if span.parent_span_id}  # fmt: skip
    assert parents["search"] == parents["drafting"] == parents["verification"] == "question"
    assert parents["reading"] == "question"
    assert "question" not in parents and len({span.trace_id for span in spans.values()}) == 1
    told = {one.key: one.value.string_value for one in question.attributes}
    assert told == {"newsdesk.request_id": "r-1", "newsdesk.outcome": "answered"}
    assert all(not span.attributes for name, span in spans.items() if name != "question")
    for span in spans.values():
        assert question.start_time_unix_nano <= span.start_time_unix_nano <= span.end_time_unix_nano
        assert span.end_time_unix_nano <= question.end_time_unix_nano
    sent = b"".join(collector.bodies)
    for word in ("Marlow", "bridge", "repair", answer.text, answer.hits[0].article.id, answer.hits[0].article.title):
        assert word.encode() not in sent


class BrokenAnswerer(ScriptedAnswerer):
    """Has a bug that tells what was asked."""

    def draft(self, question: str, language: str, answer_language: str, findings: Sequence[Finding]) -> Iterator[Piece]:
        yield Waiting()
        raise KeyboardInterrupt(question)


def test_how_a_question_ended_is_told_and_not_why(index_dir: Path, collector: Collector) -> None:
    traces = Traces(collector.address)

    def outcome() -> str:
        traces.flush()
        (told,) = [one.value.string_value for one in collector.spans["question"].attributes if "outcome" in one.key]
        return str(told)

    opened(index_dir, ScriptedAnswerer("Ada Finch led it.", answered=False), traces).ask(QUESTION)
    assert outcome() == "not_answered"
    leaving = opened(index_dir, ScriptedAnswerer("Ada Finch led it."), traces).stream(QUESTION)
    next(leaving)
    leaving.close()
    assert outcome() == "left"
    with pytest.raises(UserError):
        opened(index_dir, ScriptedAnswerer(), traces).ask("  ")
    assert outcome() == "failed"
    with pytest.raises(KeyboardInterrupt):
        opened(index_dir, BrokenAnswerer(), traces).ask(QUESTION)
    traces.flush()
    assert b"Marlow" not in b"".join(collector.bodies)


def test_over_http_a_trace_has_the_id_of_its_request(index_dir: Path, collector: Collector) -> None:
    traces = Traces(collector.address)
    with serving(index_dir, ExtractiveAnswerer()) as api:
        api.desk.assistant._traces = traces
        reply = api.send("POST", "/v1/ask", {"question": QUESTION}, X_Request_ID="from-a-proxy")
    assert reply.status == 200
    traces.flush()
    assert "from-a-proxy" in {one.value.string_value for one in collector.spans["question"].attributes}


def test_a_collector_that_does_not_answer_holds_up_nobody(index_dir: Path) -> None:
    traces = Traces("http://127.0.0.1:9")
    assert opened(index_dir, ScriptedAnswerer("Ada Finch led it."), traces).ask(QUESTION).answered


def test_without_an_address_nothing_of_it_is_imported(index_dir: Path) -> None:
    program = f"""
import sys
from pathlib import Path
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests")!r}]
from fakes import HashingEmbedding
from assistant.assistant import Assistant
from assistant.answering.extractive import ExtractiveAnswerer
from assistant.opening import load_traces
from assistant.settings import read_settings
from index.generations.pointer import open_current
path = Path({str(index_dir)!r})
traces = load_traces(read_settings({{"NEWSDESK_PROFILE": "light"}}))
Assistant(path, open_current(path), HashingEmbedding(), ExtractiveAnswerer(), traces).ask({QUESTION!r})
from opentelemetry import trace  # Chroma has imported it already
print(traces, "assistant.traces" in sys.modules, "opentelemetry.exporter.otlp.proto.http" in sys.modules)
print(type(trace.get_tracer_provider()).__name__)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.stdout.splitlines() == ["None False False", "ProxyTracerProvider"], done.stderr


@pytest.mark.parametrize("address", ["collector:4318", "ftp://h", "http://", "http://me:key@h:4318", "http://h/?key=s"])
def test_what_is_no_address_of_a_collector_is_refused(address: str) -> None:
    with pytest.raises(UserError, match="NEWSDESK_TRACES") as refused:
        read_settings({"NEWSDESK_PROFILE": "light", "NEWSDESK_TRACES": address})
    assert "key@" not in str(refused.value)
