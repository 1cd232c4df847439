"""Who may enter a page with a sign-in: by its rules, and in a browser before a provider of its own."""

import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copytree
from typing import Any, cast

import pytest
from entrance import ADA, COOKIE_SECRET, NOW, cookie, write
from pages import ask, free_port, go_to, running
from playwright.sync_api import Browser, BrowserContext, Page, expect
from provider import CLIENT_SECRET, Provider, provider
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from assistant.settings import Settings, read_settings
from index.errors import UserError
from ui.page.door import CLOSED_AFTER_SECONDS
from ui.page.launch import SignInCookies, launch
from ui.page.signin import CLOSED, SIGN_IN, SIGNED_IN_SECONDS, UNLISTED, UNVERIFIED, NoEntry, SignIn, of_browser
from ui.rebuilding import Rebuilds

HERE = Path(__file__)
QUESTION = "Who led the repair of the iron bridge in Marlow?"


@pytest.fixture
def entrance(tmp_path: Path) -> SignIn:
    return SignIn(write(tmp_path / "signin.toml"), tmp_path / "index", clock=lambda: NOW)


def test_who_is_named_enters_and_an_admin_is_one(entrance: SignIn) -> None:
    ada = entrance.visitor(ADA)
    bob = entrance.visitor({**ADA, "sub": "2", "email": "Bob@Desk.Example"})
    assert (ada.address, ada.admin, bob.address, bob.admin) == ("ada@paper.example", True, "Bob@Desk.Example", False)
    assert ada.owner != bob.owner


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"email": "eve@paper.example"}, UNLISTED),
        ({"email": "ada@paper.example.evil"}, UNLISTED),
        ({"email": "eve@sub.desk.example"}, UNLISTED),
        ({"email": "@desk.example@evil.example"}, UNLISTED),
        ({"email": "desk.example"}, UNLISTED),
        ({"email": "@desk.example"}, UNLISTED),
        ({"email": None}, UNVERIFIED),
        ({"email": ["ada@paper.example"]}, UNVERIFIED),
        ({"email_verified": False}, UNVERIFIED),
        ({"email_verified": "true"}, UNVERIFIED),
        ({"email_verified": None}, UNVERIFIED),
        ({"is_logged_in": False}, SIGN_IN),
        ({"is_logged_in": "yes"}, SIGN_IN),
        ({"iat": NOW - SIGNED_IN_SECONDS}, SIGN_IN),
        ({"iat": NOW + 3600}, SIGN_IN),
        ({"iat": None}, SIGN_IN),
        ({"sub": ""}, SIGN_IN),
        ({"iss": None}, SIGN_IN),
        ({"nonce": None}, SIGN_IN),
    ],
)
def test_anybody_else_is_refused(entrance: SignIn, changed: dict[str, object], sentence: str) -> None:
    entrance.visitor(ADA)
    with pytest.raises(NoEntry) as refused:
        entrance.visitor({**ADA, **changed})
    assert str(refused.value) == sentence
    assert bool(refused.value.address) == (sentence != SIGN_IN)


def test_nobody_has_come_when_nothing_is_claimed(entrance: SignIn) -> None:
    with pytest.raises(NoEntry, match=re.escape(SIGN_IN)):
        entrance.visitor({})


def test_an_address_given_to_somebody_else_opens_nothing_of_the_first(entrance: SignIn) -> None:
    first, second = entrance.visitor(ADA), entrance.visitor({**ADA, "sub": "2"})
    elsewhere = entrance.visitor({**ADA, "iss": "https://other.example"})
    assert len({first.owner, second.owner, elsewhere.owner}) == 3
    assert entrance.visitor({**ADA, "nonce": "another sign-in"}).owner == first.owner
    assert of_browser(first.owner).owner != first.owner


def test_the_lists_are_read_again_as_soon_as_the_file_has_changed(entrance: SignIn, tmp_path: Path) -> None:
    assert entrance.visitor(ADA).admin
    write(tmp_path / "signin.toml", {"admins": []})
    assert not entrance.visitor(ADA).admin
    write(tmp_path / "signin.toml", {"allowed": ["@desk.example"], "cookie_secret": "x" * 40})
    with pytest.raises(NoEntry, match=re.escape(UNLISTED)):
        entrance.visitor(ADA)
    assert entrance.cookie_secret == COOKIE_SECRET  # what Streamlit was started with


