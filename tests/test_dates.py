"""Dates in text: what is found, which days it means, and when a sentence's event happened."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.facts.dates import answer_date, dates_in, display
from assistant.facts.day_grammar import Grammar
from assistant.facts.resolving import ResolvedDate
from index.articles import Article
from index.passages import Sentence

FRIDAY = "2022-02-04"


def article(text: str, language: str = "it", published: str = FRIDAY) -> Article:
    return Article("a.txt", "", text, published=published, language=language)


def days(text: str, language: str = "it", published: str = FRIDAY) -> list[tuple[str, str]]:
    """(written, first..last) of every date in the text; a single day is written once."""
    return [
        (found.text, found.iso or f"{found.first}..{found.last}")
        for found in dates_in(article(text, language, published))
    ]


@pytest.mark.parametrize(
    ("language", "text", "written"),
    [
        ("it", "Il 26 gennaio 2022, a Mosca.", "26 gennaio 2022"),
        ("en", "On January 26, 2022, in Moscow.", "January 26, 2022"),
        ("en", "On 26 January 2022.", "26 January 2022"),
        ("en", "On the 26th of January, 2022.", "26th of January, 2022"),
        ("de", "Am 26. Januar 2022.", "26. Januar 2022"),
        ("fr", "Le 26 janvier 2022.", "26 janvier 2022"),
        ("es", "El 26 de enero de 2022.", "26 de enero de 2022"),
        ("pt", "Em 26 de janeiro de 2022.", "26 de janeiro de 2022"),
        ("nl", "Op 26 januari 2022.", "26 januari 2022"),
        ("nb", "Den 26. januar 2022.", "26. januar 2022"),
        ("ru", "26 января 2022 года в Москве.", "26 января 2022 года"),
        ("uk", "26 січня 2022 року в Києві.", "26 січня 2022 року"),
        ("pl", "Dnia 26 stycznia 2022 w Warszawie.", "26 stycznia 2022"),
        ("it", "Mosca, 2022-01-26.", "2022-01-26"),
        ("it", "Mosca, 26/01/2022.", "26/01/2022"),
        ("de", "Moskau, 26.01.2022.", "26.01.2022"),
        ("en", "Washington, 01/26/2022.", "01/26/2022"),
        ("it", "Mercoledì 26 gennaio 2022.", "Mercoledì 26 gennaio 2022"),
        ("pt", "Quarta-feira, 26 de janeiro de 2022.", "Quarta-feira, 26 de janeiro de 2022"),
    ],
)
def test_a_full_date_means_the_same_day_in_every_language(language: str, text: str, written: str) -> None:
    # No article date: nothing but the words themselves can tell the day.
    assert days(text, language, published="") == [(written, "2022-01-26")]


@pytest.mark.parametrize(
    ("language", "text", "written"),
    [
        ("it", "Il 1° febbraio a Roma.", "1° febbraio"),
        ("en", "On February 1st in Rome.", "February 1st"),
        ("en", "On Feb. 1 in Rome.", "Feb. 1"),
        ("de", "Am 1. Februar in Rom.", "1. Februar"),
        ("fr", "Le 1er février à Rome.", "1er février"),
        ("es", "El 1 de febrero en Roma.", "1 de febrero"),
        ("pt", "No dia 1º de fevereiro em Roma.", "1º de fevereiro"),
        ("nl", "Op 1 februari in Rome.", "1 februari"),
        ("nb", "Den 1. februar i Roma.", "1. februar"),
        ("ru", "1 февраля в Риме.", "1 февраля"),
        ("uk", "1 лютого в Римі.", "1 лютого"),
    ],
)
def test_a_day_without_a_year_takes_it_from_the_article(language: str, text: str, written: str) -> None:
    assert days(text, language) == [(written, "2022-02-01")]
    assert days(text, language, published="") == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Il 3 febbraio.", "2022-02-03"),
        ("Il 17 dicembre.", "2021-12-17"),  # 49 days back
        ("Il 10 marzo.", "2022-03-10"),  # 34 days ahead against 331 back
        ("Il 15 luglio.", "2021-07-15"),  # 161 ahead, 204 back: news speaks of the past
        ("Il 15 luglio si voterà.", "2022-07-15"),
        ("Il 3 febbraio disse che pagherà.", "2022-02-03"),
        ("Il 29 febbraio.", "2020-02-29"),
    ],
)
def test_the_nearest_year_is_meant_and_rather_a_past_one(text: str, day: str) -> None:
    assert [found for _, found in days(text)] == [day]


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("it", "Si vedono dal 10 al 13 gennaio.", "2022-01-10..2022-01-13"),
        ("it", "Il 10-13 gennaio 2021.", "2021-01-10..2021-01-13"),
        ("it", "Tra il 28 dicembre e il 3 gennaio 2022.", "2022-01-03"),
        ("it", "Dal 28 dicembre al 3 gennaio 2022.", "2021-12-28..2022-01-03"),
        ("en", "Between 10 and 13 January they met.", "2022-01-10..2022-01-13"),
        ("en", "From January 10 to 13, 2021.", "2021-01-10..2021-01-13"),
        ("en", "January 28 – February 3, 2022.", "2022-01-28..2022-02-03"),
        ("de", "Vom 10. bis 13. Januar.", "2022-01-10..2022-01-13"),
        ("fr", "Du 10 au 13 janvier.", "2022-01-10..2022-01-13"),
        ("es", "Del 10 al 13 de enero de 2021.", "2021-01-10..2021-01-13"),
        ("pt", "De 10 a 13 de janeiro.", "2022-01-10..2022-01-13"),
        ("nl", "Van 10 tot 13 januari.", "2022-01-10..2022-01-13"),
        ("nb", "Fra 10. til 13. januar.", "2022-01-10..2022-01-13"),
        ("ru", "С 10 по 13 января.", "2022-01-10..2022-01-13"),
        ("uk", "З 10 по 13 січня.", "2022-01-10..2022-01-13"),
        ("it", "Nel gennaio 2021 si parlò.", "2021-01-01..2021-01-31"),
        ("en", "In February 2020 it began.", "2020-02-01..2020-02-29"),
        ("ru", "В январе 2021 года.", "2021-01-01..2021-01-31"),
        ("uk", "У січні 2021 року.", "2021-01-01..2021-01-31"),
        ("en", "In December they met.", "2021-12-01..2021-12-31"),
        ("it", "Nel 2008 fallì.", "2008-01-01..2008-12-31"),
        ("de", "Im Jahr 2008 geschah es.", "2008-01-01..2008-12-31"),
        ("ru", "В 2008 году.", "2008-01-01..2008-12-31"),
        ("en", "Last week they met.", "2022-01-24..2022-01-30"),
        ("it", "La settimana scorsa.", "2022-01-24..2022-01-30"),
        ("de", "Letzte Woche.", "2022-01-24..2022-01-30"),
        ("es", "El mes pasado.", "2022-01-01..2022-01-31"),
        ("fr", "L’année dernière.", "2021-01-01..2021-12-31"),
        ("uk", "Минулого тижня.", "2022-01-24..2022-01-30"),
        ("ru", "На прошлой неделе.", "2022-01-24..2022-01-30"),
        ("nl", "Volgende maand.", "2022-03-01..2022-03-31"),
        ("en", "Two months ago.", "2021-12-01..2021-12-31"),
    ],
)
def test_ranges_months_and_years_have_a_first_and_a_last_day(language: str, text: str, found: str) -> None:
    assert days(text, language)[-1][1] == found


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("it", "Lo ha detto ieri.", "2022-02-03"),
        ("it", "Lo ha detto l’altro ieri.", "2022-02-02"),
        ("it", "Lo ha detto tre giorni fa.", "2022-02-01"),
        ("it", "Lo dirà domani.", "2022-02-05"),
        ("en", "He said so the day before yesterday.", "2022-02-02"),
        ("en", "He said so two days ago.", "2022-02-02"),
        ("en", "Today's meeting.", "2022-02-04"),
        ("de", "Das sagte er vor drei Tagen.", "2022-02-01"),
        ("de", "Das sagte er gestern.", "2022-02-03"),
        ("de", "Das sagt er morgen.", "2022-02-05"),
        ("fr", "Il l’a dit aujourd’hui.", "2022-02-04"),
        ("fr", "Il l'a dit il y a trois jours.", "2022-02-01"),
        ("es", "Lo dijo ayer.", "2022-02-03"),
        ("es", "Lo dijo hace 3 días.", "2022-02-01"),
        ("pt", "Disse ontem.", "2022-02-03"),
        ("pt", "Disse há três dias.", "2022-02-01"),
        ("nl", "Dat zei hij gisteren.", "2022-02-03"),
        ("nl", "Dat zei hij drie dagen geleden.", "2022-02-01"),
        ("nb", "Det sa han i går.", "2022-02-03"),
        ("ru", "Он сказал это вчера.", "2022-02-03"),
        ("ru", "Он сказал это три дня назад.", "2022-02-01"),
        ("uk", "Він сказав це вчора.", "2022-02-03"),
        ("uk", "Він сказав це п’ять днів тому.", "2022-01-30"),
    ],
)
def test_relative_days_count_from_the_article(language: str, text: str, day: str) -> None:
    assert [found for _, found in days(text, language)] == [day]
    assert days(text, language, published="") == []


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("it", "Lo ha detto venerdì.", "2022-02-04"),
        ("it", "Lo ha detto sabato.", "2022-01-29"),
        ("it", "Lo ha detto venerdì scorso.", "2022-01-28"),
        ("it", "Si vedono lunedì prossimo.", "2022-02-07"),
        ("it", "Lunedì il governo deciderà.", "2022-02-07"),
        ("en", "On Monday a ferry sank.", "2022-01-31"),  # not on the first
        ("de", "Am Montag sanken zwei Fähren.", "2022-01-31"),
        ("de", "Am Montag drei Fähren zu verlieren, war viel.", "2022-01-31"),
        ("it", "Lunedì un traghetto è affondato.", "2022-01-31"),
        ("fr", "Lundi deux bacs ont coulé.", "2022-01-31"),
        ("es", "El lunes un barco se hundió.", "2022-01-31"),
        ("en", "He said so on Monday.", "2022-01-31"),
        ("en", "They will meet on Monday.", "2022-02-07"),
        ("en", "Next Friday they meet.", "2022-02-11"),
        ("en", "She said the line would not reopen before Monday.", "2022-02-07"),
        ("en", "She said on Monday that the line would reopen.", "2022-01-31"),
        ("de", "Die Strecke werde nicht vor Montag geöffnet, sagte sie.", "2022-02-07"),
        ("sv", "Banan skulle öppnas på måndag.", "2022-02-07"),
        ("de", "Das sagte er vergangenen Montag.", "2022-01-31"),
        ("de", "Man trifft sich kommenden Montag.", "2022-02-07"),
        ("fr", "Il l'a dit lundi.", "2022-01-31"),
        ("es", "Lo dijo el pasado lunes.", "2022-01-31"),
        ("pt", "Disse na segunda-feira.", "2022-01-31"),
        ("nl", "Dat zei hij maandag.", "2022-01-31"),
        ("nb", "Det sa han mandag.", "2022-01-31"),
        ("ru", "Он сказал это в среду.", "2022-02-02"),
        ("uk", "Він сказав це у п'ятницю.", "2022-02-04"),
        ("uk", "Він сказав це у пʼятницю.", "2022-02-04"),
    ],
)
def test_a_weekday_is_the_last_one_unless_the_words_look_ahead(language: str, text: str, day: str) -> None:
    assert [found for _, found in days(text, language)] == [day]


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("it", "Il 26 gennaio 2021 arriva. Lo stesso giorno parte.", "2021-01-26"),
        ("it", "Il 26 gennaio 2021 arriva. Il giorno dopo, parte.", "2021-01-27"),
        ("en", "On 26 January 2021 he came. The same day he left.", "2021-01-26"),
        ("en", "On 26 January 2021 he came. Two days later he left.", "2021-01-28"),
        ("de", "Am 26. Januar 2021 kam er. Am selben Tag ging er.", "2021-01-26"),
        ("de", "Am 26. Januar 2021 kam er. Drei Tage später ging er.", "2021-01-29"),
        ("fr", "Le 26 janvier 2021 il vint. Le même jour il partit.", "2021-01-26"),
        ("fr", "Le 26 janvier 2021 il vint. La veille, il dormait.", "2021-01-25"),
        ("es", "El 26 de enero de 2021 vino. El mismo día se fue.", "2021-01-26"),
        ("pt", "Em 26 de janeiro de 2021 veio. No dia seguinte partiu.", "2021-01-27"),
        ("nl", "Op 26 januari 2021 kwam hij. Dezelfde dag ging hij.", "2021-01-26"),
        ("nb", "Den 26. januar 2021 kom han. Samme dag dro han.", "2021-01-26"),
        ("ru", "26 января 2021 года он прибыл. В тот же день уехал.", "2021-01-26"),
        ("uk", "26 січня 2021 року він прибув. Того ж дня поїхав.", "2021-01-26"),
        ("uk", "26 січня 2021 року він прибув. Наступного дня поїхав.", "2021-01-27"),
    ],
)
def test_the_same_day_is_the_day_named_before(language: str, text: str, day: str) -> None:
    assert [found for _, found in days(text, language)] == ["2021-01-26", day]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Washington, 03/04/2022."),  # 3 April or 4 March
        ("en", "The 10 may go."),
        ("en", "A march in the rain."),
        ("en", "The last week of the campaign."),
        ("it", "Il 31 febbraio 2022."),
        ("it", "Il giorno dopo il voto."),
        ("it", "Costa 2.022 euro e 26 centesimi."),
        ("es", "Por la mañana llovía."),
        ("de", "Am Morgen regnete es."),
        ("it", "Versione 10.1.2022.4 del programma."),
        ("it", ""),
    ],
)
def test_what_is_no_date_or_could_be_two_is_left_out(language: str, text: str) -> None:
    assert days(text, language) == []


NO_ARTICLE_DATE = """Questo venerdì, 4 febbraio, parla il ministro. Il 1° febbraio ha taciuto.

