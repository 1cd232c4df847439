"""What an article says about itself in its first lines, and what in its body is not its own."""

from pathlib import Path

import pytest

from index.articles import Article
from index.reading.datelines import from_first_lines
from index.reading.units import read_file
from index.splitting.asides import find_asides
from index.splitting.passages import cut

STORY = "<p>The iron bridge reopened on Monday, and the mayor cut a ribbon before some forty people.</p>" * 3


@pytest.mark.parametrize(
    ("language", "text", "published"),
    [
        ("en", "The bridge reopens\n\nPublished: 5 March 2024, 10:30\n\nThe text.", "2024-03-05"),
        ("en", "The bridge reopens\n\nMarch 5, 2024\n\nThe text.", "2024-03-05"),
        ("en", "Marlow, March 5th, 2024 – The iron bridge reopened.", "2024-03-05"),
        ("en", "MARLOW (5 March 2024) — The iron bridge reopened.", "2024-03-05"),
        ("en", "By Ada Finch | Tuesday 5 March 2024 | 10:30\n\nThe text.", "2024-03-05"),
        ("it", "Roma, 4 febbraio 2022 - Il ministro ha detto no.", "2022-02-04"),
        ("it", "Il ponte riapre\n\nPubblicato il 4 febbraio 2022 alle 10:30\n\nIl testo.", "2022-02-04"),
        ("it", "ROMA, 1º febbraio 2022\n\nIl testo.", "2022-02-01"),
        ("de", "Berlin, den 4. Februar 2022: Die Ministerin sagte nein.", ""),
        ("de", "Berlin, 4. Februar 2022: Die Ministerin sagte nein.", "2022-02-04"),
        ("de", "Veröffentlicht am 04.02.2022 um 10:30\n\nDer Text.", "2022-02-04"),
        ("es", "Madrid, 4 de febrero de 2022 – El ministro dijo no.", "2022-02-04"),
        ("fr", "Publié le 1er février 2022 à 10h30\n\nLe texte.", "2022-02-01"),
        ("uk", "Київ, 4 лютого 2022 року — Міністр сказав ні.", "2022-02-04"),
        ("ru", "4 февраля 2022\n\nМинистр сказал нет.", "2022-02-04"),
        ("ja", "2022年2月4日\n\n外務大臣は述べた。", "2022-02-04"),
        ("en", "2024-03-05T10:00:00Z\n\nThe text.", "2024-03-05"),
        ("it", "04/02/2022\n\nIl testo.", "2022-02-04"),
        ("en", "13/02/2022\n\nThe text.", "2022-02-13"),
        ("en", "04/02/2022\n\nThe text: April or February?", ""),
        ("en", "On 3 May 2020 they met.", ""),
        ("en", "They met on 3 May 2020.", ""),
        ("en", "The minister said on 3 May 2020 – a Sunday – that it failed.", ""),
        ("en", "The talks of 3 May 2020\n\nThe text.", ""),
        ("en", "31 February 2024\n\nThe text.", ""),
        ("it", "Il 26 gennaio 2022, il ministro ha detto no.", ""),
        ("en", "One.\n" * 7 + "5 March 2024\n", ""),
    ],
)
def test_dateline_is_the_date_published(language: str, text: str, published: str) -> None:
    assert from_first_lines(text, language).get("published", ("", ""))[0] == published


@pytest.mark.parametrize(
    ("text", "author"),
    [
        ("The bridge reopens\n\nBy Ada Finch\n\nThe text.", "Ada Finch"),
        ("Il ponte riapre\n\ndi Ada Rossi e Bruno Bianchi\n\nIl testo.", "Ada Rossi e Bruno Bianchi"),
        ("Von Jürgen Ömer\n\nDer Text.", "Jürgen Ömer"),
        ("By the river they met\n\nThe text.", ""),
        ("Di nuovo in piazza\n\nIl testo.", ""),
    ],
)
def test_byline_is_the_author(text: str, author: str) -> None:
    assert from_first_lines(text, "en").get("author", ("", ""))[0] == author


