"""What is read in the sentences found."""

import pytest

from assistant.facts.quantities import Quantity
from assistant.facts.resolving import ResolvedDate
from assistant.reading.findings import Name, Value, Words
from assistant.reading.rules import RuleReader
from index.articles import Article
from index.hits import Hit
from index.passages import Passage, Sentence

TEXT = "On 4 March 2024 the baker Odile Brandt sold 1,250 loaves."


def hit(text: str, rank_value: float = 0.8) -> Hit:
    """A sentence that is an article of its own."""
    article = Article(f"{text[:9]}.md", "Bread", text, published="2024-03-05", language="en")
    sentence = Sentence(0, len(text))
    return Hit(article, Passage("p", article.id, 0, len(text), text, (sentence,)), sentence, 0.8, rank_value)


@pytest.mark.parametrize(
    ("question", "words", "kind"),
    [
        ("When were they sold?", "4 March 2024", ResolvedDate),
        ("How many loaves were sold?", "1,250", Quantity),
        ("Who sold the loaves?", "Odile Brandt", Name),
        ("Why were they sold?", TEXT, Words),
    ],
)
def test_rules_find_the_words_that_a_question_asks_for(question: str, words: str, kind: type[Value]) -> None:
    (finding,) = RuleReader("one nobody has measured").read(question, "en", [hit(TEXT)])
    assert (finding.words, type(finding.value), finding.enough) == (words, kind, True)


def test_every_one_of_the_twenty_best_hits_is_read_and_no_more() -> None:
    hits = [hit(f"{number} loaves were sold.", 0.9 - number / 100) for number in range(200)]
    findings = RuleReader("embeddinggemma-300m").read("How many loaves were sold?", "en", hits)
    assert [finding.words for finding in findings] == [str(number) for number in range(20)]
    assert sorted((finding.standing for finding in findings), reverse=True) == [one.standing for one in findings]


def test_nothing_is_read_where_nothing_was_found() -> None:
    assert RuleReader("embeddinggemma-300m").read("Who?", "en", []) == ()
