"""A question to an answer: search, evidence, draft, citations."""

from collections.abc import Collection, Generator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from assistant.answerer import Answerer
from assistant.answering.again import places_of, somebody, told_again
from assistant.answering.belonging import WEIGHED
from assistant.answering.collection import of_the_collection
from assistant.answering.composing import same_story
from assistant.answering.conclusion import Conclusion, conclusion_of, finished, with_doubt, with_notes, with_remarks
from assistant.answering.drafting import drafted, short_answer
from assistant.answering.models import Models
from assistant.answering.phrases import phrase
from assistant.answering.several import TOLD_SHORTLY, composed, settled, shown
from assistant.answering.stories import names_no_story, of_the_newest
from assistant.answering.talk import talk
from assistant.answering.tellings import Telling
from assistant.answers import HITS, NOTHING_LEFT, Answer, Composed, Event, Evidence, ShortAnswer, Turn, Understood
from assistant.checking.findings import Remark, checked
from assistant.followups import only_asks, spoken, stand_alone
from assistant.question import Question, Timings, checked_question, known_language
from assistant.reading.findings import Finding, Reader
from assistant.reading.rules import RuleReader
from assistant.searching import best_hits, with_window
from assistant.understanding.again import LANGUAGE, SHORTER, WHO, Again, wanted_again
from assistant.understanding.again import PREFIX as AGAIN
from assistant.understanding.again import examples as again_examples
from assistant.understanding.kinds import FACT, Recogniser, recogniser
from assistant.understanding.request import COMPOSED, Request, requested
from index.errors import UserError
from index.filters import Filters
from index.generations.generation import Generation
from index.generations.pointer import current_name, open_current
from index.hits import Hit, HitPlace, place_of
from index.models.embedding import Embedding
from index.steps import step
from index.vectors import Vectors

if TYPE_CHECKING:
    from assistant.traces import Traces

