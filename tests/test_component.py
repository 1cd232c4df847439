"""What is drawn is drawn whatever its key."""

import sys

import pytest
from streamlit.testing.v1 import AppTest


def drawn() -> None:
    """What a session draws."""
    from ui.page.component import draw

    for conversation in ("a__b", "a_b", "__", "a___b"):
        draw("<p>An answer.</p>", f"reply /record/{conversation}/0")


def test_a_key_may_hold_whatever_a_conversation_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    # AppTest leaves its script as the main module, which every spawned process would run.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    assert not AppTest.from_function(drawn).run().exception
