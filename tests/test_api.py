"""The HTTP API as programs meet it: a real server on loopback, over three articles."""

import json
import logging
import shutil
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from fakes import HashingEmbedding, ScriptedAnswerer, WithoutTranslation
from servers import PATIENCE_SECONDS, Api, Reply, events, serving

from assistant.answering.extractive import ExtractiveAnswerer
from assistant.answers import Draft, Piece, Written
from assistant.assistant import Assistant
from assistant.models.limits import LimitedAnswerer
from assistant.reading.findings import Finding
from index.errors import UserError
from index.generations.pointer import open_current
from index.rebuild import default_folder
from index.vectors import Vectors
from ui.answer_line import answer_line
from ui.api.desk import Desk
from ui.api.problems import Problem
from ui.api.server import JsonLines, Limits, Lines
from ui.rate_limit import RateLimit

QUESTION = "Who led the repair of the bridge?"
SENTENCE = "Engineer Ada Finch led the repair."
BRIDGE = "The iron bridge in Marlow reopened on 4 March. Engineer Ada Finch led the repair.\n\nIt cost 3,200 crowns."


class HeldAnswerer(WithoutTranslation):
    """Writes a word every now and then until it is let go, and notes when it began and when it was stopped."""

    name = "held"

    def __init__(self) -> None:
        self.began, self.go, self.stopped = threading.Event(), threading.Event(), threading.Event()

    def draft(self, question: str, language: str, answer_language: str, findings: Sequence[Finding]) -> Iterator[Piece]:
        self.began.set()
        try:
            while not self.go.wait(0.02):
                yield Written("word ")
            yield Draft(True, sentences=(SENTENCE,), confidence=1.0)
        finally:
            self.stopped.set()


class LoggingAnswerer(ExtractiveAnswerer):
    """Logs a line from wherever it drafts."""

    def draft(self, question: str, language: str, answer_language: str, findings: Sequence[Finding]) -> Iterator[Piece]:
        logging.getLogger("assistant").info("drafting")
        yield from super().draft(question, language, answer_language, findings)


class BrokenEmbedding(HashingEmbedding):
    """Fails with the question in its error, as libraries do."""

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        raise RuntimeError(f"cannot embed {queries!r}")