Il 17 dicembre 2021 fu scritta una bozza.

Nel gennaio 2022 si trattò, il 10 gennaio a Ginevra.

Il 26 gennaio l'ambasciatore consegnò la risposta. Poi si tacque. Lo stesso giorno parlò Rossi."""


@pytest.mark.parametrize(
    ("language", "text", "written"),
    [
        ("en", "It was held on 10 January. A second round followed.", "10 January"),
        ("en", "It was held on Sat. March 5. Third parties came.", "Sat. March 5"),
        ("it", "Si è tenuto il 10 gennaio. Secondo Rossi era tardi.", "10 gennaio"),
        ("de", "Es begann am 5. März. Zweite Runden folgten.", "5. März"),
        ("fr", "Il a eu lieu le 10 janvier. Deux autres ont suivi.", "10 janvier"),
        ("es", "Fue el 10 de enero. Dos días bastaron.", "10 de enero"),
    ],
)
def test_no_date_goes_on_behind_the_end_of_its_sentence(language: str, text: str, written: str) -> None:
    article = Article("a.txt", "", text, published="2022-02-04", language=language)
    assert next(text[one.start : one.end] for one in dates_in(article, 0, len(text))) == written


def test_a_text_with_years_dates_itself() -> None:
    # 4 February is a Friday in 2022 and not in 2021, the other year the text names.
    undated = Article("a.txt", "", NO_ARTICLE_DATE)
    assert [(found.text, found.first, found.basis) for found in dates_in(undated)] == [
        ("venerdì, 4 febbraio", "2022-02-04", "year from the weekday"),
        ("1° febbraio", "2022-02-01", "year from the text before"),
        ("17 dicembre 2021", "2021-12-17", "written in full"),
        ("gennaio 2022", "2022-01-01", "written in full"),
        ("10 gennaio", "2022-01-10", "year from the text before"),
        ("26 gennaio", "2022-01-26", "year from the text before"),
        ("Lo stesso giorno", "2022-01-26", "relative to a date before it in the text"),
    ]


