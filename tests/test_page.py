"""The page as a person meets it: the real server, the light models, a headless Chromium."""

import json
import re
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from pages import ARTIFACTS, ROOT, Served, ask, go_to, look_at, serving
from playwright.sync_api import Browser, Page, expect

from assistant.settings import read_settings
from index.errors import UserError
from ui.listening import address_of, refuse_busy_port
from ui.page.launch import launch

QUESTION = "How many lorries were parked along the approach to the port of Trieste?"
SENTENCE = "About 900 lorries were parked along the approach"
HOSTILE = """---
title: "<img src=x onerror=document.title='owned'> ![p](http://tracker.example/p.png) $x^2$ :material/home:"
published: 2025-01-02
language: en
source: "<b>Bold Gazette</b>"
---

The zeppelin <script>document.title='owned'</script> moored at Quibble ![p](http://tracker.example/q.png) at noon.
"""


def test_a_host_is_an_address_of_this_machine() -> None:
    assert address_of("localhost") == "127.0.0.1"
    assert address_of("127.0.0.2") == "127.0.0.2"
    assert address_of("[::1]") == "::1"
    for host in ("news.example", ""):
        with pytest.raises(UserError, match="no address to listen on"):
            launch(host, 8501, read_settings({}))


def test_a_port_in_use_is_refused_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        sentence = f"Port {port} is in use by another program. Choose another with --port."
        with pytest.raises(UserError, match=sentence):
            refuse_busy_port("127.0.0.1", port)
        with pytest.raises(UserError, match=sentence):
            launch("127.0.0.1", port, read_settings({}), announce=lambda line: None)
    refuse_busy_port("127.0.0.1", port)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The page over an index of corpus/en, corpus/it and one hostile article; one file is skipped."""
    scratch = tmp_path_factory.mktemp("page")
    folder = scratch / "articles"
    folder.mkdir()
    for language in ("en", "it"):
        for path in (ROOT / "corpus" / language).iterdir():
            (folder / path.name).write_bytes(path.read_bytes())
    (folder / "hostile.txt").write_text(HOSTILE)
    (folder / "empty.md").write_text("")
    with serving(folder, scratch / "index", "light") as page:
        yield page


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """The page at its welcome; at the end nothing may have been fetched elsewhere, blocked or thrown."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    faults: list[str] = []
    page.on("request", lambda r: None if _is_own(r.url, served.url) else faults.append(r.url))
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(served.url)
    expect(page.locator(".welcome")).to_be_visible(timeout=120_000)
    yield page
    context.close()
    assert faults == []


def _is_own(address: str, url: str) -> bool:
    return address.startswith((url, url.replace("http", "ws"), "data:", "blob:"))


@pytest.mark.slow
def test_the_server_tells_its_address_and_forbids_what_is_foreign(served: Served) -> None:
    assert served.url in served.first_line
    with urllib.request.urlopen(served.url) as response:
        policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy
    foreign = urllib.request.Request(served.url, headers={"Host": "rebound.example"})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(foreign)


@pytest.mark.slow
def test_a_second_start_says_where_the_first_one_is(served: Served) -> None:
    port = int(served.url.rpartition(":")[2])
    with pytest.raises(UserError, match=f"newsdesk is at {served.url} already. Open that, or choose another port"):
        launch("127.0.0.1", port, read_settings({}), announce=lambda line: None)


@pytest.mark.slow
def test_a_citation_opens_its_article_at_the_sentence(page: Page) -> None:
    ask(page, QUESTION)
    chip = page.locator(".chip").first
    expect(chip).to_have_text("1")
    chip.press("Enter")
    mark = page.locator(".panel mark").first
    expect(mark).to_contain_text(SENTENCE)
    expect(mark).to_be_in_viewport()
    expect(page.locator(".panel .facts")).to_contain_text("Northgate Business Daily")
    chat, panel = page.locator(".question").bounding_box(), page.locator(".panel").bounding_box()
    assert chat and panel and chat["x"] + chat["width"] <= panel["x"]
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_have_count(0)
    expect(page.locator(".chip").first).to_be_visible()


