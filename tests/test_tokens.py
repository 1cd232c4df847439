"""Tokeniser: the same however they are read, and at the place in the text where they stand."""

from pathlib import Path

import pytest
from tokenizers import AddedToken, Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import Unigram, WordLevel

from index.models.tokens import KIT, WHOLE, KitTokens, LibraryTokens, Tokeniser, keep_tokens, load_tokens

PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁", "▁ship", "▁the", "s", "é", "▁fi", "x", "京", "▁a", "t")
TEXTS = ("the ships", "The ﬁx  é\u0301é", "the\tships 京x", "", "  ", "the <s> ship")


@pytest.fixture
def unigram() -> Tokenizer:
    """As multilingual-e5-small has it, in small."""
    pieces = [(piece, -float(number)) for number, piece in enumerate(PIECES)]
    tokenizer = Tokenizer(Unigram(pieces, unk_id=3))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC()])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.add_special_tokens([AddedToken(one, special=True, normalized=False) for one in PIECES[:4]])
    return tokenizer


def written(tokens: Tokeniser, text: str) -> list[str]:
    """What stands at each token's place."""
    return [text[start:end].strip() for start, end in tokens.placed(text)[1]]


def test_tokens_that_are_read_quickly_are_the_library_s(unigram: Tokenizer, tmp_path: Path) -> None:
    kept = keep_tokens(unigram, tmp_path, ["the ships", "the ﬁx"])
    assert isinstance(kept, KitTokens)
    assert not (tmp_path / WHOLE).exists()
    unigram.save(str(tmp_path / WHOLE))
    quick, exact = load_tokens(tmp_path), LibraryTokens(tmp_path)
    assert isinstance(quick, KitTokens)
    for text in TEXTS:
        assert quick.numbers(text, special=True) == exact.numbers(text, special=True), text
    assert written(quick, "the ships") == ["the", "ship", "s"]
    assert written(quick, "the ﬁx") == ["the", "ﬁ", "x"]
    assert quick.numbers("the <s>") != quick.numbers("the <s>", special=True)


def test_a_tokenizer_that_differs_is_left_to_the_library(tmp_path: Path) -> None:
    tokenizer = Tokenizer(WordLevel({"a": 0, "b": 1, "?": 2}, unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.enable_truncation(1)
    kept = keep_tokens(tokenizer, tmp_path, ["a b", "a c b"])
    assert isinstance(kept, LibraryTokens)
    assert not (tmp_path / KIT).exists()
    assert load_tokens(tmp_path).placed("a c b") == ([0, 2, 1], [(0, 1), (2, 3), (4, 5)])