def test_only_dates_between_the_offsets_come_back_but_the_text_before_counts() -> None:
    undated = Article("a.txt", "", NO_ARTICLE_DATE)
    start = NO_ARTICLE_DATE.index("Lo stesso giorno")
    assert [found.iso for found in dates_in(undated, start)] == ["2022-01-26"]
    assert [found.iso for found in dates_in(undated, 0, 30)] == ["2022-02-04"]


def test_an_old_story_keeps_its_year_to_the_end_of_the_paragraph() -> None:
    text = "Il 3 maggio 1998 fu fondata. Il 5 giugno aprì.\n\nIl 15 gennaio ha chiuso."
    assert [found.iso for found in dates_in(article(text))] == ["1998-05-03", "1998-06-05", "2022-01-15"]


@pytest.mark.parametrize("aside", ["fermo dal luglio 2019", "firmato il 5 luglio 2019"])
def test_an_aside_about_an_earlier_year_does_not_carry_its_year_on(aside: str) -> None:
    text = f"A Bruxelles si è riunito il Consiglio, {aside}. Il 13 gennaio la discussione è passata a Vienna."
    assert dates_in(article(text))[-1].iso == "2022-01-13"


def test_every_date_is_the_text_at_its_offsets() -> None:
    for found in dates_in(Article("a.txt", "", NO_ARTICLE_DATE)):
        assert found.text == NO_ARTICLE_DATE[found.start : found.end]


@pytest.mark.parametrize(
    ("text", "sentence", "day", "basis"),
    [
        ("Piove. Il 26 gennaio nevicò.", "Il 26 gennaio nevicò.", "2022-01-26", "year from the article's date"),
        ("Parlando ieri, disse no. Poi tacque.", "Poi tacque.", "2022-02-03", "the day the article opens with"),
        ("Disse no. Poi tacque.", "Poi tacque.", "2022-02-04", "the article's date"),
        ("Disse no. Il 2021 fu un anno duro.", "Il 2021 fu un anno duro.", "2022-02-04", "the article's date"),
        ("Disse no. Nel 1998 disse sì.", "Nel 1998 disse sì.", "1998-01-01", "written in full"),
    ],
)
def test_an_event_happened_when_its_sentence_the_opening_or_the_article_says(
    text: str, sentence: str, day: str, basis: str
) -> None:
    start = text.index(sentence)
    found = answer_date(article(text), Sentence(start, start + len(sentence)))
    assert found is not None
    assert (found.first, found.basis) == (day, basis)


