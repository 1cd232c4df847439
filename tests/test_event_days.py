"""Of the days in a sentence, the one of what is asked for; and none where none is."""

import pytest

from assistant.facts.dates import ARTICLE
from assistant.reading.event_days import SAYING, day_told, event_day, told_days
from index.articles import Article
from index.passages import Sentence

WEDNESDAY = "2024-03-06"


def roles(text: str, code: str) -> list[str]:
    return [one.role for one in told_days(Article("a", "", text, WEDNESDAY, code), Sentence(0, len(text)))]


@pytest.mark.parametrize(
    ("text", "code", "role"),
    [
        ("The line has been closed since 1992.", "en", "since"),
        ("The line stays closed until 3 May 2024.", "en", "until"),
        ("It was bought before 3 May 1994.", "en", "before"),
        ("The plane first flew in 1994.", "en", "first"),
        ("Police said on Tuesday that the mill had burned down.", "en", "said"),
        ("La linea è chiusa dal 1992.", "it", "since"),
        ("La polizia ha detto martedì che il mulino è bruciato.", "it", "said"),
        ("Die Strecke ist seit 1992 gesperrt.", "de", "since"),
        ("Die Polizei teilte am Dienstag mit, dass die Mühle abbrannte.", "de", "said"),
        ("La ligne est fermée depuis 1992.", "fr", "since"),
        ("La police a annoncé mardi que le moulin a brûlé.", "fr", "said"),
        ("La línea está cerrada desde 1992.", "es", "since"),
        ("Линия закрыта с 1992 года.", "ru", "since"),
        ("Полиция сообщила во вторник, что мельница сгорела.", "ru", "said"),
        ("Hat 3 Mayıs 1992'den beri kapalı.", "tr", "since"),
        ("この路線は1992年から閉鎖されている。", "ja", "since"),
        ("The mill burned down on Tuesday, police said.", "en", ""),
        ("The bridge reopened on Monday after two years of works.", "en", ""),
        ("Il ponte ha riaperto lunedì dopo due anni.", "it", ""),
        ("Die Brücke wurde am Montag nach zwei Jahren eröffnet.", "de", ""),
    ],
)
def test_what_a_day_is_the_day_of(text: str, code: str, role: str) -> None:
    assert role in roles(text, code) and set(roles(text, code)) == {role}


@pytest.mark.parametrize(
    ("question", "text", "code", "iso"),
    [
        (
            "When did the mill burn down?",
            "Police said on Wednesday that the mill burned down on Monday night.",
            "en",
            "2024-03-04",
        ),
        (
            "Quando è bruciato il mulino?",
            "La polizia ha detto mercoledì che il mulino è bruciato lunedì.",
            "it",
            "2024-03-04",
        ),
        (
            "Wann brannte die Mühle ab?",
            "Die Polizei teilte am Mittwoch mit, die Mühle sei am Montag abgebrannt.",
            "de",
            "2024-03-04",
        ),
        (
            "Quand le moulin a-t-il brûlé ?",
            "La police a annoncé mercredi que le moulin avait brûlé lundi.",
            "fr",
            "2024-03-04",
        ),
        ("¿Cuándo ardió el molino?", "La policía dijo el miércoles que el molino ardió el lunes.", "es", "2024-03-04"),
        (
            "Когда сгорела мельница?",
            "Полиция сообщила в среду, что мельница сгорела в понедельник.",
            "ru",
            "2024-03-04",
        ),
        ("When was Grange released?", "Grange, who was held on Monday, was released on Tuesday.", "en", "2024-03-05"),
        ("When did Grange say so?", "Grange said on Tuesday that the bridge would close.", "en", "2024-03-05"),
        ("Since when is the line closed?", "The line has been closed since 4 March 2024.", "en", "2024-03-04"),
    ],
)
def test_the_day_of_the_event_is_chosen(question: str, text: str, code: str, iso: str) -> None:
    told = event_day(question, code, Article("a", "", text, WEDNESDAY, code), Sentence(0, len(text)))
    assert told is not None and told.text and told.iso == iso


@pytest.mark.parametrize(
    ("text", "iso", "basis"),
    [
        ("The bridge reopened after two years of works.", WEDNESDAY, ARTICLE),
        ("Police said on Tuesday that the bridge had reopened.", "2024-03-05", SAYING),
    ],
)
def test_without_a_day_of_its_own_it_was_reported_on_one(text: str, iso: str, basis: str) -> None:
    article = Article("a", "", text, WEDNESDAY, "en")
    told = event_day("When did the bridge reopen?", "en", article, Sentence(0, len(text)))
    assert told is not None and (told.text, told.iso, told.basis) == ("", iso, basis)


