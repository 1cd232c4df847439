"""What a question wants of the articles: a value, made from the question and from what the collection has."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import pairwise

from babel import Locale

from assistant.answers import Understood
from assistant.facts.dates import dates_in
from assistant.understanding.kinds import FACT, common_words, opening_words, usual_words
from assistant.understanding.questions import asked_for, asking_words, value_words
from index.articles import Article
from index.filters import Filters
from index.languages.cldr import locale_of
from index.languages.words import language as spoken_in
from index.lexicon import folded, is_calendar_word

# A part of a question begins after a comma, the language's "and" or both, with a word that asks.
COMMA = r"\s*[,;]\s*(?:[^\W\d_]{1,3}\s+)?"
# That may follow a short word: "and for how much", "et par combien de voix".
BEFORE_ASKING = r"(?:[^\W\d_]{1,4}\s+)?"
PART_LETTERS = 3  # what joins parts is shorter, what asks is not
LANGUAGE_LETTERS = 5  # by which the forms of a language's name are one


# Who asks by these for one value asks for a fact, whatever else the question sounds like: "When do the rules change?"
_TOLD_AT_LENGTH = frozenset({"how", "why", "overview", "yesno"})
AT_LENGTH = {
    "date": _TOLD_AT_LENGTH | {"said", "comparison"},
    "place": _TOLD_AT_LENGTH | {"comparison"},
    "name": _TOLD_AT_LENGTH,
    "number": _TOLD_AT_LENGTH | {"said", "list"},
}
# And for the newest of them only where that is so much likelier: "How many will work there?" is about one number, of
# "How many are still missing?" there may be several.
SURE_LATEST, SURE_LATEST_OF = 0.4, frozenset({"date", "name", "number"})  # "Où en est l'enquête ?" asks for no place
# What is taken for one of these by so little may as well ask for a fact: "Which law holds that for all …?" is no list.
_LIKE_FACTS, SURE_LEAD = frozenset({"comparison", "how", "latest", "list", "said"}), 0.3
# Kinds whose answer is composed of several sentences; of these a story's context helps to rank all but the parts.
COMPOSED = frozenset({"why", "how", "list", "overview", "said", "comparison", "latest", "facts"})
# Kinds in which the days that a question names are those it asks about, and no part of what it asks.
WINDOWED = frozenset({"overview", "list", "said"})


@dataclass(frozen=True, slots=True)
class Request:
    """A question, its `kind`, and for the collection `about` what of it; `parts` are the questions that it holds.

    One that `only_asks`, as "why?" does, leans on the answer before for all that it is about.
    `subject` are the words that name what it is about; `filters` hold the days, outlet and language that it names.
    By its `lead` the kind was likelier than a single fact.
    """

    question: str
    language: str
    kind: str = FACT
    about: str = ""
    parts: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    author: str = ""
    filters: Filters = field(default_factory=Filters)
    evidence: tuple[Understood, ...] = ()
    only_asks: bool = False
    lead: float = 1.0

    @property
    def names_subject(self) -> bool:
        """Whether the subject is surely one: names or numbers, not words that may only say what is asked."""
        tells = not spoken_in(self.language).writing.nouns_have_capitals
        return any((one[0].isupper() and tells) or any(map(str.isdigit, one)) for one in self.subject)

    @property
    def may_be_fact(self) -> bool:
        """Whether it may well ask for a single fact after all."""
        return self.kind in _LIKE_FACTS and self.lead < SURE_LEAD


def requested(
    question: str,
    language: str,
    kind: str,
    listing: Sequence[Article],
    today: date,
    lifted: Collection[str] = (),
    lead: float = 1.0,
) -> Request:
    """The request, of the kind that was recognised; of a question about the collection also what narrows it down.

    That is left aside where it is `lifted`, and what it says is no part of the subject either.
    """
    kind, _, about = kind.partition(" ")
    evidence = [Understood("kind", kind, question)]
    if kind != "collection":
        parts = parts_of(question, language)
        wanted = asked_for(question, language)
        of_a_value = kind in AT_LENGTH.get(wanted, ()) or (
            kind == "latest" and wanted in SURE_LATEST_OF and lead < SURE_LATEST
        )
        kind = FACT if of_a_value or (kind == "facts" and not parts) else kind
        kind = "facts" if kind == FACT and parts and _joins_parts(question, language) else kind
        kind = "overview" if kind == FACT and _asks_what_happened(question, language, today) else kind
        evidence = [Understood("kind", kind, question)]
        window = _window(question, language, today) if kind in WINDOWED else ()
        evidence += [Understood(*one) for one in window]
        values = {what: value for what, value, _ in window}
        filters = Filters(values.get("since", ""), values.get("until", ""))
        return Request(question, language, kind, about, parts, filters=filters, evidence=tuple(evidence), lead=lead)
    window = _window(question, language, today)
    outlet = _named(question, (one.source for one in listing))
    author = _named(question, (one.author for one in listing))
    spoken = language_named(question, language, {one.language for one in listing})
    said = [
        Understood(*one) for one in (*window, ("source", outlet, outlet), ("author", author, author), spoken) if one[1]
    ]
    evidence += [one for one in said if one.what not in lifted]
    values = {one.what: one.value for one in evidence}
    filters = Filters(
        values.get("since", ""),
        values.get("until", ""),
        tuple(filter(None, [values.get("source")])),
        tuple(filter(None, [values.get("language")])),
    )
    used = {folded(word) for one in said for word in re.findall(r"\w+", one.words)}
    if about:
        # It begins with what it asks, and no word of the examples of such questions names a subject.
        used |= usual_words("collection ", seen=1) | {folded(one) for one in re.findall(r"\w+", question)[:1]}
    subject = subject_of(question, used)
    return Request(question, language, kind, about, (), subject, values.get("author", ""), filters, tuple(evidence))


def parts_of(question: str, language: str) -> tuple[str, ...]:
    """The questions in the question: "When and where did it sink?" is two; one that has no second is no part.

    A part that is hardly more than its question word takes the rest of the next one.
    """
    between = rf"(?:{COMMA}|\s+{_conjunction(language)}\s+)"
    cuts = [match.end() for match in re.finditer(rf"{between}(?={_asking(language)})", question, re.IGNORECASE)]
    places = [0, *cuts, len(question)]
    pieces = [question[start:end] for start, end in pairwise(places)]
    pieces = [re.sub(rf"{between}$", "", piece) if piece is not pieces[-1] else piece for piece in pieces]
    if len(pieces) == 1:
        return ()
    parts: list[str] = []
    rest = ""
    for piece in reversed(pieces):
        words = piece.split()
        if len(words) <= 2 and rest:
            parts.append(f"{piece} {rest}")
        else:
            parts.append(piece)
            rest = " ".join(words[1:])
    return tuple(part.strip(" ,;") for part in reversed(parts))


def _joins_parts(question: str, language: str) -> bool:
    """Whether the language's "and" joins a second question to the first."""
    return re.search(rf"\b{_conjunction(language)}\s+{_asking(language)}", question, re.IGNORECASE) is not None