@pytest.mark.slow
def test_back_and_forward_lead_through_conversation_article_and_searches(page: Page) -> None:
    ask(page, QUESTION)
    page.locator(".chip").first.press("Enter")
    expect(page.locator(".panel h2")).to_contain_text("lorries", ignore_case=True)
    go_to(page, "Search")
    box = page.get_by_role("textbox", name="Words, a phrase")
    expect(page.locator(".panel")).to_have_count(0)
    for words in ("Trieste", "Sullivan"):
        box.fill(words)
        box.press("Enter")
        expect(page).to_have_url(re.compile(f"q={words}"))
    page.locator(".found .sentence").first.click()
    expect(page.locator(".panel mark").first).to_have_text("Sullivan")
    page.go_back()
    expect(box).to_have_value("Trieste")
    expect(page.locator(".found mark").first).to_contain_text("Triest", ignore_case=True)
    expect(page.locator(".panel")).to_have_count(0)
    page.go_forward()
    expect(box).to_have_value("Sullivan")
    page.go_back()
    page.go_back()
    expect(box).to_have_value("")
    page.go_back()
    expect(page.locator(".question")).to_have_text(QUESTION)
    expect(page.locator(".panel")).to_have_count(0)
    expect(page.locator(".chip").first).to_be_visible()


@pytest.mark.slow
def test_on_a_phone_what_is_chosen_in_the_sidebar_is_not_left_behind_it(browser: Browser, served: Served) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.goto(served.url)
        expect(page.locator(".welcome")).to_be_visible(timeout=120_000)
        page.get_by_test_id("stExpandSidebarButton").click()
        go_to(page, "Search")
        expect(page.get_by_test_id("stSidebar")).not_to_be_in_viewport()
        page.get_by_role("textbox", name="Words, a phrase").click()


