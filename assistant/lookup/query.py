"""What was typed into the search box, as what is to be looked for.

bridge repair       both words, in any form that they take in the language of the article
"iron bridge"       these words in this order, as they stand
bridge OR ferry     one of them; AND and NOT (or a minus) as one expects, ( ) to put together
repair*             whatever begins so
bridge NEAR/5 cost  within five words of each other; NEAR alone means ten
Ada Finch, ~finch   a name, however it is spelled and in whichever script; a place by what any language calls it
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from index.errors import UserError
from index.languages.scripts import SPACELESS
from index.lexicon import words_in

QUERY_CHARACTERS = 1_000
MOST_LEAVES = 30  # words, phrases and pairs that one query may look for
MOST_DEPTH = 20  # brackets, and refusals, in one another
NEAR = 10  # words between
FARTHEST = 200
_OPENING, _CLOSING = '"“„«”', '"”“»«'
_TOKEN = re.compile(
    rf"[{_OPENING}](?P<phrase>[^{_CLOSING}]*)(?:[{_CLOSING}]|$)(?P<star>\*?)|(?P<paren>[()])"
    rf"|(?P<word>[^\s()\"“„«»”]+)"
)
_NEAR = re.compile(r"NEAR(?:/(\d{1,4}))?")
# Names that the index has in several words: of a script without spaces each letter, in Hebrew what a geresh parts.
_NAME_IN_PARTS = re.compile(rf"[{SPACELESS}]+|[\u05d0-\u05ea]+(?:['’׳][\u05d0-\u05ea]*)+")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: in any of its forms; or just as it stands; or whatever begins so; or as a name in any spelling."""

    text: str
    is_exact: bool = False
    is_beginning: bool = False
    is_name: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words one after the other; `name` is what stands together and may be one, "" where none does."""

    words: tuple[Word, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """Two words or phrases with at most `distance` words between them."""

    one: Word | Phrase
    other: Word | Phrase
    distance: int


@dataclass(frozen=True, slots=True)
class All:
    """All of the parts."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """One of the parts, or several."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """All that the part is not."""

    part: "Node"


Leaf = Word | Phrase | Near
Node = Leaf | All | Any | Not


def parsed(query: str) -> Node:
    """What the query looks for; raises UserError when it says nothing to look for, or is too long.

    Whatever is written wrongly is read as far as it can be: a bracket that is never closed closes at the end.
    """
    if len(query) > QUERY_CHARACTERS:
        raise UserError(
            f"The search has {len(query):,} characters; at most {QUERY_CHARACTERS:,} are taken. Shorten it."
        )
    node = _Parser(query).whole()
    if node is None or not any(leaves(node)):
        raise UserError("There is nothing to look for. Write a word, or a phrase between quotation marks.")
    if _only_refuses(node):
        raise UserError("The search only says what is not wanted. Write a word that is, too.")
    if len(leaves(node)) > MOST_LEAVES:
        raise UserError(f"The search looks for more than {MOST_LEAVES} things. Leave some out.")
    return node


def leaves(node: Node) -> tuple[Leaf, ...]:
    """Every word, phrase and pair in it, those that are not wanted too."""
    if isinstance(node, All | Any):
        return tuple(dict.fromkeys(leaf for part in node.parts for leaf in leaves(part)))
    return leaves(node.part) if isinstance(node, Not) else (node,)


def wanted_leaves(node: Node) -> tuple[Leaf, ...]:
    """Those that are wanted: what marks a text."""
    if isinstance(node, All | Any):
        return tuple(dict.fromkeys(leaf for part in node.parts for leaf in wanted_leaves(part)))
    return () if isinstance(node, Not) else (node,)


def _only_refuses(node: Node) -> bool:
    """Whether a text that holds nothing of it would do."""
    if isinstance(node, All):
        return all(map(_only_refuses, node.parts))
    return any(map(_only_refuses, node.parts)) if isinstance(node, Any) else isinstance(node, Not)


class _Parser:
    """Reads from left to right: OR binds least, then AND, which may be left out, then NEAR, then NOT."""

    def __init__(self, query: str) -> None:
        self._tokens = list(_TOKEN.finditer(query))
        self._at = 0
        self._depth = 0

    def whole(self) -> Node | None:
        parts = []
        while self._at < len(self._tokens):
            before = self._at
            if part := self._either():
                parts.append(part)
            if self._at == before:
                self._at += 1  # a closing bracket that nothing opened
        return _all(parts)

    def _either(self) -> Node | None:
        parts = [self._every()]
        while self._is_word("OR", "|"):
            self._at += 1
            parts.append(self._every())
        found = [part for part in parts if part]
        return found[0] if len(found) == 1 else Any(tuple(found)) if found else None

    def _every(self) -> Node | None:
        parts = []
        while self._at < len(self._tokens) and not self._is_word("OR", "|") and not self._is_paren(")"):
            if self._is_word("AND", "&"):
                self._at += 1
            elif part := self._one():
                parts.append(part)
        return _all(parts)

    def _one(self) -> Node | None:
        if self._is_word("NOT"):
            self._at += 1
            may_follow = self._at < len(self._tokens) and not self._is_paren(")")
            part = self._inside(self._one) if may_follow else None
            return Not(part) if part else None
        return self._near()

    def _inside(self, read: Callable[[], Node | None]) -> Node | None:
        """What is read within another; raises UserError where too much is in one another."""
        if self._depth == MOST_DEPTH:
            raise UserError(f"The search has over {MOST_DEPTH} brackets in one another. Leave some out.")
        self._depth += 1
        part = read()
        self._depth -= 1
        return part

    def _near(self) -> Node | None:
        first = self._atom()
        while near := self._near_here():
            self._at += 1
            second = self._atom() if self._at < len(self._tokens) and not self._is_paren(")") else None
            if isinstance(first, Word | Phrase) and isinstance(second, Word | Phrase):
                first = Near(first, second, min(int(near[1] or NEAR), FARTHEST))
            else:
                first = _all([part for part in (first, second) if part])
        return first

    def _atom(self) -> Node | None:
        token = self._tokens[self._at]
        self._at += 1
        if token["paren"] == "(":
            inner = self._inside(self._either)
            self._at += self._is_paren(")")
            return inner
        if token["paren"]:
            return None
        if token["word"] is None:
            return _words(token["phrase"], is_exact=True, is_beginning=bool(token["star"]))
        written = token["word"]
        is_refused = written.startswith("-") and len(written) > 1
        written = written.removeprefix("-") if is_refused else written
        node = _words(written.strip("~*"), is_beginning=written.endswith("*"), is_name=written.startswith("~"))
        return Not(node) if is_refused and node else node

    def _is_word(self, *words: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at]["word"] in words

    def _is_paren(self, paren: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at]["paren"] == paren

    def _near_here(self) -> re.Match[str] | None:
        word = self._tokens[self._at]["word"] if self._at < len(self._tokens) else None
        return _NEAR.fullmatch(word) if word else None


def _all(parts: list[Node]) -> Node | None:
    return parts[0] if len(parts) == 1 else All(tuple(parts)) if parts else None


def _words(text: str, is_exact: bool = False, is_beginning: bool = False, is_name: bool = False) -> Node | None:
    """The words of what stands together, as one or as a phrase; of that, the last one may be a beginning."""
    found = [match[0] for match in words_in(text)]
    if len(found) == 1:
        may_be_name = not is_exact and not is_beginning and (is_name or _looks_like_a_name(found[0]))
        return Word(found[0], is_exact and not is_beginning, is_beginning, may_be_name)
    words = [Word(one, is_exact=True) for one in found]
    if words and is_beginning:
        words[-1] = Word(found[-1], is_beginning=True)
    is_in_parts = not is_exact and not is_beginning and _NAME_IN_PARTS.fullmatch(text)
    return Phrase(tuple(words), text if is_in_parts else "") if words else None


def _looks_like_a_name(word: str) -> bool:
    """Whether it begins with a capital letter, or is of a script that has none."""
    return word[0].isupper() or (word[0].isalpha() and word.lower() == word.upper())