def _conjunction(language: str) -> str:
    """A pattern of the language's "and"."""
    pattern = str((locale_of(language) or Locale("en")).list_patterns["standard"]["2"])
    return re.escape(pattern.replace("{0}", "").replace("{1}", "").strip())


@cache
def _asking(language: str) -> str:
    """A pattern of what begins a part of a question."""
    words = sorted(map(re.escape, _asking_words(language)), key=len, reverse=True)
    return rf"{BEFORE_ASKING}(?:{'|'.join(words)})\b"


@cache
def _asking_words(language: str) -> frozenset[str]:
    """The words that ask for something, in every language, and those that examples of several facts open with; of the
    short ones, which elsewhere join, those by which the question's own language asks for a value."""
    every = frozenset(word for word in {*asking_words(), *opening_words("facts")} if len(word) >= PART_LETTERS)
    return every | value_words(language)


def subject_of(question: str, used: Collection[str] = ()) -> tuple[str, ...]:
    """The words that name what a question about the collection is about: names and numbers, else its rarer words.

    Those `used`, folded, name something else.
    """
    usual = usual_words("collection") | common_words() | {*used}
    words = [word for word in re.findall(r"\w+", question) if folded(word) not in usual]
    words = [word for word in words if not is_calendar_word(word)]
    names = [word for word in words if word[0].isupper() or any(letter.isdigit() for letter in word)]
    if question.split()[0].strip("¿¡") in names and len(names) > 1:
        names = names[1:] if names[0] == question.split()[0].strip("¿¡") else names
    return tuple(dict.fromkeys(names or [word for word in words if len(word) > PART_LETTERS]))


