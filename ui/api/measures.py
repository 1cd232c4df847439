"""What the server counts and times, for Prometheus; no question and no article is among it."""

from collections.abc import Callable

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.responses import Response

EVIDENCE_SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
ANSWER_SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120)
# How a question may end. "left" is whoever asked and did not wait, "busy" who was told to come again.
ANSWERED, NOT_ANSWERED, FAILED, LATE, LEFT, BUSY = "answered", "not_answered", "failed", "late", "left", "busy"


class Measures:
    """The measures of one server, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._questions = Counter(
            "newsdesk_questions", "Questions, by what became of them.", ["outcome"], registry=self._registry
        )
        for outcome in (ANSWERED, NOT_ANSWERED, FAILED, LATE, LEFT, BUSY):
            self._questions.labels(outcome)
        self._evidence = Histogram(
            "newsdesk_evidence_seconds",
            "From a question to what search found.",
            buckets=EVIDENCE_SECONDS,
            registry=self._registry,
        )
        self._answer = Histogram(
            "newsdesk_answer_seconds",
            "From a question to its finished answer.",
            buckets=ANSWER_SECONDS,
            registry=self._registry,
        )

    def count(self, outcome: str) -> None:
        """One more question that ended so."""
        self._questions.labels(outcome).inc()

    def time_evidence(self, seconds: float) -> None:
        """A question's evidence came after so many seconds."""
        self._evidence.observe(seconds)

    def time_answer(self, seconds: float) -> None:
        """A question's answer came after so many seconds."""
        self._answer.observe(seconds)

    def watch(self, name: str, description: str, value: Callable[[], float]) -> None:
        """Tells the value, as it is whenever somebody asks, as newsdesk_`name`."""
        Gauge(f"newsdesk_{name}", description, registry=self._registry).set_function(value)

    def response(self) -> Response:
        """All of them, as Prometheus reads them."""
        return Response(generate_latest(self._registry), headers={"Content-Type": CONTENT_TYPE_LATEST})