@pytest.mark.parametrize("broken", ["gone", "cut short", "for others", "empty list"])
def test_nobody_enters_while_the_file_cannot_be_used(entrance: SignIn, tmp_path: Path, broken: str) -> None:
    path = tmp_path / "signin.toml"
    if broken == "gone":
        path.unlink()
    elif broken == "cut short":
        path.write_text("allowed = [")
    elif broken == "for others":
        path.chmod(0o640)
    else:
        write(path, {"allowed": []})
    for _ in range(2):
        with pytest.raises(NoEntry, match=re.escape(CLOSED)):
            entrance.visitor(ADA)
    path.unlink(missing_ok=True)
    write(path)
    assert entrance.visitor(ADA)


def test_a_sign_in_that_was_ended_opens_nothing_and_the_next_one_does(entrance: SignIn) -> None:
    entrance.end(ADA)
    entrance.end({})
    with pytest.raises(NoEntry, match=re.escape(SIGN_IN)):
        entrance.visitor(ADA)
    assert entrance.visitor({**ADA, "nonce": "next"})


def test_only_cookies_of_this_page_say_who_comes(entrance: SignIn) -> None:
    own = cookie({**ADA, "origin": entrance.address})
    assert entrance.visitor(entrance.claims({USER_COOKIE_NAME: own})).address == "ada@paper.example"
    middle = len(own) // 2
    strangers = [
        "",
        own[:middle] + ("a" if own[middle] != "a" else "b") + own[middle + 1 :],
        own.rpartition(".")[0],
        cookie({**ADA, "origin": entrance.address}, "of another app, and it is as long as ours"),
        cookie({**ADA, "origin": "https://other.example"}),
        cookie(ADA),
        cookie({**ADA, "origin": entrance.address}, name="another cookie"),
    ]
    assert [entrance.claims({USER_COOKIE_NAME: one}) for one in strangers] == [{}] * len(strangers)
    assert entrance.claims({}) == {}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"address": None}, "has no address"),
        ({"client_secret": ""}, "has no client_secret"),
        ({"cookie_secret": 5}, "has no cookie_secret"),
        ({"cookie_secret": "s3cret"}, "less than 32 characters"),
        ({"allowed": []}, "lets nobody in"),
        ({"allowed": None}, "no list of addresses"),
        ({"allowed": "@desk.example"}, "no list of addresses"),
        ({"allowed": ["desk"]}, "no list of addresses"),
        ({"allowed": ["ada@"]}, "no list of addresses"),
        ({"admins": [1]}, "no list of addresses"),
        ({"address": "http://news.example"}, "not encrypted"),
        ({"address": "https://news.example/under"}, "no address"),
        ({"address": "news.example"}, "no address"),
        ({"metadata_url": "http://id.example/x"}, "not encrypted"),
        ({"alowed": ["@desk.example"]}, "'alowed', which is not known"),
    ],
)
def test_a_file_that_is_not_complete_is_one_sentence_without_secrets(
    tmp_path: Path, changed: dict[str, object], told: str
) -> None:
    with pytest.raises(UserError, match=told) as refused:
        SignIn(write(tmp_path / "signin.toml", changed), tmp_path / "index")
    assert CLIENT_SECRET not in str(refused.value) and COOKIE_SECRET not in str(refused.value)
    assert "s3cret" not in str(refused.value)


def test_a_file_that_others_may_read_or_that_lies_in_the_index_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "signin.toml")
    path.chmod(0o604)
    with pytest.raises(UserError, match="chmod 600"):
        SignIn(path, tmp_path / "index")
    path.chmod(0o600)
    with pytest.raises(UserError, match="lies in the index folder"):
        SignIn(path, tmp_path)
    with pytest.raises(UserError, match="No such file"):
        SignIn(tmp_path / "none.toml", tmp_path / "index")
    path.write_text(f'client_secret = "{CLIENT_SECRET}')
    with pytest.raises(UserError, match="it is no TOML") as refused:
        SignIn(path, tmp_path / "index")
    assert CLIENT_SECRET not in str(refused.value)


