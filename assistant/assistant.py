"""A question to an answer: search, evidence, draft, citations."""

import logging
import time
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from assistant.answering.again import afterwards, more, places_of, shorter, somebody, telling_articles
from assistant.answering.answerer import Answerer
from assistant.answering.belonging import WEIGHED, belonging, of_surest, sureness
from assistant.answering.choosing import Width, chosen
from assistant.answering.collection import alone, of_the_collection, opening
from assistant.answering.composing import (
    CANDIDATES,
    COMPOSED,
    Means,
    about,
    compose,
    in_window,
    is_told,
    openings,
    same_story,
    telling,
)
from assistant.answering.context import Place, in_context, place_of
from assistant.answering.corrected import with_corrections
from assistant.answering.differences import accounts
from assistant.answering.extractive import ExtractiveAnswerer
from assistant.answering.phrases import phrase
from assistant.answering.repetition import distinct
from assistant.answering.stories import names_no_story, of_the_newest
from assistant.answering.talk import talk
from assistant.answering.tellings import Telling, numbered, quoted
from assistant.answering.wording import standing, worded
from assistant.answers import (
    MODEL_FAILED,
    NOT_ANSWERED,
    NOT_PLAINLY,
    NOTHING_LEFT,
    QUOTED_INSTEAD,
    TO_COME,
    Account,
    Answer,
    Citation,
    Composed,
    Draft,
    Event,
    Evidence,
    Piece,
    ShortAnswer,
    Span,
    Statement,
    Turn,
    Understood,
    Waiting,
)
from assistant.checking.asked import asked
from assistant.checking.citations import cite, quotation
from assistant.checking.days import days_told
from assistant.checking.findings import Remark, checked
from assistant.facts.facts import is_name
from assistant.followups import merged, only_asks, refers, spoken, stand_alone
from assistant.reading.findings import SURE_WORDS, Finding, Reader
from assistant.reading.rules import RuleReader
from assistant.understanding.again import AFTER, ARTICLES, LANGUAGE, SHORTER, WHO, Again, wanted_again
from assistant.understanding.again import PREFIX as AGAIN
from assistant.understanding.again import examples as again_examples
from assistant.understanding.kinds import FACT, Recogniser, recogniser
from assistant.understanding.request import Request, asks_only_when, requested
from index.articles import Article
from index.errors import UserError
from index.filters import Filters
from index.generations.generation import Generation
from index.generations.pointer import current_name, open_current
from index.hits import Hit
from index.languages.detection import LANGUAGES
from index.models.embedding import Embedding
from index.passages import Sentence
from index.reading.decoding import sanitise
from index.search import QUERY_CHARACTERS, search
from index.steps import Step, noting, step
from index.vectors import Vectors

if TYPE_CHECKING:
    from assistant.traces import Traces

# More than this is no question, whatever stands at its end.
QUESTION_CHARACTERS = 80_000
HITS = 20
MERGED = 60  # of a follow-up's two searches each, before the best of both are taken