# What has the focus, wherever it lies, and whether that is to be seen; a box to type in has a frame of Streamlit's.
FOCUSED = """() => {
  let one = document.activeElement;
  while (one.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  if (!one.matches("a, button, summary, input, textarea")) return [`(${one.tagName})`, true];
  const style = getComputedStyle(one);
  const shown = one.matches("input, textarea") || style.outlineStyle !== "none" || style.boxShadow !== "none";
  return [one.getAttribute("aria-label") || one.placeholder || one.textContent.trim(), shown];
}"""


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Goes on with the keyboard until what is called so has the focus, which must be seen there."""
    passed = []
    for _ in range(60):
        page.keyboard.press(key)
        called, is_shown = page.evaluate(FOCUSED)
        if called.startswith(name) or called.endswith(name):  # Streamlit's icons are words before a name
            assert is_shown, name
            return
        passed.append(called[:60])
    raise AssertionError(f"{name} is out of reach: {passed}")


@pytest.mark.slow
def test_all_of_it_can_be_done_with_the_keyboard_alone(page: Page) -> None:
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_focused()  # without a single Tab
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".footnote")).to_be_visible(timeout=60_000)
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_enabled(timeout=60_000)
    page.get_by_test_id("stChatInputTextArea").focus()
    tab_to(page, "Source 1", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".panel .close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_have_count(0)
    assert page.evaluate(FOCUSED)[0].startswith("Source 1")  # where one was
    tab_to(page, "Save as")
    page.keyboard.press("Enter")
    tab_to(page, "Markdown")
    tab_to(page, "The whole conversation (print, PDF)")
    tab_to(page, "A good answer")
    page.keyboard.press("Enter")
    expect(page.locator('.thumb.up[aria-pressed="true"]')).to_be_visible()
    assert page.evaluate(FOCUSED)[0] == "A good answer"  # though it was drawn anew
    tab_to(page, "Search", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Search")).to_be_visible()
    tab_to(page, "Words, a phrase between quotation marks, a name")
    page.keyboard.type("Sullivan")
    page.keyboard.press("Enter")
    expect(page.locator(".found mark").first).to_be_visible(timeout=30_000)


@pytest.mark.slow
def test_words_are_found_in_an_article_and_one_goes_from_match_to_match(page: Page) -> None:
    ask(page, QUESTION)
    page.locator(".chip").first.click()
    box, tally = page.get_by_role("searchbox", name="Find in this article"), page.locator(".find .tally")
    box.press_sequentially("AYDIN")  # it is Kemal Aydın there
    expect(tally).to_have_text("1 / 1")
    box.fill("unita")
    expect(tally).to_have_text("1 / 1")
    expect(page.locator(".match.here")).to_have_text("Unità")
    box.fill("")
    box.press_sequentially("lorries")  # "r" and "c" are shortcuts elsewhere
    expect(tally).to_have_text("1 / 2")
    expect(page.locator(".match")).to_have_text(["Lorries", "lorries"])
    box.press("Enter")
    expect(tally).to_have_text("2 / 2")
    expect(page.locator("mark .match.here")).to_be_in_viewport()
    look_at(page, "find-1280")
    box.press("Enter")
    expect(tally).to_have_text("1 / 2")
    box.press("Shift+Enter")
    page.get_by_role("button", name="The match before").click()
    expect(tally).to_have_text("1 / 2")
    box.fill("no such words")
    expect(tally).to_have_text("0 / 0")
    expect(page.get_by_role("button", name="The next match")).to_be_disabled()
    box.press("Escape")
    expect(box).to_have_value("")
    expect(page.locator(".match")).to_have_count(0)
    expect(page.locator(".panel mark").first).to_contain_text(SENTENCE)
    box.press("Escape")
    expect(page.locator(".panel")).to_have_count(0)


@pytest.mark.slow
def test_one_goes_from_one_cited_sentence_of_an_article_to_the_next(page: Page) -> None:
    ask(page, "What did Nevio Cossutta say about the wage?")
    article = page.locator("ol.sentences .sentence", has_text="Northgate Business Daily")
    expect(article.nth(1)).to_be_visible()
    article.nth(1).click()
    at = page.locator(".panel .steps .at")
    expect(at).to_have_text("2")
    expect(page.locator(".panel mark.here")).to_be_in_viewport()
    page.get_by_role("button", name="The mark before").click()
    expect(at).to_have_text("1")
    expect(page.locator(".panel mark.here")).to_have_count(1)


@pytest.mark.slow
def test_what_the_articles_do_not_say_is_refused(page: Page) -> None:
    ask(page, "What is the boiling point of tungsten?")
    expect(page.locator(".refusal")).to_contain_text("No answer in the articles.")
    expect(page.locator(".chip")).to_have_count(0)
    expect(page.get_by_text("What came closest")).to_be_visible()


@pytest.mark.slow
def test_a_question_of_100_000_characters_is_refused_in_sight(page: Page) -> None:
    page.get_by_test_id("stChatInputTextArea").fill("why " * 25_000)
    page.keyboard.press("Enter")
    expect(page.locator(".problem")).to_contain_text("Shorten it.", timeout=60_000)
    expect(page.locator(".problem")).to_be_in_viewport()
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_enabled()
    ask(page, QUESTION)
    expect(page.locator(".chip").first).to_be_visible()


@pytest.mark.slow
def test_an_example_can_be_pressed_and_a_new_conversation_begun(page: Page) -> None:
    expect(page.locator(".example")).to_have_count(4)
    expect(page.locator(".example small").first).to_be_visible(timeout=180_000)  # they were tried
    question = page.locator(".example span").first.inner_text()
    page.locator(".example").first.click()
    expect(page.locator(".question")).to_have_text(question)
    expect(page.locator(".footnote")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.locator(".question")).to_have_count(0)


@pytest.mark.slow
def test_hostile_articles_stay_text(page: Page) -> None:
    ask(page, "Where was the zeppelin moored at noon?")
    expect(page.locator(".turn")).to_contain_text("<script>document.title='owned'</script>")
    page.locator(".sentence", has_text="zeppelin").first.evaluate("button => button.click()")  # may be folded
    panel = page.locator(".panel")
    expect(panel).to_contain_text("![p](http://tracker.example/q.png)")
    expect(panel).to_contain_text("<b>Bold Gazette</b>")
    expect(panel.locator("img, script, b, a")).to_have_count(0)
    assert page.title().endswith("newsdesk")


@pytest.mark.slow
def test_a_rebuild_runs_beside_the_chat_and_shows_on_its_page(page: Page, served: Served) -> None:
    go_to(page, "Index")
    count = page.locator(".facts dd").nth(1)
    before = int(count.inner_text().split()[2])  # "15 = 14 articles + …"
    page.locator(".skipped summary").click()
    expect(page.locator(".skipped")).to_contain_text("empty.md")
    new = served.folder / "late.txt"
    new.write_text("The observatory on Mount Pellor opened on 3 May 2025.\n\nIts dome weighs 41 tonnes.\n")
    page.get_by_role("button", name="Rebuild the index").click()
    expect(page.get_by_role("button", name="Rebuild the index")).to_be_disabled()
    go_to(page, "Ask")
    ask(page, QUESTION)
    go_to(page, "Index")
    expect(page.get_by_role("button", name="Rebuild the index")).to_be_enabled(timeout=300_000)
    expect(count).to_contain_text(f"= {before + 1} articles", timeout=10_000)
    page.get_by_role("button", name="Check everything").click()
    expect(page.locator(".findings")).to_contain_text("searching for the title", timeout=120_000)
    go_to(page, "Ask")
    expect(page.locator(".question")).to_have_text(QUESTION)
    ask(page, "When did the observatory on Mount Pellor open?")
    expect(page.locator(".turn").last).to_contain_text("opened on 3 May 2025")
    go_to(page, "Index")
    page.get_by_role("button", name="Go back to the index before").click()
    expect(count).to_contain_text(f"= {before} articles", timeout=120_000)


@pytest.mark.slow
def test_a_reload_finds_the_conversation_and_another_browser_does_not(
    page: Page, browser: Browser, served: Served
) -> None:
    ask(page, QUESTION)
    page.locator(".save summary").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="JSON").click()
    assert json.loads(saved.value.path().read_text())["citations"][0]["text"].startswith(SENTENCE)
    page.get_by_role("button", name="A good answer").click()
    expect(page.get_by_role("button", name="A good answer")).to_have_attribute("aria-pressed", "true")
    assert SENTENCE in (served.index_dir / "feedback.jsonl").read_text()
    page.reload()
    expect(page.locator(".question")).to_have_text(QUESTION, timeout=60_000)
    expect(page.locator(".chip")).to_have_count(1)
    with browser.new_context() as stranger:
        other = stranger.new_page()
        other.goto(page.url)
        expect(other.locator(".welcome")).to_be_visible(timeout=60_000)
        expect(other.locator(".past")).to_have_count(0)
        assert stranger.request.get(saved.value.url).status == 404
    page.get_by_role("button", name="Delete all conversations").click()
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.locator(".past")).to_have_count(0)


@pytest.mark.slow
def test_a_deletion_that_is_taken_back_shows_again_what_was_in_sight(page: Page) -> None:
    question = "Who led the talks in Vienna?"
    ask(page, question)
    for button in ("Delete this conversation", "Delete all conversations"):
        page.get_by_test_id("stSidebar").get_by_role("button", name=button).first.click()
        expect(page.locator(".welcome")).to_be_visible(timeout=20_000)
        page.get_by_role("button", name="Take back the deletion").click()
        expect(page.locator(".turn .question")).to_have_text(question, timeout=20_000)


@pytest.mark.slow
def test_a_rating_replaces_the_one_before_survives_a_reload_and_goes_when_asked_again(
    page: Page, served: Served
) -> None:
    def noted() -> list[dict[str, object]]:
        lines = (served.index_dir / "feedback.jsonl").read_text().splitlines()
        return [one for one in map(json.loads, lines) if one["question"] == question]

    question = "How many lorries were parked along the approach to the port?"
    good, bad = (page.get_by_role("button", name=name) for name in ("A good answer", "Not right"))
    ask(page, question)
    good.click()
    expect(good).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(good).to_have_attribute("aria-pressed", "true", timeout=60_000)
    bad.click()
    page.get_by_label("What is right?").fill("901")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_label("What is right?")).to_have_count(0)
    expect(bad).to_have_attribute("aria-pressed", "true")
    expect(good).to_have_attribute("aria-pressed", "false")
    (only,) = noted()
    assert only["answers"] == ["901"]
    page.reload()
    expect(bad).to_have_attribute("aria-pressed", "true", timeout=60_000)
    good.click()
    expect(good).to_have_attribute("aria-pressed", "true")
    good.click()
    expect(good).to_have_attribute("aria-pressed", "false")
    assert noted() == []
    good.click()
    expect(good).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Ask again").click()
    expect(good).to_have_attribute("aria-pressed", "false", timeout=60_000)
    expect(page.locator(".question")).to_have_text([question])
    page.reload()
    expect(page.locator(".question")).to_have_text([question], timeout=60_000)


@pytest.mark.slow
def test_a_link_shows_one_answer_to_a_colleague_until_it_is_withdrawn(
    page: Page, browser: Browser, served: Served
) -> None:
    ask(page, QUESTION)
    ask(page, "What is the boiling point of tungsten?")
    page.get_by_role("button", name="Make a link").first.click()
    address = page.get_by_label("Link to this answer")
    expect(address).to_have_value(re.compile(rf"^{served.url}/\?a=[\w-]{{32}}$"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    link = address.input_value()
    assert page.evaluate("navigator.clipboard.readText()") == link
    look_at(page, "link-1280")
    with browser.new_context(viewport={"width": 1280, "height": 900}) as colleague:
        other = colleague.new_page()
        other.goto(link)
        expect(other.locator(".turn")).to_contain_text(SENTENCE, timeout=60_000)
        expect(other.locator(".question")).to_have_text([QUESTION])
        expect(other.locator(".past, .edit, .thumb, .actions, .refusal")).to_have_count(0)
        expect(other.get_by_test_id("stChatInputTextArea")).to_have_count(0)
        other.locator(".chip").first.click()
        expect(other.locator(".panel mark").first).to_contain_text(SENTENCE)
        look_at(other, "shared-1280")
        page.get_by_role("button", name="Withdraw the link").click()
        expect(address).to_have_count(0)
        other.reload()
        expect(other.locator(".problem")).to_contain_text("This link opens no answer any more.", timeout=60_000)
        expect(other.locator("body")).not_to_contain_text("lorries")
        other.get_by_role("button", name="Ask your own question").click()
        expect(other.locator(".welcome")).to_be_visible(timeout=60_000)
        assert other.url.rstrip("/").endswith(served.url.partition("//")[2])


@pytest.mark.slow
def test_articles_are_listed_counted_and_put_along_time(page: Page) -> None:
    go_to(page, "Articles")
    page.get_by_label("Search titles, sources, authors and file names").fill("trieste lorries")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 article", exact=True)).to_be_visible()
    page.locator(".sentence").first.click()
    expect(page.locator(".panel .text")).to_contain_text(SENTENCE)
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Counts").click()
    expect(page.locator(".bars")).to_have_count(3)
    page.get_by_role("tab", name="Timeline").click()
    page.get_by_label("A name or a question").fill("Oksana Hrynchuk")
    page.keyboard.press("Enter")
    expect(page.locator(".timeline h2").first).to_be_visible(timeout=20_000)
    page.locator(".timeline .sentence").first.click()
    expect(page.locator(".panel mark").first).to_be_in_viewport()


@pytest.mark.slow
def test_an_address_where_nothing_is_leads_to_the_first_page(browser: Browser, served: Served) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        for address in ("ask", "nowhere", "nowhere/at/all", "search/more?q=a"):
            page.goto(f"{served.url}/{address}")
            expect(page.locator(".welcome")).to_be_visible(timeout=60_000)
            expect(page).to_have_url(f"{served.url}/")
            expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.slow
def test_the_page_speaks_the_browsers_language_and_another_when_told(browser: Browser, served: Served) -> None:
    with browser.new_context(locale="it-IT") as context:
        page = context.new_page()
        page.goto(served.url)
        expect(page.get_by_role("heading", name="Chiedi alle notizie, vedi la frase")).to_be_visible(timeout=60_000)
        assert page.locator("html").get_attribute("lang") == "it"
        page.screenshot(path=ARTIFACTS / "italian.png")
        page.get_by_label("Lingua della pagina").click()
        page.get_by_role("option", name="Українська").click()
        expect(page.get_by_role("heading", name="Запитайте новини, побачте речення")).to_be_visible()
        go_to(page, "Індекс")
        expect(page.get_by_role("heading", name="Індекс")).to_be_visible()
        page.reload()
        expect(page.get_by_role("heading", name="Індекс")).to_be_visible(timeout=60_000)


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)])
def test_nothing_is_cut_off_or_out_of_reach_at_desk_and_phone(
    browser: Browser, served: Served, scheme: str, width: int, height: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    page.goto(served.url)
    expect(page.locator(".welcome")).to_be_visible(timeout=120_000)

    def check(state: str) -> None:
        look_at(page, f"{state}-{width}-{scheme}")

    expect(page.get_by_text("Deploy")).to_have_count(0)
    expect(page.get_by_test_id("stMainMenu")).to_have_count(0)
    check("welcome")
    ask(page, QUESTION)
    expect(page.locator(".question")).to_be_in_viewport()
    check("answer")
    page.locator(".chip").first.click()
    expect(page.locator(".panel mark").first).to_be_in_viewport()
    check("article")
    page.locator(".close").click()
    expect(page.locator(".panel")).to_have_count(0)
    ask(page, "What is the boiling point of tungsten?")
    expect(page.locator(".refusal")).to_be_in_viewport()
    check("refusal")
    page.get_by_role("button", name="Change this question").first.click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    check("change")
    page.goto(f"{served.url}/articles")
    expect(page.locator(".sentence").first).to_be_visible(timeout=60_000)
    check("articles")
    page.get_by_role("tab", name="Timeline").click()
    page.get_by_label("A name or a question").fill("Oksana Hrynchuk")
    page.keyboard.press("Enter")
    expect(page.locator(".timeline h2").first).to_be_visible(timeout=20_000)
    check("timeline")
    page.goto(f"{served.url}/index")
    expect(page.locator(".facts")).to_be_visible(timeout=60_000)
    check("index")
    context.close()


@pytest.mark.slow
def test_ctrl_c_ends_the_server_cleanly(served: Served) -> None:
    """Last, because nothing is served after it."""
    served.process.send_signal(signal.SIGINT)
    began = time.monotonic()
    assert served.process.wait(timeout=20) == 0
    assert time.monotonic() - began < 15
    assert served.process.stdout
    assert "Traceback" not in served.process.stdout.read()