@pytest.mark.parametrize(
    "text", ["The line has been closed since 1992.", "The plane first flew in 1994.", "It closed a few days ago."]
)
def test_a_day_of_something_else_or_one_that_cannot_be_read_tells_nothing(text: str) -> None:
    article = Article("a", "", text, WEDNESDAY, "en")
    assert event_day("When did Air Harpur order it?", "en", article, Sentence(0, len(text))) is None


@pytest.mark.parametrize(
    ("question", "code", "text", "told", "day"),
    [
        ("When was Weston tried?", "en", "Tried before him were Marsh in 1868 and Weston in 1999.", "en", "1999"),
        ("Quando fu processato Weston?", "it", "Tried before him were Marsh in 1868 and Weston in 1999.", "en", "1999"),
        ("When was Marsh tried?", "en", "In 1868 it was Marsh, in 1999 Weston.", "en", "1868"),
        (
            "Quando fu eletto Bianchi?",
            "it",
            "Rossi fu eletto il 3 maggio 2019 e Bianchi il 7 giugno 2021.",
            "it",
            "7 giugno 2021",
        ),
        (
            "When was Bianchi elected?",
            "en",
            "Rossi fu eletto il 3 maggio 2019 e Bianchi il 7 giugno 2021.",
            "it",
            "7 giugno 2021",
        ),
        (
            "Когда избрали Иванова?",
            "ru",
            "Петров избран 3 мая 2019 года, а Иванов 7 июня 2021 года.",
            "ru",
            "7 июня 2021 года",
        ),
        (
            "Wann begann der Streik?",
            "de",
            "Der Prozess begann am 3. Mai 2021, der Streik am 7. Juni 2021.",
            "de",
            "7. Juni 2021",
        ),
        (
            "When did Holt sign it?",
            "en",
            "Holt arrived on 4 May 2021, and signed it on 5 May 2021.",
            "en",
            "5 May 2021",
        ),
    ],
)
def test_of_two_days_it_is_that_of_who_is_asked_about(question: str, code: str, text: str, told: str, day: str) -> None:
    found = event_day(question, code, Article("a", "", text, WEDNESDAY, told), Sentence(0, len(text)))
    assert found is not None and found.text == day


def test_of_two_days_of_one_event_asked_about_in_another_language_the_reader_tells() -> None:
    text = "Il ponte fu progettato nel 1999 e aperto nel 2003."
    article, sentence = Article("a", "", text, WEDNESDAY, "it"), Sentence(0, len(text))
    days = [
        event_day("When did the bridge open?", "en", article, sentence, likely) for likely in ([0.2, 0.7], [0.7, 0.2])
    ]
    assert [day and day.text for day in days] == ["2003", "1999"]


@pytest.mark.parametrize(
    ("text", "code", "day"),
    [
        ("Gusts reached 131 km/h, the strongest since 2007.", "en", WEDNESDAY),
        ("Die Böen waren mit 131 km/h die stärksten seit 2007.", "de", WEDNESDAY),
        ("La linea resta chiusa fino al 15 marzo 2024.", "it", WEDNESDAY),
        ("The line has been closed since 1992 and reopened on Monday.", "en", "2024-03-04"),
        ("The mill burned down on Monday.", "en", "2024-03-04"),
    ],
)
def test_a_sentence_tells_of_no_day_since_or_until_which_something_is(text: str, code: str, day: str) -> None:
    told = day_told(Article("a", "", text, WEDNESDAY, code), Sentence(0, len(text)))
    assert told is not None and told.iso == day


@pytest.mark.parametrize(("likely", "meant"), [([0.7, 0.2], "March 2022"), ([0.3, 0.2], "8 January")])
def test_a_reader_tells_whether_a_month_or_a_day_is_meant(likely: list[float], meant: str) -> None:
    text = "He was arrested in March 2022 and the trial opened on 8 January."
    article, sentence = Article("a", "", text, WEDNESDAY, "en"), Sentence(0, len(text))
    told = event_day("When was he arrested?", "en", article, sentence, likely)
    assert told is not None and told.text == meant
