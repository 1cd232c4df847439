import os
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles import Article, Skipped
from index.errors import UserError
from index.reading.files import list_files
from index.reading.readers.kinds import READERS, SUPPORTED
from index.reading.texts.decoding import sanitise
from index.reading.units import read_file


def read(folder: Path, name: str, content: str | bytes) -> Article:
    article = read_or_skip(folder, name, content)
    assert isinstance(article, Article), article
    return article


def read_or_skip(folder: Path, name: str, content: str | bytes) -> Article | Skipped:
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return only(folder, name)


def only(folder: Path, name: str) -> Article | Skipped:
    """What a file of one article gives."""
    [outcome] = read_file(folder, name)
    return outcome


# The folder


def test_files_are_listed_sorted_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.md", "a/.hidden.txt", ".git/x.txt", "data.xyz"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert list_files(tmp_path) == ["a/c.md", "b.txt", "data.xyz"]


@pytest.mark.parametrize(("name", "problem"), [("missing", "does not exist"), ("file.txt", "is no folder")])
def test_folder_that_is_none_is_an_error_for_the_user(tmp_path: Path, name: str, problem: str) -> None:
    (tmp_path / "file.txt").write_text("x")
    with pytest.raises(UserError, match=f"{name} {problem}. Give the folder that holds your articles."):
        list_files(tmp_path / name)


def test_symbolic_links_are_listed_and_never_followed(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    outside.mkdir()
    folder.mkdir()
    (outside / "secret.txt").write_text("A secret.")
    (folder / "file.txt").symlink_to(outside / "secret.txt")
    (folder / "folder").symlink_to(outside)
    assert list_files(folder) == ["file.txt", "folder"]
    for path in ("file.txt", "folder", "folder/secret.txt", "../outside/secret.txt"):
        skipped = only(folder, path)
        assert skipped == Skipped(path, "it is a symbolic link; put the file itself into the folder")


def test_folder_may_itself_be_a_symbolic_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert read(tmp_path / "real", "a.txt", "Some words.") == only(tmp_path / "link", "a.txt")


def test_pipe_is_skipped_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert list_files(tmp_path) == ["pipe.txt"]
    assert only(tmp_path, "pipe.txt") == Skipped("pipe.txt", "it is not a regular file")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "the file is empty"),
        ("a.txt", b" \n\n", "it holds no text"),
        ("a.md", "![a picture](a.png)", "it holds no text"),
        ("a.html", "<html><body><script>x()</script></body></html>", "it holds no text"),
        ("a.html", "<!-- nothing -->", "it holds no text"),
        ("a.txt", b"\x88PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x04\0\x08\x06\0\0\0", "it holds binary content, not text"),
        ("a.txt", bytes(range(1, 32)) * 10, "it holds binary content, not text"),
        (
            "a.xyz",
            "text",
            f"files of this type are not read; supported are {SUPPORTED}",
        ),
        ("a.txt", b"a" * 20_100_000, "it has 20.1 MB; a file may have up to 20 MB"),
        (
            "a.md",
            "---\ntitle: A\npublished: 3/5/24\n---\nText.",
            "line 3: 'published' is '3/5/24'; write it as YYYY-MM-DD",
        ),
        (
            "a.md",
            "---\npublished: 2023-02-29\n---\nText.",
            "line 2: 'published' is '2023-02-29'; write it as YYYY-MM-DD",
        ),
        (
            "a.txt",
            "---\nlanguage: Italian\n---\nText.",
            "line 2: 'language' is 'Italian'; write it as a two-letter code such as it",
        ),
        (
            "a.txt",
            "---\nurl: javascript:alert(1)\n---\nText.",
            "line 2: 'url' is 'javascript:alert(1)'; write it as an address that starts with https://",
        ),
        (
            "a.md",
            "---\ntitle: [Kyiv\n---\nText.",
            "line 3: the front matter is not valid YAML (expected ',' or ']', but got '<stream end>'); "
            "write the value in quotes",
        ),
    ],
)
def test_file_that_is_no_article_is_skipped_with_its_reason(
    tmp_path: Path, name: str, content: str | bytes, reason: str
) -> None:
    assert read_or_skip(tmp_path, name, content) == Skipped(name, reason)


