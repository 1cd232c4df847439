"""A value that a script writes out, without running it: JSON as JavaScript has it."""

import json
import re
from collections.abc import Mapping

# More of them are not read, nor deeper ones.
MOST_TOKENS, DEEPEST = 500_000, 100
_TOKEN = re.compile(
    r"\s*(?:(?P<mark>[{}\[\]():,;])|(?P<text>\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|`(?:[^`\\]|\\.)*+`)|"
    r"(?P<number>-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?P<not>![01])|(?P<word>[\w$]+(?:\.[\w$]+)*))",
    re.DOTALL,
)
# (function(a,b){return {…}}("x",1)), with which values that come twice are written once
_CALL = re.compile(r"[\s(!]*function\s*\w*\s*\(([\w$,\s]{0,20000})\)\s*\{")
_ARROW = re.compile(r"[\s(]*\(([\w$,\s]{0,20000})\)\s*=>\s*[{(]?")
_WORDS: Mapping[str, object] = {"true": True, "false": False, "null": None, "undefined": None, "NaN": None}
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}


class _Broken(Exception):
    """What follows is no written value."""


def read_literal(script: str, start: int) -> tuple[object, int]:
    """The value that begins there, and where it ends; None, and where that was found, for what is none."""
    try:
        return json.JSONDecoder(strict=False).raw_decode(script, start)
    except (ValueError, RecursionError):
        pass
    reader = _Reader(script, start)
    try:
        return reader.call() if _CALL.match(script, start) or _ARROW.match(script, start) else reader.value(), reader.at
    except (_Broken, RecursionError):
        return None, reader.at


class _Reader:
    """Reads on from a place in a script; `names` are what the words stand for."""

    def __init__(self, script: str, at: int) -> None:
        self._script = script
        self.at = at
        self._left = MOST_TOKENS
        self._names: Mapping[str, object] = _WORDS

    def call(self) -> object:
        """What a function gives back for the values that it is called with."""
        head = _CALL.match(self._script, self.at) or _ARROW.match(self._script, self.at)
        assert head
        names = [name.strip() for name in head[1].split(",") if name.strip()]
        inside = self._script.find("return", head.end()) if head[0].rstrip().endswith("{") else head.end()
        if inside < 0 or inside - head.end() > 200_000:
            raise _Broken
        self.at = inside + len("return") if self._script.startswith("return", inside) else inside
        body = self.at
        self.value()  # only to find its end
        self._between()
        self._names = {**_WORDS, **dict(zip(names, self._values(")"), strict=False))}
        end, self.at = self.at, body
        found = self.value()
        self.at = end
        return found

    def _between(self) -> None:
        """From the end of a function's body to the first value that it is called with."""
        match = re.compile(r"[\s;})]*\(").match(self._script, self.at)
        if match is None:
            raise _Broken
        self.at = match.end()

    def value(self, depth: int = 0) -> object:
        kind, token = self._next()
        if depth > DEEPEST:
            raise _Broken
        if kind == "text":
            return _unquoted(token)
        if kind == "number":
            return float(token) if set(token) & set(".eE") else int(token) if len(token) < 20 else token
        if kind == "not":
            return token == "!0"
        if kind == "word":
            return self._word(token, depth)
        if token == "[":
            return self._values("]", depth)
        if token == "{":
            return self._object(depth)
        raise _Broken

    def _word(self, word: str, depth: int) -> object:
        if word == "void":
            self.value(depth + 1)
            return None
        if word in ("JSON.parse", "Array", "Object.freeze") or word == "new":
            return self._made(word, depth)
        following = self._peek()
        if following == "(":
            return self._made(word, depth)
        return self._names.get(word)

    def _made(self, word: str, depth: int) -> object:
        """What a call makes, as far as its first value is it."""
        if word == "new":
            _, word = self._next()
        if self._next()[1] != "(":
            raise _Broken
        values = self._values(")", depth)
        return values[0] if values and word in ("JSON.parse", "Object.freeze", "Date") else None

    def _values(self, end: str, depth: int = 0) -> list[object]:
        found: list[object] = []
        while True:
            following = self._peek()
            if following == end:
                self._next()
                return found
            if following == ",":
                self._next()
                continue
            found.append(self.value(depth + 1))

    def _object(self, depth: int) -> dict[str, object]:
        found: dict[str, object] = {}
        while True:
            kind, token = self._next()
            if token == "}" and kind == "mark":
                return found
            if token == "," and kind == "mark":
                continue
            if kind not in ("text", "word", "number"):
                raise _Broken
            key = _unquoted(token) if kind == "text" else token
            if self._peek() in (",", "}") and kind == "word":
                found[key] = self._names.get(token)
                continue
            if self._next()[1] != ":":
                raise _Broken
            found[key] = self.value(depth + 1)

    def _peek(self) -> str:
        match = _TOKEN.match(self._script, self.at)
        return match["mark"] or "" if match else ""

    def _next(self) -> tuple[str, str]:
        match = _TOKEN.match(self._script, self.at)
        self._left -= 1
        if match is None or self._left < 0:
            raise _Broken
        self.at = match.end()
        assert match.lastgroup
        return match.lastgroup, match[match.lastgroup]


def _unquoted(token: str) -> str:
    return _ESCAPE.sub(_escaped, token[1:-1]).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _escaped(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code:
        number = int(code, 16)
        return chr(number) if number < 0x110000 else "\ufffd"
    return _ESCAPED.get(match[4], match[4])
