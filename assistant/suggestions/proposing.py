"""From what articles state to questions: their numbers, days, people, places and speech, put into templates."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from itertools import chain

from babel.dates import format_date

from assistant.facts.dates import dates_in
from assistant.facts.places import CITY, name_of, places_in
from assistant.facts.quantities import Quantity, quantities_in
from assistant.facts.wording import has, places
from assistant.lookup.lookup import Found
from assistant.lookup.names import KnownName, Said, names_among, said_by
from assistant.reading.event_days import told_days
from assistant.suggestions.templates import question_of, verb_opens
from assistant.understanding.questions import asking_words
from index.articles import Article
from index.generations.generation import Generation
from index.languages.cldr import day_first
from index.languages.words import language as words_of
from index.languages.words import languages
from index.passages import Sentence
from index.splitting.sentences import split_sentences

# Of a large collection so many of the newest articles in the reader's language, and of all, are looked at.
MOST_ARTICLES = 60
# What is put into a question has so many words and characters, and no mark that sets something apart in it.
LEAST_WORDS, MOST_CHARACTERS = 4, 110
APART = re.compile(r"[«»“”„\"()\[\]:;…—–]|\s-\s")
# Of few, one language counts otherwise than of many: "дві вантажівки", "п'ять вантажівок".
MANY, FEW_AT_THE_END = 5, (1, 2, 3, 4)
WORDS_BEFORE_DAY = 2
# An article tells of whomever it names so often. So many characters before a name may say that it is a speaker's.
MENTIONS, SAYING = 2, 12
ADDED = re.compile(r",\s+")
# The kinds: of the first few to be answered one is a number, one a place, one somebody who is heard, one a name.
KINDS = ("how_many", "place", "said", "latest", "when", "who", "day", "about")
# Those that go on from an article.
FOLLOWING = ("how_many", "when", "who", "said", "about")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question of a kind, and the sentence of the article that it was made from.

    `name` is whom or what it is about, or who is the answer; `day` an ISO day; `number` a quantity.
    """

    kind: str
    question: str
    article: Article
    sentence: Sentence
    name: str = ""
    day: str = ""
    number: Quantity | None = None


@dataclass(frozen=True, slots=True)
class _Told:
    """A sentence of an article that may be asked about, and its characters."""

    article: Article
    sentence: Sentence

    @property
    def text(self) -> str:
        return self.article.text[self.sentence.start : self.sentence.end]


