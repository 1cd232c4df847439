"""A sentence that opens with "he", and the one that it goes on from."""

import pytest

from assistant.answers import Span
from assistant.reading.findings import Finding, Words
from assistant.reading.standing import lead, signs
from assistant.reading.topics import topic
from index.articles import Article
from index.hits import Hit
from index.passages import Passage, Sentence


def found(language: str, *texts: str) -> list[Hit]:
    """Hits of one article, a sentence each, the first the nearest, and a crowd of eleven more."""
    text = " ".join(texts)
    starts = [text.index(one) for one in texts]
    sentences = tuple(Sentence(start, start + len(one)) for start, one in zip(starts, texts, strict=True))
    article = Article("a.md", "Title", text, "2024-03-05", language)
    passage = Passage("p", "a.md", 0, len(text), text, sentences)
    near = [Hit(article, passage, one, 0.6, 0.6 - 0.1 * place) for place, one in enumerate(sentences)]
    other = Article("b.md", "Title", "It rained.", "2024-03-05", "en")
    rain = Sentence(0, 10)
    return near + [Hit(other, Passage("q", "b.md", 0, 10, "It rained.", (rain,)), rain, 0.1, 0.1)] * 11


@pytest.mark.parametrize(
    ("language", "first", "second", "goes_on"),
    [
        ("en", "Lars Vinter was jailed.", "He was arrested in March.", True),
        ("en", "Lars Vinter was jailed.", "Ines Dahl was arrested in March.", False),
        ("de", "Lars Vinter muss in Haft.", "Er wurde im März festgenommen.", True),
        ("fr", "Lars Vinter est en prison.", "Il a été arrêté en mars.", True),
        ("ru", "Виктор Орлов осуждён.", "Он был арестован в марте.", True),
        ("ar", "سجن فيكتور أورلوف.", "هو اعتقل في مارس.", True),
        ("ja", "佐藤氏は収監された。", "彼は3月に逮捕された。", True),
        ("zh", "佐藤入狱。", "他三月被捕。", True),
    ],
)
def test_he_goes_on_from_the_sentence_before(language: str, first: str, second: str, goes_on: bool) -> None:
    hits = found(language, first, second)
    assert topic(hits[1], hits) is hits[0 if goes_on else 1]
    assert topic(hits[0], hits) is hits[0]
    assert topic(hits[1], hits[1:]) is hits[1]  # what was not found is no topic


@pytest.mark.parametrize(("of_first", "inherits"), [(0.2, True), (0.9, False)])
def test_he_stands_out_as_the_sentence_before_does_unless_that_answers_rather(of_first: float, inherits: bool) -> None:
    hits = found("en", "Lars Vinter was jailed.", "He was arrested in March.")
    first, second = (
        Finding(Span(hit, hit.sentence.start, hit.sentence.end), Words(hit.text), 0.0, False, rank, answerable, 0.5)
        for rank, (hit, answerable) in enumerate(zip(hits, (of_first, 0.5), strict=False))
    )
    own = signs(second, [first, second], hits)["lead"]
    assert own == pytest.approx(lead(hits[0 if inherits else 1], hits))
