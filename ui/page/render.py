"""Answers and articles to the HTML that the page shows: values, put into the templates of templates/."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from urllib.parse import urlsplit

from markupsafe import Markup

from assistant.answers import NOT_ANSWERED, ShortAnswer, Statement
from assistant.lookup.lookup import Found, Lookup
from assistant.lookup.names import KnownName, Said
from assistant.suggestions.templates import safe_questions
from index.articles import RECOGNISED, TIMES, Article
from index.fetching.addresses import shown
from index.passages import Extent
from ui import record
from ui.answer_text import DIFFER, reported_on, told
from ui.conversations import Conversation, KeptSearch
from ui.intake import Outcome
from ui.page import words
from ui.page.chips import Chip
from ui.page.marks import apart, mark_count_of, paragraphs_of, pieces_of
from ui.page.templating import drawn, joined, origin
from ui.page.words import counted, say
from ui.record import Quote, Record
from ui.suggesting import Offered

EXAMPLE_COUNT = 4
SHORT_CHARACTERS = 100
BARS_SHOWN = 12
FACETS_SHOWN = 6
SPELLINGS_SHOWN = 8
SNIPPET_BEFORE, SNIPPET_CHARACTERS = 120, 480


@dataclass(frozen=True, slots=True)
class Example:
    """A question to press, and where the article that answers it comes from, "" for one about the collection."""

    question: str
    origin: str = ""


def examples(answered: Sequence[Offered], language: str) -> tuple[Example, ...]:
    """The questions that were tried and answered, and after them as many as there is room for that always are."""
    tried = [Example(one.question, origin(one.article)) for one in answered]
    always = map(Example, safe_questions(language))
    return tuple([*tried, *always][:EXAMPLE_COUNT])


def welcome(article_count: int, examples: Sequence[Example]) -> str:
    """The page before the first question: what it does, and questions to press."""
    return drawn("answers.html", "welcome", article_count, examples, words.language())


def following(questions: Sequence[str], language: str) -> str:
    """Questions that go on from an answer, to press."""
    return drawn("answers.html", "following", questions, language)


@dataclass(frozen=True, slots=True)
class AddedRow:
    """A file that came in: how many articles it has, why something of it has none, and the article that it opens."""

    path: str
    added: str  # ISO date and time with zone
    article_count: int
    reasons: tuple[str, ...]
    copy_of: str
    opened: str
    busy: bool  # being indexed
    removable: bool


@dataclass(frozen=True, slots=True)
class Original:
    """Where an article's file is, and the page of it that is open; `picture` is "" for one that is no scan."""

    file: str
    picture: str
    page: int | None


def first_steps() -> str:
    """The page while there is no index."""
    return drawn("intake.html", "first_steps")


def add_files_label(count: int) -> str:
    """What the button says that adds so many files."""
    return counted("Add {n} file", "Add {n} files", count) if count else say("Add files")


def outcomes(files: Sequence[Outcome]) -> str:
    """Which files were not taken, and which were there."""
    return drawn("intake.html", "outcomes", files)


def fetching(done: int, addresses: Sequence[str]) -> str:
    """Addresses being fetched one after the other, of which some are done."""
    at = addresses[min(done, len(addresses) - 1)]
    told = say("Fetching {n} of {total}: {address}", n=words.number(done + 1), total=len(addresses), address=shown(at))
    return drawn("notes.html", "progress", done, len(addresses), say("Fetching"), told)


def added(rows: Sequence[AddedRow], asked: str) -> str:
    """The files that came in; of the one at path `asked`, whether it is surely to be removed."""
    return drawn("intake.html", "added", rows, asked)


def heading(title: str) -> str:
    """What a page is called."""
    return drawn("notes.html", "heading", title)


def turn(
    question: str, body: str, narrowed: Sequence[Chip] = (), answer_language: str = "", can_edit: bool = False
) -> str:
    """One question, to which articles it was put and in which language when it was said, and what stands below it.

    `body` is HTML. What narrows can be taken off where the question `can_edit`.
    """
    return drawn("answers.html", "turn", question, Markup(body), narrowed, answer_language, can_edit)


def chips(narrowed: Sequence[Chip], can_clear: bool = False) -> str:
    """What narrows the articles, each with a button that takes it off; one for all when there are several."""
    return drawn("answers.html", "chips", narrowed, can_clear and len(narrowed) > 1)


def answer(given: Record) -> str:
    """The whole answer: short answer, statements with their citations, and the sentences they rest on."""
    if not given.answered:
        return refusal(given.reason, given.found)
    citations = {quote.number: quote for quote in given.citations}
    return drawn("answers.html", "answer", given, citations, _short_answer(given), _footnote(given))


