"""What a newsroom gathers on the page: articles by their addresses, a story's other outlets, searches that are kept."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import read_in_this_process
from fakes import HashingEmbedding
from pages import free_port, go_to, look_at, running
from playwright.sync_api import Browser, Page, expect
from websites import site_on_loopback

from index.rebuild import rebuild

PATIENCE = 60_000  # milliseconds for a step, on a machine that has much else to do
HARBOUR = "The lifeboat of Brannock rescued skipper Torvald Lindqvist off Marstrand on Sunday."
ARTICLES = {
    "wren.md": ("The Daily Wren", "Skipper saved", HARBOUR),
    "heron.md": (
        "The Heron",
        "A rescue at night",
        "Torvald Lindqvist was saved off Marstrand, said the men of Brannock.",
    ),
    "market.md": ("The Heron", "Market day", "The Sunday market of Collina sold cheese, bread and 40 kinds of apple."),
}
PARAGRAPHS = (
    "The harbour of Marstrand gets a new lifeboat, the council decided on Tuesday after two hours of debate.",
    "It costs 310,000 crowns and replaces the one that was lost when its crew brought home a skipper in March.",
)
FETCHED = "<html><head><title>New lifeboat</title></head><body><article><p>{}</p><p>{}</p></article></body></html>"


@dataclass(frozen=True)
class Newsroom:
    """A folder, its index, and where a page over it is served, which may be begun anew."""

    folder: Path
    index_dir: Path
    port: int

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.port}"

    def write(self, name: str, source: str, title: str, text: str) -> None:
        """Puts an article into the folder."""
        head = f"---\ntitle: {title}\npublished: 2024-03-05\nlanguage: en\nsource: {source}\n---\n\n"
        (self.folder / name).write_text(f"{head}{text}\n")

    def index(self) -> None:
        """Indexes the folder as it is."""
        rebuild(self.folder, self.index_dir, HashingEmbedding)

    def serving(self) -> AbstractContextManager[object]:
        """The page until the end."""
        environment = {"NEWSDESK_INDEX_DIR": str(self.index_dir), "NEWSDESK_FETCH": "on"}
        return running([sys.executable, str(Path(__file__).with_name("hashed_page.py")), str(self.port)], environment)


@pytest.fixture
def newsroom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    read_in_this_process(monkeypatch)
    made = Newsroom(tmp_path / "articles", tmp_path / "index", free_port())
    made.folder.mkdir()
    for name, article in ARTICLES.items():
        made.write(name, *article)
    made.index()
    return made


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        expect.set_options(timeout=PATIENCE)
        yield page
        expect.set_options()


@pytest.mark.slow
def test_an_address_that_is_pasted_becomes_an_article_and_one_that_is_none_says_why(
    newsroom: Newsroom, page: Page
) -> None:
    with site_on_loopback() as (address, site), newsroom.serving():
        html = {"Content-Type": "text/html; charset=utf-8"}
        site.pages = {"/2024/03/06/lifeboat": (200, html, FETCHED.format(*PARAGRAPHS).encode())}
        page.goto(f"{newsroom.url}/add")
        page.get_by_role("tab", name="Addresses").click(timeout=PATIENCE)
        page.get_by_label("Addresses of articles").fill(f"{address}/2024/03/06/lifeboat\n{address}/lost")
        page.get_by_role("button", name="Fetch and add").click()
        expect(page.locator(".notice")).to_contain_text(f"{address}/lost answers with an error (404).")
        added = page.locator(".added .name[data-send]")
        expect(added).to_contain_text("lifeboat", timeout=2 * PATIENCE)
        added.click()
        panel = page.locator(".panel")
        expect(panel.locator("h2")).to_have_text("New lifeboat")
        expect(panel.locator(".text")).to_contain_text(PARAGRAPHS[1])
        expect(panel.locator(".facts a")).to_have_attribute("href", f"{address}/2024/03/06/lifeboat")
        expect(panel.locator(".facts")).to_contain_text("6 Mar 2024")
        look_at(page, "address-added")


@pytest.mark.slow
def test_beside_an_article_stand_other_outlets_on_its_story(newsroom: Newsroom, page: Page) -> None:
    with newsroom.serving():
        page.goto(f"{newsroom.url}/articles")
        page.locator(".sentence", has_text="Skipper saved").click(timeout=PATIENCE)
        elsewhere = page.locator(".panel .elsewhere")
        expect(elsewhere.locator("summary")).to_have_text("Other outlets on the story (1)")
        elsewhere.locator("summary").click()
        expect(elsewhere.locator("li")).to_have_count(1)
        look_at(page, "other-outlets")
        elsewhere.locator(".sentence", has_text="A rescue at night").click()
        expect(page.locator(".panel h2")).to_have_text("A rescue at night")
        expect(page.locator(".panel .facts")).to_contain_text("The Heron")
        page.keyboard.press("Escape")
        page.locator(".sentence", has_text="Market day").click()
        expect(page.locator(".panel h2")).to_have_text("Market day")
        expect(elsewhere).to_have_count(0)


@pytest.mark.slow
def test_a_search_that_is_kept_tells_after_a_restart_what_is_new_and_can_be_deleted(
    newsroom: Newsroom, page: Page
) -> None:
    kept, box = page.locator(".searches li"), page.get_by_role("textbox", name="Words, a phrase")
    with newsroom.serving():
        page.goto(f"{newsroom.url}/search?q=lifeboat")
        expect(page.locator(".found .sentence")).to_have_count(1)
        page.get_by_role("button", name="Keep this search").click()
        page.get_by_label("Name of the search").fill("Rescues")
        page.get_by_role("button", name="Keep", exact=True).click()
        expect(kept).to_have_text("Rescues×")
    newsroom.write(
        "later.md", "The Heron", "Crew honoured", "The lifeboat crew of Brannock got a medal from the mayor."
    )
    newsroom.index()
    with newsroom.serving():
        page.goto(f"{newsroom.url}/search")
        expect(kept).to_have_text("Rescues 1 new×")
        look_at(page, "search-kept")
        kept.get_by_role("button", name="Rescues 1 new").click()
        expect(box).to_have_value("lifeboat")
        expect(page.locator(".found .sentence")).to_have_count(2)
        expect(kept).to_have_text("Rescues×")
        kept.get_by_role("button", name="Delete this search: Rescues").click()
        expect(kept).to_have_count(0)
        go_to(page, "Names")
        go_to(page, "Search")
        expect(box).to_be_visible()
        expect(kept).to_have_count(0)
