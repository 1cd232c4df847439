"""Pages that tell their article only in JSON-LD, because a script shows it."""

import json
from pathlib import Path

import pytest
from samples import read, read_one

from index.articles import Skipped

TEXT = (
    "The iron bridge in Marlow reopened on 4 March after eleven months. Engineer Ada Finch led the repair, which cost "
    "3,200 crowns.\n\nThe ferry that carried people meanwhile stops on Friday, the council of Marlow said."
)
OTHER = {"@type": "NewsArticle", "headline": "A ferry sinks", "articleBody": "The ferry sank. " * 40}
OWN = {"@type": "NewsArticle", "headline": "The bridge reopens", "datePublished": "2024-03-05", "articleBody": TEXT}
IN_HTML = {**OWN, "articleBody": "".join(f"<p>{one}</p>" for one in TEXT.split("\n\n"))}


def page(told: object, shown: str = "") -> str:
    script = f'<script type="application/ld+json">{json.dumps(told)}</script>'
    title = "The bridge reopens"
    return f"<html><head><title>{title}</title>{script}</head><body><h1>{title}</h1>{shown}</body></html>"


@pytest.mark.parametrize(
    "told",
    [
        OWN,
        [OTHER, OWN],
        {"@graph": [OTHER, {"@type": "WebSite"}, OWN]},
        {"@type": "WebPage", "mainEntity": OWN, "mentions": [OTHER]},
        IN_HTML,
    ],
)
def test_the_article_that_stands_only_in_json_is_read(tmp_path: Path, told: object) -> None:
    article = read_one(tmp_path, "a.html", page(told, "<div id='root'></div>"))
    assert (article.text, article.title, article.published) == (TEXT, "The bridge reopens", "2024-03-05")


def test_a_teaser_of_a_paid_article_is_none(tmp_path: Path) -> None:
    teaser = {**OWN, "articleBody": TEXT.split("\n\n")[0], "isAccessibleForFree": False}
    [skipped] = read(tmp_path, "a.html", page(teaser))
    assert isinstance(skipped, Skipped) and skipped.reason.startswith("it holds only the beginning of an article")


def test_what_the_page_shows_itself_comes_first(tmp_path: Path) -> None:
    shown = "".join(f"<p>Mayor Ines Holt opened part {number} of the bridge in the rain.</p>" for number in range(9))
    assert "eleven months" not in read_one(tmp_path, "a.html", page(OWN, f"<article>{shown}</article>")).text