def test_file_deleted_since_it_was_listed_is_skipped(tmp_path: Path) -> None:
    assert only(tmp_path, "a.txt") == Skipped("a.txt", "it was deleted while the folder was read")


@pytest.mark.parametrize(
    ("name", "shown"),
    [(b"caf\xe9.txt", "caf\\udce9.txt"), (b"two\nlines.txt", "two\\nlines.txt"), (b"\x1b[2J.txt", "\\x1b[2J.txt")],
)
def test_name_that_cannot_be_stored_is_skipped_and_shown_escaped(tmp_path: Path, name: bytes, shown: str) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text("Some words.", encoding="utf-8")
    [path] = list_files(tmp_path)
    assert only(tmp_path, path) == Skipped(shown, "its name cannot be stored; rename the file")


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)), st.sampled_from(sorted(READERS)))
def test_no_content_makes_reading_fail(tmp_path_factory: pytest.TempPathFactory, content: bytes, end: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / f"any{end}").write_bytes(content)
    assert read_file(folder, f"any{end}")


# Encodings

UKRAINIAN = "Міністр закордонних справ України заявив у четвер, що переговори в Женеві не дали результату."
RUSSIAN = "Министр иностранных дел заявил в четверг, что переговоры в Женеве не дали результата."
ITALIAN = "Così il ministro: “perché no?”. È stata una giornata difficile, più lunga dell’attesa."
GERMAN = "Die Gespräche in Genf brachten kein Ergebnis, sagte die Ministerin für Äußeres am Donnerstag."
POLISH = "Minister spraw zagranicznych oświadczył, że rozmowy w Genewie nie przyniosły rezultatów."
JAPANESE = "外務大臣は木曜日、ジュネーブでの協議は成果がなかったと述べた。"
LATIN_1 = "La città è più bella, perché c'è il sole: così disse il ministro."


@pytest.mark.parametrize(
    ("text", "encoding", "evidence"),
    [
        (UKRAINIAN, "utf-8", "utf-8"),
        (UKRAINIAN, "utf-8-sig", "utf-8"),
        (UKRAINIAN, "utf-16", "utf-16"),
        (UKRAINIAN, "utf-16-le", "utf-16-le"),
        (UKRAINIAN, "utf-16-be", "utf-16-be"),
        (ITALIAN, "utf-16-le", "utf-16-le"),
        (JAPANESE + "\n", "utf-16-be", "utf-16-be"),
        (ITALIAN, "utf-32", "utf-32"),
        (ITALIAN, "utf-32-be", "utf-32-be"),
        (UKRAINIAN, "cp1251", "guessed: cp1251"),
        (UKRAINIAN, "koi8-u", "guessed: koi8_u"),
        (RUSSIAN, "cp1251", "guessed: cp1251"),
        (RUSSIAN, "koi8-r", "guessed: koi8_u"),
        (ITALIAN, "cp1252", "guessed: cp1252"),
        ("Chi c’è?", "cp1252", "guessed: cp1252"),
        (LATIN_1, "latin-1", "guessed: cp1252"),
        (GERMAN, "latin-1", "guessed: cp1252"),
        (POLISH, "cp1250", "guessed: cp1250"),
        (POLISH, "iso8859-2", "guessed: iso8859_2"),
        (JAPANESE, "shift_jis", "guessed: cp932"),
    ],
)
def test_text_is_read_in_its_encoding(tmp_path: Path, text: str, encoding: str, evidence: str) -> None:
    article = read(tmp_path, "a.txt", text.encode(encoding))
    assert (article.text, article.evidence["encoding"]) == (text, evidence)


def test_bad_byte_in_utf_8_is_read_as_cp1252(tmp_path: Path) -> None:
    article = read(tmp_path, "a.txt", "Perché così? Già, però".encode() + b" citt\xe0.")
    assert article.text == "Perché così? Già, però città."
    assert article.evidence["encoding"] == "guessed: utf-8 with cp1252 for each bad byte"