def test_a_date_that_is_not_in_the_sentence_has_no_text() -> None:
    found = answer_date(article("Disse no. Poi tacque."), Sentence(10, 21))
    assert found is not None
    assert (found.start, found.end, found.text) == (10, 10, "")


def test_without_any_date_nobody_knows_when() -> None:
    assert answer_date(article("Disse no. Poi tacque.", published=""), Sentence(10, 21)) is None


@pytest.mark.parametrize(
    ("first", "last", "language", "shown"),
    [
        ("2022-01-26", "2022-01-26", "en", "26 January 2022"),
        ("2022-01-26", "2022-01-26", "it", "26 gennaio 2022"),
        ("2022-02-01", "2022-02-01", "de", "1. Februar 2022"),
        ("2022-01-26", "2022-01-26", "es", "26 de enero de 2022"),
        ("2022-01-01", "2022-01-31", "en", "January 2022"),
        ("2022-01-01", "2022-01-31", "it", "gennaio 2022"),
        ("2022-01-01", "2022-12-31", "fr", "2022"),
        ("2022-01-10", "2022-01-13", "en", "10–13 January 2022"),
        ("2022-02-01", "2022-02-03", "it", "1–3 febbraio 2022"),
        ("2022-01-26", "2022-01-26", "", "26 January 2022"),
        ("2022-01-26", "2022-01-26", "xx", "26 January 2022"),
    ],
)
def test_a_date_is_shown_as_its_reader_writes_it(first: str, last: str, language: str, shown: str) -> None:
    assert display(ResolvedDate(0, 0, "", first, last, ""), language) == shown


@pytest.mark.parametrize(
    "repeated", ["1 ", "1", " ", "10-10-10 ", "dal 10 al 10 ", "tre giorni ", "l'", "26 gennaio ", "venerdì, "]
)
def test_time_grows_with_the_length_of_the_text_only(repeated: str) -> None:
    def seconds(length: int) -> float:
        hostile = article((repeated * length)[:length])
        start = time.process_time()
        dates_in(hostile)
        return time.process_time() - start

    seconds(1_000)  # compiles the patterns
    # Measured at 0.3 s and below; anything quadratic takes minutes.
    assert seconds(100_000) < 5


