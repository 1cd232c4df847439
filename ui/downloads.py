"""Records of answers as files, for whoever asked and nobody else."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from assistant.settings import Settings
from ui.conversations import COOKIE
from ui.opening import conversations, sign_in
from ui.record import to_html, to_json, to_markdown
from ui.signin import NoEntry, Visitor, of_browser

FORMATS = {
    "md": ("text/markdown; charset=utf-8", to_markdown),
    "html": ("text/html; charset=utf-8", to_html),
    "json": ("application/json", to_json),
}


def record_route(settings: Settings) -> Route:
    """Serves /record/CONVERSATION/NUMBER.md, .html and .json; numbers count the questions from 0."""

    def send(request: Request) -> Response:
        conversation, number = request.path_params["conversation"], request.path_params["number"]
        try:
            replies = conversations(settings).replies(_visitor(request, settings).owner, conversation)
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

    return Route("/record/{conversation}/{number:int}.{suffix}", send)


def _visitor(request: Request, settings: Settings) -> Visitor:
    """Who sent the request; raises NoEntry when they may not enter."""
    if entrance := sign_in(settings):
        return entrance.visitor(entrance.claims(request.cookies))
    return of_browser(request.cookies.get(COOKIE, ""))
