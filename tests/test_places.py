"""What places are called: found in any language, put into the one that is asked for, never guessed."""

import pytest

from assistant.facts.places import name_of, places_in


@pytest.mark.parametrize(
    "names",
    [
        "Geneva Ginevra Genf Genève Женева Ženeva Cenevre Γενεύη Женева",
        "Vienna Wien Vienne Viena Відень",
        "Kyiv Kiev Kiew Київ",
        "Venice Venezia Venedig Benátky Velence Венеция Βενετία Venetsia Veneția Venedik",
    ],
)
def test_the_names_of_a_place_have_one_code(names: str) -> None:
    assert len({place.code for name in names.split() for place in places_in(name)}) == 1
    assert all(list(places_in(name)) for name in names.split())


def test_of_two_names_the_longer_counts_and_offsets_are_exact() -> None:
    text = "Gli inviati della Corea del Nord e degli Stati Uniti a Mosca."
    found = list(places_in(text))
    assert [text[place.start : place.end] for place in found] == ["Corea del Nord", "Stati Uniti", "Mosca"]
    assert [place.code for place in found] == ["KP", "US", "Europe/Moscow"]


def test_what_several_places_are_called_or_is_a_word_is_no_place() -> None:
    assert list(places_in("Monaco, Snake Island, turkey and chile")) == []


def test_a_name_that_is_not_known_is_empty() -> None:
    assert name_of("city/Geneva", "xx") == name_of("nowhere", "en") == ""