WEDNESDAY = "2024-03-06"


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("it", "Il faro ha riaperto il primo marzo.", "2024-03-01"),
        ("it", "Il ponte è crollato il 13/02/24.", "2024-02-13"),
        ("de", "Die Mühle ist am Sonntagabend abgebrannt.", "2024-03-03"),
        ("de", "Das Werk schloss am ersten Januar 2018.", "2018-01-01"),
        ("de", "Er kam am 28.10. zurück.", "2023-10-28"),
        ("en", "The vote falls on the first Friday of July 2025.", "2025-07-04"),
        ("en", "They will meet on Friday of next week.", "2024-03-15"),
        ("en", "It opened on September twenty-first.", "2023-09-21"),
        ("en", "He resigned on Tuesday the 5th.", "2024-03-05"),
        ("en", "They fled on the last Sunday of January.", "2024-01-28"),
        ("en", "We met 1 month and 21 days ago.", "2024-01-16"),
        ("fr", "Le musée a rouvert le vingt et un février.", "2024-02-21"),
        ("es", "La fábrica ardió el primer viernes de enero.", "2024-01-05"),
        ("pt", "O navio partiu na sexta da semana passada.", "2024-03-01"),
        ("nl", "De brug brak op de eerste maandag van vorige maand.", "2024-02-05"),
        ("sv", "Fabriken brann tjugoförsta februari.", "2024-02-21"),
        ("sv", "Fabriken brann i förrgår.", "2024-03-04"),
        ("da", "Skibet sank mandag aften.", "2024-03-04"),
        ("fi", "Tehdas paloi sunnuntaina.", "2024-03-03"),
        ("fi", "Silta suljettiin 13. helmikuuta 2024.", "2024-02-13"),
        ("pl", "Fabryka spłonęła wczoraj rano.", "2024-03-05"),
        ("pl", "Most zamknięto 13 lutego.", "2024-02-13"),
        ("cs", "Továrna vyhořela předevčírem.", "2024-03-04"),
        ("sk", "Most zatvorili v pondelok.", "2024-03-04"),
        ("hu", "A hidat február 13-án zárták le.", "2024-02-13"),
        ("hu", "A gyár tegnapelőtt égett le.", "2024-03-04"),
        ("ro", "Fabrica a ars alaltăieri.", "2024-03-04"),
        ("bg", "Мостът е затворен на 13 февруари 2024 г.", "2024-02-13"),
        ("el", "Το εργοστάσιο κάηκε χθες.", "2024-03-05"),
        ("el", "Η γέφυρα έκλεισε στις 13 Φεβρουαρίου 2024.", "2024-02-13"),
        ("tr", "Fabrika dün yandı.", "2024-03-05"),
        ("tr", "Köprü 13 Şubat 2024'te kapatıldı.", "2024-02-13"),
        ("ar", "أغلق الجسر في ١٣ فبراير ٢٠٢٤.", "2024-02-13"),
        ("ar", "احترق المصنع أمس.", "2024-03-05"),
        ("he", "הגשר נסגר ב-13 בפברואר 2024.", "2024-02-13"),
        ("he", "המפעל נשרף אתמול.", "2024-03-05"),
        ("fa", "کارخانه دیروز سوخت.", "2024-03-05"),
        ("fa", "پل در ۱۳ فوریه ۲۰۲۴ بسته شد.", "2024-02-13"),
        ("hi", "पुल 13 फरवरी 2024 को बंद हुआ।", "2024-02-13"),
        ("hi", "कारखाना कल जल गया।", "2024-03-05"),
        ("hi", "कारखाना कल बंद होगा।", "2024-03-07"),
        ("zh", "大桥于2024年2月13日关闭。", "2024-02-13"),
        ("zh", "工厂上周五着火。", "2024-03-01"),
        ("ja", "橋は2月13日に閉鎖された。", "2024-02-13"),
        ("ja", "工場は令和六年二月十三日に燃えた。", "2024-02-13"),
        ("ja", "首相は4日、辞任した。", "2024-03-04"),
        ("ko", "다리는 2024년 2월 13일 폐쇄됐다.", "2024-02-13"),
        ("ko", "공장은 사흘 전이 아니라 어제 불탔다.", "2024-03-05"),
        ("vi", "Cây cầu đóng cửa hôm qua.", "2024-03-05"),
        ("th", "สะพานปิดเมื่อวันที่ 13 กุมภาพันธ์ 2567", "2024-02-13"),
        ("id", "Pabrik itu terbakar kemarin.", "2024-03-05"),
        ("hr", "Most je zatvoren 13. veljače 2024.", "2024-02-13"),  # a language without a file
        ("ca", "El pont va tancar ahir.", "2024-03-05"),
    ],
)
def test_a_day_is_read_in_the_order_and_script_of_its_language(language: str, text: str, day: str) -> None:
    assert [found for _, found in days(text, language, WEDNESDAY)] == [day]


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "It was sold in the spring of 2023.", "2023-03-01..2023-05-31"),
        ("it", "Fu venduto nell'autunno del 2021.", "2021-09-01..2021-11-30"),
        ("en", "It collapsed twenty years ago.", "2004-01-01..2004-12-31"),
        ("en", "Thieves came over the weekend.", "2024-03-02..2024-03-03"),
        ("de", "Am Wochenende wird gefeiert.", "2024-03-09..2024-03-10"),
        ("en", "It opened in May.", "2023-05-01..2023-05-31"),
        ("en", "It will open in May.", "2024-05-01..2024-05-31"),
        ("fr", "Il a fermé en mai dernier.", "2023-05-01..2023-05-31"),
        ("zh", "工厂于2023年5月关闭。", "2023-05-01..2023-05-31"),
        ("no", "Verftet stengte i fjor.", "2023-01-01..2023-12-31"),
        ("no", "Verftet stenger i år.", "2024-01-01..2024-12-31"),
        ("no", "Verftet stengte i fjor sommer.", "2023-06-01..2023-08-31"),
        ("sv", "Varvet stängde i fjol.", "2023-01-01..2023-12-31"),
        ("cs", "Loděnice loni zavřela.", "2023-01-01..2023-12-31"),
        ("hu", "A hajógyár tavaly bezárt.", "2023-01-01..2023-12-31"),
        ("uk", "Верф закрили торік.", "2023-01-01..2023-12-31"),
        ("el", "Το ναυπηγείο έκλεισε πέρσι.", "2023-01-01..2023-12-31"),
        ("de", "Die Werft hat im Vorjahr geschlossen.", "2023-01-01..2023-12-31"),
        ("ko", "조선소는 작년에 문을 닫았다.", "2023-01-01..2023-12-31"),
    ],
)
def test_what_lasts_longer_than_a_day_is_no_day(language: str, text: str, found: str) -> None:
    assert [told for _, told in days(text, language, WEDNESDAY)] == [found]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Caesar died on 15 March 44 BC."),
        ("en", "They left a few days ago."),
        ("it", "È successo pochi giorni fa."),
        ("en", "He comes on the second Sunday."),
        ("en", "She won 3-2 in the 21st century."),
        ("en", "It runs 24/7 since then."),
        ("en", "Section 12 applies to the 15 men."),
    ],
)
def test_what_cannot_be_known_is_not_guessed(language: str, text: str) -> None:
    assert days(text, language, WEDNESDAY) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Caesar died on 15 March 44 BC."),
        ("en", "They left a few days ago."),
        ("ar", "قصفت الطائرات الميناء في اليوم الخامس من الحرب."),
        ("ar", "قصفت الطائرات الميناء في اليوم الخامس."),
        ("de", "Am fünften Tag des Streiks brannte das Lager."),
        ("fr", "Le dépôt a brûlé au cinquième jour de la grève."),
        ("es", "El almacén ardió el quinto día de la huelga."),
        ("it", "Il sindaco si dimise, due settimane dopo l'apertura dell'inchiesta."),
        ("fr", "Le maire a démissionné, deux semaines après l'ouverture de l'enquête."),
        ("es", "El alcalde dimitió dos días después del ataque."),
        ("pt", "O prefeito renunciou dois dias depois da abertura."),
    ],
)
def test_a_time_that_cannot_be_read_is_not_the_day_of_publication(language: str, text: str) -> None:
    assert days(text, language, WEDNESDAY) == []
    assert answer_date(article(text, language, WEDNESDAY), Sentence(0, len(text))) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The bridge reopened on Monday. The ferry will go on."),
        ("hi", "पुल सोमवार को खुला। अगली बैठक में नया नक्शा होगा।"),
        ("ar", "هل وصل الوزير يوم الاثنين؟ سوف يتحدث الرئيس"),
        ("fa", "وزیر دوشنبه آمد؟ رئیس خواهد گفت"),
        ("ja", "月曜日に橋が開通した。来年はさらに広げる予定です。"),
    ],
)
def test_what_the_next_sentence_foretells_makes_no_day_one_to_come(language: str, text: str) -> None:
    assert days(text, language, WEDNESDAY)[0][1] == "2024-03-04"


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "OSLO, March 6 (Wire) - The minister resigned on Tuesday.", "2024-03-05"),
        ("en", "MALDEN, 5 March 2024 - The bridge reopened on Monday.", "2024-03-04"),
        ("it", "ROMA, 6 marzo - Il ministro si è dimesso ieri.", "2024-03-05"),
        ("de", "BERLIN, 6. März - Der Minister ist am Montag gegangen.", "2024-03-04"),
        ("fr", "PARIS, 6 mars (Agence) — Le ministre a démissionné lundi.", "2024-03-04"),
        ("es", "Madrid, 6 mar (Agencia).- El ministro dimitió ayer.", "2024-03-05"),
    ],
)
def test_the_day_of_a_dateline_is_not_that_of_the_event(language: str, text: str, day: str) -> None:
    assert [found for _, found in days(text, language, WEDNESDAY)] == [day]
    told = answer_date(article(text, language, WEDNESDAY), Sentence(0, len(text)))
    assert told is not None
    assert told.iso == day


