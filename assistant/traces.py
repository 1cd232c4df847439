"""The steps of every question, as spans for a collector of OpenTelemetry; nothing of what is asked is in them."""

import time
from collections.abc import Generator, Sequence

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import set_span_in_context

from assistant.answers import Answer, Event
from index.steps import Step, noting, request_id

PATH = "/v1/traces"
QUEUED_SPANS, EVERY_MILLISECONDS, PATIENCE_SECONDS = 2048, 2_000, 5


class Traces:
    """Sends them to the collector at the address, in the background; those that it does not take are lost.

    The provider is this object's own and no global one, so that no library's spans, with what they hold, go there too.
    """

    def __init__(self, address: str) -> None:
        exporter = OTLPSpanExporter(address + PATH, timeout=PATIENCE_SECONDS)
        self._provider = TracerProvider(resource=Resource.create({"service.name": "newsdesk"}))
        self._provider.add_span_processor(BatchSpanProcessor(exporter, QUEUED_SPANS, EVERY_MILLISECONDS))
        self._tracer = self._provider.get_tracer("newsdesk")

    def tell(self, question: Step, steps: Sequence[Step], outcome: str) -> None:
        """One question and its steps, each within the smallest other that it lies in."""
        open_spans: list[tuple[Step, Context]] = []
        for one in (question, *sorted(steps, key=lambda one: (one.began, -one.ended))):
            while open_spans and one.ended > open_spans[-1][0].ended and len(open_spans) > 1:
                open_spans.pop()
            parent = open_spans[-1][1] if open_spans else Context()
            span = self._tracer.start_span(one.name, parent, start_time=one.began)
            if one is question:
                span.set_attributes({"newsdesk.request_id": request_id.get(), "newsdesk.outcome": outcome})
            span.end(one.ended)
            open_spans.append((one, set_span_in_context(span, Context())))

    def followed(self, events: Generator[Event, None, None]) -> Generator[Event, None, None]:
        """The events of a question, whose steps are told when there are no more."""
        began, steps, outcome = time.time_ns(), list[Step](), "left"
        try:
            while True:
                with noting(steps):  # not longer: the next event may be asked for by another thread
                    event = next(events, None)
                if event is None:
                    return
                if isinstance(event, Answer):
                    outcome = "answered" if event.answered else "not_answered"
                yield event
        except Exception:
            outcome = "failed"
            raise
        finally:
            with noting(steps):
                events.close()
            self.tell(Step("question", began, time.time_ns()), steps, outcome)

    def flush(self) -> None:
        """Returns when all that was told is sent, or could not be."""
        self._provider.force_flush()