@pytest.fixture(scope="module")
def made(_indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the three articles that no test changes."""
    return shutil.copytree(_indexed, tmp_path_factory.mktemp("made") / "index")


@pytest.fixture(scope="module")
def api(made: Path) -> Iterator[Api]:
    with serving(made, ExtractiveAnswerer()) as api:
        yield api


@pytest.fixture
def held() -> Iterator[HeldAnswerer]:
    answerer = HeldAnswerer()
    yield answerer
    answerer.go.set()


@pytest.fixture
def log() -> Iterator[list[str]]:
    """Everything that is logged, whatever its level, as the server writes it, in both ways."""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.extend((JsonLines().format(record), Lines().format(record)))

    root, handler = logging.getLogger(), Kept()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lines
    root.setLevel(level)
    root.removeHandler(handler)


def lines_of(log: list[str], request: str) -> list[dict[str, object]]:
    """What was logged of a request."""
    fields = [json.loads(line) for line in log if line.startswith("{")]
    return [one for one in fields if one["request_id"] == request]


def wait_until_free(api: Api) -> None:
    """Returns when nobody is asking any more."""
    until = time.monotonic() + PATIENCE_SECONDS
    while "newsdesk_questions_open 0.0" not in api.get("/metrics").body:
        assert time.monotonic() < until
        time.sleep(0.05)


def test_an_answer_is_the_line_that_the_command_prints(api: Api, made: Path) -> None:
    reply = api.ask(QUESTION)
    assistant = Assistant(made, open_current(made), HashingEmbedding(), ExtractiveAnswerer())
    line = json.loads(json.dumps(answer_line(assistant.ask(QUESTION), 20)))
    assert reply.status == 200 and reply.json.keys() == line.keys()
    assert {**reply.json, "timings_ms": None} == {**line, "timings_ms": None}
    assert reply.json["answer"] == reply.json["citations"][0]["quote"] == SENTENCE


@pytest.mark.parametrize(
    ("narrowed", "articles"),
    [
        ({"language": "it"}, {"mercato.md"}),
        ({"source": "The Daily Wren"}, {"bridge.md"}),
        ({"since": "2024-05-20"}, {"mercato.md"}),
        ({"until": "2024-05-19"}, {"bridge.md"}),
        ({"folder": "none"}, set()),
    ],
)
def test_filters_narrow_answers_and_searches_alike(api: Api, narrowed: dict[str, str], articles: set[str]) -> None:
    asked = api.ask(QUESTION, **narrowed).json
    query = "&".join(["q=repair+bridge", *(f"{name}={value.replace(' ', '+')}" for name, value in narrowed.items())])
    found = api.get(f"/v1/search?{query}").json
    for hits in (asked["hits"], found["hits"]):
        assert {hit["article"] for hit in hits} - {"snih.txt"} == articles


def test_a_follow_up_leans_on_its_history(api: Api) -> None:
    history = [{"question": QUESTION, "answer": SENTENCE, "short_answer": "Ada Finch"}]
    assert api.ask("And when?", history=history).json["search_query"] == f"And when? (Ada Finch {QUESTION})"


def test_an_answer_may_be_asked_for_in_another_language(made: Path) -> None:
    answerer = ScriptedAnswerer(SENTENCE)
    with serving(made, answerer) as api:
        assert api.ask(QUESTION, answer_language="de").json["language"] == "de"
    assert answerer.languages == [("en", "de")]


def test_a_stream_brings_evidence_then_text_then_the_answer(made: Path) -> None:
    with serving(made, ScriptedAnswerer("Ada Finch ", "led it.")) as api:
        with api.stream("/v1/ask", {"question": QUESTION, "stream": True}) as reply:
            assert reply.getheader("Content-Type", "").startswith("text/event-stream")
            (first, evidence), *texts, (last, answer) = events(reply)
        assert api.ask(QUESTION).json["hits"] == answer["hits"]
    assert (first, last) == ("evidence", "answer")
    assert evidence == {"search_query": QUESTION, "hits": answer["hits"]}
    assert texts == [("text", {"text": "Ada Finch "}), ("text", {"text": "led it."})]


def test_a_stream_may_be_asked_for_by_header(api: Api) -> None:
    reply = api.send("POST", "/v1/ask", {"question": QUESTION}, Accept="text/event-stream")
    assert reply.body.startswith("event: evidence\ndata: {") and "event: answer\n" in reply.body


def test_who_waits_for_the_model_is_told_how_many_are_before(made: Path, held: HeldAnswerer) -> None:
    body = {"question": QUESTION, "stream": True}
    with serving(made, LimitedAnswerer(held, 60)) as api, api.stream("/v1/ask", body) as first:
        assert held.began.wait(PATIENCE_SECONDS)
        with api.stream("/v1/ask", body) as second:
            coming = events(second)
            assert next(coming)[0] == "evidence"
            assert next(coming) == ("waiting", {"before": 1})
            time.sleep(0.5)  # in which it would be told twice more
            held.go.set()
            assert [name for name, _ in coming if name != "text"] == ["answer"]
        assert [name for name, _ in events(first)][-1] == "answer"


@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_leaves_stops_the_answerer(made: Path, held: HeldAnswerer, stream: bool) -> None:
    with serving(made, held) as api:
        if stream:
            with api.stream("/v1/ask", {"question": QUESTION, "stream": True}):
                assert held.began.wait(PATIENCE_SECONDS)
        else:
            leave_while_waiting(api, held)
        assert held.stopped.wait(PATIENCE_SECONDS) and not held.go.is_set()
        wait_until_free(api)
        assert 'newsdesk_questions_total{outcome="left"} 1.0' in api.get("/metrics").body


def leave_while_waiting(api: Api, held: HeldAnswerer) -> None:
    """Asks for a whole answer and hangs up before it has come."""
    body = json.dumps({"question": QUESTION}).encode()
    head = f"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    with socket.create_connection(("127.0.0.1", api.port)) as connection:
        connection.sendall(f"{head}\r\n\r\n".encode() + body)
        assert held.began.wait(PATIENCE_SECONDS)


def test_one_more_than_there_are_places_is_told_when_to_come_again(made: Path, held: HeldAnswerer) -> None:
    with serving(made, held, Limits(places=2, per_minute=1000)) as api, ThreadPoolExecutor() as others:
        asked = [others.submit(api.ask, QUESTION) for _ in range(2)]
        while "newsdesk_questions_open 2.0" not in api.get("/metrics").body:
            time.sleep(0.02)
        for path in ("/v1/ask", "/v1/chat/completions"):
            body = {"question": QUESTION, "model": "newsdesk", "messages": [{"role": "user", "content": QUESTION}]}
            fields = ("question",) if path == "/v1/ask" else ("model", "messages")
            for stream in (False, True):
                busy = api.send("POST", path, {**{name: body[name] for name in fields}, "stream": stream})
                seconds = busy.headers["retry-after"]
                assert (busy.status, busy.code) == (503, "busy") and 1 <= int(seconds) <= 5
                assert f"try again in {seconds} s" in busy.json["error"]["message"]
        assert api.get("/v1/search?q=bridge").status == 503
        assert api.get("/health").status == 200
        held.go.set()
        assert [one.result().status for one in asked] == [200, 200]
        wait_until_free(api)
        assert api.ask(QUESTION).status == 200


def test_an_answer_that_takes_too_long_is_given_up(made: Path, held: HeldAnswerer) -> None:
    with serving(made, held, Limits(seconds=0.3, per_minute=1000)) as api:
        late = api.ask(QUESTION)
        assert (late.status, late.code) == (504, "late") and held.stopped.is_set()
        with api.stream("/v1/ask", {"question": QUESTION, "stream": True}) as reply:
            *_, (name, body) = events(reply)
        assert (name, body["error"]["code"]) == ("error", "late")
        assert 'newsdesk_questions_total{outcome="late"} 2.0' in api.get("/metrics").body


def test_so_many_requests_a_minute_and_no_more(made: Path) -> None:
    with serving(made, ExtractiveAnswerer(), Limits(per_minute=3)) as api:
        assert [api.get("/v1/models").status for _ in range(4)] == [200, 200, 200, 429]
        refused = api.get("/v1/articles")
        assert refused.code == "too_many_requests" and 55 <= int(refused.headers["retry-after"]) <= 60
        assert api.get("/health").status == api.get("/metrics").status == 200


def test_the_minute_of_a_caller_moves_on_and_callers_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.rate_limit.MOST_CALLERS", 2)
    now = 100.0
    limit = RateLimit(2, lambda: now)
    assert [limit.enter("a"), limit.enter("a"), limit.enter("a"), limit.enter("b")] == [0, 0, 60, 0]
    now = 130.5
    assert limit.enter("a") == 30
    now = 160.5
    assert [limit.enter("c"), limit.enter("a"), limit.enter("a"), limit.enter("a")] == [0, 0, 0, 60]
    assert len(limit._times) == 2


def test_a_body_that_is_too_large_is_not_read(api: Api) -> None:
    whole = api.send("POST", "/v1/ask", b" " * 1_000_001)
    assert (whole.status, whole.code) == (413, "too_large")
    in_chunks = b"20000\r\n" + b" " * 0x20000 + b"\r\n"
    reply = raw(api, b"Transfer-Encoding: chunked\r\n", in_chunks * 8)
    assert b" 413 " in reply and b"too_large" in reply


def raw(api: Api, headers: bytes, body: bytes) -> bytes:
    """The first that comes back of a question sent as these bytes."""
    with socket.create_connection(("127.0.0.1", api.port), timeout=PATIENCE_SECONDS) as connection:
        head = b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        connection.sendall(head + headers + b"\r\n" + body)
        return connection.makefile("rb").read1(10_000)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"question": "canary', "The request is not JSON."),
        ({}, "question: Field required"),
        ({"question": " \u0000 "}, "question: The question is empty."),
        ({"question": "canary" * 1000}, "question: String should have at most 4000"),
        ({"question": "canary \ud800"}, "question: Input should be a valid string"),
        ({"question": "canary", "colour": 1}, "The field 'colour' is not known."),
        ({"question": "canary", "canary <b>": 1}, "The request has a field that is not known."),
        ({"question": "canary", "since": "canary"}, "since: Write a day as YYYY-MM-DD."),
        ({"question": "canary", "until": "2024"}, "until: Write a day as YYYY-MM-DD."),
        ({"question": "canary", "until": 0}, "until: Input should be a valid string"),
        ({"question": "canary", "answer_language": "xx"}, "answer_language: Answers can be written in ar, be,"),
        ({"question": "canary", "history": [{"question": "canary"}] * 51}, "history: Tuple should have at most 50"),
        ({"question": "canary", "history": ["canary"]}, "history.0: Input should be"),
    ],
)
def test_what_is_wrong_with_a_question_is_told_without_repeating_it(api: Api, body: object, told: str) -> None:
    reply = api.send("POST", "/v1/ask", body)
    assert (reply.status, reply.json["error"]["type"]) == (400, "invalid_request_error")
    assert reply.json["error"]["message"].startswith(told)
    assert "canary" not in reply.body


def test_articles_come_in_pages_and_with_their_exact_text(api: Api, made: Path) -> None:
    first, second = api.get("/v1/articles?limit=2").json, api.get("/v1/articles?limit=2&offset=2").json
    assert [one["id"] for one in first["articles"] + second["articles"]] == ["mercato.md", "bridge.md", "snih.txt"]
    assert first["total"] == second["total"] == 3
    article = api.get("/v1/articles/bridge.md").json
    assert article["text"] == open_current(made).article("bridge.md").text and article["text"].startswith(BRIDGE)
    assert (article["published"], article["source"]) == ("2024-03-05", "The Daily Wren")
    assert api.get("/v1/articles?limit=201").status == api.get("/v1/articles?offset=-1").status == 400


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e/%2e%2e/manifest.json",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "bridge.md%00",
        "bridge.md'%20OR%20'1'='1",
        "./bridge.md",
        "",
        "canary" * 1000,
    ],
)
def test_an_article_is_one_of_the_index_and_never_a_file(api: Api, name: str) -> None:
    reply = api.get(f"/v1/articles/{name}")
    assert (reply.status, reply.code) == (404, "no_article")
    assert "root:" not in reply.body and "canary" not in reply.body


def test_the_state_of_the_index_names_no_path(api: Api, made: Path) -> None:
    reply = api.get("/v1/index")
    assert reply.json["rebuild"] is None
    counts = {name: value for name, value in reply.json["index"].items() if name.endswith("_count")}
    assert counts == {
        "article_count": 3,
        "passage_count": 3,
        "sentence_count": 8,
        "found_count": 3,
        "duplicate_count": 0,
        "skipped_count": 0,
    }
    assert api.get("/health").json == {"ready": True, "generation": "g000001"}
    assert str(made.parent) not in reply.body + api.get("/health").body


def test_without_an_index_the_server_says_so_and_names_no_path(tmp_path: Path, log: list[str]) -> None:
    with serving(tmp_path, None) as api:
        health, asked = api.get("/health"), api.ask(QUESTION)
        assert (health.status, health.json) == (503, {"ready": False, "generation": ""})
        assert (asked.status, asked.code) == (503, "unusable") and "doctor" in asked.json["error"]["message"]
        assert api.get("/v1/index").json == {"index": None, "rebuild": None}
        assert str(tmp_path) not in asked.body
    assert f"The index in {tmp_path} is damaged." in "".join(log)


def test_an_index_that_could_not_be_opened_is_tried_again_when_somebody_asks(
    index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    futures: list[Future[Assistant]] = [Future(), Future()]
    futures[0].set_exception(UserError("There is no index yet."))
    futures[1].set_result(Assistant(index_dir, open_current(index_dir), HashingEmbedding(), ExtractiveAnswerer()))
    monkeypatch.setattr("ui.api.desk.RETRY_SECONDS", 0.1)
    desk = Desk(lambda: futures.pop(0), places=1, seconds=1)
    for _ in range(2):  # the second comes too soon
        with pytest.raises(Problem, match="cannot be searched now"):
            desk.open_generation()
    time.sleep(0.1)
    assert desk.open_generation().name == "g000001"


def test_while_the_models_are_loaded_who_asks_is_told_to_wait() -> None:
    with pytest.raises(Problem) as raised:
        Desk(Future, places=1, seconds=1).open_generation()
    assert (raised.value.status, raised.value.retry_after, raised.value.body.error.code) == (503, 5, "loading")


def test_a_stream_on_which_nothing_comes_gives_signs_of_life(
    made: Path, held: HeldAnswerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.api.asking.SIGN_OF_LIFE_SECONDS", 0.1)
    body = {"model": "newsdesk", "messages": [{"role": "user", "content": QUESTION}], "stream": True}
    with serving(made, held) as api, api.stream("/v1/chat/completions", body) as reply:
        lines = [reply.readline() for _ in range(6)]
    assert lines[0].startswith(b"data: {") and lines[1:] == [b"\n", b": \n", b"\n", b": \n", b"\n"]


@pytest.mark.slow
def test_a_rebuild_runs_in_a_process_of_its_own_over_the_folder_of_the_index(index_dir: Path, log: list[str]) -> None:
    folder = default_folder(index_dir)
    folder.rename(folder.with_name("moved"))  # so that the process ends before it needs a model
    try:
        with serving(index_dir, ExtractiveAnswerer()) as api:
            started = api.send("POST", "/v1/index", X_Request_ID="rebuild-1")
            assert (started.status, started.json["rebuild"]["stage"]) == (202, "starting")
            assert "newsdesk_rebuild_running 1.0" in api.get("/metrics").body
            assert api.send("POST", "/v1/index").json["rebuild"] is not None
            until = time.monotonic() + PATIENCE_SECONDS
            while api.get("/v1/index").json["rebuild"]:
                assert time.monotonic() < until
                time.sleep(0.1)
            assert api.ask(QUESTION).json["generation"] == "g000001"
    finally:
        folder.with_name("moved").rename(folder)
    ended = [str(one["message"]) for one in lines_of(log, "rebuild-1") if "has ended" in str(one["message"])]
    assert len(ended) == 1 and f"There is no folder {folder} to index." in ended[0]


def test_as_soon_as_there_is_a_token_every_request_needs_one(index_dir: Path) -> None:
    with serving(index_dir, ExtractiveAnswerer()) as api:
        assert api.get("/v1/models").status == 200
        reader, admin = api.tokens.create("reader"), api.tokens.create("boss", admin=True)
        for path in ("/v1/models", "/health", "/metrics", "/openapi.json", "/v1/articles/bridge.md", "/nothing"):
            for wrong in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {reader}"}):
                refused = api.get(path, **wrong)
                assert (refused.status, refused.code) == (401, "token")
                assert refused.headers["www-authenticate"] == "Bearer"
        assert api.get("/v1/models", Authorization=f"Bearer {reader}").status == 200
        assert api.get("/v1/models", Authorization=f"bearer {admin}").status == 200
        rebuild = api.send("POST", "/v1/index", Authorization=f"Bearer {reader}")
        assert (rebuild.status, rebuild.code) == (403, "admin")
        api.tokens.revoke("reader")
        assert api.get("/v1/models", Authorization=f"Bearer {reader}").status == 401
        api.tokens.revoke("boss")
        assert api.get("/v1/models", Authorization=f"Bearer {admin}").status == api.get("/v1/models").status == 401


def test_a_file_of_tokens_that_is_deleted_opens_nothing(index_dir: Path) -> None:
    with serving(index_dir, ExtractiveAnswerer()) as api:
        token = api.tokens.create("reader")
        (index_dir / "tokens.json").unlink()
        assert api.get("/v1/models").status == api.get("/v1/models", Authorization=f"Bearer {token}").status == 401
    with serving(index_dir, ExtractiveAnswerer()) as api:  # started anew, and it never saw the file
        assert api.get("/v1/models").status == 401
        (index_dir / "tokens.made").unlink()
        fresh = api.tokens.create("reader")
        (index_dir / "tokens.json").unlink()
        (index_dir / "tokens.made").unlink()
        assert api.get("/v1/models", Authorization=f"Bearer {fresh}").status == 401


def test_tokens_are_counted_apart_and_guesses_by_address(index_dir: Path) -> None:
    with serving(index_dir, ExtractiveAnswerer(), Limits(per_minute=2)) as api:
        one, other = api.tokens.create("one"), api.tokens.create("other")
        statuses = [api.get("/v1/models", Authorization=f"Bearer {one}").status for _ in range(3)]
        assert statuses == [200, 200, 429]
        assert api.get("/v1/models", Authorization=f"Bearer {other}").status == 200
        assert [api.get("/health", Authorization="Bearer guess").status for _ in range(3)] == [401, 401, 429]


def test_tokens_that_cannot_be_read_let_nobody_in(index_dir: Path) -> None:
    with serving(index_dir, ExtractiveAnswerer()) as api:
        (index_dir / "tokens.json").write_text("[{")
        refused = api.get("/v1/models")
        assert (refused.status, refused.code) == (503, "tokens") and str(index_dir) not in refused.body


def test_off_loopback_a_token_is_needed_even_when_none_is_left(index_dir: Path) -> None:
    with serving(index_dir, ExtractiveAnswerer(), local=False) as api:
        assert api.get("/v1/models").status == 401
        token = api.tokens.create("reader")
        assert api.get("/v1/models", Authorization=f"Bearer {token}", Host="news.example").status == 200
        origin = api.get("/v1/models", Authorization=f"Bearer {token}", Origin="http://evil.example")
        assert (origin.status, origin.code) == (403, "origin")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "localhost.evil.example:80"}, 403),
        ({"Host": "[bad"}, 403),
        ({"Host": "[::1]evil"}, 403),
        ({"Host": "evil@127.0.0.1"}, 403),
        ({"Host": "127.0.0.1:8502:8502"}, 403),
        ({"Host": "10.0.0.1"}, 403),
        ({"Host": "localhost:9999"}, 200),
        ({"Host": "[::1]:8502"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1"}, 403),
        ({"Origin": "http://localhost:8502", "Host": "localhost:8502"}, 200),
        ({"Origin": "http://localhost:1", "Host": "localhost:8502"}, 403),
        ({"Origin": "http://me@localhost:8502", "Host": "localhost:8502"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
    ],
)
def test_pages_of_other_sites_get_nothing(api: Api, headers: dict[str, str], status: int) -> None:
    for method, path, body in (("GET", "/v1/articles", None), ("POST", "/v1/ask", {"question": QUESTION})):
        reply = api.send(method, path, body, **headers)
        assert reply.status == status
        assert not [name for name in reply.headers if name.startswith("access-control")]


def test_a_preflight_is_not_answered(api: Api) -> None:
    reply = api.send("OPTIONS", "/v1/ask", Origin="http://evil.example", Access_Control_Request_Method="POST")
    assert reply.status == 403


@pytest.mark.parametrize("path", ["/v1/models", "/nothing", "/v1/articles/nothing", "/health"])
def test_every_response_has_a_request_id(api: Api, path: str) -> None:
    assert api.get(path, X_Request_ID="my-id_1.2").headers["x-request-id"] == "my-id_1.2"
    for harmful in ("a b", "x" * 65, "a\tb", "<script>", ""):
        made = api.get(path, X_Request_ID=harmful).headers["x-request-id"]
        assert made != harmful and len(made) == 16
    assert api.get(path, Host="evil.example", X_Request_ID="refused").headers["x-request-id"] == "refused"


def test_every_line_of_a_request_has_its_id_and_none_holds_what_was_asked(index_dir: Path, log: list[str]) -> None:
    canary = "Does canary Ada Finch sing?"
    with serving(index_dir, LimitedAnswerer(LoggingAnswerer(), 60)) as api:
        secret = api.tokens.create("reader")
        headers = {"Authorization": f"Bearer {secret}", "X-Request-ID": "asked-1"}
        answered = api.send("POST", "/v1/ask", {"question": canary}, **headers)
        api.get("/v1/search?q=canary", **headers)
        api.get("/v1/articles/canary", **headers)
        api.get("/canary?canary=1", **headers)
        api.send("POST", "/v1/ask", {"question": canary, "since": "canary"}, **headers)
        api.get("/v1/models", Authorization="Bearer canary-guess")
    mine = lines_of(log, "asked-1")
    assert [one["route"] for one in mine if "route" in one] == [
        "/v1/ask",
        "/v1/search",
        "/v1/articles/{article_id:path}",
        "",
        "/v1/ask",
    ]
    assert mine[0]["message"] == "drafting" and str(mine[1]["message"]).startswith("answered=")
    assert {one["caller"] for one in mine if "caller" in one} == {"reader"}
    whole = "".join(log)
    assert answered.status == 200
    for told in ("canary", "Finch", "3,200", secret, secret[:20]):
        assert told not in whole


def test_a_mistake_of_the_program_tells_nothing_of_the_question(
    index_dir: Path, log: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("servers.HashingEmbedding", BrokenEmbedding)
    with serving(index_dir, ExtractiveAnswerer()) as api:
        for failed in (api.ask("canary?"), api.get("/v1/search?q=canary"), api.ask("canary?", stream=True)):
            assert (failed.status, failed.code) == (500, "internal")
            assert "canary" not in failed.body and "Traceback" not in failed.body
        assert api.get("/health").status == 200
    whole = "".join(log)
    assert "RuntimeError at " in whole and "test_api.py:" in whole
    assert "canary" not in whole


def test_metrics_count_and_time_without_telling_what(index_dir: Path) -> None:
    with serving(index_dir, ScriptedAnswerer("Nothing.", answered=False)) as api:
        api.ask("canary?")
        told = api.get("/metrics").body
    for line in (
        'newsdesk_questions_total{outcome="not_answered"} 1.0',
        "newsdesk_evidence_seconds_count 1.0",
        "newsdesk_answer_seconds_count 1.0",
        "newsdesk_questions_open 0.0",
        "newsdesk_rebuild_running 0.0",
    ):
        assert line in told
    assert "canary" not in told and "bridge" not in told


def test_addresses_that_are_none_and_wrong_methods_are_told_in_the_same_shape(api: Api) -> None:
    replies: list[Reply] = [api.get("/nothing"), api.get("/docs"), api.send("DELETE", "/v1/ask"), api.get("/v1/ask/")]
    assert [one.status for one in replies] == [404, 404, 405, 404]
    assert {tuple(one.json["error"]) for one in replies} == {("message", "type", "code", "param")}


def test_a_body_that_is_not_declared_json_is_no_question(api: Api) -> None:
    reply = api.send("POST", "/v1/ask", json.dumps({"question": QUESTION}).encode(), Content_Type="text/plain")
    assert reply.status == 400
