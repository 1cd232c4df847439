"""What a place is called in each language: "Geneva", "Ginevra" and "Женева" are one place.

Countries, continents and the cities that time zones are named after come from Unicode's CLDR, by way of Babel; a
short table adds cities of the news that it lacks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from babel import Locale

from index.lexicon import COMPARED, folded

CONTINENTS = frozenset({"002", "003", "005", "009", "142", "150"})
# Elsewhere zones are named after what is also a surname or a word: Davis, Center, Easter.
ZONES = re.compile(r"(Europe|Asia|Africa)/|America/(Havana|Mexico_City)$")
MOST_WORDS = 3
# In the code of every city, and of no country.
CITY = "/"
# A shorter name is oftener something else, and so is "Snake Island".
SHORTEST = 4
WORDS = frozenset({"island"})

_LISTED = "en it de fr es uk ru pt nl pl".split()
_CITIES = """
Aleppo Aleppo Aleppo Alep Alepo Алеппо Алеппо Alepo Aleppo Aleppo
Antwerp Anversa Antwerpen Anvers Amberes Антверпен Антверпен Antuérpia Antwerpen Antwerpia
Basel Basilea Basel Bâle Basilea Базель Базель Basileia Bazel Bazylea
Beijing Pechino Peking Pékin Pekín Пекін Пекин Pequim Peking Pekin
Bern Berna Bern Berne Berna Берн Берн Berna Bern Berno
Cologne Colonia Köln Cologne Colonia Кельн Кёльн Colónia Keulen Kolonia
Dresden Dresda Dresden Dresde Dresde Дрезден Дрезден Dresden Dresden Drezno
Edinburgh Edimburgo Edinburgh Édimbourg Edimburgo Единбург Эдинбург Edimburgo Edinburgh Edynburg
Florence Firenze Florenz Florence Florencia Флоренція Флоренция Florença Florence Florencja
Frankfurt Francoforte Frankfurt Francfort Fráncfort Франкфурт Франкфурт Frankfurt Frankfurt Frankfurt
Gdansk Danzica Danzig Gdansk Gdansk Гданськ Гданьск Gdansk Gdansk Gdańsk
Geneva Ginevra Genf Genève Ginebra Женева Женева Genebra Genève Genewa
Genoa Genova Genua Gênes Génova Генуя Генуя Gênova Genua Genua
Ghent Gand Gent Gand Gante Гент Гент Gante Gent Gandawa
Hamburg Amburgo Hamburg Hambourg Hamburgo Гамбург Гамбург Hamburgo Hamburg Hamburg
Kharkiv Kharkiv Charkiw Kharkiv Járkov Харків Харьков Kharkiv Charkiv Charków
Krakow Cracovia Krakau Cracovie Cracovia Краків Краков Cracóvia Krakau Kraków
Lviv Leopoli Lemberg Lviv Leópolis Львів Львов Lviv Lviv Lwów
Lyon Lione Lyon Lyon Lyon Ліон Лион Lyon Lyon Lyon
Marseille Marsiglia Marseille Marseille Marsella Марсель Марсель Marselha Marseille Marsylia
Mecca Mecca Mekka Mecque Meca Мекка Мекка Meca Mekka Mekka
Milan Milano Mailand Milan Milán Мілан Милан Milão Milaan Mediolan
Munich Monaco München Munich Múnich Мюнхен Мюнхен Munique München Monachium
Naples Napoli Neapel Naples Nápoles Неаполь Неаполь Nápoles Napels Neapol
Nice Nizza Nizza Nice Niza Ніцца Ницца Nice Nice Nicea
Nuremberg Norimberga Nürnberg Nuremberg Núremberg Нюрнберг Нюрнберг Nuremberga Neurenberg Norymberga
Odesa Odessa Odessa Odessa Odesa Одеса Одесса Odessa Odessa Odessa
Padua Padova Padua Padoue Padua Падуя Падуя Pádua Padua Padwa
Salzburg Salisburgo Salzburg Salzbourg Salzburgo Зальцбург Зальцбург Salzburgo Salzburg Salzburg
Seville Siviglia Sevilla Séville Sevilla Севілья Севилья Sevilha Sevilla Sewilla
Strasbourg Strasburgo Straßburg Strasbourg Estrasburgo Страсбург Страсбург Estrasburgo Straatsburg Strasburg
Stuttgart Stoccarda Stuttgart Stuttgart Stuttgart Штутгарт Штутгарт Stuttgart Stuttgart Stuttgart
Trieste Trieste Triest Trieste Trieste Трієст Триест Trieste Triëst Triest
Turin Torino Turin Turin Turín Турин Турин Turim Turijn Turyn
Venice Venezia Venedig Venise Venecia Венеція Венеция Veneza Venetië Wenecja
"""
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Place:
    """Characters `start` to `end` of a text name the place that all languages' names share the `code` of."""

    start: int
    end: int
    code: str


def places_in(text: str) -> Iterator[Place]:
    """The places that the text names, each with a capital letter, in its order; of two the longer name."""
    words = [(word.start(), word.end(), folded(word[0])) for word in _WORD.finditer(text)]
    codes = _codes()
    at = 0
    while at < len(words):
        start = words[at][0]
        for count in range(min(MOST_WORDS, len(words) - at), 0, -1):
            end = words[at + count - 1][1]
            code = codes.get(" ".join(word for _, _, word in words[at : at + count]))
            if code and text[start].isupper():
                yield Place(start, end, code)
                at += count - 1
                break
        at += 1


def name_of(code: str, language: str) -> str:
    """What the language calls the place, "" when that is not known."""
    return _names().get((code, language), "")


@cache
def _names() -> dict[tuple[str, str], str]:
    """(code, language) to name, for every place."""
    names: dict[tuple[str, str], str] = {}
    english = {name: code for code, name in Locale("en").territories.items()}
    for language in COMPARED:
        locale = Locale(language)
        for code, name in locale.territories.items():
            if code in CONTINENTS or len(code) == 2:
                names[code, language] = name
        for zone, described in locale.time_zones.items():
            if ZONES.match(zone):
                city = zone.rpartition("/")[2].replace("_", " ")
                # A city named like its country is not told apart from it: Luxembourg, Singapore.
                names.setdefault((english.get(city, zone), language), described.get("city") or city)
    for zone in {code for code, _ in names if CITY in code}:
        # A language that calls a city as English does does not list it.
        for language in COMPARED:
            names.setdefault((zone, language), names.get((zone, "en")) or zone.rpartition("/")[2].replace("_", " "))
    for row in _CITIES.split("\n")[1:-1]:
        english_name, *_ = cells = row.split()
        names |= {(f"city{CITY}{english_name}", language): cell for language, cell in zip(_LISTED, cells, strict=True)}
    return names


@cache
def _codes() -> dict[str, str]:
    """Folded name to code; a name of several places is left out, for it tells none of them."""
    found: dict[str, set[str]] = {}
    for (code, _), name in _names().items():
        found.setdefault(" ".join(folded(word) for word in _WORD.findall(name)), set()).add(code)
    return {
        name: codes.pop()
        for name, codes in found.items()
        if len(codes) == 1 and len(name) >= SHORTEST and name not in WORDS
    }
