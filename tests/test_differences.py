"""Articles that differ about a day or a number are told apart from those that only seem to."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from fakes import HashingEmbedding, WithoutTranslation

from assistant.answering.differences import accounts
from assistant.answering.extractive import ExtractiveAnswerer
from assistant.answers import Account, Draft, Span
from assistant.assistant import Assistant
from assistant.opening import load_embedding
from assistant.reading.findings import Finding
from assistant.settings import read_settings
from index.articles import Article
from index.generations.pointer import open_current
from index.hits import Hit
from index.models.embedding import Embedding
from index.passages import Passage
from index.rebuild import rebuild
from index.splitting.sentences import split_sentences

ROWS = [json.loads(line) for line in (Path(__file__).parent / "disagreements.jsonl").read_text().splitlines()]


def hit(name: str, text: str, published: str = "2024-03-05", language: str = "en", number: int = 0) -> Hit:
    """The sentence of this number (0-based) of an article of these sentences."""
    sentences = split_sentences(text, language)
    article = Article(f"{name}.md", name.title(), text, published, language, f"The {name.title()}")
    return Hit(article, Passage(name, article.id, 0, len(text), text, sentences), sentences[number], 0.8)


def differing(question: str, language: str, words: str, *hits: Hit) -> list[tuple[str, str, tuple[str, ...]]]:
    """(value, ISO day, other articles that say so) of each account, when the first hit's `words` are the answer."""
    start = hits[0].article.text.index(words)
    span = Span(hits[0], start, start + len(words))
    found, citations = accounts(question, language, span, hits, (), HashingEmbedding())
    for one in found:
        assert citations[one.number - 1].article == one.article
        assert one.value in citations[one.number - 1].quote
    return [(one.value, one.date, one.also_in) for one in found]


HURT = "How many people were injured in the crash at Mirov?"
FIRST = hit("wren", "23 people were injured in the crash at Mirov.", "2024-03-05")


@pytest.mark.parametrize(
    ("other", "values"),
    [
        (hit("post", "In Mirov 21 people were injured.", "2024-03-07"), ["21", "23"]),  # newest first
        (hit("post", "In Mirov 21 people were injured.", "2024-03-01"), ["23", "21"]),
        (hit("post", "In Mirov 23 people were injured."), []),
        (hit("post", "In Mirov twenty-one people were injured.", "2024-03-07"), ["twenty-one", "23"]),
        (hit("post", "In Mirov two guards said that 23 people were injured."), []),  # two of something else
        (hit("post", "The ministry denied that 21 people were injured in Mirov."), []),  # nobody says so
        (hit("post", "In Mirov about 20 people were injured."), []),
        (hit("post", "In Mirov 20 people were injured."), []),  # rounder
        (hit("post", "In Mirov 4 people were killed."), []),  # counts something else
        (hit("post", "In Mirov 21 % of the people were injured."), []),
        (hit("post", "In Mirov 21 people were injured.", "2019-05-01"), []),  # an earlier crash
        (hit("post", "On 4 March 2024 21 people were injured at Mirov.", "2025-03-01"), ["21", "23"]),  # the same one
        (hit("post", "In Ostby 21 people were injured."), []),  # another place
    ],
)
def test_numbers_differ_only_where_both_surely_count_the_same(other: Hit, values: list[str]) -> None:
    assert [value for value, _, _ in differing(HURT, "en", "23", FIRST, other)] == values


OPENED = "When was the bridge in Marlow opened?"
BRIDGE = hit("wren", "The bridge in Marlow was opened on 4 March 2024.")


@pytest.mark.parametrize(
    ("other", "days"),
    [
        (hit("post", "The bridge in Marlow was opened on 6 March."), ["2024-03-04", "2024-03-06"]),
        (hit("post", "The bridge in Marlow was opened on Monday."), []),  # 4 March 2024
        (hit("post", "The bridge in Marlow was opened in March 2024."), []),
        (hit("post", "The bridge in Marlow was closed on 6 March 2024."), []),
        (hit("post", "The bridge in Marlow was opened on 6 March 1931."), []),
        (hit("post", "The bridge in Marlow, shut on 2 March 2024, was opened on 6 March 2024."), []),  # which?
    ],
)
def test_days_differ_only_where_both_are_of_the_same_event(other: Hit, days: list[str]) -> None:
    assert sorted(day for _, day, _ in differing(OPENED, "en", "4 March 2024", BRIDGE, other)) == days


def test_articles_that_say_the_same_share_an_account() -> None:
    hits = [
        FIRST,
        hit("post", "In Mirov 40 people were injured.", "2024-03-06"),
        hit("gull", "At Mirov, 23 people were injured.", "2024-03-07"),
        hit("heron", "There were 40 people injured in Mirov.", "2024-03-04"),
    ]
    assert differing(HURT, "en", "23", *hits) == [("40", "", ("heron.md",)), ("23", "", ("gull.md",))]


def test_a_question_for_something_else_has_no_accounts() -> None:
    other = hit("post", "In Mirov 21 people were injured.")
    assert differing("Who was injured in the crash at Mirov?", "en", "23", FIRST, other) == []