def test_a_dateline_tells_the_day_that_the_words_count_from() -> None:
    text = "OSLO, 4 March 2024 - The minister resigned on Sunday."
    assert [found for _, found in days(text, "en", published="")] == ["2024-03-03"]
    assert [found for _, found in days(text, "en", published="2024-03-05")] == ["2024-03-03"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("it", "Si dimise il 3 marzo 2024. Due settimane dopo il governo cadde."),
        ("it", "Si dimise il 3 marzo 2024, e due settimane dopo tornò."),
        ("es", "Dimitió el 3 de marzo de 2024 y dos semanas después volvió."),
        ("en", "He resigned on 3 March 2024, and two weeks later the council met."),
    ],
)
def test_what_is_counted_from_the_day_before_has_no_other_beginning(language: str, text: str) -> None:
    assert [(one.first, one.last) for one in dates_in(article(text, language, WEDNESDAY))][1:] == [
        ("2024-03-11", "2024-03-17")
    ]


def test_a_number_in_a_circle_is_passed_over() -> None:
    article = Article("a", "", "① Il 3 marzo 2024 ② hanno votato.", "2024-03-05", "it")
    assert [one.first for one in dates_in(article)] == ["2024-03-03"]


def test_many_threads_read_the_same_days_as_one() -> None:
    texts = [
        "On 26 January 2022 at noon",
        "the first Friday of July",
        "two years, one month and 21 days ago",
        "last spring",
        "between 3 and 5 May",
        "by Sunday evening",
        "in the third week of June 1994",
        "15 March 44 BC",
        "Monday 03/04/2021 and the 5th",
        "over the weekend, twenty years later",
        "in the 1990s",
        "tomorrow, next month, this year",
    ]

    def ways(grammar: Grammar, text: str) -> list[tuple[str, int, int]]:
        return [(found.way, *found.match.span()) for found in grammar.found(text)]

    alone = Grammar("en")
    expected = [ways(alone, text) for text in texts]
    patience = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            for _ in range(8):
                shared = Grammar("en")
                found = [pool.submit(ways, shared, text) for text in texts * 2]
                assert [future.result() for future in found] == expected * 2
    finally:
        sys.setswitchinterval(patience)


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "The union has called a strike for Thursday.", "2022-02-10"),
        ("en", "The vote was postponed to Monday.", "2022-02-07"),
        ("en", "Two men were fined for Thursday's brawl.", "2022-02-03"),
        ("en", "He was blamed for Sunday night's crash.", "2022-01-30"),
        ("de", "Die Gewerkschaft ruft für Donnerstag zum Warnstreik auf.", "2022-02-10"),
        ("de", "Die Sitzung ist auf den Montag gelegt, sie war für den Dienstag geplant.", "2022-02-08"),
        ("de", "In der Nacht auf Donnerstag brannte das Werk.", "2022-02-03"),
        ("it", "I sindacati hanno proclamato uno sciopero per giovedì.", "2022-02-10"),
        ("fr", "Les syndicats appellent à la grève pour jeudi.", "2022-02-10"),
        ("fr", "Les écoles rouvriront mercredi.", "2022-02-09"),
        ("fr", "Le musée fermera ses portes jeudi.", "2022-02-10"),
        ("fr", "Le ministre viendra mardi à Lyon.", "2022-02-08"),
        ("fr", "Il ouvrira le procès mercredi.", "2022-02-09"),
        ("fr", "Il entra au gouvernement mercredi.", "2022-02-02"),
        ("fr", "Elle se retira du front mercredi.", "2022-02-02"),
        ("fr", "L'opéra a fermé mercredi.", "2022-02-02"),
        ("fr", "Les patrons ont manifesté mercredi.", "2022-02-02"),
        ("fr", "Il est vrai que mercredi il a plu.", "2022-02-02"),
        ("es", "Irán atacó el miércoles la base.", "2022-02-02"),
        ("es", "Las escuelas abrirán el miércoles.", "2022-02-09"),
        ("pt", "O rei visitou a cidade na quarta-feira.", "2022-02-02"),
        ("it", "Le scuole riapriranno mercoledì.", "2022-02-09"),
        ("ar", "سقط الصاروخ يوم الأربعاء على سوق المدينة.", "2022-02-02"),
        ("ar", "ستبدأ المحادثات يوم الأربعاء.", "2022-02-09"),
        ("es", "Los sindicatos convocan una huelga para el jueves.", "2022-02-10"),
        ("pt", "O sindicato convocou greve para quinta-feira.", "2022-02-10"),
        ("nl", "De bond roept op tot een staking voor donderdag.", "2022-02-10"),
        ("sv", "Strejken är utlyst till torsdag.", "2022-02-10"),
        ("sv", "Natten till torsdag brann fabriken.", "2022-02-03"),
        ("ru", "Забастовка назначена на четверг.", "2022-02-10"),
        ("ru", "В ночь на четверг сгорел завод.", "2022-02-03"),
        ("uk", "Страйк призначено на четвер.", "2022-02-10"),
        ("pl", "Strajk zaplanowano na czwartek.", "2022-02-10"),
        ("cs", "Stávka je naplánována na čtvrtek.", "2022-02-10"),
        ("ro", "Sindicatele anunță grevă pentru joi.", "2022-02-10"),
        ("bg", "Стачката е за четвъртък.", "2022-02-10"),
        ("el", "Η απεργία προκηρύχθηκε για την Πέμπτη.", "2022-02-10"),
        ("id", "Serikat buruh menyerukan mogok untuk Kamis.", "2022-02-10"),
    ],
)
def test_a_day_that_something_is_set_for_is_one_to_come(language: str, text: str, day: str) -> None:
    assert day in [found.iso for found in dates_in(article(text, language))]


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "He resigned on 3 October last year.", "2021-10-03"),
        ("en", "Last year, on October 3, he resigned.", "2021-10-03"),
        ("en", "It opens on 3 October this year.", "2022-10-03"),
        ("en", "It will open on 3 January next year.", "2023-01-03"),
        ("en", "The fair opens on 3 May. Last year 300 came.", "2022-05-03"),
        ("de", "Er trat am 3. Oktober letzten Jahres zurück.", "2021-10-03"),
        ("de", "Er trat im vergangenen Jahr am 3. Januar zurück.", "2021-01-03"),
        ("it", "Si è dimesso il 3 gennaio dello scorso anno.", "2021-01-03"),
        ("it", "Si è dimesso il 3 gennaio scorso.", "2022-01-03"),
        ("it", "Si è dimesso il 3 febbraio scorso.", "2022-02-03"),
        ("fr", "Il a démissionné le 3 janvier de l'année dernière.", "2021-01-03"),
        ("fr", "Il a démissionné le 3 janvier dernier.", "2022-01-03"),
        ("es", "Dimitió el 3 de enero del año pasado.", "2021-01-03"),
        ("pt", "Demitiu-se em 3 de janeiro do ano passado.", "2021-01-03"),
        ("nl", "Hij trad af op 3 januari vorig jaar.", "2021-01-03"),
        ("sv", "Han avgick den 3 januari i fjol.", "2021-01-03"),
        ("no", "Han gikk av 3. januar i fjor.", "2021-01-03"),
        ("da", "Han gik af den 3. januar sidste år.", "2021-01-03"),
        ("fi", "Hän erosi 3. tammikuuta viime vuonna.", "2021-01-03"),
        ("pl", "Odszedł 3 stycznia ubiegłego roku.", "2021-01-03"),
        ("cs", "Odstoupil 3. ledna loňského roku.", "2021-01-03"),
        ("sk", "Odstúpil 3. januára minulého roka.", "2021-01-03"),
        ("ru", "Он ушёл 3 января прошлого года.", "2021-01-03"),
        ("uk", "Він пішов 3 січня минулого року.", "2021-01-03"),
        ("bg", "Подаде оставка на 3 януари миналата година.", "2021-01-03"),
        ("el", "Παραιτήθηκε στις 3 Ιανουαρίου του περασμένου έτους.", "2021-01-03"),
        ("ro", "A demisionat pe 3 ianuarie anul trecut.", "2021-01-03"),
        ("hu", "Tavaly január 3-án lemondott.", "2021-01-03"),
        ("tr", "Geçen yıl 3 Ocak'ta istifa etti.", "2021-01-03"),
        ("ar", "استقال في 3 يناير من العام الماضي.", "2021-01-03"),
        ("fa", "او در ۳ ژانویه سال گذشته استعفا داد.", "2021-01-03"),
        ("he", "הוא התפטר ב-3 בינואר בשנה שעברה.", "2021-01-03"),
        ("hi", "उन्होंने पिछले साल 3 जनवरी को इस्तीफा दिया।", "2021-01-03"),
        ("ja", "昨年1月3日に辞任した。", "2021-01-03"),
        ("ko", "작년 1월 3일 사임했다.", "2021-01-03"),
        ("zh", "去年1月3日他辞职。", "2021-01-03"),
        ("id", "Ia mundur pada 3 Januari tahun lalu.", "2021-01-03"),
        ("vi", "Ông từ chức ngày 3 tháng 1 năm ngoái.", "2021-01-03"),
        ("th", "เขาลาออกเมื่อวันที่ 3 มกราคม ปีที่แล้ว", "2021-01-03"),
    ],
)
def test_a_day_of_last_this_or_next_year_is_in_that_year(language: str, text: str, day: str) -> None:
    assert next(found.iso for found in dates_in(article(text, language)) if found.iso) == day


