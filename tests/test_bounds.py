"""What bounds a number belongs to it: "at least seven" is not seven."""

import pytest

from assistant.facts.bounds import bounded_start
from assistant.facts.quantities import quantities_in
from index.articles import Article

BOUNDED = [
    ("en", "[At least seven] houses were torn away."),
    ("en", "[No fewer than 40] came back."),
    ("en", "The state paid [up to 12 million] crowns."),
    ("en", "The flood took [between 300 and 350] sheep."),
    ("en", "The herd grew [from 20 to 25] cows."),
    ("de", "[Nicht mehr als 30] kamen zurück."),
    ("de", "Es ertranken [zwischen 50 und 60] Kühe."),
    ("it", "Sono rientrati in [non meno di venti]."),
    ("fr", "[Plus d'un million] de lecteurs l'ont lu."),
    ("fr", "[Pas moins de 25] maisons ont brûlé."),
    ("es", "Se ahogaron [entre 30 y 35] vacas."),
    ("pt", "[Pelo menos 14] casas caíram."),
    ("ru", "[Не менее тридцати] человек вернулись."),
    ("ru", "Утонули [от 40 до 45] коров."),
    ("uk", "[Щонайменше 12] будинків зруйновано."),
    ("pl", "Wróciło [co najmniej pięć] osób."),
    ("ro", "[Mai mult de 300] de oameni au plecat."),
    ("nl", "[Ten minste zeven] huizen brandden af."),
    ("no", "[Mer enn 300] mennesker flyktet."),
    ("hu", "[Több mint 300] ember távozott."),
    ("fi", "[Vähintään 7] taloa tuhoutui."),
    ("tr", "[En az 12] ev yıkıldı."),
    ("ar", "تهدم [ما لا يقل عن 12] منزلا."),
    ("hi", "[कम से कम 12] घर ढह गए।"),
    ("zh", "警方说[至少12]人死亡。"),
    ("ja", "警察によると[少なくとも12]人が死亡した。"),
    ("ko", "경찰은 [최소 12]명이 숨졌다고 밝혔다."),
]
EXACT = [
    ("en", "Some experts say [300] died."),
    ("en", "It was about the dam, and [40] men spoke."),
    ("de", "Mehr wollte er nicht sagen; [30] Häuser brannten."),
    ("fr", "Il y avait [25] maisons."),
    ("zh", "警方说[12]人死亡。"),
]


@pytest.mark.parametrize(("language", "marked"), BOUNDED + EXACT)
def test_a_number_is_told_with_what_bounds_it(language: str, marked: str) -> None:
    before, told, _ = marked.replace("]", "[").split("[")
    one = Article("a.txt", "", marked.replace("[", "").replace("]", ""), language=language)
    number = quantities_in(one, 0, len(one.text))[0]
    assert one.text[bounded_start(one, number, 0) : number.end] == told
    assert before == one.text[: bounded_start(one, number, 0)]


@pytest.mark.parametrize(("language", "marked"), BOUNDED)
def test_a_bounded_number_is_not_exact(language: str, marked: str) -> None:
    one = Article("a.txt", "", marked.replace("[", "").replace("]", ""), language=language)
    assert not quantities_in(one, 0, len(one.text))[0].exact
