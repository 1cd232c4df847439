"""Searches and names that would cost minutes: each is answered, or refused in a sentence, within its bounds."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import read_in_this_process
from fakes import HashingEmbedding
from servers import serving

from assistant.answering.extractive import ExtractiveAnswerer
from assistant.facts.names import same_name
from assistant.lookup.lookup import look_up
from assistant.lookup.matching import is_same_name
from assistant.lookup.names import MOST_OF_ARTICLE, MOST_SPELLINGS, names_in
from assistant.lookup.naming import capitals_of, names_of
from assistant.lookup.query import MOST_DEPTH, MOST_LEAVES, QUERY_CHARACTERS, leaves, parsed
from index.articles import Article
from index.errors import UserError
from index.generations.generation import Generation
from index.generations.pointer import open_current
from index.rebuild import rebuild

SECONDS = 10.0  # of the processor; what got through took minutes and hours
WORD = "B" + "oa" * 5_000 + "n"  # has the consonants of "Bonn", and ten thousand letters


@contextmanager
def at_once() -> Iterator[None]:
    """Fails when what is done takes long."""
    began = time.process_time()
    yield
    assert time.process_time() - began < SECONDS


def rolled(count: int) -> str:
    """So many names with the same consonants, all of them different."""
    chance = random.Random(1)
    words = (
        "".join(chance.choice("bpvfw") + chance.choice("aeiou") for _ in range(4)).title() for _ in range(2 * count)
    )
    return "".join(f"{first} {last}. " for first, last in zip(words, words, strict=True))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of articles whose words are made to be slow to look at."""
    scratch = tmp_path_factory.mktemp("queries")
    (scratch / "articles").mkdir()
    for name, text in {
        "plain": "The iron bridge in Marlow reopened. Ada Finch of Bonn led the repair. " * 50,
        "word": f"In {WORD} nobody lives. {'a' * 20_000} and {'Aa' * 10_000} and {'Ab-' * 5_000}.",
        "names": rolled(1_500),
        "quotes": "„“«»\"'" * 3_000 + "Ada Finch said “no” to all of it.",
        "marks": "* ~ ( ) NEAR/5 OR AND NOT - \\ % _ ' ; -- /* [1] " * 200,
    }.items():
        (scratch / "articles" / f"{name}.txt").write_text(f"---\nlanguage: en\n---\n\n{text}")
    with pytest.MonkeyPatch.context() as patch:
        read_in_this_process(patch)
        rebuild(scratch / "articles", scratch / "index", HashingEmbedding)
    return scratch / "index"


@pytest.fixture(scope="module")
def generation(made: Path) -> Generation:
    return open_current(made)


DEEP = MOST_DEPTH + 1


@pytest.mark.parametrize(
    "query",
    [
        "(" * DEEP + "bridge",
        "(" * 999,
        "(bridge OR " * DEEP,
        "NOT " * DEEP + "bridge",
        "-(" * 200 + "bridge",
        "bridge " + "(NOT " * DEEP + "iron",
        "NOT (" * 100 + "iron",
        "-bridge -iron",
        "NOT NOT NOT",
        "x" * (QUERY_CHARACTERS + 1),
        " ".join(f"a{n}" for n in range(MOST_LEAVES + 1)),
        " ".join(f"a{n}*" for n in range(MOST_LEAVES + 1)),
        " OR ".join(f'"b{n} c"' for n in range(MOST_LEAVES + 1)),
        "\ud800",
        "\x00",
        "*" * 999,
        "~" * 999,
        '"' * 999,
    ],
)
def test_a_search_that_asks_too_much_is_refused_in_a_sentence(query: str, generation: Generation) -> None:
    with at_once(), pytest.raises(UserError):
        look_up(query, generation)