@pytest.mark.parametrize(
    ("language", "text", "first"),
    [
        ("en", "In January last year he resigned.", "2021-01-01"),
        ("de", "Im Januar vergangenen Jahres trat er zurück.", "2021-01-01"),
        ("zh", "去年1月他辞职。", "2021-01-01"),
        ("it", "Si è dimesso nel gennaio dello scorso anno.", "2021-01-01"),
        ("it", "Si è dimesso lo scorso gennaio.", "2022-01-01"),
    ],
)
def test_a_month_of_last_year_is_in_that_year(language: str, text: str, first: str) -> None:
    [found] = dates_in(article(text, language))
    assert (found.first, found.iso) == (first, "")


@pytest.mark.parametrize("language", ["zh", "ja"])
def test_a_year_is_read_that_is_written_sign_by_sign(language: str) -> None:
    assert days("二〇〇九年十月十二日", language) == [("二〇〇九年十月十二日", "2009-10-12")]


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "It fell on the 3rd Sunday in May.", "2022-05-15"),
        ("de", "Am 3. Sonntag im Mai wird gefeiert.", "2022-05-15"),
        ("fr", "Le 3e dimanche de mai, on fête.", "2022-05-15"),
        ("it", "La festa è la 3ª domenica di maggio.", "2022-05-15"),
        ("es", "La fiesta es el 3.er domingo de mayo.", "2022-05-15"),
        ("pt", "A festa é no 3.º domingo de maio.", "2022-05-15"),
        ("nl", "Op de 3e zondag van mei is het feest.", "2022-05-15"),
        ("sv", "Den 3:e söndagen i maj firas dagen.", "2022-05-15"),
        ("da", "Den 3. søndag i maj holdes festen.", "2022-05-15"),
        ("pl", "Święto przypada w 3. niedzielę maja.", "2022-05-15"),
        ("cs", "Slavnost je 3. neděli v květnu.", "2022-05-15"),
        ("ro", "Sărbătoarea e în a 3-a duminică din mai.", "2022-05-15"),
        ("bg", "Празникът е на 3-тата неделя на май.", "2022-05-15"),
        ("el", "Η γιορτή είναι την 3η Κυριακή του Μαΐου.", "2022-05-15"),
        ("uk", "Свято припадає на 3-тю неділю травня.", "2022-05-15"),
        ("ru", "Праздник проходит в 3-е воскресенье мая.", "2022-05-15"),
        ("ja", "祭りは5月第3日曜日に開かれる。", "2022-05-15"),
        ("ko", "축제는 5월 셋째 일요일에 열린다.", "2022-05-15"),
    ],
)
def test_a_weekday_of_a_month_is_counted_in_digits_too(language: str, text: str, day: str) -> None:
    assert [found.iso for found in dates_in(article(text, language, "2022-05-10"))] == [day]


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("ja", "3日前に死亡した。", "2022-02-01"),
        ("ja", "昨日の2日前に死亡した。", "2022-02-01"),
        ("zh", "他3天前去世。", "2022-02-01"),
        ("th", "เขาเสียชีวิตเมื่อ 3 วันก่อน", "2022-02-01"),
        ("th", "เขาเสียชีวิตเมื่อ 3 วันที่แล้ว", "2022-02-01"),
        ("cs", "Zemřel před třemi dny.", "2022-02-01"),
        ("sk", "Zomrel pred tromi dňami.", "2022-02-01"),
        ("ar", "توفي قبل يومين.", "2022-02-02"),
        ("he", "הוא מת לפני יומיים.", "2022-02-02"),
        ("ko", "그는 1개월 하고 3일 전에 사망했다.", "2022-01-01"),
    ],
)
def test_so_many_days_ago_are_counted_back(language: str, text: str, day: str) -> None:
    assert [found.iso for found in dates_in(article(text, language))] == [day]


