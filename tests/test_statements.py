"""A written sentence keeps what its source makes of what it tells."""

import pytest

from assistant.checking import statements
from assistant.checking.statements import says_otherwise
from index.articles import Article
from index.hits import Hit
from index.passages import Passage, Sentence


def source(text: str, code: str) -> Hit:
    sentence = Sentence(0, len(text))
    return Hit(
        Article("a", "", text, "2024-03-06", code), Passage("p", "a", 0, len(text), text, (sentence,)), sentence, 0.9
    )


@pytest.mark.parametrize(
    ("written", "code", "text", "told", "stands"),
    [
        ("The mayor resigned on Monday.", "en", "La sindaca non si è dimessa lunedì.", "it", False),
        ("The mayor did not resign on Monday.", "en", "La sindaca non si è dimessa lunedì.", "it", True),
        ("The mayor did not resign on Monday.", "en", "La sindaca si è dimessa lunedì.", "it", False),
        ("Forty miners died.", "en", "Das Ministerium bestritt, dass 40 Bergleute gestorben seien.", "de", False),
        ("The ministry denied that 40 died.", "en", "Das Ministerium bestritt, dass 40 Bergleute starben.", "de", True),
        ("Trecento persone sono morte.", "it", "If the dam broke, 300 people would die.", "en", False),
        ("Se la diga cedesse, morirebbero in 300.", "it", "If the dam broke, 300 people would die.", "en", True),
        ("Das Museum öffnete im Mai.", "de", "The museum is expected to open in May.", "en", False),
        ("La lune est en fromage.", "fr", "He said that the moon is made of cheese.", "en", False),
        ("Il a dit que la lune est en fromage.", "fr", "He said that the moon is made of cheese.", "en", True),
        ("Ракета стартовала в четверг.", "ru", "The launch on Thursday was scrubbed.", "en", False),
        ("El cohete despegó el jueves.", "es", "Falsely it was told that it took off.", "en", False),
        ("The bridge is safe for all.", "en", "Il ponte è chiuso. (The bridge is safe for all)", "it", False),
        ("The bridge is closed.", "en", "Il ponte è chiuso. (The bridge is safe for all)", "it", True),
    ],
)  # fmt: skip
def test_what_the_source_makes_of_it_is_kept(written: str, code: str, text: str, told: str, stands: bool) -> None:
    assert (says_otherwise(written, code, source(text, told)) == "") is stands


@pytest.mark.parametrize("left_out", list(statements.KEPT), ids=str)
def test_without_each_of_them_something_is_lost(left_out: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    lost = {
        "negations": ("La sindaca si è dimessa.", "The mayor never resigned."),
        "denied": ("Morirono in 40.", "The owner denies this: 40 died."),
        "possible": ("Morirono in 300.", "Perhaps 300 died."),
        "planned": ("Il museo apre in maggio.", "The museum is scheduled for May."),
        "untrue": ("La luna è di formaggio.", "A myth: the moon is cheese."),
        "cancelled": ("Il lancio era giovedì.", "Thursday's launch was scrubbed."),
        "said": ("La luna è di formaggio.", "The moon, Lund insisted, is cheese."),
    }
    written, text = lost[left_out[0]]
    assert says_otherwise(written, "it", source(text, "en"))
    monkeypatch.setattr(statements, "KEPT", {one: kept for one, kept in statements.KEPT.items() if one != left_out})
    assert says_otherwise(written, "it", source(text, "en")) == ""
