"""The Add page: articles come in as files, text or addresses, are indexed at once, and can be removed again."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import streamlit as st

from assistant.assistant import Assistant
from assistant.settings import Settings
from index.articles import Article
from index.errors import UserError
from index.generations.pointer import current_folder
from index.reading.limits import URL_CHARACTERS
from ui.fetching import MOST_ADDRESSES, Fetching
from ui.intake import ENDINGS, FILE_BYTES, Added, Incoming, Intake, written
from ui.page import render
from ui.page.article_panel import draw_article, open_pressed
from ui.page.component import draw, fragment
from ui.page.door import visitor
from ui.page.opening import fetching_line, rebuilds
from ui.page.rebuild_progress import draw_progress, note_ended_rebuild, running_rebuild
from ui.page.render import AddedRow
from ui.page.words import say

DEFAULT_FOLDER = "articles"  # beside the index
# Streamlit's own words in its uploader are English in every language.
UPLOADER_CSS = """<style>
@media (min-width: 48rem) { /* so that more than two lines of chosen files are seen whole */
  [data-testid="stFileChips"] { max-height: 40dvh !important; }
}
[data-testid="stFileUploaderDropzoneInstructions"] { display: none; }
[data-testid="stFileUploaderDropzone"] button [data-testid="stMarkdownContainer"] p { font-size: 0; }
[data-testid="stFileUploaderDropzone"] button [data-testid="stMarkdownContainer"]::after { content: "%s"; }
</style>"""


def draw_add_page(settings: Settings, assistant: Assistant | None) -> None:
    """All of the page; it stands without an index too, and then says what this is."""
    if assistant:
        draw(render.heading(say("Add articles")), "heading")
    else:
        draw(render.first_steps(), "first_steps")
    inside = visitor(settings)
    if not inside.editor:
        draw(render.notice(say("Only editors may add articles. Ask whoever runs this page.")), "no_editor")
        return
    intake = Intake(_folder(settings), settings.index_dir)
    busy = running_rebuild(settings) is not None
    if not busy:
        note_ended_rebuild(settings)
    by_file, by_text, by_address = st.tabs([say("Files"), say("Text"), say("Addresses")])
    with by_file:
        _draw_files(settings, intake)
    with by_text:
        _draw_text(settings, intake)
    with by_address:
        _draw_addresses(settings, intake)
    for key in ("intake_problem", "rebuild_problem"):
        if problem := st.session_state.get(key):
            draw(render.problem(problem), key)
    if outcomes := st.session_state.get("intake_outcomes"):
        draw(render.outcomes(outcomes), "intake_outcomes")
    if busy:
        fragment(draw_progress, run_every=1.0)(settings)
    elif assistant and st.button(say("Ask your articles"), icon=":material/forum:"):
        st.switch_page(st.session_state.ask_page)
    _draw_added(settings, intake, assistant, busy)
    if assistant:
        draw_article(assistant)


def _folder(settings: Settings) -> Path:
    """The folder that is indexed, or that of the settings while there is no index."""
    return Path(
        current_folder(settings.index_dir) or settings.articles or settings.index_dir.absolute().parent / DEFAULT_FOLDER
    )


def _draw_files(settings: Settings, intake: Intake) -> None:
    st.html(UPLOADER_CSS % say("Choose files"))
    drawn = st.session_state.setdefault("uploader", 0)
    megabytes = FILE_BYTES // 1_000_000
    chosen = st.file_uploader(
        say("Drop articles here: {kinds}; up to {megabytes} MB each", kinds=_kinds(), megabytes=megabytes),
        type=[ending.removeprefix(".") for ending in ENDINGS],
        accept_multiple_files=True,
        key=f"files {drawn}",
    )
    into = _pick_folder(intake, "files")
    label = render.add_files_label(len(chosen))
    if st.button(label, type="primary", disabled=not chosen, icon=":material/upload_file:"):
        files = [Incoming(one.name, one.getvalue()) for one in chosen]
        _take_in(settings, intake, into, files)
        st.session_state.uploader = drawn + 1  # an empty one
        st.rerun()


def _draw_text(settings: Settings, intake: Intake) -> None:
    drawn = st.session_state.setdefault("texts", 0)
    with st.form(f"text {drawn}", border=False):
        text = st.text_area(say("Text of the article"), height=220)
        title = st.text_input(say("Title"), placeholder=say("By default the first line"))
        left, right = st.columns(2)
        source = left.text_input(say("Source"))
        published = right.date_input(
            say("Published"), None, min_value=date(1600, 1, 1), max_value=date(2100, 1, 1), format="DD/MM/YYYY"
        )
        into = _pick_folder(intake, "text")
        sent = st.form_submit_button(say("Add the text"), type="primary", icon=":material/note_add:")
    if sent:
        try:
            day = published.isoformat() if isinstance(published, date) else ""
            _take_in(settings, intake, into, [written(title, source, day, text)])
            st.session_state.texts = drawn + 1
        except UserError as error:
            st.session_state.intake_problem = str(error)
        st.rerun()


def _draw_addresses(settings: Settings, intake: Intake) -> None:
    """A field for them, or how they are fetched; where that is not switched on, how it is."""
    if not settings.fetches:
        told = say(
            "Articles are not fetched from the net here. Whoever runs this page switches it on: {setting}",
            setting="`NEWSDESK_FETCH=on newsdesk chat`",
        )
        draw(render.notice(told), "no_fetching")
        return
    fetching: Fetching | None = st.session_state.get("fetching")
    if fetching:
        fragment(_draw_fetching, run_every=1.0)()
        return
    drawn = st.session_state.setdefault("addresses", 0)
    with st.form(f"addresses {drawn}", border=False):
        given = st.text_area(
            say("Addresses of articles, one a line; this machine fetches them"),
            placeholder="https://",
            max_chars=MOST_ADDRESSES * URL_CHARACTERS,
        )
        into = _pick_folder(intake, "addresses")
        sent = st.form_submit_button(say("Fetch and add"), type="primary", icon=":material/download:")
    now = visitor(settings)
    if sent and given.split() and now.editor:
        st.session_state.intake_problem, st.session_state.intake_outcomes = "", ()
        taken_in = partial(rebuilds(settings).take_in, now.editor, intake.folder)
        st.session_state.fetching = Fetching(given.split(), intake, now.owner, into, taken_in, fetching_line())
        st.session_state.addresses = drawn + 1
        st.rerun()


def _draw_fetching() -> None:
    """How far it is; at its end the whole page tells what came of it."""
    fetching: Fetching | None = st.session_state.get("fetching")
    if fetching and fetching.running:
        draw(render.fetching(len(fetching.outcomes), fetching.addresses), "fetching_progress")
        return
    if fetching:
        st.session_state.fetching = None
        st.session_state.intake_problem = fetching.problem
        st.session_state.intake_outcomes = tuple(one for one in fetching.outcomes if one.problem or one.known)
    st.rerun()


def _pick_folder(intake: Intake, key: str) -> str:
    """The folder that is chosen; where there is only one, nobody is asked."""
    folders = intake.folders()
    if len(folders) == 1:
        return folders[0]
    main = say("The folder itself")
    return st.selectbox(say("Into the folder"), folders, format_func=lambda one: one or main, key=f"{key} folder")


def _take_in(settings: Settings, intake: Intake, into: str, files: Sequence[Incoming]) -> None:
    """Writes the files, as far as they are taken, and has them indexed."""
    now = visitor(settings)  # a press may come long after the page was drawn
    st.session_state.intake_problem, st.session_state.intake_outcomes = "", ()
    if not now.editor:
        return
    try:
        outcomes = intake.add(now.owner, into, files)
        st.session_state.intake_outcomes = tuple(one for one in outcomes if one.problem or one.known)
        if any(one.path for one in outcomes):
            _index(settings, intake)
    except UserError as error:
        st.session_state.intake_problem = str(error)


def _index(settings: Settings, intake: Intake, *options: str) -> None:
    st.session_state.rebuild = rebuilds(settings).take_in(visitor(settings).editor, intake.folder, *options)
    st.session_state.rebuild_problem = ""


def _draw_added(settings: Settings, intake: Intake, assistant: Assistant | None, busy: bool) -> None:
    """What came in here, what became of each, and a button that removes it."""
    added = intake.added()
    if not added:
        return
    inside = visitor(settings)
    states = _states(assistant)
    rows = [_row(one, states, busy, inside.admin or one.owner == inside.owner) for one in added]
    asked = str(st.session_state.get("removing", ""))
    pressed = draw(render.added(rows, asked), "added")
    open_pressed(pressed)
    if "removing" in pressed:
        st.session_state.removing = str(pressed["removing"])
        st.rerun()
    if pressed.get("remove"):
        st.session_state.removing = ""
        _remove(settings, intake, assistant, str(pressed["remove"]))
        st.rerun()


def _remove(settings: Settings, intake: Intake, assistant: Assistant | None, path: str) -> None:
    now = visitor(settings)
    st.session_state.intake_problem, st.session_state.intake_outcomes = "", ()
    others = [one.id for one in assistant.open_generation().articles(2) if file_of(one.id) != path] if assistant else []
    try:
        if not others:
            raise UserError("It is the only article. Add another before you remove it.")
        intake.remove(now.owner, path, of_anybody=now.admin)
        _index(settings, intake, *(["--allow-shrink"] if _is_rest_there(assistant, intake, path) else []))
    except UserError as error:
        st.session_state.intake_problem = str(error)


def _is_rest_there(assistant: Assistant | None, intake: Intake, removed: str) -> bool:
    """Whether what is indexed is still in the folder, but for what was removed: then less is less on purpose."""
    files = assistant.open_generation().files if assistant else ()
    return all(one.path == removed or (intake.folder / one.path).exists() for one in files)


def _states(assistant: Assistant | None) -> Mapping[str, tuple[list[Article], list[str], str]]:
    """By file: its articles, why something of it was skipped, and of what it is a copy."""
    states: dict[str, tuple[list[Article], list[str], str]] = {}
    if assistant is None:
        return states
    generation = assistant.open_generation()
    for article in generation.articles():
        states.setdefault(file_of(article.id), ([], [], ""))[0].append(article)
    for skipped in generation.manifest.skipped:
        states.setdefault(file_of(skipped.path), ([], [], ""))[1].append(skipped.reason)
    for copy in generation.manifest.duplicates:
        articles, reasons, _ = states.setdefault(file_of(copy.path), ([], [], ""))
        states[file_of(copy.path)] = (articles, reasons, copy.copy_of)
    return states


def file_of(article_id: str) -> str:
    """The file that holds the article: "week.zip" of "week.zip/monday/strike.md", "wire.jsonl" of "wire.jsonl#3"."""
    path = article_id.partition("#")[0]
    head, found, _ = path.partition(".zip/")
    return f"{head}.zip" if found else path


def _row(
    one: Added, states: Mapping[str, tuple[list[Article], list[str], str]], busy: bool, removable: bool
) -> AddedRow:
    articles, reasons, copy_of = states.get(one.path, ([], [], ""))
    opened = articles[0].id if articles else copy_of
    return AddedRow(one.path, one.added, len(articles), tuple(reasons), copy_of, opened, busy, removable)


def _kinds() -> str:
    return "PDF, Word, HTML, Markdown, …, ZIP"