@pytest.mark.parametrize(
    ("language", "line", "author"),
    [
        ("el", "Γράφει: Νίκος Παππάς", "Νίκος Παππάς"),
        ("pl", "Autor: Łukasz Żak", "Łukasz Żak"),
        ("ru", "Автор: Иван Петров", "Иван Петров"),
        ("ru", "Автор книги умер", ""),
        ("pl", "Autor świata ładu", ""),
    ],
)
def test_who_is_named_as_the_author_has_a_capital_letter_in_any_script(language: str, line: str, author: str) -> None:
    assert from_first_lines(f"{line}\n\nText.", language).get("author", ("", ""))[0] == author


def test_date_in_the_text_comes_before_the_one_in_the_file_name(tmp_path: Path) -> None:
    (tmp_path / "2020-01-01-ponte.txt").write_text("Il ponte\n\n4 febbraio 2022\n\nIl ministro ha detto di sì.\n")
    [article] = read_file(tmp_path, "2020-01-01-ponte.txt")
    assert isinstance(article, Article)
    assert (article.published, article.evidence["published"]) == ("2022-02-04", "first lines")


LONG = "The minister said on Thursday that the talks in Geneva had brought no result, and that they would go on. " * 3


@pytest.mark.parametrize(
    "asides",
    [
        [
            "Diary of a woman in Quibble: so dull without the flood!",
            "Former adviser: the river needs 500 thousand sacks",
        ],
        ["Former adviser of the mayor: the river needs 500 thousand more sacks of sand"],
        ["Read also: The river rises"],
        ["Leggi anche:", "Il fiume sale", "Il ponte riapre"],
        ["ЧИТАЙТЕ ТАКОЖ: Річка піднімається"],
        ["Lesen Sie auch", "Der Fluss steigt"],
    ],
)
def test_headlines_of_other_articles_are_no_sentences_of_this_one(asides: list[str]) -> None:
    text = "\n".join([LONG, *asides, LONG])
    article = cut(Article("a.txt", "", text, language="en"), lambda words: len(words.split()))
    held = [text[one.start : one.end] for one in article.sentences]
    assert held and not set(held) & set(asides)
    assert not any(aside in passage.text for passage in article.passages for aside in asides)
    assert article.article.text == text


@pytest.mark.parametrize(
    "line",
    [
        "The reply of Moscow",
        "He said: “We shall never leave our friends in Quibble alone, whatever it may cost us.”",
        "“We shall never leave our friends in Quibble alone, whatever it may cost us!”",
        "- the first of the eight points on which both of the sides agree",
        "Read more books and fewer feeds, the minister told the pupils of Quibble.",
        "Per approfondire le cause del crollo la procura ha nominato tre periti.",
        "“See also what they have done to the river”, she told the court.",
        "- Lire aussi dans le noir est possible, a dit le ministre aux élèves.",
        "Mon | 3 dead | 4 hurt | 5 missing | 6 found | 7 unknown",
        "Read more books, said the minister who had been asked about his plans for the long winter that was to come "
        "in Quibble, where nobody had read a book since the great flood of the year before last.",
    ],
)
def test_what_an_article_says_itself_stays(line: str) -> None:
    assert find_asides("\n".join([LONG, line, LONG])) == []


def test_a_list_that_a_paragraph_announces_stays() -> None:
    items = ["The mill is to stay closed until the end of May", "Nobody may park a lorry on the bridge at night"]
    assert find_asides("\n".join([f"{LONG}The council decided:", *items, LONG])) == []


def test_a_text_of_short_lines_stays_whole() -> None:
    assert (
        find_asides("\n".join(f"Line {n} of a text that is wrapped at some sixty characters or" for n in range(9)))
        == []
    )