class Proposals:
    """The questions that can be made of some articles, in one language; each kind is read when it is asked for."""

    def __init__(self, articles: Sequence[Article], language: str, generation: Generation) -> None:
        """`articles` have their texts. What takes a whole sentence is made only of those in the language."""
        self._articles = articles
        self._language = language
        self._generation = generation

    def of(self, kind: str) -> Iterator[Proposal]:
        """The proposals of that kind, the likeliest first."""
        made: dict[str, Callable[[], Iterator[Proposal]]] = {
            "how_many": partial(self._of_sentences, self._how_many),
            "when": partial(self._of_sentences, self._when),
            "who": partial(self._of_sentences, self._who),
            "said": self._said,
            "day": self._day,
            "latest": self._latest,
            "place": self._place,
            "about": self._about,
        }
        return (one for one in made[kind]() if one.question)

    @cached_property
    def _names(self) -> tuple[KnownName, ...]:
        """Whoever is told of; first those in an article in the language, for what that says needs no translation."""
        named = (replace(one, text=_without_noun(one.text, self._articles)) for one in names_among(self._articles))
        told = {
            one.text: one
            for one in named
            if _is_written_within(one.text, self._articles)
            and any(_tells_of(one.text, article) for article in self._articles)
        }
        own = [one.text for one in self._articles if one.language == self._language]
        return tuple(sorted(told.values(), key=lambda name: not any(name.text in text for text in own)))

    @cached_property
    def _speech(self) -> tuple[tuple[str, Said], ...]:
        """Who is heard in the articles, and the longest that each says."""
        whole = [Found(one, 0, len(one.text), one.text, (), 0.0) for one in self._articles]
        heard: list[tuple[str, Said]] = []
        for name in self._names:
            holding = [one for one in whole if name.text in one.text]
            if every := said_by(name.text, holding, self._generation):
                heard.append((name.text, max(every, key=lambda said: said.quoted[1] - said.quoted[0])))
        return tuple(heard)

    def _of_sentences(self, made: Callable[[_Told], Iterator[Proposal]]) -> Iterator[Proposal]:
        spoken = words_of(self._language)
        for article in self._articles:
            if article.language != self._language:
                continue
            for sentence in split_sentences(article.text, article.language):
                told = _Told(article, Sentence(sentence.start, sentence.end))
                # What leans on the sentence before is no question for somebody who has not read that.
                if not has(told.text, spoken.conversation.stand_ins, spoken):
                    yield from made(told)

    def _how_many(self, told: _Told) -> Iterator[Proposal]:
        """Of a sentence that a number opens."""
        found = quantities_in(told.article, told.sentence.start, told.sentence.end)
        if not found or found[0].unit or found[0].most is not None or found[0].value < MANY:
            return
        number = found[0]
        before, behind = self._around(told, number.start, number.end)
        spoken = words_of(self._language)
        if number.value % 10 in FEW_AT_THE_END or (before and not has(before, spoken.claims.about, spoken)):
            return
        if len(before.split()) <= 1 and behind[:1].isalpha() and _is_whole(behind):
            question = question_of("how_many", self._language, rest=behind)
            yield Proposal("how_many", question, told.article, told.sentence, number=number)

    def _when(self, told: _Told) -> Iterator[Proposal]:
        """Of a sentence that a day opens, or ends where a question may have its verb anywhere."""
        days = told_days(told.article, told.sentence)
        if len(days) != 1 or days[0].role or not days[0].day.iso:
            return
        day = days[0].day
        before, behind = self._around(told, day.start, day.end)
        spoken = words_of(self._language)
        small = {*spoken.pages.prepositions, *spoken.dates.on, *spoken.sentences.openers, *spoken.sentences.articles}
        opens = len(before.split()) <= WORDS_BEFORE_DAY and all(one.casefold() in small for one in before.split())
        rest = behind if opens else ""
        if rest and self._is_clause(rest) and self._names_something(rest):
            question = question_of("when", self._language, rest=rest)
            yield Proposal("when", question, told.article, told.sentence, day=day.iso)
        elif not behind and not verb_opens(self._language):
            words = before.split(" ")
            while words and words[-1].casefold() in small:
                words.pop()
            rest = self._small_first(" ".join(words))
            if self._is_clause(rest) and self._names_something(rest):
                question = question_of("when", self._language, rest=rest)
                yield Proposal("when", question, told.article, told.sentence, day=day.iso)

    def _who(self, told: _Told) -> Iterator[Proposal]:
        """Of a sentence that the name of somebody opens who is heard somewhere, or the last word of it."""
        heard = dict.fromkeys(name for name, _ in self._speech if name in told.article.text)
        written = {called: name for name in heard for called in (name, name.split()[-1])}
        called = next((one for one in written if told.text.startswith(f"{one} ")), "")
        name = written.get(called, "")
        _, behind = self._around(told, told.sentence.start, told.sentence.start + len(called))
        spoken = words_of(self._language)
        if not name or not behind[:1].islower() or not _is_whole(behind):
            return
        first = behind.split()[0]
        if first in {*spoken.conversation.connectives, *spoken.sentences.openers, *spoken.sentences.articles}:
            return
        question = question_of("who", self._language, rest=behind)
        yield Proposal("who", question, told.article, told.sentence, name)

    def _said(self) -> Iterator[Proposal]:
        for name, said in self._speech:
            question = question_of("said", self._language, name=name)
            yield Proposal("said", question, said.article, Sentence(*said.sentence), name)

    def _day(self) -> Iterator[Proposal]:
        """Of days that a sentence names to the day, those of most articles first."""
        told: dict[str, dict[str, _Told]] = {}
        for article in self._articles:
            for one in dates_in(article):
                at = _sentence_at(article, one.start) if one.iso and one.iso <= article.published else None
                if at:
                    told.setdefault(one.iso, {}).setdefault(article.id, _Told(article, at))
        for day, holding in sorted(told.items(), key=lambda one: (-len(one[1]), one[0])):
            first = next(iter(holding.values()))
            written = format_date(date.fromisoformat(day), "long", day_first(self._language))
            question = question_of("day", self._language, day=written)
            yield Proposal("day", question, first.article, first.sentence, day=day)

    def _latest(self) -> Iterator[Proposal]:
        yield from self._named("latest", [one for one in self._names if one.first < one.last])

    def _place(self) -> Iterator[Proposal]:
        """Of cities, those of most articles in the language first, and then of most articles."""
        holding: dict[str, list[_Told]] = {}
        for article in self._articles:
            first = {one.code: one for one in reversed([*places_in(article.text)]) if CITY in one.code}
            for code, place in first.items():
                if at := _sentence_at(article, place.start):
                    holding.setdefault(code, []).append(_Told(article, at))

        def rank(told: list[_Told]) -> tuple[int, int]:
            return -sum(one.article.language == self._language for one in told), -len(told)

        for code, told in sorted(holding.items(), key=lambda one: (*rank(one[1]), one[0])):
            name, newest = name_of(code, self._language), max(told, key=lambda one: one.article.published)
            question = question_of("place", self._language, name=name) if name else ""
            yield Proposal("place", question, newest.article, newest.sentence, name)

    def _about(self) -> Iterator[Proposal]:
        yield from self._named("about", self._names)

    def _named(self, kind: str, names: Sequence[KnownName]) -> Iterator[Proposal]:
        """Of each name, with the first sentence of the newest article that has it."""
        for name in names:
            holding = [one for one in self._articles if name.text in one.text]
            newest = max(holding, key=lambda one: one.published, default=None)
            if newest is None:
                continue
            if at := _sentence_at(newest, newest.text.index(name.text)):
                yield Proposal(kind, question_of(kind, self._language, name=name.text), newest, at, name.text)

    def _around(self, told: _Told, start: int, end: int) -> tuple[str, str]:
        """What stands before the place in its sentence, and behind it, without what is only added to it."""
        offset = told.sentence.start
        behind = told.text[end - offset :].strip(" ,").rstrip(".।")
        cut = next((at.start() for at in ADDED.finditer(behind) if self._is_added(behind[at.end() :])), len(behind))
        return told.text[: start - offset].strip(), behind[:cut]

    def _is_added(self, text: str) -> bool:
        """Whether what follows a comma could be left away: where, and, according to, six more than before."""
        spoken = words_of(self._language)
        first = text.partition(" ")[0].casefold()
        if first in asking_words() or first in spoken.conversation.connectives or first[:1].isdigit():
            return True
        opens = [start for start, _ in places(text, spoken.claims.said, spoken)]
        counted = quantities_in(Article("", "", text, "", self._language), 0, len(text))
        return 0 in opens or any(one.start == 0 for one in counted)

    def _is_clause(self, text: str) -> bool:
        """Whether it has a subject that opens it, or where a question has its verb there, a verb."""
        spoken = words_of(self._language)
        first = text.partition(" ")[0].strip(",")
        if verb_opens(self._language):
            opens = first.islower() and first not in {*spoken.sentences.openers, *spoken.sentences.articles}
        elif spoken.sentences.articles:
            opens = first[:1].isupper() or re.split("['’]", first)[0] in spoken.sentences.articles
        else:
            opens = first not in spoken.sentences.openers
        return opens and _is_whole(text)

    def _names_something(self, text: str) -> bool:
        """Whether it has a name or a place, so that it can be told from others like it."""
        return any(places_in(text)) or any(name.text in text for name in self._names)

    def _small_first(self, text: str) -> str:
        """The text as it goes on after other words; "" where nobody knows how its first word is written there."""
        first, _, rest = text.partition(" ")
        sentences = words_of(self._language).sentences
        if first.casefold() in {*sentences.articles, *sentences.openers}:
            return f"{first.lower()} {rest}"
        return text if any(text.startswith(name.text) for name in self._names) else ""