def refusal(reason: str, found: Sequence[Quote]) -> str:
    """That the articles don't say, why, and what came closest."""
    return drawn("answers.html", "refusal", "" if reason == NOT_ANSWERED else reason, found)


def unfinished(
    written: str,
    found: Sequence[Quote] | None,
    note: str,
    can_stop: bool,
    short: ShortAnswer | None = None,
    told: Sequence[Statement] = (),
) -> str:
    """An answer that is still being written or was stopped, `told` so far; `note` says which."""
    known = (_in_short(short.text), short.answer_date, short.reported_date) if short else ("", "", "")
    return drawn("answers.html", "unfinished", written, found, note, can_stop, *known, told)


def shared(given: Record, narrowed: Sequence[Chip]) -> str:
    """Somebody else's question and answer, to be read only."""
    return drawn("answers.html", "shared", given, Markup(answer(given)), narrowed)


def actions(files: str, copied: str, rating: str, rich: str = "", link: str = "") -> str:
    """What can be done with a reply: ask again, copy it, save its record from the address `files`, rate it.

    `copied` is what is copied, and `rich` the same as HTML; `rating` is "up", "down" or "", `link` the address on this
    server at which others read the answer, "" for none. Without a record only asking again is left.
    """
    whole = files.rpartition("/")[0]
    return drawn("answers.html", "actions", files, whole, copied, rich, rating, link)


def state(note: str) -> str:
    """What is going on."""
    return drawn("notes.html", "state", note)


def notice(message: str) -> str:
    """Something a person should know that keeps nothing from working."""
    return drawn("notes.html", "notice", message)


def problem(message: str) -> str:
    """An error for a person, as one sentence."""
    return drawn("notes.html", "problem", message)


def article(
    shown: Article,
    start: int = 0,
    end: int = 0,
    quote: str = "",
    more: Sequence[Extent] = (),
    original: Original | None = None,
    elsewhere: Sequence[Article] = (),
) -> str:
    """An article with its metadata and its file, and characters `start` to `end` marked if they still are the quote.

    `elsewhere` are those that tell its story too, `more` other places that are marked as well; that of the quote is the
    one to begin with.
    """
    if shown.text[start:end] != quote:
        start, more = shown.text.find(quote), ()  # what else was marked has moved too
        end = start + len(quote)
    lost = quote if start < 0 else ""
    places = [] if lost else apart([(start, end), *more])
    paragraphs = list(paragraphs_of(shown.text, places))
    mark_count = mark_count_of(shown.text, places)
    at = 1 + mark_count_of(shown.text, [place for place in places if quote and place[1] <= start])
    return drawn(
        "articles.html",
        "article",
        shown,
        _is_web(shown.url),
        _found_in(shown),
        paragraphs,
        lost,
        mark_count,
        RECOGNISED in shown.evidence,
        at,
        original,
        elsewhere,
    )


def missing_article(article_id: str, quote: str) -> str:
    """What stands in place of an article that is no longer in the index."""
    return drawn("articles.html", "missing_article", article_id, quote)


def conversations(kept: Sequence[Conversation], current: str) -> str:
    """The conversations to go back to, each with a button that forgets it."""
    return drawn("answers.html", "conversations", kept, current)


def article_list(listed: Sequence[Article], lengths: Mapping[str, int], count: int) -> str:
    """Articles to press, out of `count` that match."""
    return drawn("articles.html", "article_list", listed, lengths, count)


def bars(title: str, counts: Sequence[tuple[str, int]]) -> str:
    """How many of what, as a table with a bar beside each number; the longest ones when there are many."""
    most = max((count for _, count in counts), default=1)
    rest = sum(count for _, count in counts[BARS_SHOWN:])
    return drawn("articles.html", "bars", title, counts[:BARS_SHOWN], most, rest)


def timeline(dated: Sequence[tuple[str, str, Quote]]) -> str:
    """Sentences below the days that they tell of, ISO from first to last, in order; a strip shows their spread."""
    ordinals = [date.fromisoformat(day).toordinal() for day, _, _ in dated]
    span = max(ordinals[-1] - ordinals[0], 1) if ordinals else 1
    marks = [100 * (one - ordinals[0]) / span for one in ordinals]
    days = [(when, [quote for _, _, quote in same]) for when, same in groupby(dated, key=lambda row: row[:2])]
    ends = [dated[0][0], dated[-1][0]] if dated else []
    return drawn("articles.html", "timeline", days, marks, ends)