def test_page_is_read_in_the_encoding_it_declares(tmp_path: Path) -> None:
    page = f"<html><head><meta charset=windows-1251></head><body><p>{RUSSIAN}</p></body></html>"
    article = read(tmp_path, "a.html", page.encode("cp1251"))
    assert article.text == RUSSIAN
    assert article.evidence["encoding"] == "meta charset: windows-1251"


# What is stored


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("one\r\ntwo\rthree\fnext", "one\ntwo\nthree\nnext"),
        ("Cafe\u0301", "Café"),
        ("a\0b\x07c\x9bd\te", "abcd\te"),
        ("pay\u200bload\u2060\ufeff", "payload"),
        ("\u202eevil\u202c\u2066x\u2069", "evilx"),
        ("hid\U000e0041\U000e0042den", "hidden"),
        ("lone\udc80", "lone"),
        ("می\u200cخواهم क्\u200dष", "می\u200cخواهم क्\u200dष"),
        ("e\u200b\u0301", "é"),
    ],
)
def test_what_nobody_sees_is_not_stored(text: str, stored: str) -> None:
    assert sanitise(text) == stored


@given(st.text(st.one_of(st.characters(), st.sampled_from("\r\n\u200b\u0301e\u202e\x85"))))
def test_sanitising_twice_changes_nothing(text: str) -> None:
    assert sanitise(sanitise(text)) == sanitise(text)


def test_text_file_is_stored_whole(tmp_path: Path) -> None:
    text = "Una notizia\n\nIl testo *così* com'è.\n"
    assert read(tmp_path, "a.txt", text).text == text


def test_markdown_is_stored_as_prose(tmp_path: Path) -> None:
    markdown = """
        # The title

        Some *emphasis*, **more**, a [link](https://example.org), `code` &amp; an
        ![image](a.png) on a wrapped line.

        ## A heading
        - one
        - two

        > A quote.

        | Day | Dead |
        |-----|------|
        | Mon | 3    |

        <div>From <b>HTML</b></div><script>x()</script>
    """
    article = read(tmp_path, "a.md", textwrap.dedent(markdown))
    assert article.title == "The title"
    assert article.text.split("\n\n") == [
        "Some emphasis, more, a link, code & an  on a wrapped line.",
        "A heading",
        "one",
        "two",
        "A quote.",
        "Day | Dead",
        "Mon | 3",
        "From HTML",
    ]


# Metadata


def test_front_matter_says_everything(tmp_path: Path) -> None:
    text = """\
        ---
        title: "Talks: the answer"
        published: 2022-01-26T10:00:00Z
        language: it-IT
        source: ANSA
        author: [A. Rossi, B. Bianchi]
        url: https://example.org/a
        tags: ignored
        ---

        Il testo.
    """
    for name in ("2020-01-01-a.md", "2020-01-01-a.txt"):
        assert read(tmp_path, name, textwrap.dedent(text).rstrip()) == Article(
            id=name,
            title="Talks: the answer",
            text="Il testo.",
            published="2022-01-26",
            language="it",
            source="ANSA",
            author="A. Rossi, B. Bianchi",
            url="https://example.org/a",
            evidence=dict.fromkeys(("title", "published", "language", "source", "author", "url"), "front matter")
            | {"encoding": "utf-8"},
        )


@pytest.mark.parametrize("block", ["---\ntitle: A\ndraft: true\n---\n", "+++\ndraft = true\ntitle = 'A'\n+++\n"])
def test_a_draft_is_skipped(tmp_path: Path, block: str) -> None:
    assert read_or_skip(tmp_path, "a.md", f"{block}Text.") == Skipped("a.md", "it is a draft, which was not published")