@pytest.mark.parametrize(
    "query",
    [
        "(" * MOST_DEPTH + "bridge",
        "bridge" + ")" * 900,
        "NOT " * MOST_DEPTH + "nowhere bridge",
        "bridge OR " * 99,
        "bridge NEAR " * 80,
        "bridge NEAR/9999 iron",
        "bridge NEAR/0 iron",
        "bridge NEAR/00005 iron",
        "a* b* c* d* e*",
        "br* ir* ma* re* le* of* in* th* fi* ad* bo*",
        "*",
        "b*",
        "ma*" * 100,
        "~" * 900 + "bridge",
        f"~{'B' + 'oa' * 480 + 'n'}",
        "Bonn",
        "~bonn",
        f"{'Ba' * 480}",
        " ".join(f"~ba{'oa' * n}n" for n in range(25)),
        " ".join(f"Na{'me' * n}" for n in range(25)),
        " ".join(f"Ba{'pa' * n}" for n in range(4, 16)),
        '"' + "bridge " * 120 + '"',
        '"iron bridge' * 60,
        "bridge'; DROP TABLE lexicon; --",
        'bridge" OR "1"="1',
        "lexicon:bridge",
        "bridge^2",
        "{bridge iron}",
        "terms : a",
        "bridge + iron",
        "NEAR(bridge iron, 5)",
        "\u202ebridge",
        "bri\u200bdge",
        "b\u0301" * 300,
        "\ufdfa" * 300,
        "橋" * 300,
        "ก" * 300,
        "👩\u200d👩" * 150,
        "½",
        "%",
        "_",
        "\\",
        "a\nb",
        "-" * 999 + "bridge",
        "İ" * 300,
        "ß" * 900,
    ],
)
def test_a_search_is_read_as_far_as_it_goes_and_takes_no_time(query: str, generation: Generation) -> None:
    with at_once():
        try:
            given = look_up(query, generation)
        except UserError:
            return
    for one in given.found:
        text = generation.article(one.article.id).text
        assert one.text in ("", text[one.start : one.end])
        assert all(one.start <= start < end <= one.end for start, end in one.marks)


def test_however_brackets_stand_a_search_holds_so_many_things_or_is_refused() -> None:
    chance = random.Random(7)
    pieces = [
        "(",
        ")",
        "NOT ",
        "OR ",
        "AND ",
        "NEAR/3 ",
        "NEAR ",
        '"',
        "-",
        "~",
        "*",
        "a ",
        "Ada ",
        "b* ",
        "“",
        "|",
        "& ",
    ]
    with at_once():
        for _ in range(2_000):
            query = "".join(chance.choices(pieces, k=chance.randrange(200)))
            try:
                assert 1 <= len(leaves(parsed(query))) <= MOST_LEAVES
            except UserError as error:
                assert str(error).endswith(".")


@pytest.mark.parametrize(
    ("name", "token"),
    [
        ("Bonn", "B" + "oa" * 500_000 + "n"),
        ("B" + "oa" * 500 + "n", "B" + "ao" * 500_000 + "n"),
        ("橋" * 999, "Bo" * 9_999),
    ],
)
def test_a_word_without_end_is_compared_as_far_as_a_name_goes(name: str, token: str) -> None:
    with at_once():
        same_name(name, token)
        is_same_name(name, token)


@pytest.mark.parametrize(
    "text", ["a" * 200_000, "A" * 200_000, "Ab-" * 70_000, "A'" * 100_000, "A " * 100_000, "Ab Cd " * 40_000]
)
def test_names_are_found_in_time_whatever_the_words_are(text: str) -> None:
    with at_once():
        article = Article("a", "", text, "2024-03-05", "de")
        assert all(len(name) < 500 for name in names_of(article, capitals_of([article])))


def test_the_names_of_articles_made_to_hold_too_many_are_bounded(generation: Generation) -> None:
    with at_once():
        found = names_in(generation)
    assert "Ada Finch" in {one.text for one in found}
    assert len(found) <= MOST_OF_ARTICLE + 50 and all(len(one.spellings) < MOST_SPELLINGS for one in found)


def test_a_search_of_brackets_over_http_is_told_what_is_wrong(made: Path) -> None:
    with serving(made, ExtractiveAnswerer()) as api:
        reply = api.get(f"/v1/passages?q={'(' * 300}bridge")
        assert (reply.status, "brackets in one another" in reply.body) == (400, True)
        assert api.get("/v1/passages?q=bridge").status == 200
