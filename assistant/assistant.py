"""A question to an answer: search, evidence, draft, citations."""

import logging
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from assistant.accounts import Account, accounts
from assistant.citations import Citation, Span, Statement, cite, quotation
from assistant.dates import answer_date, dates_in
from assistant.followups import Turn, merged, refers, spoken, stand_alone
from assistant.questions import asked_for
from index.decoding import sanitise
from index.embedding import Embedding
from index.errors import UserError
from index.generations import Generation, current_name, open_current
from index.language import LANGUAGES
from index.search import QUERY_CHARACTERS, Hit, search
from index.steps import Step, noting, step
from index.vectors import Filters

if TYPE_CHECKING:
    from assistant.traces import Traces

# More than this is no question, whatever stands at its end.
QUESTION_CHARACTERS = 80_000
HITS = 20
MERGED = 60  # of a follow-up's two searches each, before the best of both are taken
# The reason of a refusal when nothing more is known.
NOT_ANSWERED = "The articles do not say."
MODEL_FAILED, QUOTED_INSTEAD = "The language model did not answer.", "The sentence that fits best is quoted instead."

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Draft:
    """What an answerer has to say, before code has checked it.

    `sentences` are the written answer, in the language asked for; `reason` says why the articles don't answer, or
    why a sentence is quoted where one should have been written; `confidence` is the answerer's own score (higher:
    more surely answerable); `record` names the model, its prompts and its settings.
    """

    answered: bool
    reason: str = ""
    span: Span | None = None
    sentences: tuple[str, ...] = ()
    confidence: float = 0.0
    record: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waiting:
    """That the answerer is at other questions first: `before` of them, those being answered among them."""

    before: int


Piece = str | Waiting | Draft


class Answerer(Protocol):
    """Turns a question and its hits into a draft."""

    name: str

    def draft(self, question: str, language: str, answer_language: str, hits: Sequence[Hit]) -> Iterator[Piece]:
        """Pieces of the written answer as they are made (may be none, or empty), and last the draft.

        `language` is the question's; what is written is to be in `answer_language`.
        """
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer. `statements` join to `text`; citation numbers are 1-based and assigned here.

    `accounts`, newest first, are the answer's own and those of articles that differ from it; none when none does.

    `language` is the one it is written in; quotes stay as they are. `record` names the embedding and, when a
    language model wrote it, that model, its prompts and its settings.
    """

    question: str
    search_query: str
    language: str
    answered: bool
    reason: str
    statements: tuple[Statement, ...]
    short_answer: str
    answer_date: str
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    generation: str
    answerer: str
    accounts: tuple[Account, ...] = ()
    confidence: float = 0.0  # of the answerer; higher: more surely answerable
    record: Mapping[str, object] = field(default_factory=dict)
    timings_ms: Mapping[str, float] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The written answer without its markers."""
        return " ".join(statement.text for statement in self.statements)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The first event of an answer: what search found, best first, before anything is written."""

    search_query: str
    hits: tuple[Hit, ...]


Event = Evidence | Waiting | str | Answer


class Assistant:
    """Answers questions over the current generation, and moves to a newer one as soon as it is published."""

    def __init__(
        self,
        index_dir: Path,
        generation: Generation,
        embedding: Embedding,
        answerer: Answerer,
        traces: "Traces | None" = None,
    ) -> None:
        self.index_dir = index_dir
        self.embedding = embedding
        self.answerer = answerer
        self._traces = traces
        self._generation = generation
        self._seen = current_name(index_dir)
        self._opening = Lock()

    @property
    def generation(self) -> Generation:
        """The generation in use; questions already running keep the one that they began with."""
        with self._opening:
            name = current_name(self.index_dir)
            if name not in ("", self._seen):
                newer = open_current(self.index_dir)
                if newer.manifest.embedding != self._generation.manifest.embedding:
                    raise UserError(
                        f"The index was rebuilt with {newer.manifest.embedding}. Start newsdesk again to use it."
                    )
                self._generation, self._seen = newer, name
            return self._generation

    def ask(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None, answer_language: str = ""
    ) -> Answer:
        """The finished answer; `answer_language` is the code of a language, "" the question's own."""
        *_, answer = self.stream(question, history, filters, answer_language)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None, answer_language: str = ""
    ) -> Generator[Event, None, None]:
        """The evidence at once, then pieces of the written answer, and last the checked answer.

        A piece is "" when it only says that the answer is still being made; Waiting comes instead of it while other
        questions are before. Closing the stream stops the answerer.
        Raises UserError when the question is empty or too long, nothing can be written in the `answer_language`, or
        the index cannot be read.
        """
        events = self._answer(question, history, filters, answer_language)
        return self._traced(events, self._traces) if self._traces else events

    def _traced(self, events: Generator[Event, None, None], traces: "Traces") -> Generator[Event, None, None]:
        """The same events, whose steps are told when there are no more."""
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
            traces.tell(Step("question", began, time.time_ns()), steps, outcome)

    def _answer(
        self, question: str, history: Sequence[Turn], filters: Filters | None, answer_language: str
    ) -> Generator[Event, None, None]:
        began = time.perf_counter()
        question = checked_question(question)
        language = spoken(question, history)
        answer_language = known_language(answer_language) or language
        search_query = stand_alone(question, language, history)
        generation = self.generation
        with step("search"):
            hits = self._search(question, language, search_query, generation, filters)
        timings = {"search": _milliseconds_since(began)}
        yield Evidence(search_query, hits)
        draft = Draft(answered=False, reason="Nothing in the articles matches.")
        if hits:
            with step("drafting"):
                for piece in self._draft(search_query, language, answer_language, hits):
                    if isinstance(piece, Waiting):
                        yield piece
                        continue
                    if piece:
                        timings.setdefault("first_token", _milliseconds_since(began))
                    if isinstance(piece, Draft):
                        draft = piece
                    else:
                        yield sanitise(piece)
        with step("verification"):
            statements, citations = self._checked_answer(draft, hits)
            span = draft.span if draft.answered else None
            differing, citations = accounts(search_query, language, span, hits, citations, self.embedding)
        timings.setdefault("first_token", _milliseconds_since(began))
        timings["total"] = _milliseconds_since(began)
        logger.info("answered=%s in %.0f ms from %s", draft.answered, timings["total"], generation.name)
        yield Answer(
            question=question,
            search_query=search_query,
            language=answer_language,
            answered=draft.answered,
            reason=draft.reason,
            statements=statements,
            short_answer=_short_answer(draft, hits),
            answer_date=_answer_date(search_query, language, draft, hits),
            citations=citations,
            accounts=differing,
            hits=hits,
            generation=generation.name,
            answerer=self.answerer.name,
            confidence=draft.confidence,
            record={"embedding": self.embedding.model_name, **draft.record},
            timings_ms=timings,
        )

    def _search(
        self, question: str, language: str, search_query: str, generation: Generation, filters: Filters | None
    ) -> tuple[Hit, ...]:
        """The best hits; of a follow-up that only leans on its topic, also those for what it asks by itself.

        "Where did he deliver it?" is answered by the topic's own sentences, "And when is the hearing?" by others. Over
        519 articles, fourteen conversations and e5, the mean reciprocal rank of the right sentence is .37 for the bare
        question, .49 with its topic in brackets, .64 so, and .68 for a person's rewrite.
        """
        if search_query == question or refers(question, language):
            return search(search_query, generation, self.embedding, HITS, filters)
        bare, whole = (search(one, generation, self.embedding, MERGED, filters) for one in (question, search_query))
        return merged(bare, whole, HITS)

    def _draft(self, question: str, language: str, answer_language: str, hits: Sequence[Hit]) -> Iterator[Piece]:
        """The answerer's draft; when its language model fails, the quoting answerer's, and that it did."""
        try:
            yield from self.answerer.draft(question, language, answer_language, hits)
        except Exception as error:  # whatever a model, its runtime or its server does wrong, what was found stands
            from assistant.extractive import ExtractiveAnswerer

            reason = str(error) if isinstance(error, UserError) else MODEL_FAILED
            logger.warning("%s", reason, exc_info=not isinstance(error, UserError))
            quoting = ExtractiveAnswerer(self.embedding.model_name)
            for quoted in quoting.draft(question, language, answer_language, hits):
                assert isinstance(quoted, Draft)
                yield replace(quoted, reason=f"{reason} {quoted.reason or QUOTED_INSTEAD}")

    def _checked_answer(self, draft: Draft, hits: Sequence[Hit]) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
        """The supported statements; when none is left, the sentence that holds the short answer, quoted."""
        if not draft.answered:
            return (), ()
        sentences = [sentence for written in draft.sentences if (sentence := sanitise(written).strip())]
        statements, citations = cite(sentences, draft.span, hits, self.embedding)
        return (statements, citations) if statements else quotation(draft.span, hits)