def test_secrets_are_not_in_what_is_printed_of_it(entrance: SignIn) -> None:
    assert CLIENT_SECRET not in repr(entrance._written) and COOKIE_SECRET not in repr(entrance._written)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4"])
def test_others_are_served_with_a_sign_in_only(host: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no sign-in would let in only whom you want.*NEWSDESK_SIGNIN"):
        launch(host, 8501, read_settings({}))
    with pytest.raises(UserError, match="lets nobody in"):
        launch(host, 8501, _settings(write(tmp_path / "signin.toml", {"allowed": []}), tmp_path))
    with pytest.raises(UserError, match="chmod 600"):
        open_to_others = write(tmp_path / "signin.toml")
        open_to_others.chmod(0o644)
        launch(host, 8501, _settings(open_to_others, tmp_path))


def _settings(sign_in: Path, tmp_path: Path) -> Settings:
    return replace(read_settings({}), sign_in=sign_in, index_dir=tmp_path / "index")


@pytest.mark.parametrize(
    ("address", "ending"), [("https://news.example", "; Secure"), ("http://127.0.0.1:8501", "lax")]
)
def test_cookies_go_encrypted_and_signing_out_ends_the_sign_in(tmp_path: Path, address: str, ending: str) -> None:
    now = SignIn(write(tmp_path / "signin.toml", {"address": address}), tmp_path / "index", clock=lambda: NOW)

    def respond(_: Request) -> Response:
        response = PlainTextResponse("x")
        response.set_cookie("a", "b")
        return response

    app = Starlette(routes=[Route("/auth/logout", respond), Route("/", respond)])
    own = {"Cookie": f"{USER_COOKIE_NAME}={cookie({**ADA, 'origin': address})}"}
    client = TestClient(SignInCookies(app, now))
    assert client.get("/", headers=own).headers["set-cookie"].endswith(ending)
    client.get("/auth/logout")  # of somebody else
    assert now.visitor(ADA)
    client.get("/auth/logout", headers=own)
    with pytest.raises(NoEntry):
        now.visitor(ADA)


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/metrics/", "/_stcore/upload_file/a/b"])
def test_what_streamlit_counts_and_takes_is_for_who_may(tmp_path: Path, path: str) -> None:
    said = {"editors": ["ada@paper.example"]}
    now = SignIn(write(tmp_path / "signin.toml", said), tmp_path / "index", clock=lambda: NOW)
    app = Starlette(routes=[Route("/{path:path}", lambda _: PlainTextResponse("it"), methods=["GET", "PUT"])])
    client = TestClient(SignInCookies(app, now))
    asks = client.put if "upload" in path else client.get

    def reply(**changed: object) -> tuple[int, str]:
        told = asks(path, headers={"Cookie": f"{USER_COOKIE_NAME}={cookie({**ADA, **changed})}"})
        return told.status_code, told.text

    assert reply(origin="https://news.example") == (200, "it")
    for changed in ({"email": "eve@evil.example"}, {"email_verified": False}, {"iat": NOW - SIGNED_IN_SECONDS - 60}):
        assert reply(origin="https://news.example", **changed)[0] == 403
    assert asks(path).status_code == 403
    assert asks(path, headers={"Cookie": f"{USER_COOKIE_NAME}=ada"}).status_code == 403


def test_who_is_no_admin_starts_no_rebuild(tmp_path: Path) -> None:
    rebuilds = Rebuilds(tmp_path)
    for options in ((), ("--rollback",)):
        with pytest.raises(UserError, match="Only an admin"):
            rebuilds.start(False, *options)
    assert rebuilds.running is None


# --- in a browser -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Signed:
    """A page with a sign-in, the file that says so, and the provider."""

    url: str
    file: Path
    provider: Provider
    index_dir: Path

    def change(self, **changed: object) -> None:
        """Writes the file anew."""
        write(self.file, {**self.said, **changed})

    @property
    def said(self) -> dict[str, object]:
        return {
            "address": self.url,
            "metadata_url": f"{self.provider.url}/.well-known/openid-configuration",
        }


@pytest.fixture(scope="module")
def signed(_indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signed]:
    scratch = tmp_path_factory.mktemp("signed")
    copytree(_indexed, scratch / "index")
    port = free_port()
    with provider() as one:
        page = Signed(f"http://127.0.0.1:{port}", scratch / "signin.toml", one, scratch / "index")
        page.change()
        environment = {
            "NEWSDESK_PROFILE": "light",
            "NEWSDESK_INDEX_DIR": str(page.index_dir),
            "NEWSDESK_SIGNIN": str(page.file),
        }
        command = [sys.executable, str(HERE.with_name("hashed_page.py")), str(port)]
        with running(command, environment) as (_, line):
            assert page.url in line
            yield page


Enter = Callable[..., Page]


@pytest.fixture
def enter(browser: Browser, signed: Signed) -> Iterator[Enter]:
    """Signs somebody in, in a browser of their own, and gives the page that comes."""
    contexts: list[BrowserContext] = []
    signed.change()

    def enter(sub: str, email: str, path: str = "", **said: object) -> Page:
        signed.provider.says = {"sub": sub, "email": email, "email_verified": True, **said}
        contexts.append(browser.new_context())
        page = contexts[-1].new_page()
        page.goto(signed.url + path)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible(timeout=30_000)
        return page

    yield enter
    for context in contexts:
        context.close()


def assert_is_closed(page: Page, told: str) -> None:
    """That the page says no more than this."""
    expect(page.get_by_text(told)).to_be_visible(timeout=30_000)
    expect(page.get_by_test_id("stChatInputTextArea")).to_have_count(0)
    for word in ("Marlow", "Articles", "Index", "Rebuild", "New conversation", "bridge"):
        expect(page.locator("body")).not_to_contain_text(word)


def ask_and_save(page: Page) -> tuple[str, str]:
    """Asks, and gives the address of the conversation, and that of the answer as a file."""
    ask(page, QUESTION)
    expect(page.locator(".turn")).to_contain_text("Ada Finch")
    page.locator(".save summary").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="JSON").click()
    return page.url, saved.value.url


