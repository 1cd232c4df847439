"""A search for words: what was typed is looked for as it was meant, in any script, and every mark is what was found."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import read_in_this_process
from fakes import HashingEmbedding

from assistant.lookup.lookup import Lookup, look_up
from assistant.lookup.matching import is_one
from assistant.lookup.names import KnownName, named_like, names_among, names_in, said_by
from assistant.lookup.query import All, Any, Near, Not, Phrase, Word, parsed
from index.articles import Article
from index.errors import UserError
from index.filters import Filters
from index.generations.generation import Generation
from index.generations.pointer import open_current
from index.rebuild import rebuild
from ui.hit_table import as_csv

ARTICLES = {
    "bridge.md": ("The bridge reopens", "2024-03-05", "en", "The Daily Wren", "Ada Poe",
                  "The iron bridge in Marlow reopened on 4 March. Vladimir Putin did not attend.\n\n"
                  "The repairs cost 3,200 crowns and a toll."),
    "ferry.md": ("A ferry for Marlow", "2024-05-20", "en", "The Daily Wren", "Ben Oak",
                 "The ferry repairs in Marlow were costly. The bridge of iron is older than the ferry."),
    "uk/mist.md": ("Міст у Марлоу", "2024-03-06", "uk", "Вісник", "",
                   "Володимир Путін не приїхав на відкриття мосту. Ремонт коштував 3200 крон."),
    "de/fluss.md": ("Am Fluss", "2023-11-02", "de", "Bote", "Ada Poe",
                    "Der Fluss stieg. Wladimir Putin schwieg, sagte Paton. =HYPERLINK"),
    "ja/hashi.md": ("橋", "2022-01-01", "ja", "", "", "鉄の橋が開通した。東京の新聞が伝えた。"),
}  # fmt: skip


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    scratch = tmp_path_factory.mktemp("lookup")
    for name, (title, published, language, source, author, text) in ARTICLES.items():
        path = scratch / "articles" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        known = {"title": title, "published": published, "language": language, "source": source, "author": author}
        front = "".join(f'{key}: "{value}"\n' for key, value in known.items() if value)
        path.write_text(f"---\n{front}---\n\n{text}\n")
    with pytest.MonkeyPatch.context() as patch:
        read_in_this_process(patch)
        rebuild(scratch / "articles", scratch / "index", HashingEmbedding)
    yield open_current(scratch / "index")


def found(generation: Generation, query: str, filters: Filters | None = None) -> set[str]:
    """The articles that a search finds, without their endings; every mark is looked at."""
    given = look_up(query, generation, filters)
    for one in given.found:
        text = generation.article(one.article.id).text
        assert text[one.start : one.end] == one.text or one.text == ""
        assert all(one.start <= start < end <= one.end for start, end in one.marks)
    return {one.article.id.removesuffix(".md") for one in given.found}


def marked(given: Lookup) -> list[str]:
    return [one.text[start - one.start : end - one.start] for one in given.found for start, end in one.marks]


@pytest.mark.parametrize(
    ("query", "articles"),
    [
        ("bridge repair", "bridge ferry"),  # in any form, anywhere in the article
        ('"iron bridge"', "bridge"),
        ("“iron bridge”", "bridge"),
        ('"bridge iron"', ""),
        ("repairs AND ferry", "ferry"),
        ("toll OR ferry", "bridge ferry"),
        ("bridge NOT ferry", "bridge"),
        ("bridge -ferry", "bridge"),
        ("(toll OR older) bridge", "bridge ferry"),
        ("rep*", "bridge ferry"),
        ("crow*", "bridge"),
        ("repairs NEAR/1 cost", "bridge"),
        ("bridge NEAR/1 older", ""),
        ("bridge NEAR/3 older", "ferry"),
        ("Putin", "bridge uk/mist de/fluss"),
        ("Путін", "bridge uk/mist de/fluss"),
        ("Владимир Путин", "bridge uk/mist de/fluss"),
        ("~putin", "bridge uk/mist de/fluss"),
        ('"Putin"', "bridge de/fluss"),  # as it stands
        ("putin", "bridge de/fluss"),
        ("Paton", "de/fluss"),  # sounds alike, and is another name
        ("3,200", "bridge"),
        ("3200", "uk/mist"),
        ("橋", "ja/hashi"),
        ("東京", "ja/hashi"),
        ("京東", ""),
        ("Міст", "uk/mist"),
        ("Fluss", "de/fluss"),
        ("パトン", "de/fluss"),  # a name whose letters the index has one by one
        ("מרלו", "bridge ferry"),
        ("مارلو", "bridge ferry"),
        ("Tokio", "ja/hashi"),
        ("طوكيو", "ja/hashi"),
        ("Токио -橋", ""),
        ("nowhere", ""),
    ],
)  # fmt: skip
def test_what_is_typed_is_found_as_it_is_meant(generation: Generation, query: str, articles: str) -> None:
    assert found(generation, query) == set(articles.split())


def test_marks_are_the_words_that_were_found_in_whichever_script(generation: Generation) -> None:
    assert sorted(marked(look_up("Putin", generation))) == ["Putin", "Putin", "Путін"]
    assert set(marked(look_up('"iron bridge"', generation))) == {"iron bridge"}
    assert sorted(marked(look_up("ferry", generation))) == ["ferry", "ferry"]


def test_a_search_counts_what_it_found_and_is_narrowed_by_it(generation: Generation) -> None:
    facets = look_up("Putin", generation).facets
    assert facets.languages == (("de", 1), ("en", 1), ("uk", 1))
    assert facets.months == (("2024-03", 2), ("2023-11", 1))
    assert facets.authors == (("Ada Poe", 2),)
    assert facets.folders == (("de", 1), ("uk", 1))
    assert found(generation, "Putin", Filters(authors=("Ada Poe",))) == {"bridge", "de/fluss"}
    assert found(generation, "Putin", Filters(languages=("uk", "de"))) == {"uk/mist", "de/fluss"}
    assert found(generation, "Putin", Filters(folders=("uk",), since="2024-01-01")) == {"uk/mist"}
    newest = look_up("Putin", generation, newest_first=True)
    assert [one.article.id for one in newest.found] == ["uk/mist.md", "bridge.md", "de/fluss.md"]


@pytest.mark.parametrize(
    ("query", "node"),
    [
        ("a b", All((Word("a"), Word("b")))),
        ("a OR b c", Any((Word("a"), All((Word("b"), Word("c")))))),
        ("(a OR b) c", All((Any((Word("a"), Word("b"))), Word("c")))),
        ("a NOT (b c)", All((Word("a"), Not(All((Word("b"), Word("c"))))))),
        ('"a b"', Phrase((Word("a", is_exact=True), Word("b", is_exact=True)))),
        ("a NEAR b", Near(Word("a"), Word("b"), 10)),
        ("a NEAR/2 b", Near(Word("a"), Word("b"), 2)),
        ("ab*", Word("ab", is_beginning=True)),
        ("Ada", Word("Ada", is_name=True)),
        ("~ada", Word("ada", is_name=True)),
        ("a) b", All((Word("a"), Word("b")))),
        ("(a", Word("a")),
        ("a OR", Word("a")),
        ("a AND AND b", All((Word("a"), Word("b")))),
        ('"a', Word("a", is_exact=True)),
        ("rouen-palma", Phrase((Word("rouen", is_exact=True), Word("palma", is_exact=True)))),
    ],
)
def test_a_query_is_read_as_it_is_meant_however_it_is_written(query: str, node: object) -> None:
    assert parsed(query) == node


@pytest.mark.parametrize(
    "query", ["", "  ", "()", '""', "AND", "NOT a", "-a", "NOT a OR NOT b", "*", "x" * 1001, "a " * 40]
)
def test_a_query_that_says_nothing_to_look_for_is_refused_in_a_sentence(query: str, generation: Generation) -> None:
    if query == "a " * 40:
        query = " ".join(f"word{number}" for number in range(40))
    with pytest.raises(UserError):
        look_up(query, generation)


@pytest.mark.parametrize(
    ("word", "token", "is_found"),
    [
        (Word("Selenskyj", is_name=True), "Зеленський", True),
        (Word("Putin", is_name=True), "بوتين", True),
        (Word("Putin", is_name=True), "Patton", False),
        (Word("Putin", is_name=True), "putin", True),
        (Word("Гринчук", is_name=True), "Hrynchuk", True),
        (Word("Салливан", is_name=True), "Slovenia", False),
        (Word("ميلوني", is_name=True), "Meloni", True),  # waw, vav and w are vowels here, consonants there
        (Word("وارسو", is_name=True), "Warsaw", True),
        (Word("רוטרדם", is_name=True), "Rotterdam", True),
        (Word("Haddad", is_name=True), "حداد", True),  # with an alef between two letters that are one
        (Word("Madad", is_name=True), "حداد", False),
        (Word("Hariri", is_name=True), "الحريري", True),  # behind the article
        (Word("Khatib", is_name=True), "والخطيب", True),
        (Word("الخطيب", is_name=True), "Khatib", True),
        (Word("الحلبي", is_name=True), "حلبي", True),
        (Word("Hariri", is_name=True), "الرجل", False),  # a man
        (Word("Mansour", is_name=True), "المنزل", False),  # a house
        (Word("Женева", is_name=True), "Genève", True),
        (Word("Howard", is_name=True), "Ховард", True),
        (Word("Walter", is_name=True), "Alter", False),  # but not where both are in one script
        (Word("روتردام", is_name=True), "Potsdam", False),
        (Word("מרקל", is_name=True), "Marcos", False),
        (Word("تريستي", is_name=True), "Thursday", False),  # but Trieste
        (Word("براغ", is_name=True), "Brugge", False),  # but Prague, which is known
        (Word("براغ", is_name=True), "Prahy", True),  # in a case of its own
        (Word("Вена", is_name=True), "Wien", True),  # which no sound tells
        (Word("Вена", is_name=True), "Venice", False),
        (Word("Ницца", is_name=True), "Nizza", True),
        (Word("Ницца", is_name=True), "nice", False),
        (Word("strikes"), "strike", True),
        (Word("strikes", is_exact=True), "strike", False),
    ],
)
def test_a_name_is_known_in_another_script_and_not_by_its_sound_alone(word: Word, token: str, is_found: bool) -> None:
    assert is_one(word, token, "en") == is_found


def test_a_table_of_what_was_found_holds_no_formula(generation: Generation) -> None:
    lines = as_csv(look_up("Paton", generation).found).splitlines()
    assert lines[0].removeprefix("\ufeff").startswith("article,title,source")
    assert lines[1].startswith("de/fluss.md,Am Fluss,Bote,2023-11-02,de,Ada Poe,")
    [found] = look_up("橋", generation).found
    for sign in (
        "=1",
        "+1",
        "-1",
        "@SUM(A1)",
        "＝1",
        "＋1",
        "－1",
        "＠1",
        '=HYPERLINK("http://a")',
    ):
        article = replace(found.article, id=sign, title=sign, source=sign, author=sign, url=sign)
        [row] = list(csv.DictReader(as_csv([replace(found, article=article, text=sign)])[1:].splitlines(keepends=True)))
        assert [row[name] for name in ("article", "title", "source", "author", "url", "text")] == [f"'{sign}"] * 6


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("مارلو", "Marlow Bridge"),
        ("Марлоу", "Marlow Bridge"),
        ("ברצלונה", "Barcelona Football Club"),
        ("バルセロナ", "Barcelona Football Club"),
        ("Вена", "Universität Wien"),
        ("維也納", ""),
        ("维也纳", "Universität Wien"),
        ("ميلوني جورجيا", "Giorgia Meloni"),
        ("melo", "Giorgia Meloni"),
        ("Milano", ""),
        ("-", ""),
        ("", "Barcelona Football Club,Giorgia Meloni,Marlow Bridge,Universität Wien"),
    ],
)
def test_a_name_is_told_from_all_by_a_part_of_it_or_by_its_words_in_another_script(wanted: str, found: str) -> None:
    names = [
        KnownName(one, 1) for one in ("Barcelona Football Club", "Giorgia Meloni", "Marlow Bridge", "Universität Wien")
    ]
    assert ",".join(one.text for one in named_like(wanted, names)) == found


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a;=cmd|' /C calc'!A0;b", "a;'=cmd|' /C calc'!A0;b"),
        ("a;\xa0＝1; +2", "a;\xa0'＝1; '+2"),
        ("a\n=1\r\n@b\t-1", "a\n'=1\r\n'@b\t'-1"),
        ("\t=1", "\t'=1"),
        ("\r=1", "\r'=1"),
        (" =1", " '=1"),
        ("a - b = c; d", "a - b = c; d"),
    ],
)
def test_a_cell_holds_none_for_a_spreadsheet_that_parts_them_otherwise(
    generation: Generation, text: str, written: str
) -> None:
    [found] = look_up("橋", generation).found
    [_, row] = list(csv.reader(io.StringIO(as_csv([replace(found, text=text)])[1:], newline="")))
    assert row[-1] == written


def test_names_are_merged_across_spellings_and_scripts_and_counted_by_article(generation: Generation) -> None:
    names = {one.text: one for one in names_in(generation)}
    putin = names["Vladimir Putin"]
    assert set(putin.spellings) == {"Wladimir Putin", "Володимир Путін"} or "Wladimir Putin" in putin.spellings
    assert (putin.article_count, putin.first, putin.last) == (3, "2023-11-02", "2024-03-06")
    assert not any(name.startswith("The ") for name in names)


def test_what_stands_before_a_name_is_no_part_of_it() -> None:
    one = Article("a", "", "Dr Niamh Conneely spoke. Later Dr Conneely left with Mr Vale.", "2024-03-05", "en")
    other = Article("b", "", "Das sagte Frau Niamh Conneely. Frau Conneely ging.", "2024-03-06", "de")
    assert [(name.text, name.article_count) for name in names_among([one, other])] == [("Niamh Conneely", 2)]


@pytest.mark.parametrize(
    ("code", "text", "names"),
    [
        ("de", "Da rief Fahrgast Nora Tannhof. Ihr half Bauleiterin Ute Voss.", ["Nora Tannhof", "Ute Voss"]),
        ("de", "Da rief Fahrgast Tannhof. Torwart Jan Lehrer blieb.", ["Torwart Jan Lehrer"]),  # no list has all
        ("pl", "Pasażer Jan Wilk wstał. Nauczycielka Ewa Sowa też.", ["Ewa Sowa", "Jan Wilk"]),
        ("fr", "Passager Jean Lamarre se leva. Il suit Père Luc Morin.", ["Jean Lamarre", "Luc Morin"]),
        ("en", "He saw Father Nunzio Corda. Passenger Ann Vale rose for Mother Teresa.",
         ["Ann Vale", "Mother Teresa", "Nunzio Corda"]),
        ("it", "Suor Maria Conti tace. Parla Padre Luca Bassi.", ["Luca Bassi", "Maria Conti"]),
        ("no", "Passasjer Kari Lunde ropte. Det sa Hydro-sjef Nils Moe.", ["Kari Lunde", "Nils Moe"]),
        ("uk", "Мати Гринчук мовчала. Водій Іван Стець пішов.", ["Іван Стець"]),
        ("ru", "Пассажирка Анна Белова встала.", ["Анна Белова"]),
        ("tr", "Yolcu Ayşe Demir kalktı.", ["Ayşe Demir"]),
        ("hu", "Utas Nagy Ilona felállt.", ["Nagy Ilona"]),
    ],
)  # fmt: skip
def test_what_somebody_is_stands_before_a_name_and_is_no_part_of_it(code: str, text: str, names: list[str]) -> None:
    assert sorted(name.text for name in names_among([Article("a", "", text, "2024-03-05", code)])) == names


def test_a_title_of_many_languages_is_no_part_of_a_name_in_any() -> None:
    texts = (("it", "Lo dice Dr Niamh Conneely. Poi Dr Conneely tace."), ("", "Dr Conneely. Steffi Graf."))
    articles = [Article(code, "", text, "2024-03-05", code) for code, text in texts]
    assert {name.text for name in names_among(articles)} == {"Niamh Conneely", "Steffi Graf"}
    one = Article("a", "", "Gestern gewann Steffi Graf. Frau Steffi Graf ging.", "2024-03-05", "de")
    assert [name.text for name in names_among([one])] == ["Steffi Graf"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sie zahlten vier Monate Miete, und drei Wochen Lohn blieben aus.", []),
        ("Zwei Stunden Regen reichten. Zwölf Gärtner halfen.", []),
        ("Eine Ecklauer Bäckerei gab 40 Laibe Brot.", []),
        ("Kein Nachbar Angst, sein Bruder Mut: so sagte es Nora Tannhof.", ["Nora Tannhof"]),
        ("Die Mühle steht. Der Wind trieb die Mühle Tag für Tag. Der Tag war lang.", []),
        ("Der Verein schließt Ende Mai. Für den Verein Spenden zu sammeln, half nicht. Er bekam die Spenden.", []),
        ("Der Leiter kam. Mit ihm sprach Leiter Kuno Halvers.", ["Kuno Halvers"]),
        ("Er reist nach Neu Ulm. Das Seeamt prüft. Es ist das Rote Seeamt.", ["Neu Ulm", "Rote Seeamt"]),
    ],
)
def test_german_nouns_beside_one_another_are_no_name(text: str, names: list[str]) -> None:
    found = names_among([Article("a", "", text, "2024-03-05", "de")])
    assert sorted(name.text for name in found) == names


@pytest.mark.parametrize(
    ("code", "text", "names"),
    [
        ("en", "Japan's Nikkei fell. It fell in Japan too. He saw King's College.", ["King's College"]),
        ("en", "She leaves. Leave Ada Finch alone. Why Malta won.", ["Ada Finch"]),
        (
            "en",
            "He met President Joe Biden. Later George W. Bush came, later.",
            ["George W. Bush", "Joe Biden"],
        ),
        ("en", "A new bank in New York. The new York of old, New York.", []),
        ("en", "A new day in New York. They love New York.", ["New York"]),
        ("en", "The bank, a bank. He works at Gazprom Bank now.", ["Gazprom Bank"]),
        (
            "it",
            "L'associazione Cuore Lariano parla. Va all'Unione Sportiva.",
            ["Cuore Lariano", "Unione Sportiva"],
        ),
        ("uk", "Чому Італія виграла? Оксана Гринчук купує клуб. Купує Гринчук.", ["Оксана Гринчук"]),
        ("no", "Hydro-sjef Svein Brandt sa det. Han er sjef. Verken Amazon eller han.", ["Svein Brandt"]),
        ("de", "Das Schreiben kam. Sie lasen das Schreiben. Er will sich wegen des US-Schreibens Zeit lassen.", []),
        ("fr", "Le ministre Jean Moulin parle. Elle aussi. Comment Marseille gagne.", ["Jean Moulin"]),
        ("en", "Then came Neil Young. They heard Neil Youngs guitar.", ["Neil Young"]),
        ("no", "Der spilte Neil Young. Alle hørte Neil Youngs gitar.", ["Neil Young"]),
        ("en", "They saw Ban Ki-moon by the moon.", ["Ban Ki-moon"]),
    ],
)
def test_a_capital_letter_for_the_sentences_sake_makes_no_name(code: str, text: str, names: list[str]) -> None:
    found = names_among([Article("a", "", text, "2024-03-05", code)])
    assert sorted(name.text for name in found) == names


@pytest.mark.parametrize(
    ("code", "text", "name"),
    [
        ("uk", "«Дякувати Богу, всі живі», — каже Олена Гнатюк. На Старий Новий Рік співали.", "Олена Гнатюк"),
        ("uk", "Слава Україні! Слава Каминська вийшла на сцену у Велику П’ятницю.", "Слава Каминська"),
        ("ru", "Не дай Бог, вздохнул Пётр Лесков. Христос Воскресе, пели на День Победы.", "Пётр Лесков"),
        ("en", "“Thank God,” said Doris Day. On New Year’s Eve they shut, on Good Friday too.", "Doris Day"),
        ("de", "Mein Gott, sagte Christian Gott. Am Heiligen Abend und am Ersten Mai ist zu.", "Christian Gott"),
        ("it", "Dio Mio, ha detto Carlo Neri. Il Venerdì Santo e a Capodanno si chiude. Buon Natale!", "Carlo Neri"),
        ("fr", "Mon Dieu, dit Paul Girard. Le Vendredi Saint tout ferme. Bonne Année à tous.", "Paul Girard"),
        ("es", "Dios Mío, dijo Marta Ruiz. En Semana Santa y en Año Nuevo llovió.", "Marta Ruiz"),
        ("pl", "Dzięki Bogu, mówi Bożena Lis. W Boże Narodzenie i w Wielki Piątek sklep stoi.", "Bożena Lis"),
        ("tr", "İyi Bayramlar, dedi Ali Demir. Kurban Bayramı sakin geçti.", "Ali Demir"),
        ("el", "Χριστός Ανέστη, είπε ο Νίκος Βέργης. Τη Μεγάλη Παρασκευή κλείνουν.", "Νίκος Βέργης"),
        ("sv", "Herre Gud, sade Eva Lind. På Första Maj var det kallt.", "Eva Lind"),
    ],
)
def test_feasts_wishes_and_exclamations_are_no_names(code: str, text: str, name: str) -> None:
    found = names_among([Article("a", "", text, "2024-03-05", code)])
    assert [one.text for one in found] == [name]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("وقال رئيس النقابة سامي الخطيب: «لن نعود إلى العمل اليوم».", ["سامي الخطيب"]),
        ("وأكدت النائبة سلوى عيسى: «سنصوت ضد القانون».", ["سلوى عيسى"]),
        ("وقال الرئيس الفرنسي إيمانويل ماكرون: «أوروبا تحتاج إلى وقت».", ["إيمانويل ماكرون"]),
        ("«لم نر شيئا كهذا»، قال المزارع كمال ناصر. ثم عاد كمال ناصر إلى بيته.", ["كمال ناصر"]),
        ("وقال مصدر أمني: «لا خسائر في الأرواح».", []),
        ("قال وزير الداخلية: «الوضع هادئ».", []),
        ("قالت الشرطة في بيان لها: «الطريق مغلق».", []),
        ("قال المتحدث باسم الحكومة: «لا تعليق».", []),
        ("قال رئيس بلدية طرطوس: «العمل مستمر».", []),
        ("وأضاف وهو يضحك: «سأعود غدا بالتأكيد».", []),
        ("قال في مؤتمر صحفي: «انتهى التحقيق».", []),
    ],
)
def test_where_no_letter_is_a_capital_who_is_heard_is_known_by_name(text: str, names: list[str]) -> None:
    articles = [Article("a", "", text, "2024-03-05", "ar"), Article("b", "لقاء مع سامي الخطيب", "نص.", "", "ar")]
    found = names_among(articles)
    assert [one.text for one in found] == names
    assert [one.article_count for one in found] == [2 if "سامي الخطيب" in names else 1 for _ in names]


def test_a_headline_whose_words_all_have_capital_letters_tells_no_name() -> None:
    one = Article("a", "Wind Keeps Satellite On Ground Again", "Ada Finch waits.", "2024-03-05", "en")
    assert [name.text for name in names_among([one])] == ["Ada Finch"]


@pytest.mark.parametrize(
    ("code", "name", "kind"),
    [
        ("en", "Gazprom Bank", "organisation"),
        ("no", "AirTanker Ltd", "organisation"),  # English, as firms' names are anywhere
        ("de", "Moskauer Außenministerium", "organisation"),
        ("pl", "Uniwersytet Warszawski", "organisation"),
        ("it", "Stati Uniti", "place"),
        ("fr", "Lac Léman", "place"),
        ("sv", "Petter Lindberg", "other"),
        ("en", "Ada Finch", "other"),
    ],
)
def test_organisations_and_places_are_told_by_a_word_of_their_names(code: str, name: str, kind: str) -> None:
    text = f"Yesterday we saw {name}. We like {name}."
    [found] = [one for one in names_among([Article("a", "", text, "2024-03-05", code)]) if one.text == name]
    assert found.kind == kind


def test_what_somebody_said_is_direct_speech_beside_their_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_in_this_process(monkeypatch)
    (tmp_path / "articles").mkdir()
    text = (
        "“The bridge will hold,” said Ada Finch on Monday. Ada Finch left. “Nobody asked me about the toll,” he said. "
        "“Ada Finch is wrong about the bridge,” said Ben Oak."
    )
    (tmp_path / "articles" / "a.txt").write_text(text)
    rebuild(tmp_path / "articles", tmp_path / "index", HashingEmbedding)
    made = open_current(tmp_path / "index")
    [one] = said_by("Ada Finch", look_up("Ada Finch", made).found, made)
    stored = made.article("a.txt").text
    assert stored[slice(*one.quoted)] == "“The bridge will hold,”"
    assert stored[slice(*one.speaker)] == "Finch"
    assert stored[slice(*one.sentence)] == one.text