def names(listed: Sequence[KnownName], count: int) -> str:
    """Names to press, out of `count`."""
    return drawn("names.html", "names", listed, count)


def name(one: KnownName) -> str:
    """What is known of a name: how it is written, in how many articles and when, and which names stand beside it."""
    spellings = words.series([words.isolated(other) for other in one.spellings[:SPELLINGS_SHOWN]])
    return drawn("names.html", "name", one, spellings)


def said(told: Sequence[Said]) -> str:
    """Sentences with direct speech, the speech and who speaks marked."""
    rows = []
    for one in told:
        start = one.sentence[0]
        marks = apart((first - start, last - start) for first, last in (one.quoted, one.speaker))
        rows.append((one, pieces_of(one.text.replace("\n", " "), marks)))
    return drawn("names.html", "said", rows)


def lookup(given: Lookup, shown: Sequence[Found], with_facets: bool = True) -> str:
    """How much was found, and of what kinds it is, each to press; then the passages themselves, their words marked."""
    facets = [
        (say("Source"), "sources", [(name, name, count) for name, count in given.facets.sources]),
        (say("Language"), "languages", [(one, words.language_name(one), n) for one, n in given.facets.languages]),
        (say("Month"), "month", [(one, words.month(one), count) for one, count in given.facets.months]),
        (say("Folder"), "folders", [(name, name, count) for name, count in given.facets.folders]),
        (say("Author"), "authors", [(name, name, count) for name, count in given.facets.authors]),
    ]
    kept = [(label, field, values) for label, field, values in facets if len(values) > 1 and with_facets]
    return drawn("search.html", "lookup", given, kept, [(one, _snippet(one)) for one in shown], FACETS_SHOWN)


def kept_searches(kept: Sequence[tuple[KeptSearch, int]]) -> str:
    """The searches that somebody keeps, and how many articles are new in each."""
    return drawn("search.html", "kept_searches", kept)


def search_help() -> str:
    """How a search is written."""
    return drawn("search.html", "search_help")


def _snippet(one: Found) -> list[tuple[str, bool]]:
    """The passage in pieces, those marked that were looked for; of a long one what is around the first mark."""
    marks = [(start - one.start, end - one.start) for start, end in one.marks]
    text = one.text
    first = max(marks[0][0] - SNIPPET_BEFORE, 0) if marks else 0
    if first:
        first = text.find(" ", first) + 1 or first
    last = min(first + SNIPPET_CHARACTERS, len(text))
    if last < len(text):
        last = max(text.rfind(" ", first, last), marks[0][1] if marks else 0) if " " in text[first:last] else last
    flat = " " if "\n" in text else ""
    cut = text[first:last].replace("\n", flat or " ")
    pieces = pieces_of(cut, [(start - first, end - first) for start, end in marks])
    return [*([("… ", False)] if first else []), *pieces, *([(" …", False)] if last < len(text) else [])]


def to_html(kept: Record) -> str:
    """The record as a page of its own that fetches nothing."""
    accounts = [told(one) for one in kept.accounts]
    sources = [(one, record.origin(one)) for one in kept.citations]
    reported = reported_on(kept.reported_date) if kept.answered and kept.reported_date else ""
    told_first = (record.refusal(kept), reported, DIFFER)
    return drawn("record.html", "page", kept, *told_first, accounts, sources, record.footer(kept))


def _short_answer(given: Record) -> str:
    """The short answer where it is one, else "".

    A whole sentence is none: it stands below as the source, and written in the reader's language above.
    """
    return "" if given.short_answer == given.text else _in_short(given.short_answer)


def _in_short(short_answer: str) -> str:
    """The same where it is a few words, else ""."""
    return short_answer if len(short_answer) <= SHORT_CHARACTERS else ""


def _footnote(given: Record) -> str:
    spent = given.milliseconds
    is_long = spent >= 1000
    time = words.duration(round(spent / 1000, 1), "second") if is_long else words.duration(round(spent), "millisecond")
    return joined(
        words.answered_by(given.answerer),
        str(given.made_with.get("model", "")),
        given.generation,
        time if spent else "",
    )


def _found_in(shown: Article) -> list[tuple[str, list[str]]]:
    """Each place where metadata was found, with what was found there."""
    found_in: dict[str, list[str]] = {}
    for name, place in shown.evidence.items():
        if name in (TIMES, RECOGNISED):
            continue
        found_in.setdefault(place, []).append(say(name))
    return list(found_in.items())


def _is_web(url: str) -> bool:
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False
