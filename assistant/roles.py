"""What somebody is called besides a name: "ambassador", "ambasciatore" and "Botschafter" are one office."""

import re
from collections.abc import Iterator

from index.lexicon import sound_of

# How the word begins, in the page's languages; of two that fit, the first counts.
_ROLES = {
    "secretary general": r"secretar(?:y|ies)[- ]general|segretari[oa] general|generalsekretär|secrétaire général|"
    r"secretari[oa] general|генеральн\w+ секретар|генсек",
    "foreign minister": r"foreign (?:minister|secretary)|ministr[oa] degli esteri|außenminister|ministre des affaires "
    r"étrangères|ministr[oa] de (?:asuntos )?exteriores|міністр\w* закордонних|глава мзс|министр\w* иностранных|"
    # the American one is called secretary of state in some languages, a foreign minister in others
    r"secretar(?:y|ies) of state|(?:vice)?segretari[oa] di stato|staatssekretär|secrétaire d[’']état|"
    r"secretari[oa] de estado|державн\w+ секретар|госсекретар|держсекретар",
    "prime minister": r"prime minister|premier\b|primo ministro|prim[ae]r? ministr|ministerpräsident|premierminister|"
    r"président(?:e)? du conseil|primer[oa]? ministr|прем[’'ʼ]?єр|премьер",
    "minister": r"(?:vice)?minist[er]|міністр|министр",
    "ambassador": r"ambass?ad|ambasciat|botschafter|embajador|посол|посл[аоуи]",
    "president": r"(?:vice)?president|präsident|président|президент",
    "chancellor": r"chancellor|cancellier|(?:bundes)?kanzler|chanceli|canciller|канцлер",
    "mayor": r"mayor|sindac|(?:ober)?bürgermeister|maire\b|alcald|мер\b|мера\b|мэр",
    "governor": r"governor|governator|gouverneur|gobernador|губернатор",
    "king": r"king\b|queen\b|re\b|regina\b|könig|roi\b|reine\b|rey\b|reina\b|корол",
    "senator": r"senator|sénat|senador|сенатор",
    "general": r"general\b|generale\b|general[iе]?n?\b|général\b|генерал(?!ьн)",
    "captain": r"captain|capitan|kapitän|capitaine|капітан|капитан",
    "judge": r"judge|giudice|richter|juge\b|juez|jueza|судд|судья|судьи",
    "bishop": r"(?:arch)?bishop|(?:arci)?vescov|(?:erz)?bischof|(?:arch)?évêque|(?:arz)?obispo|єпископ|епископ",
    "pope": r"pope\b|papa\b|papst|pape\b|папа\b",
    "professor": r"professor|professeur|profesor|професор|docente",
    "director": r"director|direttor|direktor|directeur|directrice|директор",
    "spokesman": r"spokes|portavoce|sprecher|porte-parole|portavoz|речник|прессекретар|пресс-секретар",
}
_PATTERNS = {role: re.compile(rf"(?<!\w)(?:\w+-)?(?:{pattern})", re.IGNORECASE) for role, pattern in _ROLES.items()}
# A role so close before a name, or behind it and a comma, is that of whoever is named.
_NAMED = re.compile(r"\w*\W+(?:\w+\W+){0,2}?((?:[A-ZÀ-ÞЀ-Я][\w’']+[\s-]?)+)")
_OF_NAME = re.compile(r"([A-ZÀ-ÞЀ-Я][\w’']+),\s(?:\w+\W+){0,3}$")
# Around a name, so many characters tell what its bearer is.
NEAR = 60


def unknown_roles(text: str, known: str) -> list[str]:
    """The roles that the text gives to somebody who in the known text has another, or that it does not have at all."""
    unknown = []
    for role, name in _given(text):
        near: set[str] = set()
        for word in re.finditer(r"[^\W\d_]+", known):
            if word[0][0].isupper() and sound_of(word[0]) == sound_of(name):
                near |= {one for one, _ in _found(known[max(0, word.start() - NEAR) : word.end() + NEAR])}
        if not any(role in one for one in near or {one for one, _ in _found(known)}):
            unknown.append(f"{role} {name}")
    return unknown


def _given(text: str) -> Iterator[tuple[str, str]]:
    """Each role that the text gives to somebody, and the last word of the name."""
    for role, place in _found(text):
        if found := _NAMED.match(text, place.end()) or _OF_NAME.search(text[: place.start()]):
            yield role, found[1].split()[-1].strip("-")


def _found(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    taken: list[tuple[int, int]] = []
    for role, pattern in _PATTERNS.items():
        for place in pattern.finditer(text):
            if not any(start < place.end() and place.start() < end for start, end in taken):
                taken.append(place.span())
                yield role, place
