"""Records of answers as files, for whoever asked and nobody else."""

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from assistant.settings import Settings
from ui.citation_formats import to_bibtex, to_ris
from ui.conversations import COOKIE
from ui.page.opening import conversations, sign_in
from ui.page.render import to_html
from ui.page.signin import NoEntry, Visitor, of_browser
from ui.record import Record, to_json, to_markdown
from ui.word_document import to_word

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Of a question's number: thousands of them would be no number that Python reads.
MOST_DIGITS = 6
MOST_QUESTIONS = 10**MOST_DIGITS
FORMATS: Mapping[str, tuple[str, Callable[[Record], str | bytes]]] = {
    "md": ("text/markdown; charset=utf-8", to_markdown),
    "html": ("text/html; charset=utf-8", to_html),
    "json": ("application/json", to_json),
    "ris": ("application/x-research-info-systems; charset=utf-8", to_ris),
    "bib": ("application/x-bibtex; charset=utf-8", to_bibtex),
    "docx": (WORD, lambda kept: to_word([kept])),
}


def record_route(settings: Settings) -> Route:
    """Serves /record/CONVERSATION/NUMBER.md, .html and .json; numbers count the questions from 0."""

    def send(request: Request) -> Response:
        conversation, digits = request.path_params["conversation"], request.path_params["number"]
        number = int(digits) if digits.isdecimal() and len(digits) <= MOST_DIGITS else MOST_QUESTIONS
        try:
            replies = conversations(settings).replies(visitor_of(request, settings).owner, conversation)
        except NoEntry:
            replies = []
        answer = replies[number].answer if number < len(replies) else None
        if answer is None or request.path_params["suffix"] not in FORMATS:
            return PlainTextResponse("There is no such answer.", status_code=404)
        kind, written = FORMATS[request.path_params["suffix"]]
        name = f"newsdesk-{answer.asked[:10]}-{number + 1}.{request.path_params['suffix']}"
        # Never shown as a page of this server's: a file is only ever saved.
        disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(written(answer), media_type=kind, headers=disposition)

    return Route("/record/{conversation}/{number}.{suffix}", send)


def conversation_route(settings: Settings) -> Route:
    """Serves /record/CONVERSATION.docx: all of its questions that were answered, as a Word document."""

    def send(request: Request) -> Response:
        try:
            owner = visitor_of(request, settings).owner
            replies = conversations(settings).replies(owner, request.path_params["conversation"])
        except NoEntry:
            replies = []
        answers = [one.answer for one in replies if one.answer]
        if not answers:
            return PlainTextResponse("There is no such conversation.", status_code=404)
        disposition = f'attachment; filename="newsdesk-{answers[0].asked[:10]}.docx"'
        return Response(to_word(answers), media_type=WORD, headers={"Content-Disposition": disposition})

    return Route("/record/{conversation}.docx", send)


def visitor_of(request: Request, settings: Settings) -> Visitor:
    """Who sent the request; raises NoEntry when they may not enter."""
    if entrance := sign_in(settings):
        return entrance.visitor(entrance.claims(request.cookies))
    return of_browser(request.cookies.get(COOKIE, ""))