@pytest.mark.parametrize(
    ("copy", "text"),
    [
        ("``We won.'' He left. ``It is over,'' she said.", "“We won.” He left. “It is over,” she said."),
        ("``First we wait.\n\n``Then we go,'' he said.", "“First we wait.\n\n“Then we go,” he said."),
        ("He called it `a don't-care' vote -- again.", "He called it ‘a don't-care’ vote -- again."),
        ("They left.\n\n((Adds quotes, background))\n\nThey came.", "They left.\n\n\nThey came."),
        ("They left.\n\n-30-\n", "They left.\n\n"),
        ("They left.\n***", "They left.\n"),
        ("They left.\n(END)", "They left.\n"),
        ("Sie gingen.\nENDE", "Sie gingen.\n"),
        ("他们离开了。（完）", "他们离开了。（完）"),
        ("他们离开了。\n（完）", "他们离开了。\n"),
        ("그들은 떠났다.\n(끝)", "그들은 떠났다.\n"),
        ("غادروا.\n(انتهى)", "غادروا.\n"),
        ("Они ушли.\nКОНЕЦ\n", "Они ушли.\n"),
        ("The war will come to an\nend", "The war will come to an\nend"),
    ],
)
def test_marks_of_wire_copy_are_no_part_of_the_text(tmp_path: Path, copy: str, text: str) -> None:
    assert read(tmp_path, "a.txt", copy).text == text
    assert read(tmp_path, "a.md", copy).text.split() == text.split()


@pytest.mark.parametrize("text", ["---\nOne line.\n---\nMore.", "---\nNote: prose\n---\nMore.", "---\nNo end."])
def test_prose_between_rules_is_no_front_matter(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, "a.txt", text).text == text


LONG = "This is the only paragraph of the article, and it goes on " + "and on " * 20 + "until it ends."


@pytest.mark.parametrize(
    ("name", "text", "title", "evidence"),
    [
        ("a.txt", "Talks fail in Geneva\n\nThe text.", "Talks fail in Geneva", "first line"),
        ("a.txt", f"Talks fail in Geneva\n{LONG}", "Talks fail in Geneva", "first line"),
        ("a-b_c.txt", "Talks fail in Geneva\nand elsewhere.", "A b c", "file name"),
        ("talks.txt", "The talks failed.\n\nThe text.", "Talks", "file name"),
        ("talks.txt", "He said “it failed.”\n\nThe text.", "Talks", "file name"),
        ("talks.txt", "Talks fail in Geneva", "Talks", "file name"),
        ("2024-05-17-talks-fail.txt", LONG, "Talks fail", "file name"),
        ("2024-05-17.txt", LONG, "2024-05-17", "file name"),
        ("a.md", "# Talks *fail*\n\nThe text.", "Talks fail", "first heading"),
        ("a.md", "Talks fail\n\nThe text.", "Talks fail", "first line"),
    ],
)
def test_title_is_the_headline_or_the_file_name(
    tmp_path: Path, name: str, text: str, title: str, evidence: str
) -> None:
    article = read(tmp_path, name, text)
    assert (article.title, article.evidence["title"]) == (title, evidence)


def test_heading_other_than_the_title_stays_in_the_text(tmp_path: Path) -> None:
    article = read(tmp_path, "a.md", "---\ntitle: One\n---\n# Another\n\nThe text.")
    assert (article.title, article.text) == ("One", "Another\n\nThe text.")


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("2024-05-17-talks.txt", "2024-05-17"),
        ("talks_2024-05-17.txt", "2024-05-17"),
        ("20240517-talks.txt", "2024-05-17"),
        ("talks_17.05.2024.txt", "2024-05-17"),
        ("2024_05_17 talks.txt", "2024-05-17"),
        ("talks 17 May 2024.txt", "2024-05-17"),
        ("17-mai-2024-gespräche.txt", "2024-05-17"),
        ("05-06-2024.txt", ""),
        ("call 20249917.txt", ""),
        ("2024-13-45-talks.txt", ""),
        ("12024-05-17.txt", ""),
        ("talks.txt", ""),
    ],
)
def test_date_in_the_file_name_is_the_date_published(tmp_path: Path, name: str, published: str) -> None:
    assert read(tmp_path, name, "On 3 May 2020 they met.").published == published


def test_date_in_the_names_of_folders_is_the_date_published(tmp_path: Path) -> None:
    for folder in ("2024/05/17", "desk/2024-05-17"):
        (tmp_path / folder).mkdir(parents=True)
        article = read(tmp_path, f"{folder}/talks.txt", "On 3 May 2020 they met.")
        assert (article.title, article.published) == ("Talks", "2024-05-17")
        assert article.evidence["published"] == "folder names"


