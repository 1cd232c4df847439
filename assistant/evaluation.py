"""Scores a question file: what was found, what was answered, and whether the citations hold."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import PurePosixPath

import numpy as np

from assistant.answers import Answer, Citation, Evidence, Turn
from assistant.assistant import Assistant
from assistant.facts_told import KindScore, Tally, WantedFacts, by_kind, read_wanted, tally
from index.errors import UserError
from index.generations.generation import Generation
from index.hits import Hit
from index.languages.scripts import SPACELESS
from index.languages.words import language

# Ranks that count: a reader looks at ten articles and five sentences.
NDCG_DEPTH, RECALL_DEPTH = 10, 5
RESAMPLES = 1_000
CONFIDENCE = (2.5, 97.5)
# An answer that shares more than this of its words with a gold answer says the same, if its numbers agree.
SAME_ANSWER = 0.5

ARTICLE_NDCG, ARTICLE_RECALL = f"articles nDCG@{NDCG_DEPTH}", f"articles R@{RECALL_DEPTH}"
SENTENCE_NDCG, SENTENCE_RECALL = f"sentences nDCG@{NDCG_DEPTH}", f"sentences R@{RECALL_DEPTH}"
EXACT_MATCH, ANSWER_F1, ANSWERED_F1 = "answer EM", "answer F1", "answer F1, answered"
DATE, HARD_DATE = "ISO date exact", "ISO date exact, hard"
RIGHT_AND_CITED = "right and cited"
CITATION_RECALL, CITATION_PRECISION = "citation recall", "citation precision"
QUOTES_STORED = "quotes as stored"
FALSE_ANSWERS, WRONG_REFUSALS, RIGHT_DECISIONS = "false answers", "wrong refusals", "right to answer or refuse"
FACTS_TOLD, FACTS_CITED = "facts told", "citations of facts"
METRICS = (
    ARTICLE_NDCG, ARTICLE_RECALL, SENTENCE_NDCG, SENTENCE_RECALL, EXACT_MATCH, ANSWER_F1, ANSWERED_F1, DATE,
    HARD_DATE, RIGHT_AND_CITED, CITATION_RECALL, CITATION_PRECISION, FACTS_TOLD, FACTS_CITED, QUOTES_STORED,
    FALSE_ANSWERS, WRONG_REFUSALS, RIGHT_DECISIONS,
)  # fmt: skip

# What SQuAD's normalisation drops in English is dropped in these languages.
ARTICLES_OF = ("de", "en", "es", "it")
_WORD = re.compile(rf"\d+(?:[.,]\d+)*|[{SPACELESS}]|[^\W\d_{SPACELESS}]+")
_GROUPED = re.compile(r"(?<!\d)\d{1,3}(?: \d{3})+(?!\d)")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question and what is known about its answer; `articles` and `quotes` are where it stands.

    `hard` marks a date that is not its article's own; `near` is an article that only seems to answer; `wanted` is what
    an answer of several sentences tells.
    """

    id: str
    question: str
    language: str = ""
    history: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    answer_date: str = ""
    quotes: tuple[str, ...] = ()
    answerable: bool = True
    hard: bool = False
    near: str = ""
    wanted: WantedFacts = field(default_factory=WantedFacts)


@dataclass(frozen=True, slots=True)
class Metric:
    """A mean over `n` observations, with its bootstrap 95% interval."""

    name: str
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Observation:
    """One value of one metric; the article is what the bootstrap draws."""

    metric: str
    article: str
    value: float


@dataclass(frozen=True, slots=True)
class Scores:
    """The metrics that apply to the questions, in the order of METRICS, and where they name kinds those of each."""

    metrics: tuple[Metric, ...]
    kinds: tuple[KindScore, ...] = ()


def evaluate(assistant: Assistant, questions: Iterable[GoldQuestion], retrieve_only: bool = False) -> Scores:
    """The scores of the assistant's answers to these questions; see `in_index`."""
    generation = assistant.open_generation()
    observations: list[Observation] = []
    tallies: list[Tally] = []
    for gold in questions:
        history = [Turn(question, "") for question in gold.history]
        try:
            events = assistant.stream(gold.question, history)
            evidence = next(events)
            answer = None if retrieve_only else [*events][-1]
        except UserError as error:
            raise UserError(f"Question {gold.id}: {error}") from error
        assert isinstance(evidence, Evidence) and isinstance(answer, Answer | None)
        observations += observe_hits(gold, evidence.hits)
        if answer is not None:
            observations += observe_answer(gold, answer, generation)
            tallies.append(tally(gold.wanted, gold.answerable, answer, generation))
            observations += observe_facts(gold, tallies[-1])
    has_kinds = any(one.kind for one in tallies)
    return Scores(summarise(observations), by_kind(tallies) if has_kinds else ())


