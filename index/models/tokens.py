"""Texts to the numbers of a model's tokens, with where each token stands.

The tokenizers library reads the words of a model of many languages in one to three seconds, and kitoken in a tenth of
that. A conversion keeps them for kitoken where both give the same for all texts that they are held to, and as the
tokenizers library has them where not; what it does to letters before (normalisation) is the library's own always.

    tokenizer.kit · letters.json    or    tokenizer.json
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol

from kitoken import Kitoken
from tokenizers import Regex, Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Split

KIT, LETTERS, WHOLE = "tokenizer.kit", "letters.json", "tokenizer.json"
SPACE = "▁".encode()  # as tokens may write it

TokenPlaces = list[tuple[int, int]]


class Tokeniser(Protocol):
    """The tokens of a model; safe to use from several threads at once."""

    def numbers(self, text: str, special: bool = False) -> list[int]:
        """Those of the text, none before or after it; `special`: what is written like a special token is one."""
        ...

    def placed(self, text: str) -> tuple[list[int], TokenPlaces]:
        """The same, and the first character of each and the one after its last."""
        ...


class KitTokens:
    """By kitoken."""

    def __init__(self, folder: Path) -> None:
        self._kit = Kitoken.from_file(str(folder / KIT))
        self._letters = Tokenizer.from_file(str(folder / LETTERS))
        self._anchor = self._kit.encode("a")[:1]

    def numbers(self, text: str, special: bool = False) -> list[int]:
        return self._kit.encode(self._normalised(text), special)

    def placed(self, text: str) -> tuple[list[int], TokenPlaces]:
        numbers = self.numbers(text)
        letters, begins = self._normalised(text).replace("▁", " "), TokenPlaces()
        of_letters = self._letters.encode(text, add_special_tokens=False).offsets
        for letter, place in zip(letters, of_letters, strict=True):
            begins += [place] * len(letter.encode())
        return numbers, list(_covered(letters.encode(), begins, [self._written(number) for number in numbers]))

    def _normalised(self, text: str) -> str:
        normalizer = self._letters.normalizer
        return normalizer.normalize_str(text) if normalizer else text

    def _written(self, number: int) -> bytes:
        """As the token stands in a text; at its very beginning one may lose its space."""
        written = self._kit.decode([*self._anchor, number])[len(self._kit.decode(self._anchor)) :]
        return written.replace(SPACE, b" ")


class LibraryTokens:
    """By the tokenizers library."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / WHOLE

    def numbers(self, text: str, special: bool = False) -> list[int]:
        tokenizer = self._special if special else self._plain
        return list(tokenizer.encode(text, add_special_tokens=False).ids)

    def placed(self, text: str) -> tuple[list[int], TokenPlaces]:
        encoded = self._plain.encode(text, add_special_tokens=False)
        return list(encoded.ids), list(encoded.offsets)

    @cached_property
    def _special(self) -> Tokenizer:
        return whole(Tokenizer.from_file(str(self._path)))

    @cached_property
    def _plain(self) -> Tokenizer:
        tokenizer = whole(Tokenizer.from_file(str(self._path)))
        tokenizer.encode_special_tokens = True
        return tokenizer


def load_tokens(folder: Path) -> Tokeniser:
    """The tokens that `keep_tokens` kept in the folder."""
    return KitTokens(folder) if (folder / KIT).is_file() else LibraryTokens(folder)


def keep_tokens(tokenizer: Tokenizer, folder: Path, held_to: Sequence[str]) -> Tokeniser:
    """The tokens of the library's tokenizer, kept in the folder as is loaded fastest and gives the same."""
    tokenizer = whole(tokenizer)
    tokenizer.save(str(folder / WHOLE), pretty=False)
    exact = LibraryTokens(folder)
    letters = Tokenizer(WordLevel({"?": 0}, unk_token="?"))
    if tokenizer.normalizer:
        letters.normalizer = tokenizer.normalizer
    letters.pre_tokenizer = Split(Regex(r"[\s\S]"), "isolated")
    letters.save(str(folder / LETTERS), pretty=False)
    try:
        Kitoken.from_file(str(folder / WHOLE)).to_file(str(folder / KIT))
        quick: Tokeniser = KitTokens(folder)
        same = all(_same(quick, exact, text) for text in held_to)
    except Exception:  # noqa: BLE001 - whatever it cannot read, the library reads
        same = False
    if same:
        (folder / WHOLE).unlink()
        return quick
    (folder / KIT).unlink(missing_ok=True)
    return exact


def whole(tokenizer: Tokenizer) -> Tokenizer:
    """The tokenizer, which leaves nothing out and fills nothing up."""
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _same(quick: Tokeniser, exact: Tokeniser, text: str) -> bool:
    """Whether both give the same tokens at the same places; a space before a word may stand anywhere."""
    if quick.numbers(text, special=True) != exact.numbers(text, special=True):
        return False
    numbers, places = quick.placed(text)
    right_numbers, right_places = exact.placed(text)
    words = ([text[start:end].strip() for start, end in some] for some in (places, right_places))
    return numbers == right_numbers and all(ours in (right, "") for ours, right in zip(*words, strict=True))


def _covered(letters: bytes, of_bytes: TokenPlaces, written: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """Where each token stands that is so written; one that is unknown stands between its neighbours."""
    at = 0
    for number, token in enumerate(written):
        stripped = token if letters.startswith(token, at) else token.lstrip()  # a space that was put before the text
        end = at + len(stripped)
        if not stripped and not token:
            following = next((one for one in written[number + 1 :] if one), b"")
            found = letters.find(following, at) if following else -1
            end = found if found >= 0 else len(letters)
        covered = of_bytes[at:end]
        here = of_bytes[at][0] if at < len(of_bytes) else (of_bytes[-1][1] if of_bytes else 0)
        yield (covered[0][0], covered[-1][1]) if covered else (here, here)
        at = end