MOST_TITLES = 20_000  # whose vectors are kept in memory
# Kinds that need no sentence found.
CODE_TELLS = frozenset({"collection", "talk"})


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
        return self._traces.followed(events) if self._traces else events

    def _answer(
        self,
        text: str,
        history: Sequence[Turn],
        filters: Filters | None,
        answer_language: str,
        leaving: Collection[HitPlace] = (),
    ) -> Generator[Event, None, None]:
        """The events of `stream`; what stands at the places to be left out is not found."""
        question = self._asked(text, history, filters, answer_language)
        if history and (again := self._again(question.text)):
            yield from self._answer_again(again, question)
            return
        with step("understanding"):
            request = self._request(question)
        hits = self._found(question, request, leaving)
        question.timings.note("search")
        yield Evidence(request.question, hits[:HITS])
        findings, others = self._read(question, request, hits[:HITS])
        request = settled(request, findings)
        findings, remarks = self._checked(request, findings, hits[:HITS])
        if findings and request.kind not in COMPOSED and findings[0].enough and findings[0].doubt is None:
            question.timings.note("short_answer")
            yield short_answer(request, findings[0])
        models = self._models(question.generation)
        if request.kind in CODE_TELLS:
            conclusion = conclusion_of(_told_by_code(question, request), question.answer_language)
        elif not findings:
            conclusion = Conclusion(False, _why_nothing(question))
        elif request.kind in COMPOSED:
            conclusion = yield from composed(question, request, hits, findings, models)
        else:
            conclusion = yield from drafted(question, request, findings, models)
            conclusion = with_doubt(with_remarks(conclusion, remarks))
        conclusion = with_notes(conclusion, others, question.answer_language)
        yield finished(question, request, hits, conclusion, models)

    def _asked(self, text: str, history: Sequence[Turn], filters: Filters | None, answer_language: str) -> Question:
        """The question, checked, over the generation in use."""
        timings, text = Timings(), checked_question(text)
        generation = self.open_generation()
        language = spoken(text, history, generation.frequent_languages)
        answer_language = known_language(answer_language) or language
        return Question(text, language, history, answer_language, filters, generation, timings)

    def _request(self, question: Question) -> Request:
        """What the question wants, made to stand alone; its kind is told without what it leans on.

        The listing of all articles is read only when it asks about the collection.
        """
        if self._recogniser is None:
            self._recogniser = recogniser(self.embedding)
        kind, lead = self._recogniser.recognised(question.text, self.embedding)
        listing = question.generation.articles() if kind.startswith("collection") else []
        search_query = stand_alone(question.text, question.language, question.history)
        lifted = question.filters.lifted if question.filters else ()
        request = requested(search_query, question.language, kind, listing, date.today(), lifted, lead)
        if question.history and request.kind in COMPOSED:
            return replace(request, only_asks=only_asks(question.text, question.language))
        return request

    def _found(self, question: Question, request: Request, leaving: Collection[HitPlace]) -> tuple[Hit, ...]:
        """The hits for the request; of one that only asks, those on the story of the answer before."""
        if request.kind in CODE_TELLS:
            return ()
        with step("search"):
            hits = best_hits(question, request.question, request.kind, self.embedding)
            hits = with_window(question, request, hits, self.embedding)
        if request.only_asks:
            before = replace(question, text=question.history[-1].question, history=question.history[:-1])
            told = self._told_before(before, whole=False)
            hits = same_story(hits, {one.article for one in told.citations}) or hits
        return tuple(hit for hit in hits if place_of(hit) not in leaving)

    def _read(
        self, question: Question, request: Request, hits: Sequence[Hit]
    ) -> tuple[tuple[Finding, ...], tuple[Telling, ...]]:
        """What the reader finds; where the question names no story, in the newest one, with a note on the others."""
        if not hits:
            return (), ()
        with step("reading"):
            text, language = question.text, question.language
            no_story = request.kind == FACT and not question.history and names_no_story(text, language)
            findings = self.reader.read(request.question, language, hits, no_story or request.kind in WEIGHED)
        return of_the_newest(findings, question.answer_language) if findings and no_story else (findings, ())

    def _checked(
        self, request: Request, findings: tuple[Finding, ...], hits: Sequence[Hit]
    ) -> tuple[tuple[Finding, ...], tuple[Remark, ...]]:
        """The findings that stand first, and what was said against others."""
        if not findings or request.kind in COMPOSED - TOLD_SHORTLY:
            return findings, ()
        with step("checking"):
            stood = checked(request.question, request.language, findings, self.embedding)
            if stood.remarks and len(findings) < len(hits):  # what was not read may answer instead
                findings = self.reader.read(request.question, request.language, hits)
                stood = checked(request.question, request.language, findings, self.embedding)
        return stood.findings, stood.remarks

    def _models(self, generation: Generation) -> Models:
        """What answers, and the vectors of titles that were computed before, of this generation only."""
        name, known = self._titles
        if name != generation.name or len(known) > MOST_TITLES:
            self._titles = generation.name, {}
        return Models(self.embedding, self.reader, self.answerer, self._titles[1])

    def _again(self, question: str) -> Again | None:
        """What a question in a conversation wants done with the answer before; None when it asks something itself."""
        if self._again_recogniser is None:
            self._again_recogniser = recogniser(self.embedding, again_examples(), AGAIN)
        return wanted_again(question, self._again_recogniser, self.embedding)

    def _answer_again(self, again: Again, question: Question) -> Generator[Event, None, None]:
        """The answer before, in another language or shorter; what came after it, more of it, or who tells it."""
        history = question.history
        asked = [number for number, turn in enumerate(history) if not number or self._again(turn.question) is None]
        earlier, text = history[: asked[-1]], history[asked[-1]].question
        language = spoken(text, earlier, question.generation.frequent_languages)
        topic = stand_alone(text, language, earlier)
        if again.wish == LANGUAGE:
            events = self._answer(text, earlier, question.filters, again.language)
            yield from _as_answers_to(question.text, events)
            return
        before = replace(question, text=text, language=language, history=earlier, timings=Timings())
        told = self._told_before(before, whole=again.wish == SHORTER)
        if again.wish == WHO and (name := somebody([one.quote for one in told.citations], topic)):
            who = phrase("who_is", question.answer_language, person=name)
            places = places_of(told.citations)
            events = self._answer(who, (), question.filters, question.answer_language, leaving=places)
            yield from _as_answers_to(question.text, events)
            return
        hits = best_hits(before, topic, "overview", self.embedding)
        before.timings.note("search")
        yield Evidence(topic, hits[:HITS])
        models = self._models(question.generation)
        tellings = told_again(again, before, topic, hits, told, models)
        conclusion = conclusion_of(tellings, question.answer_language)
        conclusion = yield from shown(before, conclusion, tellings, models)
        request = Request(topic, language, again.wish, evidence=(Understood("kind", again.wish, question.text),))
        yield finished(replace(before, text=question.text), request, hits, conclusion, models)

    def _told_before(self, before: Question, whole: bool) -> Composed:
        """What the answer before told, as soon as it is known; `whole` waits until it is worded."""
        for event in self._answer(before.text, before.history, before.filters, before.answer_language):
            if isinstance(event, ShortAnswer) and not whole:
                return Composed((), (event.citation,))
            if isinstance(event, Composed) and not whole:
                return event
            if isinstance(event, Answer):
                return Composed(event.statements, event.citations)
        return Composed((), ())


def _as_answers_to(question: str, events: Generator[Event, None, None]) -> Generator[Event, None, None]:
    """The events of another question, whose answer is this one's."""
    for event in events:
        yield replace(event, question=question) if isinstance(event, Answer) else event


def _told_by_code(question: Question, request: Request) -> Sequence[Telling]:
    """What code says without any sentence found: about the collection, or what can be asked."""
    generation, answer_language = question.generation, question.answer_language
    if request.kind == "talk":
        return talk(answer_language)
    return of_the_collection(request, generation, answer_language, question.filters)


def _why_nothing(question: Question) -> str:
    """The reason where no sentence was found."""
    narrowed = question.filters and question.generation.let_through(question.filters, 0) == []
    return NOTHING_LEFT if narrowed else "Nothing in the articles matches."