def checked_question(question: str) -> str:
    """The question, without control characters and outer space, as far as it is read.

    Raises UserError when nothing is left, or when it is too long to be a question at all.
    """
    kept = "".join(c if c.isprintable() or c.isspace() else " " for c in question)
    words = " ".join(kept.split())
    if not words:
        raise UserError("The question is empty. Ask something about the articles.")
    if len(words) > QUESTION_CHARACTERS:
        raise UserError(
            f"The question has {len(words):,} characters; at most {QUESTION_CHARACTERS:,} are taken. Shorten it."
        )
    return words[-QUERY_CHARACTERS:]


def known_language(code: str) -> str:
    """The code itself; raises UserError when it is neither "" nor a language that answers can be written in."""
    if code and code not in LANGUAGES:
        raise UserError(f"An answer cannot be written in {code!r}. Choose one of {', '.join(sorted(LANGUAGES))}.")
    return code


def _short_answer(draft: Draft, hits: Sequence[Hit]) -> str:
    if not draft.answered or draft.span is None:
        return ""
    return hits[draft.span.hit].article.text[draft.span.start : draft.span.end]


def _answer_date(question: str, language: str, draft: Draft, hits: Sequence[Hit]) -> str:
    """The ISO day asked for, "" when no day was asked for or nothing tells which."""
    if not draft.answered or draft.span is None or asked_for(question, language) != "date":
        return ""
    hit, span = hits[draft.span.hit], draft.span
    if quoted := [date for date in dates_in(hit.article, span.start, span.end) if date.iso]:
        return quoted[0].iso
    sentence = next((one for one in hit.passage.sentences if one.start <= span.start < one.end), hit.sentence)
    told = answer_date(hit.article, sentence)
    return told.iso if told else ""


def _milliseconds_since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 1)
