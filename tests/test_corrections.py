"""What an article takes back is quoted nowhere; the correction is shown."""

from pathlib import Path

import pytest
from fakes import HashingEmbedding

from assistant.answering.corrected import with_corrections
from assistant.answers import Statement
from assistant.checking.citations import citation_of
from index.articles import Article
from index.generations.pointer import open_current
from index.passages import CutArticle
from index.rebuild import rebuild
from index.splitting.corrections import corrections_of
from index.splitting.passages import cut

FOOT = (
    "Correction, 7 March: an earlier version of this article said eleven miners died in the Brask pit. "
    "Nine miners died."
)


def _cut(text: str, language: str) -> CutArticle:
    return cut(Article("a.txt", "", text, language=language), lambda words: len(words.split()))


def _sentences(text: str, language: str) -> list[str]:
    return [text[one.start : one.end] for one in _cut(text, language).sentences]


@pytest.mark.parametrize(
    ("language", "text", "kept"),
    [
        ("en", f"Eleven miners died in the Brask pit on Monday.\n\n{FOOT}", ["Nine miners died."]),
        (
            "en",
            "CORRECTION\n\nThe mayor of Malden is Ines Holt, not Anna Field.\n\n"
            "The mayor of Malden, Anna Field, opened the bridge. Anna Field lives in Osk.",
            ["The mayor of Malden is Ines Holt", "Anna Field lives in Osk."],
        ),
        (
            "en",
            "Eleven miners died in the pit.\nThe mayor resigned.\n\n"
            "An earlier version of this article said eleven miners died; in fact nine died.",
            ["The mayor resigned.", "in fact nine died."],
        ),
        (
            "it",
            "Undici minatori sono morti lunedì.\n\nRettifica: in una versione precedente di questo articolo si diceva "
            "che undici minatori erano morti. I minatori morti sono nove.",
            ["I minatori morti sono nove."],
        ),
        (
            "de",
            "Elf Bergleute starben am Montag.\n\nKorrektur: In einer früheren Version dieses Artikels hieß es, elf "
            "Bergleute seien gestorben. Es waren neun Bergleute, nicht elf.",
            ["Es waren neun Bergleute"],
        ),
        (
            "fr",
            "Onze mineurs sont morts lundi.\n\nRectificatif : une version précédente de cet article indiquait que onze "
            "mineurs étaient morts. Neuf mineurs sont morts.",
            ["Neuf mineurs sont morts."],
        ),
        (
            "ru",
            "Одиннадцать горняков погибли в шахте.\n\nИсправление: в предыдущей версии этой статьи говорилось, что "
            "погибли одиннадцать горняков. Погибли девять горняков.",
            ["Погибли девять горняков."],
        ),
        (
            "tr",
            "Madende on bir madenci öldü.\n\nDüzeltme: Bu haberin önceki sürümünde on bir madencinin öldüğü "
            "yazıyordu. Dokuz madenci öldü.",
            ["Dokuz madenci öldü."],
        ),
        (
            "ja",
            "ブラスク炭鉱で11人の鉱山労働者が死亡した。\n\n訂正：亡くなった鉱山労働者は11人ではなく9人でした。",
            ["9人でした。"],
        ),
        (
            "zh",
            "布拉斯克煤矿有11名矿工死亡。\n\n更正：本文早前版本称有11名矿工死亡。实际死亡矿工为9名。",
            ["实际死亡矿工为9名。"],
        ),
    ],
)
def test_only_what_a_correction_leaves_standing_can_be_quoted(language: str, text: str, kept: list[str]) -> None:
    assert _sentences(text, language) == kept
    (correction,) = corrections_of(text, language)
    assert set(kept[:1]) & {text[correction.start : correction.end], *kept}


@pytest.mark.parametrize(
    "text",
    [
        "Correction officers went on strike. They were not paid, they said.",
        "The software crashed. An earlier version of the program worked, the company said.",
        "Correction: the concert begins at eight.",
        "He wrote that eleven miners died. The union wrongly said that nine did.",
    ],
)
def test_what_takes_nothing_back_leaves_every_sentence(text: str) -> None:
    assert " ".join(_sentences(text, "en")) == text
    assert corrections_of(text, "en") == ()


def test_the_corrected_sentence_is_found_by_what_was_said_before_and_holds_none_of_it() -> None:
    (passage,) = _cut(FOOT, "en").passages
    assert passage.text == FOOT == f"{FOOT[:-17]}{FOOT[passage.sentences[0].start :]}"
    assert [FOOT[one.start : one.end] for one in passage.sentences] == ["Nine miners died."]


@pytest.mark.parametrize(
    ("text", "taken_back"),
    [
        (f"Eleven miners died in the Brask pit on Monday.\n\n{FOOT}", FOOT[:-17]),
        (
            "Onze mineurs sont morts lundi.\n\nRectificatif : une version précédente de cet article indiquait que onze "
            "mineurs étaient morts. Neuf mineurs sont morts.",
            "Rectificatif : une version précédente de cet article indiquait que onze mineurs étaient morts. ",
        ),
        (
            "布拉斯克煤矿有11名矿工死亡。\n\n更正：本文早前版本称有11名矿工死亡。实际死亡矿工为9名。",
            "更正：本文早前版本称有11名矿工死亡。",
        ),
    ],
)
def test_what_a_sentence_of_an_index_corrects_is_read_with_it(text: str, taken_back: str, tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text(text, encoding="utf-8")
    (tmp_path / "articles" / "b.txt").write_text("The mayor resigned on Friday.", encoding="utf-8")
    rebuild(tmp_path / "articles", tmp_path / "index", HashingEmbedding)
    generation = open_current(tmp_path / "index")
    stored = [one.passage for one in generation.passages(range(generation.manifest.passage_count))]
    found = {one.article_id: one.text[: one.sentences[0].start - one.start] for one in stored}
    assert found == {"a.txt": taken_back, "b.txt": ""}


def test_an_answer_shows_the_correction_of_what_it_cites() -> None:
    article = Article("a.txt", "", f"The pit lies in Osk.\n\n{FOOT}", language="en")
    start = article.text.index("Nine")
    cited = citation_of(1, article, start, len(article.text))
    said = (Statement("Nine miners died.", (1,)),)
    statements, citations = with_corrections(said, (cited,), lambda _: article, "it")
    assert [one.text for one in statements] == ["Nine miners died.", f"L'articolo è stato corretto: «{FOOT}»"]
    assert [(one.number, one.quote) for one in citations] == [(1, "Nine miners died."), (2, FOOT)]
    assert article.text[citations[1].start : citations[1].end] == FOOT


def test_a_sentence_about_something_else_is_shown_without_it() -> None:
    article = Article("a.txt", "", f"The mayor resigned on Friday.\n\n{FOOT}", language="en")
    cited = citation_of(1, article, 0, 29)
    said = (Statement("The mayor resigned on Friday.", (1,)),)
    assert with_corrections(said, (cited,), lambda _: article, "en") == (said, (cited,))
