"""Numbers in text: whichever way they are written, what they are multiples and units of, and when two agree."""

import pytest

from assistant.quantities import agree, is_number_word, loses_multiple, quantities_in
from index.articles import Article


def read(text: str, language: str = "en") -> list[tuple[str, str, str]]:
    article = Article("a.txt", "", text, "2024-03-05", language)
    found = quantities_in(article, 0, len(text))
    return [(text[one.start : one.end], f"{one.value:f}", one.unit) for one in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1,326 names and 12 400 people", [("1,326", "1326", ""), ("12 400", "12400", "")]),
        ("It cost 8.4 million euros.", [("8.4 million euros", "8400000", "€")]),
        ("€1.8 million a day, $5 billion", [("€1.8 million", "1800000", "€"), ("$5 billion", "5000000000", "$")]),
        ("Ha votato il 61 per cento, cioè l'85,5 %.", [("61 per cento", "61", "%"), ("85,5 %", "85.5", "%")]),
        ("28 мільйонів євро і 390 тис. людей", [("28 мільйонів євро", "28000000", "€"), ("390 тис", "390000", "")]),
        (
            "per 11,5 milioni di euro e 45 dollari",
            [("11,5 milioni di euro", "11500000", "€"), ("45 dollari", "45", "$")],
        ),
        ("412 voti, 97 contrari", [("412", "412", ""), ("97", "97", "")]),
        ("TUR-17, B12, 9:17, 3rd, 20-30 men, 20 – 30 men, alle 3.40", []),
        ("In 1987 came 40 of them.", [("40", "40", "")]),
        ("On 14 June 23 people left.", [("23", "23", "")]),  # 14 is a day
    ],
)
def test_a_number_that_counts_something_is_read(text: str, found: list[tuple[str, str, str]]) -> None:
    assert read(text) == found


@pytest.mark.parametrize(
    ("one", "other", "is_agreed"),
    [
        ("23 people", "21 people", False),
        ("23 people", "23 people", True),
        ("1,500 homes", "1,487 homes", True),  # a rounder form
        ("31 wagons", "34 wagons", False),
        ("40 people", "23 people", False),
        ("more than 200 trees", "230 trees", True),
        ("about 30", "80", True),
        ("61 %", "58 %", False),
        ("61 %", "58 people", True),  # not one thing
        ("8.4 million euros", "8,400,000 euros", True),
    ],
)
def test_two_numbers_agree_unless_both_are_exact_and_differ(one: str, other: str, is_agreed: bool) -> None:
    first, second = (next(quantities_in(Article("a", "", text, "", "en"), 0, len(text))) for text in (one, other))
    assert agree(first, second) is is_agreed
    assert agree(second, first) is is_agreed


@pytest.mark.parametrize(
    ("text", "source", "loses"),
    [
        ("She paid 11.5 for it.", "per 11,5 milioni di euro", True),
        ("She paid 11.5 million for it.", "per 11,5 milioni di euro", False),
        ("She paid 11.5 billion for it.", "per 11,5 milioni di euro", True),
        ("900 lorries", "900 camion", False),
        ("5 of 5 million", "5 von 5 Millionen", False),
        ("390 тисяч людей", "390 mila persone", False),
        ("7 people", "no number", False),  # that is for others to find
    ],
)
def test_a_number_keeps_what_it_is_multiplied_by(text: str, source: str, loses: bool) -> None:
    assert loses_multiple(text, source) is loses


@pytest.mark.parametrize(
    ("word", "language", "is_one"),
    [
        ("Sei", "it", True),
        ("11,5", "it", True),
        ("drei", "de", True),
        ("una", "it", False),  # an article, mostly
        ("three", "it", False),
        ("東京", "ja", False),
    ],
)
def test_a_number_word_is_told_by_its_language(word: str, language: str, is_one: bool) -> None:
    assert is_number_word(word, language) is is_one