def read_gold(line: Mapping[str, object]) -> GoldQuestion:
    """The line of a question file, checked; raises UserError naming the field that is not as it should be."""
    question = str(line["question"])
    name = str(line.get("id") or question)

    def strings(key: str) -> tuple[str, ...]:
        value = line.get(key) or []
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise UserError(f'Question {name}: "{key}" is {value!r}. Write a list of strings.')
        return tuple(value)

    def text(key: str) -> str:
        value = line.get(key) or ""
        if not isinstance(value, str):
            raise UserError(f'Question {name}: "{key}" is {value!r}. Write a string.')
        return value

    def flag(key: str, default: bool) -> bool:
        value = line.get(key, default)
        if not isinstance(value, bool):
            raise UserError(f'Question {name}: "{key}" is {value!r}. Write true or false.')
        return value

    day = text("answer_date")
    if day and not _ISO_DAY.fullmatch(day):
        raise UserError(f'Question {name}: "answer_date" is {day!r}. Write it as YYYY-MM-DD.')
    return GoldQuestion(
        id=name,
        question=question,
        language=text("lang"),
        history=strings("history"),
        articles=strings("articles"),
        answers=strings("answers"),
        answer_date=day,
        quotes=strings("quotes"),
        answerable=flag("answerable", True),
        hard=flag("hard", False),
        near=next(iter(strings("near")), "") if isinstance(line.get("near"), list) else text("near"),
        wanted=read_wanted(line, name),
    )


def in_index(questions: Sequence[GoldQuestion], generation: Generation) -> list[GoldQuestion]:
    """The questions as this index can answer them: articles and quotes that it lacks are gone.

    Without any of its articles a question is not answerable. Raises UserError when that befalls all of them:
    then the index is of another folder.
    """
    stored = {article.id for article in generation.articles()} | {one.path for one in generation.manifest.duplicates}
    folder = PurePosixPath(generation.manifest.folder).parts
    named = [gold for gold in questions if gold.articles]
    fitted = []
    for gold in questions:
        articles = tuple(one for name in gold.articles if (one := _id_below(folder, name)) in stored)
        if gold.articles and not articles:
            gold = replace(gold, answerable=False, near=gold.near or gold.articles[0])
        found = [generation.original(one) for one in articles]
        articles = tuple(dict.fromkeys(article.id for article in found))
        texts = [_spaced(article.text) for article in found]
        held = tuple(quote for quote in gold.quotes if any(_spaced(quote) in text for text in texts))
        fitted.append(replace(gold, articles=articles, quotes=held or gold.quotes))
    if named and not any(gold.articles for gold in fitted):
        raise UserError(
            f"None of the questions' articles is in the index of {generation.manifest.folder}. "
            "Index the folder that the questions were written for."
        )
    return fitted


def _id_below(folder: Sequence[str], article: str) -> str:
    """The article's id in an index of `folder`: "de/p1.txt" is "p1.txt" when the folder is …/de."""
    parts = PurePosixPath(article).parts
    for length in range(len(parts) - 1, 0, -1):
        if tuple(folder[-length:]) == parts[:length]:
            return str(PurePosixPath(*parts[length:]))
    return article


# --- What was found -----------------------------------------------------------------------------------------


def observe_hits(gold: GoldQuestion, hits: Sequence[Hit]) -> Iterator[Observation]:
    """How well search did; nothing when there is nothing to find."""
    yield from observe_ranking(gold, tuple(dict.fromkeys(hit.article.id for hit in hits)))
    yield from observe_sentences(gold, [(hit.text, (hit.article.id, *hit.also_in)) for hit in hits])


def observe_ranking(gold: GoldQuestion, ranking: Sequence[str]) -> Iterator[Observation]:
    """How well articles, best first and each only once, were ranked."""
    if gold.answerable and gold.articles:
        relevant = [article in gold.articles for article in ranking]
        yield Observation(ARTICLE_NDCG, _cluster(gold), ndcg(relevant, len(gold.articles)))
        yield Observation(ARTICLE_RECALL, _cluster(gold), sum(relevant[:RECALL_DEPTH]) / len(gold.articles))


def observe_sentences(gold: GoldQuestion, sentences: Sequence[tuple[str, Sequence[str]]]) -> Iterator[Observation]:
    """How well sentences, best first, were ranked; each comes with the ids of the articles that hold it."""
    if gold.answerable and (quotes := _different(gold.quotes)):
        new = _firsts([_quotes_in(text, articles, gold, quotes) for text, articles in sentences])
        yield Observation(SENTENCE_NDCG, _cluster(gold), ndcg([bool(found) for found in new], len(quotes)))
        found_early = sum(len(found) for found in new[:RECALL_DEPTH])
        yield Observation(SENTENCE_RECALL, _cluster(gold), found_early / len(quotes))