@pytest.mark.slow
def test_who_has_not_signed_in_sees_nothing_on_any_page(browser: Browser, signed: Signed) -> None:
    signed.change()
    with browser.new_context() as context:
        page = context.new_page()
        for path in ("", "/articles", "/index", "/ask"):
            page.goto(signed.url + path)
            assert_is_closed(page, SIGN_IN)


@pytest.mark.slow
def test_who_is_allowed_asks_and_leaves_and_their_copied_cookie_is_worth_nothing(
    enter: Enter, browser: Browser, signed: Signed
) -> None:
    page = enter("1", "ada@paper.example")
    expect(page.get_by_text("Signed in as ada@paper.example")).to_be_visible()
    address, saved = ask_and_save(page)
    go_to(page, "Index")
    expect(page.get_by_role("button", name="Rebuild the index")).to_be_visible()
    expect(page.get_by_role("button", name="Check everything")).to_be_visible()
    cookies = page.context.cookies()
    assert {one["httpOnly"] for one in cookies if one["name"].startswith("_streamlit_user")} == {True}
    second = page.context.new_page()
    second.goto(address)
    expect(second.locator(".question")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Sign out").click()
    assert_is_closed(page, SIGN_IN)
    assert_is_closed(second, SIGN_IN)  # by itself, within seconds
    with browser.new_context() as thief:
        thief.add_cookies(cast("list[Any]", cookies))
        assert thief.request.get(saved).status == 404
        copied = thief.new_page()
        copied.goto(address)
        assert_is_closed(copied, SIGN_IN)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("email", "said", "told"),
    [
        ("eve@evil.example", {}, UNLISTED),
        ("ada@paper.example", {"email_verified": False}, UNVERIFIED),
    ],
)
def test_who_may_not_enter_is_told_why_and_no_more(
    enter: Enter, signed: Signed, email: str, said: dict[str, object], told: str
) -> None:
    page = enter("66", email, **said)
    assert_is_closed(page, told)
    for path in ("/articles", "/index"):
        page.goto(signed.url + path)
        assert_is_closed(page, told)
    page.get_by_role("button", name="Sign out").click()
    assert_is_closed(page, SIGN_IN)