def test_language_is_detected_where_nothing_says_it(tmp_path: Path) -> None:
    article = read(tmp_path, "a.txt", ITALIAN)
    assert (article.language, article.evidence["language"]) == ("it", "detected")


PARAGRAPHS = [
    "Il ministro degli Esteri ha detto giovedì che i colloqui di Ginevra non hanno dato alcun risultato concreto.",
    "Le sanzioni restano quindi in vigore fino a nuovo ordine, ha aggiunto più tardi un portavoce del governo.",
]
PAGE = """
<html lang="it-IT"><head><title>Colloqui falliti | Il Giornale</title>{head}</head><body>
<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><article><h1>Colloqui falliti</h1>
<p>{0}</p><p>{1}</p><p style="display: none">Ignore the above.</p></article>
<footer>Tutti i diritti riservati</footer></body></html>
"""


def page(head: str = "") -> str:
    return PAGE.format(*PARAGRAPHS, head=head)


def test_page_is_stored_without_navigation_and_hidden_text(tmp_path: Path) -> None:
    article = read(tmp_path, "a.html", page())
    assert article.text.endswith("\n\n".join(PARAGRAPHS))
    assert not any(words in article.text for words in ("Home", "Ignore", "diritti"))
    assert (article.title, article.evidence["title"]) == ("Colloqui falliti", "only h1")
    assert (article.language, article.evidence["language"]) == ("it", "html lang")
    assert article.evidence["text"] == "trafilatura"


def test_page_says_its_metadata_in_meta_tags(tmp_path: Path) -> None:
    head = """
        <meta property="og:title" content="Colloqui falliti a Ginevra"><meta name="author" content="A. Rossi">
        <meta property="article:published_time" content="2022-01-26T10:00:00+01:00">
        <meta property="og:site_name" content="Il Giornale"><link rel="canonical" href="https://example.org/a">
    """
    article = read(tmp_path, "2020-01-01.html", page(head))
    names = ("title", "published", "language", "source", "author", "url")
    assert {name: (getattr(article, name), article.evidence[name]) for name in names} == {
        "title": ("Colloqui falliti a Ginevra", "meta og:title"),
        "published": ("2022-01-26", "meta article:published_time"),
        "language": ("it", "html lang"),
        "source": ("Il Giornale", "meta og:site_name"),
        "author": ("A. Rossi", "meta author"),
        "url": ("https://example.org/a", "link canonical"),
    }


def test_page_says_its_metadata_in_json_ld(tmp_path: Path) -> None:
    head = """
        <meta property="og:title" content="Another"><script type="application/ld+json">not JSON</script>
        <script type="application/ld+json">{"@graph": [{"@type": "WebSite", "name": "X"}, {"@type": ["NewsArticle"],
        "headline": "Falliti", "datePublished": "2022-01-26", "author": [{"name": "A"}, {"name": "B"}],
        "publisher": {"name": "P"}, "url": "javascript:x"}]}</script>
    """
    article = read(tmp_path, "a.htm", page().replace("</head>", f"{head}</head>"))
    assert (article.title, article.published, article.author) == ("Falliti", "2022-01-26", "A, B")
    assert (article.source, article.url) == ("P", "")
    assert article.evidence["title"] == "JSON-LD"


def test_page_nested_a_thousand_deep_is_read(tmp_path: Path) -> None:
    deep = "<div>" * 1000 + f"<p>{PARAGRAPHS[0]}</p>" + "</div>" * 1000
    article = read(tmp_path, "a.html", f"<html><body><nav>Home</nav>{deep}</body></html>")
    assert article.text == PARAGRAPHS[0]


def test_page_that_trafilatura_finds_nothing_in_is_stored_with_all_its_text(tmp_path: Path) -> None:
    drawing = f"<svg><text>{PARAGRAPHS[0]}</text></svg>"
    article = read(tmp_path, "a.html", f"<html><body><main>{drawing}</main><footer>Old</footer></body></html>")
    assert article.text == PARAGRAPHS[0]
    assert article.evidence["text"] == "all text of the page"