def test_across_languages_an_embedding_that_was_never_measured_is_sure_of_nothing() -> None:
    other = hit("post", "In Mirov wurden 21 Menschen verletzt.", language="de")
    assert differing(HURT, "en", "23", FIRST, other) == []


class Quoting(WithoutTranslation):
    """Quotes the first number of the best sentence that has one."""

    name = "quoting"

    def draft(self, question: str, language: str, answer_language: str, findings: Sequence[Finding]) -> Iterator[Draft]:
        best, start = next(
            (one, one.sentence.start + place)
            for one in (finding.hit for finding in findings)
            if (place := next((at for at, letter in enumerate(one.text) if letter.isdigit()), -1)) >= 0
        )
        yield Draft(True, span=Span(best, start, start + 2), sentences=(best.text,))


OPENINGS = (
    "Police closed the road at Mirov.", "Rain fell on Mirov all night.", "The mayor of Mirov spoke of a black day.",
    "Bells rang in Mirov.", "A priest came from the next valley.", "Trains to Mirov were stopped.",
    "The hospital asked for blood.", "Firemen worked until dawn.", "Schools in Mirov stayed shut.",
    "A judge has opened a file.", "The bus was eleven years old.", "Flags hang at half mast.",
)  # fmt: skip
SAYINGS = (
    "{} people were injured in the crash at Mirov, the police said.", "In the crash at Mirov {} people were injured.",
    "At Mirov {} people were injured when the bus crashed.", "The crash at Mirov injured {} people.",
)  # fmt: skip


def poisoned_folder(folder: Path, poisoned: range) -> Path:
    """Twelve articles about one crash: those of the numbers say that 78 were injured, the others 23."""
    folder.mkdir()
    for number, opening in enumerate(OPENINGS):
        said = SAYINGS[number % len(SAYINGS)].format(78 if number in poisoned else 23)
        day = f"2024-03-{number + 1:02}"
        article = {"title": opening, "text": f"{opening} {said}", "published": day, "language": "en"}
        (folder / f"{number:02}.json").write_text(json.dumps(article))
    return folder


POISONED = [range(1), range(11, 12), range(5), range(7, 12)]


@pytest.mark.slow
@pytest.mark.parametrize("poisoned", POISONED)
def test_a_wrong_number_is_never_the_answer_without_the_others(poisoned: range, tmp_path: Path) -> None:
    """Of twelve articles one or five are wrong; whether they rank first or last."""
    rebuild(poisoned_folder(tmp_path / "articles", poisoned), tmp_path / "index", HashingEmbedding)
    assistant = Assistant(tmp_path / "index", open_current(tmp_path / "index"), HashingEmbedding(), Quoting())
    answer = assistant.ask(HURT)
    shared = {one.value: 1 + len(one.also_in) for one in answer.accounts}
    assert shared == {"78": len(poisoned), "23": 12 - len(poisoned)}
    assert all(answer.citations[one.number - 1].article == one.article for one in answer.accounts)


# --- With a real embedding ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> tuple[Embedding, Path]:
    """The light profile's embedding, and an index of all articles of disagreements.jsonl."""
    settings = read_settings({"NEWSDESK_PROFILE": "light"}, index_dir=tmp_path_factory.mktemp("light"))
    folder = tmp_path_factory.mktemp("articles")
    for row in ROWS:
        for number, article in enumerate(row["articles"]):
            (folder / f"{row['id']}-{number}.json").write_text(json.dumps(article))
    embedding = load_embedding(settings)
    rebuild(folder, settings.index_dir, lambda: embedding)
    return embedding, settings.index_dir


def told(row: dict[str, str], light: tuple[Embedding, Path]) -> tuple[Account, ...]:
    embedding, index_dir = light
    answerer = ExtractiveAnswerer()
    return Assistant(index_dir, open_current(index_dir), embedding, answerer).ask(row["question"]).accounts


@pytest.mark.slow
def test_invented_articles_that_differ_are_shown_to(light: tuple[Embedding, Path]) -> None:
    """Without a false alarm; some are missed: the sentence that ranks best may hold no value."""
    shown = 0
    for row in ROWS:
        found = told(row, light)
        assert bool(found) <= bool(row["differ"]), row["question"]
        days = [one.date for one in found]
        if found and days[0]:
            assert sorted(days) == row["differ"]
        assert [one.published for one in found] == sorted((one.published for one in found), reverse=True)
        shown += bool(found)
    assert len([row for row in ROWS if row["differ"]]) == 14
    assert shown >= 7


@pytest.mark.slow
@pytest.mark.parametrize("poisoned", POISONED)
def test_with_a_real_embedding_a_wrong_number_is_shown_beside_the_right_one(
    poisoned: range, light: tuple[Embedding, Path], tmp_path: Path
) -> None:
    embedding, _ = light
    rebuild(poisoned_folder(tmp_path / "articles", poisoned), tmp_path / "index", lambda: embedding)
    answer = Assistant(tmp_path / "index", open_current(tmp_path / "index"), embedding, Quoting()).ask(HURT)
    assert {one.value for one in answer.accounts} == {"23", "78"}