PAGE = f"""
<html lang="en"><head><title>The river rises | The Daily Wren</title></head><body class="cookie-ready">
<div id="cookie-banner"><p>We use cookies. Accept all cookies to go on reading this page.</p></div>
<article><h1>The river rises</h1><p>{LONG}</p>
<figure><img src="a.png"><figcaption>A boat on the river, 3 March. Photo: Finch</figcaption></figure>
<p class="read-also">Read also: The bridge falls</p>
<p><a href="/x">Former adviser: the river needs 500 thousand sacks</a></p>
<p>{LONG.replace("Thursday", "Friday")} See <a href="/y">the plan</a>.</p>
<div class="newsletter">Get our newsletter every morning in your inbox.</div></article>
<ul class="related"><li>The bridge falls in the night and nobody saw it</li></ul></body></html>
"""


@pytest.mark.parametrize(
    "name",
    ["read-also", "lire-aussi", "article__lesen-sie-auch", "leggianche", "box czytaj_takze", "baca-juga", "las-aven"],
)
def test_what_leads_to_another_article_is_known_by_its_class_in_any_language(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.html").write_text(PAGE.replace("read-also", name).replace("Read also: The", "Here: the"))
    [article] = read_file(tmp_path, "a.html")
    assert isinstance(article, Article)
    assert "Thursday" in article.text and "bridge falls" not in article.text
    (tmp_path / "a.html").write_text(PAGE.replace("read-also", "leading").replace("Read also: The", "Here: the"))
    [article] = read_file(tmp_path, "a.html")
    assert isinstance(article, Article) and "bridge falls" in article.text


def test_page_is_stored_without_banners_captions_and_links_to_other_articles(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    [article] = read_file(tmp_path, "a.html")
    assert isinstance(article, Article)
    assert "Thursday" in article.text and "See the plan." in article.text
    for words in ("cookies", "Photo", "bridge falls", "adviser", "newsletter"):
        assert words not in article.text
    assert (article.title, article.source) == ("The river rises", "The Daily Wren")
    assert article.evidence["source"] == "title element"


@pytest.mark.parametrize(
    "given",
    ["Untitled Document", "Untitled-2", "Dokument1", "Ohne Titel 3", "Senza titolo", "Sans nom", "Bez tytułu",
     "Без имени 1", "مستند1", "無題", "未命名", "제목 없음"],
)  # fmt: skip
def test_what_a_program_calls_a_file_without_a_title_is_none(tmp_path: Path, given: str) -> None:
    page = f"<html><head><title>{given}</title></head><body><h1>The bridge reopens</h1>{STORY}</body></html>"
    for name, content in {"a-bridge.md": f"---\ntitle: {given}\n---\nIt reopened. All came.", "a.html": page}.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
        [read] = read_file(tmp_path, name)
        assert isinstance(read, Article) and read.title in ("A bridge", "The bridge reopens")


@pytest.mark.parametrize("given", ["Untitled lives", "Documents were burnt", "Das Dokument der Woche"])
def test_a_title_with_such_a_word_is_one(tmp_path: Path, given: str) -> None:
    (tmp_path / "a.md").write_text(f"---\ntitle: {given}\n---\nIt reopened. All came.", encoding="utf-8")
    [read] = read_file(tmp_path, "a.md")
    assert isinstance(read, Article) and read.title == given


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("title: Storm: two dead", "Storm: two dead"),
        ("title: Tempête : deux morts # vérifié", "Tempête : deux morts # vérifié"),
        ("title: “We are #1”, says Lindach", "“We are #1”, says Lindach"),
        ("title: Lindach says #yes", "Lindach says #yes"),
        ("title: Lindach says yes # to be checked", "Lindach says yes"),
        ('title: "Storm: two dead" # checked', "Storm: two dead"),
        ("title: Storm at 10:30", "Storm at 10:30"),
        ('title: He said: "No"', 'He said: "No"'),
        ("title: >\n  Storm: two\n  dead", "Storm: two dead"),
    ],
)
def test_a_headline_needs_no_quotation_marks_in_front_matter(tmp_path: Path, line: str, title: str) -> None:
    (tmp_path / "a.md").write_text(f"---\n{line}\nlanguage: en\n---\nIt rained. All came.", encoding="utf-8")
    [read] = read_file(tmp_path, "a.md")
    assert isinstance(read, Article) and (read.title, read.language) == (title, "en")
