"""What the HTTP API answers instead of what was asked for: one shape, OpenAI's, on every route."""

from dataclasses import asdict, dataclass

from starlette.responses import JSONResponse

MOST_BODY_BYTES = 1_000_000
TYPES = {401: "authentication_error", 403: "permission_error", 404: "not_found_error", 429: "rate_limit_error"}


@dataclass(frozen=True, slots=True)
class Error:
    """What happened and what to do, without paths and without what was asked; `code` is for programs."""

    message: str
    type: str
    code: str
    param: str | None = None  # the field of the request that is wrong


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """The JSON of every error."""

    error: Error


class Problem(Exception):
    """An error for whoever sent the request; `retry_after` are seconds, None when trying again is no help."""

    def __init__(
        self, status: int, code: str, message: str, retry_after: int | None = None, param: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after
        default = "server_error" if status >= 500 else "invalid_request_error"
        self.body = ErrorBody(Error(message, TYPES.get(status, default), code, param))

    def response(self) -> JSONResponse:
        """The whole response."""
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        if self.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return JSONResponse(asdict(self.body), self.status, headers)


def internal_problem() -> Problem:
    """What is said of a mistake in the program; the log has it."""
    return Problem(500, "internal", "Something went wrong in newsdesk itself. The server's log shows where.")


def too_large() -> Problem:
    """What is said of a request's body over MOST_BODY_BYTES."""
    return Problem(413, "too_large", f"The request is too large. At most {MOST_BODY_BYTES:,} bytes are read.")
