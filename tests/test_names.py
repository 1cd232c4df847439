"""One name in many scripts and spellings, and names that only look alike."""

import pytest

from assistant.facts.names import is_named, same_name

ONE_NAME = """
Tsipras Τσίπρας, Netanyahu نتنياهو, Netanyahu Нетаньяху, Khrushchev Chruschtschow, Khrushchev Хрущёв, Johnson Джонсон,
Merkel ميركل, Biden ביידן, Biden Байден, Trump טראמפ, Trump ترامب, Zelensky Selenskyj, Zelensky Зеленський,
Putin Poutine, Putin プーチン, Putin 푸틴, Putin पुतिन, Modi मोदी, Erdogan أردوغان, Erdoğan Эрдоган, Erdogan Ερντογάν,
Scholz Шольц, Scholz シュルツ, Macron Μακρόν, Sullivan Салліван, Sullivan سوليفان, Gorbatschow Горбачёв, Jelzin Ельцин,
Yeltsin Eltsin, Tchaikovsky Чайковский, Khamenei خامنئی, Lawrow Лавров, Blinken بلينكن, Schukow Жуков, Thaçi Тачи,
Vučić Вучић, Đoković Джокович, Jiménez Хименес, Hollande Олланд, Thatcher تاتشر, Churchill Черчилль, Orbán Όρμπαν,
Pashinyan Փաշինյան, Williams Уильямс, Schwarzenegger Шварценеггер, Heidegger Хайдеггер, Ștefănescu Stefanescu
"""
TWO_NAMES = """
Sullivan Gilligan, Merkel Markov, Grange Graham, Johnson Jackson, Putin Rubin, Biden Путин, Trump Тамм, Macron Мелони,
Scholz Schulte, Zelensky Лавров, Orban Durand, Williams Wallace, Peskov Chekhov, Novak Nowotny, Rossi Russo-Bruni,
Khamenei Чаушеску, Kolbe Kolberg, Bruni Brunetti, Amos Atos, Osk Orsk
"""


def pairs(written: str) -> list[tuple[str, str]]:
    return [(one, other) for one, other in (pair.split() for pair in written.replace("\n", " ").split(",") if pair)]


@pytest.mark.parametrize(("one", "other"), pairs(ONE_NAME))
def test_spellings_of_one_name_are_told_in_any_script(one: str, other: str) -> None:
    assert same_name(one, other) and same_name(other, one)


@pytest.mark.parametrize(("one", "other"), pairs(TWO_NAMES))
def test_two_names_are_not_taken_for_one(one: str, other: str) -> None:
    assert not same_name(one, other)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Tsipras", "Ο Αλέξης Τσίπρας μίλησε στη Βουλή."),
        ("Netanyahu", "وقال نتنياهو إن القرار نهائي."),
        ("Scholz", "ショルツ首相は述べた。 シュルツ氏"),
        ("Khrushchev", "Nikita Chruschtschow kam nach Wien."),
    ],
)
def test_a_name_is_found_in_a_text_of_another_script(name: str, text: str) -> None:
    assert is_named(name, text)
    assert not is_named("Brancaleone", text)
