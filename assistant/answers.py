"""From a question's turn to its answer: the values that the steps hand on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from index.articles import Article
from index.errors import UserError
from index.hits import Hit
from index.passages import Sentence

# The reason of a refusal when nothing more is known.
NOT_ANSWERED = "The articles do not say."
TO_COME = "These days are still to come, and no article tells of them."
# And when a sentence seemed to answer, and a check said why it does not.
NOT_PLAINLY = "The articles do not say so plainly."
# Of short answers whose sentence stands lower than `LIKELY` most are wrong (docs/BENCHMARKS.md, Reading).
LIKELY, UNSURE = 0.35, "Not sure: read its sentence before you rely on it."
NOTHING_LEFT = "No article is left of those to which the question was narrowed."
# So many of the sentences found stand with an answer.
HITS = 20
MODEL_FAILED, QUOTED_INSTEAD = "The language model did not answer.", "The sentence that fits best is quoted instead."


def failure(error: Exception) -> str:
    """What people are told of what went wrong while a language model was asked."""
    return str(error) if isinstance(error, UserError) else MODEL_FAILED


def model_failed(how: str) -> str:
    """That the language model did not answer so: "within 60 seconds"."""
    return f"{MODEL_FAILED.removesuffix('.')} {how}."


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the same conversation, its answer, and what that says in a few words of an article."""

    question: str
    answer: str
    short_answer: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A fact: `quote` equals characters `start` to `end` of the article's stored text."""

    number: int
    article: str
    title: str
    published: str
    start: int
    end: int
    quote: str
    page: int | None = None  # counted from 1
    time: str = ""  # in a film, 00:12:04
    recognised: bool = False  # its letters were made out of a picture, and may be wrong


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence or line of an answer, and the numbers of the citations that support it.

    `role` says what it is: "value", which code has worded; "quote", a stored sentence as it stands; "translation",
    which a model has made of one that is in the language `translated_from`; "heading", "item" of a list, or "note",
    which says how much was looked at or what is missing. `language` is that of the text when it is another than the
    answer's.
    """

    text: str
    citations: tuple[int, ...]
    role: str = "value"
    language: str = ""
    translated_from: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Verbatim words of the hit's passage: characters `start` to `end` of its article's text."""

    hit: Hit
    start: int
    end: int

    @property
    def article(self) -> Article:
        """The article that says it."""
        return self.hit.article

    @property
    def text(self) -> str:
        """The words, byte for byte as stored."""
        return self.hit.article.text[self.start : self.end]

    @property
    def sentence(self) -> Sentence:
        """The sentence of the passage that the words begin in, by default the hit's own."""
        holding = (one for one in self.hit.passage.sentences if one.start <= self.start < one.end)
        return next(holding, self.hit.sentence)


@dataclass(frozen=True, slots=True)
class Understood:
    """That a question was understood to ask `value` of `what`, because of these words of it."""

    what: str
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Account:
    """What one article says the answer is: `value` in its words, `date` the ISO day when it is a day.

    `number` is that of the citation, `also_in` are other articles that say the same.
    """

    value: str
    date: str
    article: str
    title: str
    source: str
    published: str
    number: int
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What an answerer has to say, before code has checked it.

    `sentences` are the written answer, in the language asked for; where it `is_translated`, it is one, made of the
    span's sentence. `reason` says why the articles don't answer, or why a sentence is quoted where one should have been
    written; `confidence` is the answerer's own score (higher: more surely answerable); `record` names the model, its
    prompts and its settings.
    """

    answered: bool
    reason: str = ""
    span: Span | None = None
    sentences: tuple[str, ...] = ()
    confidence: float = 0.0
    record: Mapping[str, object] = field(default_factory=dict)
    is_translated: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """That nothing has come yet; `before` other questions are answered first, those being answered among them."""

    before: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """Words of an answer as they are written, never ""."""

    text: str


# Words, that none have come yet, or, last, all that there is to say.
Piece = Written | Waiting | Draft


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer. `statements` join to `text`; citation numbers are 1-based and assigned here.

    `answer_date` is the ISO day that was asked for. Where the sentence tells no day of its own it is "", and
    `reported_date` the one that it was said or reported on.

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
    reported_date: str = ""
    accounts: tuple[Account, ...] = ()
    confidence: float = 0.0  # of the answerer; higher: more surely answerable
    record: Mapping[str, object] = field(default_factory=dict)
    kind: str = "fact"  # of the question
    understood: tuple[Understood, ...] = ()
    cited: tuple[Hit, ...] = ()  # the sentence of each citation, in their order; it need not be among the `hits`
    timings_ms: Mapping[str, float] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The written answer without its markers."""
        return in_lines(self.statements)


def in_lines(statements: Sequence[Statement], written: Callable[[Statement], str] = lambda one: one.text) -> str:
    """The statements as `written`, joined to a paragraph, or one a line where any is part of a list or a quotation."""
    return between(statements).join(map(written, statements))


def between(statements: Sequence[Statement]) -> str:
    """What stands between two of the statements: a space in a paragraph, else the end of a line."""
    return " " if all(one.role == "value" for one in statements) else "\n"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The first event of an answer: what search found, best first, before anything is written."""

    search_query: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """The second event where a sentence surely enough answers: its words, before anything is written.

    `answer_date` and `reported_date` are as in Answer, `citation` is the sentence.
    """

    text: str
    answer_date: str
    citation: Citation
    reported_date: str = ""


@dataclass(frozen=True, slots=True)
class Composed:
    """What an answer of several sentences says so far: at first as they are stored, then translated one by one.

    Each takes the place of the one before.
    """

    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]


Event = Evidence | ShortAnswer | Composed | Waiting | Written | Answer