@pytest.mark.slow
def test_who_is_no_admin_finds_no_rebuild(enter: Enter, signed: Signed) -> None:
    page = enter("2", "bob@desk.example")
    go_to(page, "Index")
    expect(page.locator(".facts")).to_be_visible(timeout=30_000)
    for name in ("Rebuild the index", "Check everything", "Go back to the index before"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)


@pytest.mark.slow
def test_one_persons_conversation_is_a_fresh_page_to_another_and_found_again_by_the_first(
    enter: Enter, browser: Browser, signed: Signed
) -> None:
    ada = enter("1", "ada@paper.example")
    address, saved = ask_and_save(ada)
    bob = enter("2", "bob@desk.example")
    bob.goto(address)
    expect(bob.locator(".welcome")).to_be_visible(timeout=30_000)
    expect(bob.locator(".past, .question")).to_have_count(0)
    assert bob.context.request.get(saved).status == 404
    with browser.new_context() as nobody:
        assert nobody.request.get(saved).status == 404
    again = enter("1", "ada@paper.example")  # on another machine
    again.goto(address)
    expect(again.locator(".question")).to_be_visible(timeout=30_000)
    assert again.context.request.get(saved).status == 200


@pytest.mark.slow
def test_a_link_opens_its_answer_to_who_may_enter_and_to_nobody_else(
    enter: Enter, browser: Browser, signed: Signed
) -> None:
    ada = enter("1", "ada@paper.example")
    ask(ada, QUESTION)
    ada.get_by_role("button", name="Make a link").click()
    field = ada.get_by_label("Link to this answer")
    expect(field).not_to_have_value("")
    link = field.input_value()
    with browser.new_context() as nobody:
        stranger = nobody.new_page()
        stranger.goto(link)
        assert_is_closed(stranger, "Then open the link to the answer once more.")
    bob = enter("2", "bob@desk.example")
    bob.goto(link)
    expect(bob.locator(".question")).to_have_text(QUESTION, timeout=30_000)
    expect(bob.locator(".past, .actions")).to_have_count(0)


@pytest.mark.slow
def test_who_is_taken_off_the_list_loses_an_open_page_within_seconds(enter: Enter, signed: Signed) -> None:
    page = enter("2", "bob@desk.example")
    expect(page.locator(".welcome")).to_be_visible(timeout=30_000)
    signed.change(allowed=["ada@paper.example"])
    began = time.monotonic()
    assert_is_closed(page, UNLISTED)
    assert time.monotonic() - began < CLOSED_AFTER_SECONDS + 5


@pytest.mark.slow
@pytest.mark.parametrize("how", ["own", "tampered", "another secret", "another origin", "expired", "unverified"])
def test_a_cookie_opens_the_page_only_when_it_is_this_pages_and_fresh(
    browser: Browser, signed: Signed, how: str
) -> None:
    signed.change()
    claims: dict[str, Any] = {**ADA, "iat": time.time(), "nonce": how, "origin": signed.url, "provider": "default"}
    secret, told = COOKIE_SECRET, SIGN_IN
    if how == "another secret":
        secret = "of another app, and it is as long as ours"
    elif how == "another origin":
        claims["origin"] = "https://other.example"
    elif how == "expired":
        claims["iat"] -= SIGNED_IN_SECONDS
    elif how == "unverified":
        claims["email_verified"], told = None, UNVERIFIED
    value = cookie(claims, secret)
    if how == "tampered":
        value = value[:20] + ("a" if value[20] != "a" else "b") + value[21:]
    with browser.new_context() as context:
        context.add_cookies([{"name": USER_COOKIE_NAME, "value": value, "url": signed.url}])
        page = context.new_page()
        page.goto(signed.url)
        if how == "own":
            expect(page.locator(".welcome")).to_be_visible(timeout=30_000)
        else:
            assert_is_closed(page, told)