@pytest.mark.parametrize(
    ("language", "text", "first"),
    [
        ("ru", "Он ушёл неделю назад.", "2022-01-24"),
        ("uk", "Він пішов тиждень тому.", "2022-01-24"),
        ("pl", "Odszedł tydzień temu.", "2022-01-24"),
        ("cs", "Odešel před týdnem.", "2022-01-24"),
        ("sk", "Odišiel pred týždňom.", "2022-01-24"),
        ("bg", "Той си тръгна преди седмица.", "2022-01-24"),
        ("fi", "Hän lähti viikko sitten.", "2022-01-24"),
        ("ar", "غادر قبل أسبوع.", "2022-01-24"),
        ("he", "הוא עזב לפני שבוע.", "2022-01-24"),
        ("he", "הוא עזב לפני שבועיים.", "2022-01-17"),
        ("fa", "او دو ماه پیش رفت.", "2021-12-01"),
        ("ko", "그는 두 달 전에 떠났다.", "2021-12-01"),
        ("vi", "Ông rời đi hai tháng trước.", "2021-12-01"),
        ("th", "เขาจากไปสองเดือนก่อน", "2021-12-01"),
        ("id", "Ia pergi dua bulan lalu.", "2021-12-01"),
    ],
)
def test_a_week_or_two_months_ago_are_a_week_or_a_month(language: str, text: str, first: str) -> None:
    assert [(found.iso, found.first) for found in dates_in(article(text, language))] == [("", first)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "استقال قبل أسبوع من الانتخابات."),
        ("ar", "استقال قبل ثلاثة أسابيع من الانتخابات."),
        ("bg", "Той подаде оставка преди месец май."),
        ("sv", "Han gick för år sedan."),
        ("ja", "寛政3年1月29日に生まれた。"),
        ("ja", "文久2年8月に渡った。"),
        ("zh", "贞观三年一月五日，他出使西域。"),
        ("en", "He is 5'11 and lived there in the '80s."),
    ],
)
def test_what_tells_no_day_that_is_known_is_none(language: str, text: str) -> None:
    assert dates_in(article(text, language)) == ()


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("ja", "22年1月5日に開業した。", "2022-01-05"),
        ("ja", "１９年５月３日に死亡した。", "2019-05-03"),
        ("zh", "民国98年3月5日，桥梁通车。", "2009-03-05"),
        ("zh", "民國三年一月五日，他到任。", "1914-01-05"),
        ("zh", "大桥于111年1月3日通车。", "2022-01-03"),
        ("zh", "618年6月18日，他即位。", "0618-06-18"),
        ("en", "He was born on 5 May '78.", "1978-05-05"),
        ("it", "È nato il 5 maggio '78.", "1978-05-05"),
        ("it", "È tornato venerdì ventotto.", "2022-01-28"),
        ("es", "Volvió el viernes veintiocho.", "2022-01-28"),
        ("fr", "Il est revenu vendredi vingt-huit.", "2022-01-28"),
        ("sv", "Finalen spelas på söndag.", "2022-02-06"),
        ("sv", "Finalen spelades på söndagen.", "2022-01-30"),
        ("da", "Finalen spilles på søndag.", "2022-02-06"),
        ("da", "Hun døde søndag.", "2022-01-30"),
        ("de", "Die Messe öffnet am Montag, den 15. Januar.", "2022-01-15"),
        ("hi", "वे इक्कीस सितंबर उन्नीस सौ अठहत्तर को मारे गए।", "1978-09-21"),
        ("hi", "वे सितंबर की दस तारीख, सन दो हजार को मारे गए।", "2000-09-10"),
        ("ja", "今から2週先の日曜日に開く。", "2022-02-20"),
    ],
)
def test_short_years_years_in_words_reigns_and_weekdays_with_a_number_are_read(
    language: str, text: str, day: str
) -> None:
    assert [found.iso for found in dates_in(article(text, language))] == [day]


def test_a_year_of_a_reign_alone_is_read() -> None:
    (found,) = dates_in(article("橋は令和3年に開通した。", "ja"))
    assert (found.first, found.last) == ("2021-01-01", "2021-12-31")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "去年本月十日，他离开了。"),
        ("en", "Last year, on the 5th, he left."),
        ("nl", "Op de 3e dinsdag ging hij weg."),
    ],
)
def test_a_day_of_a_month_that_is_not_told_is_none(language: str, text: str) -> None:
    assert not [found for found in dates_in(article(text, language)) if found.iso]