def _window(question: str, language: str, today: date) -> tuple[tuple[str, str, str], ...]:
    """The first and the last of the days that the question names, relative ones from today on."""
    asked = Article("", "", question, today.isoformat(), language)
    days = [(one.first, one.last, one.text) for one in dates_in(asked)]
    if not days:
        days = [
            (f"{year[0]}-01-01", f"{year[0]}-12-31", year[0]) for year in re.finditer(r"\b(?:19|20)\d\d\b", question)
        ]
    if not days:
        return ()
    words = " ".join(text for *_, text in days)
    return ("since", min(first for first, *_ in days), words), ("until", max(last for _, last, _ in days), words)


def _asks_what_happened(question: str, language: str, today: date) -> bool:
    """Whether the question asks for nothing but what happened, in a word that overviews are asked for with."""
    window = _window(question, language, today)
    values = {what: value for what, value, _ in window}
    filters = Filters(values.get("since", ""), values.get("until", ""))
    asked = Request(question, language, "overview", filters=filters, evidence=tuple(Understood(*one) for one in window))
    return (
        not asked_for(question, language)
        and asks_only_when(asked)
        and bool({*map(folded, _telling(asked))} & usual_words("overview"))
    )


def asks_only_when(request: Request) -> bool:
    """Whether the question names days and nothing else that it is about: "What happened in January 2022?".

    Beside its question word it may have one longer word, which says that something happened.
    """
    if request.kind != "overview" or not (request.filters.since or request.filters.until):
        return False
    words = re.findall(r"[^\W\d_]+", request.question)
    is_asked = any(folded(word) in _folded_asking_words() for word in words[:2])
    telling = _telling(request)
    return is_asked and len(telling) <= 1 and not any(map(str.istitle, telling))


def _telling(request: Request) -> frozenset[str]:
    """The longer words of the question that neither ask nor name its days."""
    days = {folded(word) for one in request.evidence for word in re.findall(r"\w+", one.words) if one.what == "since"}
    words = [word for word in re.findall(r"[^\W\d_]+", request.question) if len(word) > PART_LETTERS]
    left = (word for word in words if folded(word) not in days | _folded_asking_words())
    return frozenset(word for word in left if not is_calendar_word(word))


@cache
def _folded_asking_words() -> frozenset[str]:
    return frozenset(map(folded, asking_words()))


def _named(question: str, names: Iterable[str]) -> str:
    """The longest of the names that stands in the question."""
    asked = _plain(question)
    return max((name for name in set(names) if name and _plain(name) in asked), key=len, default="")


def language_named(question: str, spoken: str, languages: Iterable[str]) -> tuple[str, str, str]:
    """The language of the collection that the question names, and the word that does."""
    names = (locale_of(spoken) or Locale("en")).languages
    words = {folded(word)[:LANGUAGE_LETTERS]: word for word in re.findall(r"[^\W\d_]+", question)}
    for code in sorted(languages):
        beginning = folded(names.get(code, "?"))[:LANGUAGE_LETTERS]
        if beginning in words:
            return "language", code, words[beginning]
    return "language", "", ""


def _plain(text: str) -> str:
    """The words, folded, each between blanks."""
    words = " ".join(re.findall(r"[^\W_]+", folded(text)))
    return f" {words} "