def ndcg(relevant: Sequence[bool], relevant_count: int, depth: int = NDCG_DEPTH) -> float:
    """Normalised discounted cumulative gain with gains of 0 and 1: [no, yes], one relevant -> 1/log2(3) = 0.631."""
    gained = sum(1 / np.log2(rank + 1) for rank, one in enumerate(relevant[:depth], start=1) if one)
    best = sum(1 / np.log2(rank + 1) for rank in range(1, min(relevant_count, depth) + 1))
    return float(gained / best)


def _firsts(found: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """Of each set what no set before it holds: a quote found twice is found once."""
    seen: set[str] = set()
    new = []
    for one in found:
        new.append(one - seen)
        seen |= one
    return new


def _quotes_in(sentence: str, articles: Iterable[str], gold: GoldQuestion, quotes: Iterable[str]) -> frozenset[str]:
    """The quotes that hold the sentence or are held by it, if it stands in one of the question's articles.

    Elsewhere a short quote ("5", "Rome") is in a hundred sentences that say something else.
    """
    if gold.articles and not set(articles) & set(gold.articles):
        return frozenset()
    text = _spaced(sentence)
    return frozenset(quote for quote in quotes if quote in text or (text and text in quote))


def _different(quotes: Iterable[str]) -> list[str]:
    """The quotes with single spaces, without those that are part of another: one sentence holds them all."""
    spaced = sorted({_spaced(quote) for quote in quotes} - {""}, key=len, reverse=True)
    kept: list[str] = []
    for quote in spaced:
        if not any(quote in longer for longer in kept):
            kept.append(quote)
    return kept


def _spaced(text: str) -> str:
    """With single spaces, and without what nobody sees: zero-width spaces, soft hyphens."""
    return " ".join("".join(c for c in text if unicodedata.category(c) != "Cf").split())


# --- What was answered --------------------------------------------------------------------------------------


def observe_answer(gold: GoldQuestion, answer: Answer, generation: Generation) -> Iterator[Observation]:
    """Whether it was right to answer, whether the answer is right, and whether its citations hold."""
    cluster = _cluster(gold)
    yield Observation(RIGHT_DECISIONS, cluster, answer.answered == gold.answerable)
    for citation in answer.citations:
        text = generation.article(citation.article).text
        yield Observation(QUOTES_STORED, cluster, text[citation.start : citation.end] == citation.quote)
    if not gold.answerable:
        yield Observation(FALSE_ANSWERS, cluster, answer.answered)
        return
    yield Observation(WRONG_REFUSALS, cluster, not answer.answered)
    said = answer.short_answer or answer.text
    # An ISO day among the answers is for `answer_date`: nobody writes it so.
    worded = [one for one in gold.answers if one != gold.answer_date]
    if worded:
        yield Observation(EXACT_MATCH, cluster, exact_match(said, worded))
        yield Observation(ANSWER_F1, cluster, f1(said, worded))
        if answer.answered:
            yield Observation(ANSWERED_F1, cluster, f1(said, worded))
    if gold.answer_date:
        yield Observation(DATE, cluster, _is_day(answer, gold))
        if gold.hard:
            yield Observation(HARD_DATE, cluster, _is_day(answer, gold))
    if not gold.quotes:
        return
    # What other articles say differently is cited too, and supports no statement.
    stated = {number for statement in answer.statements for number in statement.citations}
    beside = {account.number for account in answer.accounts} - stated
    holding = [holds_quote(citation, gold) for citation in answer.citations if citation.number not in beside]
    if worded or gold.answer_date:
        right = is_right(said, worded) or _is_day(answer, gold)
        yield Observation(RIGHT_AND_CITED, cluster, right and any(holding))
    if answer.answered:
        yield Observation(CITATION_RECALL, cluster, any(holding))
        yield Observation(CITATION_PRECISION, cluster, sum(holding) / max(1, len(holding)))


def observe_facts(gold: GoldQuestion, counted: Tally) -> Iterator[Observation]:
    """What share of the question's facts is told, and what share of the citations is wanted."""
    if counted.recall is not None:
        yield Observation(FACTS_TOLD, _cluster(gold), counted.recall)
    if counted.precision is not None:
        yield Observation(FACTS_CITED, _cluster(gold), counted.precision)


def _is_day(answer: Answer, gold: GoldQuestion) -> bool:
    """Whether the day asked for is told, or that it was reported on that day, where no day of its own is told."""
    return gold.answer_date != "" and (answer.answer_date or answer.reported_date) == gold.answer_date


def holds_quote(citation: Citation, gold: GoldQuestion) -> bool:
    """Whether the cited sentence holds a gold quote, or is part of one, in one of the question's articles."""
    return bool(_quotes_in(citation.quote, (citation.article,), gold, map(_spaced, gold.quotes)))


def is_right(said: str, answers: Sequence[str]) -> bool:
    """Whether it says the same as one of the answers: mostly the same words, and no other number."""
    for answer in answers:
        numbers, wanted = ({token for token in tokens(text) if token[0].isdigit()} for text in (said, answer))
        agree = wanted <= numbers or (bool(numbers) and numbers < wanted)
        if exact_match(said, [answer]) or (agree and f1(said, [answer]) > SAME_ANSWER):
            return True
    return False


def exact_match(said: str, answers: Sequence[str]) -> bool:
    """Whether it is one of the answers, both normalised."""
    return any(tokens(said) == tokens(answer) for answer in answers)


def f1(said: str, answers: Sequence[str]) -> float:
    """The best overlap in words with one of the answers, as SQuAD measures it: "Ada Finch", "Finch" -> 2/3."""
    return max((_overlap(tokens(said), tokens(answer)) for answer in answers), default=0.0)


def tokens(text: str) -> list[str]:
    """The words without case, accents, punctuation and articles; numbers as digits: "Il 1.250%" -> ["1250"]."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    joined = _GROUPED.sub(lambda number: number[0].replace(" ", ""), plain)
    words = [_number(word) if word[0].isdigit() else word for word in _WORD.findall(joined)]
    return [word for word in words if word not in _articles()] or words


@cache
def _articles() -> frozenset[str]:
    return frozenset(word for code in ARTICLES_OF for word in language(code).sentences.articles)


def _number(written: str) -> str:
    """The number with a decimal point and nothing else: "1.250" -> 1250, "3,5" -> 3.5, "07" -> 7."""
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", written):
        written = re.sub("[.,]", "", written)
    return written.replace(",", ".").lstrip("0") or "0"


def _overlap(said: Sequence[str], answer: Sequence[str]) -> float:
    left = list(answer)
    shared = 0
    for word in said:
        if word in left:
            left.remove(word)
            shared += 1
    return 2 * shared / (len(said) + len(answer)) if shared else 0.0


# --- The figures --------------------------------------------------------------------------------------------


def summarise(observations: Iterable[Observation]) -> tuple[Metric, ...]:
    """Each metric that was observed at all, in the order of METRICS."""
    by_metric: dict[str, list[Observation]] = {}
    for one in observations:
        by_metric.setdefault(one.metric, []).append(one)
    if not {FALSE_ANSWERS, WRONG_REFUSALS} <= by_metric.keys():
        by_metric.pop(RIGHT_DECISIONS, None)  # with only one kind of question it says nothing new
    return tuple(mean(name, by_metric[name]) for name in METRICS if name in by_metric)


def mean(name: str, observations: Sequence[Observation]) -> Metric:
    """The mean and its interval over articles drawn anew with a fixed seed: questions on one article go together."""
    row = {article: number for number, article in enumerate(dict.fromkeys(one.article for one in observations))}
    sums, counts = np.zeros(len(row)), np.zeros(len(row))
    for one in observations:
        sums[row[one.article]] += one.value
        counts[row[one.article]] += 1
    drawn = np.random.default_rng(0).multinomial(len(row), np.full(len(row), 1 / len(row)), RESAMPLES)
    low, high = np.percentile((drawn @ sums) / (drawn @ counts), CONFIDENCE)
    return Metric(name, float(sums.sum() / counts.sum()), float(low), float(high), len(observations))


def risk_by_coverage(
    confidences: Sequence[float], answerable: Sequence[bool], coverages: Sequence[float]
) -> tuple[float, ...]:
    """Of each share of the questions, the most confident ones first, the part that the articles do not answer.

    Selective prediction's risk-coverage curve at these points; of questions of equal confidence the average is taken.
    """
    scores, wrong = np.asarray(confidences, dtype=float), ~np.asarray(answerable, dtype=bool)
    risks = []
    for coverage in coverages:
        count = max(1, round(coverage * len(scores)))
        least = np.sort(scores)[-count]
        above, level = scores > least, scores == least
        tied = (count - above.sum()) * wrong[level].mean()
        risks.append(float((wrong[above].sum() + tied) / count))
    return tuple(risks)


def auroc(confidences: Sequence[float], answerable: Sequence[bool]) -> float:
    """How often an answerable question is more confident than one that is not, a tie counting half; 0.5 is chance."""
    scores, right = np.asarray(confidences, dtype=float), np.asarray(answerable, dtype=bool)
    pairs = scores[right][:, None], scores[~right][None, :]
    return float(np.mean(np.greater(*pairs) + 0.5 * np.equal(*pairs)))


def _cluster(gold: GoldQuestion) -> str:
    """What questions of one article have in common."""
    return gold.articles[0] if gold.articles else gold.near or gold.id