BRIEF = 4  # sentences
MOST_TITLES = 20_000  # whose vectors are kept in memory
# What tells of one story, of all that is found for a question about it.
ONE_STORY = Width(article=1.2, sentence=1.2, least=1, most=20)
WHOLE_STORY = Width(article=1.2, sentence=9.0, least=1, most=80)
# Of the kinds composed of sentences those that a few words of the best one answer too: "because of the wind".
# Of 23 Norwegian answers those so sure were right in nine of eleven, and of the others one.
TOLD_SHORTLY = frozenset({"why", "how"})
SURE_SENTENCE = 0.45
# Kinds that need no sentence found.
CODE_TELLS = frozenset({"collection", "talk"})

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What of an answer depends on how it was made."""

    answered: bool
    reason: str = ""
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    span: Span | None = None
    answer_date: str = ""
    reported_date: str = ""
    accounts: tuple[Account, ...] = ()
    confidence: float = 0.0
    record: Mapping[str, object] = field(default_factory=dict)
    told: tuple[Hit, ...] = ()  # what the citations are of, besides the hits of the search


def _outcome(tellings: Sequence[Telling], answer_language: str, confidence: float = 0.0) -> _Outcome:
    """What the tellings come to: an answer, or that the articles do not say when none cites or counts anything."""
    statements, citations = numbered(tellings, answer_language)
    if all(telling.role == "note" and telling.hits == () for telling in tellings) and len(tellings) != 1:
        return _Outcome(False, NOT_ANSWERED, confidence=confidence)
    told = tuple(hit for telling in tellings for hit in telling.hits)
    reason = "" if tellings else NOT_ANSWERED
    return _Outcome(bool(tellings), reason, statements, citations, confidence=confidence, told=told)


class Assistant:
    """Answers questions over the current generation, and moves to a newer one as soon as it is published."""

    def __init__(
        self,
        index_dir: Path,
        generation: Generation,
        embedding: Embedding,
        answerer: Answerer,
        traces: "Traces | None" = None,
        reader: Reader | None = None,
    ) -> None:
        """Without a reader the sentences are read by rules."""
        self.index_dir = index_dir
        self.embedding = embedding
        self.answerer = answerer
        self.reader = reader or RuleReader(embedding.model_name)
        self._traces = traces
        self._generation = generation
        self._seen = current_name(index_dir)
        self._opening = Lock()
        self._recogniser: Recogniser | None = None  # fitted for the first question
        self._again_recogniser: Recogniser | None = None
        self._titles: tuple[str, dict[str, Vectors]] = ("", {})

    def open_generation(self) -> Generation:
        """The generation in use, opened first when another was published; questions keep the one they began with.

        Raises UserError when that was made with another embedding, or cannot be read.
        """
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
        """The evidence at once, the short answer or what is composed if there is any, pieces of what is written, the
        checked answer.

        Waiting comes in between, so that whoever asked may leave: closing the stream stops the answerer.
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
        self,
        question: str,
        history: Sequence[Turn],
        filters: Filters | None,
        answer_language: str,
        leaving: Collection[Place] = (),
    ) -> Generator[Event, None, None]:
        """The events of `stream`; what stands at the places to be left out is not found."""
        began = time.perf_counter()
        question = checked_question(question)
        generation = self.open_generation()
        language = spoken(question, history, generation.frequent_languages)
        answer_language = known_language(answer_language) or language
        if history and (again := self._again(question)):
            yield from self._answer_again(again, question, history, filters, answer_language)
            return
        search_query = stand_alone(question, language, history)
        with step("understanding"):
            request = self._request(search_query, question, language, generation, filters)
        if history and request.kind in COMPOSED:
            request = replace(request, only_asks=only_asks(question, language))
        hits: tuple[Hit, ...] = ()
        if request.kind not in CODE_TELLS:
            with step("search"):
                hits = self._search(question, language, search_query, generation, filters, request.kind)
                hits = self._with_window(request, hits, generation, filters)
            if request.only_asks:
                hits = self._of_story_before(hits, history, filters, answer_language)
            hits = tuple(hit for hit in hits if place_of(hit) not in leaving)
        timings = {"search": _milliseconds_since(began)}
        yield Evidence(search_query, hits[:HITS])
        findings: tuple[Finding, ...] = ()
        if hits:
            with step("reading"):
                no_story = request.kind == FACT and not history and names_no_story(question, language)
                every = no_story or request.kind in WEIGHED
                findings = self.reader.read(search_query, language, hits[:HITS], every)
        others: tuple[Telling, ...] = ()
        if findings and no_story:
            findings, others = of_the_newest(findings, answer_language)
        remarks: tuple[Remark, ...] = ()
        if findings and request.kind not in COMPOSED - TOLD_SHORTLY:
            with step("checking"):
                stood = checked(search_query, language, findings, self.embedding)
                if stood.remarks and len(findings) < len(hits[:HITS]):  # what was not read may answer instead
                    findings = self.reader.read(search_query, language, hits[:HITS])
                    stood = checked(search_query, language, findings, self.embedding)
                findings, remarks = stood.findings, stood.remarks
        if findings and request.kind not in COMPOSED and findings[0].enough and findings[0].doubt is None:
            timings["short_answer"] = _milliseconds_since(began)
            yield _short_answer(search_query, language, findings[0])
        if request.kind in CODE_TELLS:
            outcome = self._counted(request, generation, filters, answer_language)
        elif findings and request.kind in COMPOSED:
            outcome = yield from self._composed(
                request, hits, findings, generation, filters, answer_language, began, timings
            )
        else:
            outcome = _Outcome(False, _why_nothing(generation, filters))
            if findings:
                outcome = yield from self._drafted(search_query, language, answer_language, findings, began, timings)
                outcome = _with_remarks(outcome, remarks)
        if others and outcome.answered:
            notes, _ = numbered(others, answer_language)
            outcome = replace(outcome, statements=(*outcome.statements, *notes))
        yield self._finished(question, request, answer_language, hits, generation, outcome, timings, began)

    def _finished(
        self,
        question: str,
        request: Request,
        answer_language: str,
        hits: Sequence[Hit],
        generation: Generation,
        outcome: "_Outcome",
        timings: dict[str, float],
        began: float,
    ) -> Answer:
        """The answer with all that is told of it."""
        statements, citations = outcome.statements, outcome.citations
        if outcome.answered and citations:
            article_of = _articles((*outcome.told, *hits), generation)
            statements, citations = with_corrections(statements, citations, article_of, answer_language)
        timings.setdefault("first_token", _milliseconds_since(began))
        timings["total"] = _milliseconds_since(began)
        logger.info("answered=%s in %.0f ms from %s", outcome.answered, timings["total"], generation.name)
        span = outcome.span
        return Answer(
            question=question,
            search_query=request.question,
            language=answer_language,
            answered=outcome.answered,
            reason=outcome.reason,
            statements=statements,
            short_answer=span.text if span else "",
            answer_date=outcome.answer_date,
            reported_date=outcome.reported_date,
            citations=citations,
            accounts=outcome.accounts,
            hits=tuple(hits[:HITS]),
            generation=generation.name,
            answerer=self.answerer.name,
            confidence=outcome.confidence,
            record={"embedding": self.embedding.model_name, "reader": self.reader.name, **outcome.record},
            kind=request.kind,
            understood=request.evidence,
            cited=_sentences_of(citations, (*outcome.told, *hits)),
            timings_ms=timings,
        )

    def _request(
        self, question: str, asked: str, language: str, generation: Generation, filters: Filters | None
    ) -> Request:
        """What the question wants, whose kind is that of what was `asked`, without what it leans on.

        The listing of all articles is read only when it asks about the collection.
        """
        if self._recogniser is None:
            self._recogniser = recogniser(self.embedding)
        kind = self._recogniser.kind_of(asked, self.embedding)
        listing = generation.articles() if kind.startswith("collection") else []
        return requested(question, language, kind, listing, date.today(), filters.lifted if filters else ())

    def _again(self, question: str) -> Again | None:
        """What a question in a conversation wants done with the answer before; None when it asks something itself."""
        if self._again_recogniser is None:
            self._again_recogniser = recogniser(self.embedding, again_examples(), AGAIN)
        return wanted_again(question, self._again_recogniser, self.embedding)

    def _answer_again(
        self, again: Again, question: str, history: Sequence[Turn], filters: Filters | None, answer_language: str
    ) -> Generator[Event, None, None]:
        """The answer before, in another language or shorter; what came after it, more of it, or who tells it."""
        asked = [number for number, turn in enumerate(history) if not number or self._again(turn.question) is None]
        earlier, before = history[: asked[-1]], history[asked[-1]].question
        generation = self.open_generation()
        language = spoken(before, earlier, generation.frequent_languages)
        topic = stand_alone(before, language, earlier)
        if again.wish == LANGUAGE:
            for event in self._answer(before, earlier, filters, again.language):
                yield replace(event, question=question) if isinstance(event, Answer) else event
            return
        began = time.perf_counter()
        told = self._told_before(before, earlier, filters, answer_language, again.wish == SHORTER)
        if again.wish == WHO and (name := somebody([one.quote for one in told.citations], topic)):
            who = phrase("who_is", answer_language, person=name)
            places = places_of(told.citations)
            for event in self._answer(who, (), filters, answer_language, leaving=places):
                yield replace(event, question=question) if isinstance(event, Answer) else event
            return
        hits = self._search(before, language, topic, generation, filters, "overview")
        timings = {"search": _milliseconds_since(began)}
        yield Evidence(topic, hits[:HITS])
        tellings = self._told_again(again, topic, language, hits, told, generation, answer_language)
        composed = _outcome(tellings, answer_language)
        timings["first_token"] = _milliseconds_since(began)
        if composed.answered:
            yield Composed(composed.statements, composed.citations)
            composed = yield from self._worded(composed, tellings, answer_language)
        request = Request(topic, language, again.wish, evidence=(Understood("kind", again.wish, question),))
        yield self._finished(question, request, answer_language, hits, generation, composed, timings, began)

    def _told_again(
        self,
        again: Again,
        topic: str,
        language: str,
        hits: Sequence[Hit],
        told: Composed,
        generation: Generation,
        answer_language: str,
    ) -> tuple[Telling, ...]:
        """What is told this time, never the same as before."""
        places = places_of(told.citations)
        found = {place_of(hit): hit for hit in hits}
        cited = [
            found.get((one.article, one.start, one.end))
            or alone(generation.article(one.article), Sentence(one.start, one.end))
            for one in told.citations
        ]
        if again.wish == SHORTER:
            by_number = {
                one.number: hit for one in told.citations for hit in cited if place_of(hit) in places_of([one])
            }
            tellings = [
                Telling(one.text, tuple(by_number[number] for number in one.citations if number in by_number), one.role)
                for one in told.statements
            ]
            findings = self.reader.read(topic, language, cited[:1])
            return shorter(tellings, findings[0].span if findings else None)
        ranked = in_context(topic, hits, self.embedding, self._known_titles(generation))
        if again.wish == ARTICLES:
            return telling_articles((*cited, *chosen(ranked, ONE_STORY)), answer_language)
        story = telling(about(Request(topic, language), (*cited, *chosen(ranked, WHOLE_STORY))))
        if again.wish == AFTER:
            articles = {one.article for one in told.citations}
            return afterwards((*cited, *same_story(story, articles)), places, self._distinct, answer_language)
        return more(story, places, self._distinct, answer_language)

    def _of_story_before(
        self, hits: tuple[Hit, ...], history: Sequence[Turn], filters: Filters | None, answer_language: str
    ) -> tuple[Hit, ...]:
        """The hits of the articles that the answer before cites and of others on their story; all where it has none."""
        told = self._told_before(history[-1].question, history[:-1], filters, answer_language, False)
        return same_story(hits, {one.article for one in told.citations}) or hits

    def _told_before(
        self, question: str, earlier: Sequence[Turn], filters: Filters | None, answer_language: str, whole: bool
    ) -> Composed:
        """What the answer before told, as soon as it is known; `whole` waits until it is worded."""
        for event in self._answer(question, earlier, filters, answer_language):
            if isinstance(event, ShortAnswer) and not whole:
                return Composed((), (event.citation,))
            if isinstance(event, Composed) and not whole:
                return event
            if isinstance(event, Answer):
                return Composed(event.statements, event.citations)
        return Composed((), ())

    def _counted(
        self, request: Request, generation: Generation, filters: Filters | None, answer_language: str
    ) -> "_Outcome":
        """What code says without any sentence found: about the collection, or what can be asked."""
        if request.kind == "talk":
            titles = [article.title for article in generation.articles(2)]
            return _outcome(talk(answer_language, titles), answer_language)
        return _outcome(of_the_collection(request, generation, answer_language, filters), answer_language)

    def _composed(
        self,
        request: Request,
        hits: Sequence[Hit],
        findings: Sequence[Finding],
        generation: Generation,
        filters: Filters | None,
        answer_language: str,
        began: float,
        timings: dict[str, float],
    ) -> Generator[Event, None, "_Outcome"]:
        """What code composes of stored sentences, shown at once, and then translated; a reason when nothing is told."""
        confidence = max(finding.standing for finding in findings)
        only_when = asks_only_when(request)
        if not only_when and not is_told(request, hits, confidence, self.reader.least):
            return _Outcome(False, NOT_ANSWERED, confidence=confidence)

        hits = in_window(request, hits)
        if not hits:
            is_to_come = request.filters.since > date.today().isoformat()
            return _Outcome(False, TO_COME if is_to_come else NOT_ANSWERED, confidence=confidence)
        means = Means(
            search=lambda asked: search(asked, generation, self.embedding, HITS, filters),
            read=lambda asked, some: self.reader.read(asked, request.language, some),
            sure=sureness(findings, lambda some: self.reader.read(request.question, request.language, some)),
            distinct=self._distinct,
        )
        best = findings[0] if request.kind in TOLD_SHORTLY and _tells_shortly(request.kind, findings[0]) else None
        if best:
            timings["short_answer"] = _milliseconds_since(began)
            yield _short_answer(request.question, request.language, best)
        with step("composing"):
            ranked = in_context(request.question, hits, self.embedding, self._known_titles(generation))
            if only_when:
                ranked = openings(request, ranked, lambda article: opening(generation, article))
            else:
                ranked = belonging(request.kind, ranked, means.sure)
            told = of_surest(request.kind, telling(about(request, ranked)), means.sure)
            # Who asks no more than why wants a word on what was told, not all of it again.
            tellings = compose(request, told[:BRIEF] if request.only_asks else told, means, answer_language)
        if best and place_of(best.hit) not in {place_of(hit) for one in tellings for hit in one.hits}:
            tellings = (*quoted([best.hit]), *tellings)
        composed = _outcome(tellings, answer_language, confidence)
        if best and composed.answered:
            composed = replace(composed, span=best.span)
        if composed.answered:
            timings["first_token"] = _milliseconds_since(began)
            yield Composed(composed.statements, composed.citations)
            with step("wording"):
                composed = yield from self._worded(composed, tellings, answer_language)
        return composed

    def _worded(
        self, composed: "_Outcome", tellings: Sequence[Telling], answer_language: str
    ) -> Generator[Event, None, "_Outcome"]:
        """The same with its sentences translated, as far as the model answers and says what they say."""
        try:
            for piece in worded(tellings, answer_language, self.answerer.translate, self.embedding):
                if isinstance(piece, tuple):
                    composed = replace(_outcome(piece, answer_language, composed.confidence), span=composed.span)
                    yield Composed(composed.statements, composed.citations)
                else:
                    yield piece
        except Exception as error:  # whatever a model, its runtime or its server does wrong, what was found stands
            logger.warning("%s", _failure(error), exc_info=not isinstance(error, UserError))
        return composed

    def _distinct(self, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        return distinct(hits, self.embedding)

    def _known_titles(self, generation: Generation) -> dict[str, Vectors]:
        """The vectors of titles that were computed before, of this generation only."""
        name, known = self._titles
        if name != generation.name or len(known) > MOST_TITLES:
            self._titles = generation.name, {}
        return self._titles[1]

    def _drafted(
        self,
        question: str,
        language: str,
        answer_language: str,
        findings: Sequence[Finding],
        began: float,
        timings: dict[str, float],
    ) -> Generator[Event, None, "_Outcome"]:
        """What the answerer writes, streamed, and what of it stands once it is checked."""
        draft = Draft(answered=False)
        with step("drafting"):
            for piece in self._draft(question, language, answer_language, findings):
                if isinstance(piece, Waiting):
                    yield piece
                    continue
                timings.setdefault("first_token", _milliseconds_since(began))
                if isinstance(piece, Draft):
                    draft = piece
                else:
                    yield sanitise(piece) or Waiting()
        with step("verification"):
            hits = [finding.hit for finding in sorted(findings, key=lambda finding: finding.rank)]
            statements, citations = self._checked_answer(draft, hits, answer_language)
            span = draft.span if draft.answered else None
            differing, citations = accounts(question, language, span, hits, citations, self.embedding)
            days = days_told(asked(question, language), findings[0]) if span else ("", "")
        return _Outcome(
            draft.answered, draft.reason, statements, citations, span, *days, differing, draft.confidence, draft.record
        )

    def _search(
        self,
        question: str,
        language: str,
        search_query: str,
        generation: Generation,
        filters: Filters | None,
        kind: str = FACT,
    ) -> tuple[Hit, ...]:
        """The best hits; of a follow-up that only leans on its topic, also those for what it asks by itself.

        "Where did he deliver it?" is answered by the topic's own sentences, "And when is the hearing?" by others. Over
        519 articles, fourteen conversations and e5, the mean reciprocal rank of the right sentence is .37 for the bare
        question, .49 with its topic in brackets, .64 so, and .68 for a person's rewrite.
        """
        top = CANDIDATES if kind in COMPOSED else HITS
        if search_query == question or refers(question, language) or only_asks(question, language):
            return search(search_query, generation, self.embedding, top, filters)
        bare, whole = (search(one, generation, self.embedding, MERGED, filters) for one in (question, search_query))
        return merged(bare, whole, top)

    def _with_window(
        self, request: Request, hits: tuple[Hit, ...], generation: Generation, filters: Filters | None
    ) -> tuple[Hit, ...]:
        """The hits, and those of the articles printed on the days that the question names, of which few may be among
        them; they come first where it names nothing else."""
        if request.kind not in COMPOSED or not request.filters:
            return hits
        printed = request.filters.both(filters or Filters())
        found = search(request.question, generation, self.embedding, CANDIDATES, printed)
        first, then = (found, hits) if asks_only_when(request) else (hits, found)
        known = set(map(place_of, first))
        return (*first, *(hit for hit in then if place_of(hit) not in known))

    def _draft(
        self, question: str, language: str, answer_language: str, findings: Sequence[Finding]
    ) -> Iterator[Piece]:
        """The answerer's draft; when its language model fails, the quoting answerer's, and that it did."""
        try:
            yield from self.answerer.draft(question, language, answer_language, findings)
        except Exception as error:  # whatever a model, its runtime or its server does wrong, what was found stands
            reason = _failure(error)
            logger.warning("%s", reason, exc_info=not isinstance(error, UserError))
            for quoted in ExtractiveAnswerer().draft(question, language, answer_language, findings):
                assert isinstance(quoted, Draft)
                yield replace(quoted, reason=f"{reason} {quoted.reason or QUOTED_INSTEAD}")

    def _checked_answer(
        self, draft: Draft, hits: Sequence[Hit], answer_language: str
    ) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
        """The supported statements; when none is left, the sentence that holds the short answer, quoted."""
        if not draft.answered:
            return (), ()
        span = draft.span
        source = replace(span.hit, sentence=span.sentence) if span else hits[0]
        if draft.is_translated:
            translation = standing(" ".join(draft.sentences), answer_language, source, self.embedding)
            told = Telling(translation, (source,), "translation") if translation else Telling(source.text, (source,))
            return numbered([told], answer_language)
        if draft.sentences != (source.text,):
            sentences = [sentence for written in draft.sentences if (sentence := sanitise(written).strip())]
            statements, citations = cite(sentences, span, hits, self.embedding, answer_language)
            if statements:
                return statements, citations
        return numbered([Telling(source.text, (source,))], answer_language)


def _articles(hits: Sequence[Hit], generation: Generation) -> Callable[[str], Article]:
    """The article of an id, read from the index only where no hit has it."""
    known = {hit.article.id: hit.article for hit in hits}
    return lambda article: known.get(article) or generation.article(article)


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


def _failure(error: Exception) -> str:
    """What people are told of it."""
    return str(error) if isinstance(error, UserError) else MODEL_FAILED


def _why_nothing(generation: Generation, filters: Filters | None) -> str:
    """The reason where no sentence was found."""
    narrowed = filters and generation.let_through(filters, 0) == []
    return NOTHING_LEFT if narrowed else "Nothing in the articles matches."


def _sentences_of(citations: Sequence[Citation], hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hit that each citation is of; where that sentence was not found by itself, its article's with it."""
    places = {(hit.article.id, hit.sentence.start): hit for hit in reversed(hits)}
    articles = {hit.article.id: hit for hit in reversed(hits)}
    return tuple(
        places.get((one.article, one.start))
        or replace(articles[one.article], sentence=Sentence(one.start, one.end), also_in=())
        for one in citations
    )


def _tells_shortly(kind: str, finding: Finding) -> bool:
    """Whether these words of this sentence tell so surely why or how that they stand alone; a name is no reason."""
    is_sure = finding.enough and finding.likelihood >= SURE_WORDS and finding.standing >= SURE_SENTENCE
    return is_sure and not (kind == "why" and is_name(finding.hit.article, finding.hit.sentence, finding.words))


def _short_answer(question: str, language: str, finding: Finding) -> ShortAnswer:
    _, (citation,) = quotation(finding.span, [finding.hit])
    day, reported = days_told(asked(question, language), finding)
    return ShortAnswer(finding.words, day, citation, reported)


def _with_remarks(outcome: _Outcome, remarks: Sequence[Remark]) -> _Outcome:
    """The outcome with what was said against sentences that seemed to answer."""
    if not remarks:
        return outcome
    reason = outcome.reason if outcome.answered or outcome.reason != NOT_ANSWERED else NOT_PLAINLY
    told = [asdict(remark) for remark in remarks]
    return replace(outcome, reason=reason, record={**outcome.record, "checks": told})


def _milliseconds_since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 1)