def sampled(generation: Generation, language: str) -> tuple[Article, ...]:
    """The newest articles in the language, and of all, with their texts."""
    listing = generation.articles()
    own = [one for one in listing if one.language == language][:MOST_ARTICLES]
    chosen = dict.fromkeys(one.id for one in chain(own, listing[:MOST_ARTICLES]))
    return tuple(map(generation.article, chosen))


def _without_noun(name: str, articles: Sequence[Article]) -> str:
    """The name without what somebody is, "Captain Ada Finch", where that has a capital letter as every noun has."""
    held = next((one for one in articles if name in one.text), None)
    return " ".join(name.split()[-2:]) if held and words_of(held.language).writing.nouns_have_capitals else name


def _sentence_at(article: Article, place: int) -> Sentence | None:
    """The sentence of the article that has the character at the place, None where there is none."""
    every = split_sentences(article.text, article.language)
    return next((Sentence(one.start, one.end) for one in every if one.start <= place < one.end), None)


def _is_written_within(name: str, articles: Sequence[Article]) -> bool:
    """Whether its first word has a capital letter within a sentence too, and not only since it begins some."""
    within = re.compile(rf"[\w,;] {re.escape(name.split()[0])}\b")
    return any(within.search(one.text) for one in articles)


def _tells_of(name: str, article: Article) -> bool:
    """Whether the article has the name, comes back to it by its last word, and has it in the form that names it."""
    text, words = article.text, name.split()
    if name not in text or len(re.findall(rf"\b{re.escape(words[-1])}\b", text)) < MENTIONS or any(places_in(name)):
        return False
    if any(words[0].casefold().strip(".") in spoken.people.titles for spoken in languages()):
        return False
    spoken = words_of(article.language)
    if not spoken.writing.names_inflect:
        return True
    # Where a name has cases, only whoever acts or speaks surely has the first of them.
    before = [text[: at.start()].rstrip(' «„“"—–-') for at in re.finditer(re.escape(name), text)]
    return any(not one or one[-1] in ".!?\n" or has(one[-SAYING:], spoken.claims.said, spoken) for one in before)


def _is_whole(text: str) -> bool:
    """Whether it can stand in a question: some words, not too many, and nothing set apart."""
    return len(text.split()) >= LEAST_WORDS and len(text) <= MOST_CHARACTERS and not APART.search(text)
