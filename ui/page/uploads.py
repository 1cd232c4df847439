"""Files on their way in through the page: held in memory until they are added, and no more of them than that takes."""

from collections import Counter
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from ui.intake import FILE_BYTES, MOST_BYTES_AT_ONCE

UPLOADS = "/_stcore/upload_file"  # Streamlit's, followed by the session and a name
# Of one session and of all. Who chooses somewhat more than is taken at once is told so when it is to be added.
MOST_OF_ONE, MOST_OF_ALL = 2 * MOST_BYTES_AT_ONCE, 5 * MOST_BYTES_AT_ONCE
RECORD_BYTES = 10_000  # what an empty file counts

Held = Callable[[], dict[str, int]]  # bytes by session


def in_memory() -> dict[str, int]:
    """How many bytes Streamlit holds of each session's files."""
    manager = Runtime.instance().uploaded_file_mgr if Runtime.exists() else None
    if not isinstance(manager, MemoryUploadedFileManager):
        return {}
    return {
        session: sum(len(one.data) + RECORD_BYTES for one in list(files.values()))
        for session, files in list(manager.file_storage.items())
    }


class BoundedUploads:
    """ASGI middleware: a file that is one too many to be held with the others is refused before it is read."""

    def __init__(self, app: ASGIApp, held: Held = in_memory) -> None:
        self.app = app
        self._held = held
        self._coming = Counter[str]()  # bytes on their way, by session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "PUT" or not scope["path"].startswith(UPLOADS):
            await self.app(scope, receive, send)
            return
        session = scope["path"].removeprefix(UPLOADS).strip("/").partition("/")[0]
        said = Headers(scope=scope).get("content-length", "")
        size = RECORD_BYTES + (int(said) if said.isdecimal() and len(said) < len(str(MOST_OF_ALL)) else FILE_BYTES)
        together = self._coming + Counter(self._held())
        if together[session] + size > MOST_OF_ONE or together.total() + size > MOST_OF_ALL:
            await PlainTextResponse("Add first what is chosen.", 413)(scope, receive, send)
            return
        self._coming[session] += size
        try:
            await self.app(scope, receive, send)
        finally:
            self._coming -= Counter({session: size})
