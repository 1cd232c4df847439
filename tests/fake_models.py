"""A language model that replies by a script, well or with a fault; in this process, or behind a loopback address."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from llama_index.core.base.llms.types import CompletionResponse, LLMMetadata
from llama_index.core.llms.callbacks import llm_completion_callback
from llama_index.core.llms.custom import CustomLLM
from pydantic import PrivateAttr

from assistant.answering.prompts import ANSWERABLE

REPLIES = ("Yes.", "L'ingegnera Ada Finch ha diretto la riparazione.")
HUGE = "All work and no play. " * 500_000  # 11 MB


class StreamingLLM(CustomLLM):
    """What the fakes have in common: they are only asked for streams."""

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="fake")

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        raise NotImplementedError


class FaultyLLM(StreamingLLM):
    """Replies well until the step at which its fault shows."""

    fault: str
    step: int
    _asked: int = PrivateAttr(default=0)
    _let_go: threading.Event = PrivateAttr(default_factory=threading.Event)

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Iterator[CompletionResponse]:
        return (CompletionResponse(text=piece, delta=piece) for piece in self.pieces())

    def pieces(self) -> Iterator[str]:
        """The next reply."""
        self._asked += 1
        return self._faulty() if self._asked > self.step else iter([REPLIES[self._asked - 1]])

    def let_go(self) -> None:
        """Ends whatever hangs, and keeps from hanging what comes after."""
        self._let_go.set()

    def _faulty(self) -> Iterator[str]:
        if self.fault == "hangs":
            self._let_go.wait(20)
        elif self.fault == "slow":
            while not self._let_go.wait(0.02):
                yield "y"
        elif self.fault == "dies":
            yield "Yes"
            raise ConnectionResetError("gone")
        elif self.fault == "huge":
            yield HUGE
        elif self.fault == "endless":
            while not self._let_go.is_set():
                yield "word "
        elif self.fault == "garbage":
            yield "\ud83d\ufffd\x00 §§ ]]> \udc80"
        else:
            yield ""


class ObeyingLLM(StreamingLLM):
    """Replies honestly by `honest`, but does what a payload says as soon as it was shown any of its sentences."""

    payload: str
    obeyed: tuple[str, str]  # whether the articles answer; anything else
    honest: tuple[str, str]

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Iterator[CompletionResponse]:
        parts = re.split(r"(?<=[.!?。])\s+|\n", self.payload)
        was_shown = any(part.strip() and " ".join(part.split()) in " ".join(prompt.split()) for part in parts)
        verdict, said = self.obeyed if was_shown else self.honest
        reply = verdict if ANSWERABLE in prompt else said
        return iter([CompletionResponse(text=reply, delta=reply)])


class _OpenAIHandler(BaseHTTPRequestHandler):
    """`POST /v1/chat/completions` and Ollama's `POST /api/chat`, streamed."""

    server: "FakeServer"
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append({**asked, "authorization": self.headers.get("Authorization", "")})
        if self.server.refuses_probabilities and "logprobs" in asked:
            self._refuse(400)
        elif self.server.llm.fault == "refuses" and self.server.llm.step == 0:
            self._refuse(self.server.status)
        else:
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")  # so that an end that comes too soon is noticed
            self.end_headers()
            try:
                for piece in self.server.llm.pieces():
                    self._send(self._line(piece, asked))
                self._send("data: [DONE]\n\n" if "/v1/" in self.path else self._line("", asked))
                self._send("")
            except OSError:  # the other side left, or the model died
                self.close_connection = True

    def _send(self, text: str) -> None:
        chunk = text.encode("utf-8", "surrogatepass")
        self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))

    def _refuse(self, status: int) -> None:
        """Says no, and repeats the key as some servers do."""
        body = json.dumps({"error": {"message": f"no: {self.headers.get('Authorization')}"}}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _line(self, piece: str, asked: dict[str, Any]) -> str:
        if "/v1/" not in self.path:
            return json.dumps({"model": "m", "message": {"role": "assistant", "content": piece}}) + "\n"
        choice: dict[str, Any] = {"index": 0, "delta": {"role": "assistant", "content": piece}}
        if asked.get("logprobs") and self.server.probabilities:
            told = [{"token": word, "logprob": value, "bytes": None} for word, value in self.server.probabilities]
            choice["logprobs"] = {"content": [{**told[0], "top_logprobs": told}]}
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
        return f"data: {json.dumps(chunk)}\n\n"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the tests' output is read by people."""


class FakeServer(ThreadingHTTPServer):
    """A server of the model on loopback; `asked` are the requests, each with the authorization it came with."""

    daemon_threads = True

    def __init__(self, llm: FaultyLLM) -> None:
        super().__init__(("127.0.0.1", 0), _OpenAIHandler)
        self.llm = llm
        self.asked: list[dict[str, Any]] = []
        self.status = 500
        self.refuses_probabilities = False
        self.probabilities: list[tuple[str, float]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a model that dies is what is tested."""


@contextmanager
def served(llm: FaultyLLM) -> Iterator[FakeServer]:
    """The model behind an address until the test is over."""
    with FakeServer(llm) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            llm.let_go()
            server.shutdown()
            thread.join(5)
