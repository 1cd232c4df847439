"""Files that wait to be added: as many as are taken, of one session and of all, and none is lost count of."""

import asyncio
from collections.abc import Iterable

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from ui.page.uploads import MOST_OF_ALL, MOST_OF_ONE, RECORD_BYTES, UPLOADS, BoundedUploads, in_memory


class Taking:
    """Takes every file, one after the other, or fails."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.let_go = asyncio.Event()
        self.fails = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.taken.append(scope["path"])
        await self.let_go.wait()
        if self.fails:
            raise ConnectionError
        await send({"type": "http.response.start", "status": 204, "headers": []})


async def nothing() -> Message:
    return {"type": "http.disconnect"}


async def sent(app: BoundedUploads, path: str, length: str | None, method: str = "PUT") -> int:
    """The status of the answer."""
    statuses: list[int] = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    headers = [] if length is None else [(b"content-length", length.encode("latin-1"))]
    await app({"type": "http", "method": method, "path": path, "headers": headers}, nothing, send)
    return statuses[0]


def answered(held: dict[str, int], requests: Iterable[tuple[str, str | None]]) -> list[int]:
    """What is said to each request to upload, all of them under way together."""

    async def all_at_once() -> list[int]:
        app = Taking()
        bounded = BoundedUploads(app, lambda: held)
        waiting = [asyncio.create_task(sent(bounded, f"{UPLOADS}/{where}", length)) for where, length in requests]
        await asyncio.sleep(0)
        app.let_go.set()
        return await asyncio.gather(*waiting)

    return asyncio.run(all_at_once())


ROOM = MOST_OF_ONE - RECORD_BYTES


@pytest.mark.parametrize(
    ("held", "length", "status"),
    [
        ({}, "20000000", 204),
        ({"me": MOST_OF_ONE}, "0", 413),
        ({"me": ROOM - 1000}, "1000", 204),
        ({"me": ROOM - 1000}, "1001", 413),
        ({"you": MOST_OF_ONE}, "1000", 204),
        ({str(one): MOST_OF_ONE for one in range(3)}, "1000", 413),
        ({"me": ROOM - 1000}, None, 413),  # it may be of any size
        ({"me": ROOM - 1000}, "-1", 413),
        ({"me": ROOM - 1000}, "1e3", 413),
        ({"me": ROOM - 1000}, "\xb2", 413),
        ({"me": ROOM - 1000}, "9" * 5000, 413),
    ],
)
def test_a_file_is_taken_while_there_is_room_for_it(held: dict[str, int], length: str | None, status: int) -> None:
    assert answered(held, [("me/a", length)]) == [status]


def test_those_on_their_way_count_and_are_forgotten_when_they_came_or_failed() -> None:
    many = [(f"me/{number}", "20000000") for number in range(50)]
    assert answered({}, many).count(204) == MOST_OF_ONE // (20_000_000 + RECORD_BYTES)
    others = [(f"{number}/a", "20000000") for number in range(50)]
    assert answered({}, others).count(204) == MOST_OF_ALL // (20_000_000 + RECORD_BYTES)

    async def failing() -> int:
        app = Taking()
        app.fails = True
        app.let_go.set()
        bounded = BoundedUploads(app, dict)
        for _ in range(50):
            with pytest.raises(ConnectionError):
                await sent(bounded, f"{UPLOADS}/me/a", "20000000")
        app.fails = False
        return await sent(bounded, f"{UPLOADS}/me/a", "20000000")

    assert asyncio.run(failing()) == 204


def test_what_is_no_upload_goes_its_way() -> None:
    async def asked(method: str, path: str) -> int:
        app = Taking()
        app.let_go.set()
        return await sent(BoundedUploads(app, lambda: {"me": MOST_OF_ONE}), path, "0", method)

    for method, path in (("GET", "/"), ("DELETE", f"{UPLOADS}/me/a"), ("PUT", "/me")):
        assert asyncio.run(asked(method, path)) == 204


def test_what_streamlit_holds_is_counted_with_files_that_hold_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert in_memory() == {}
    manager = MemoryUploadedFileManager(UPLOADS)
    manager.add_file("me", UploadedFileRec("1", "a.txt", "text/plain", b"x" * 90))
    manager.add_file("me", UploadedFileRec("2", "b.txt", "text/plain", b""))

    class Running(Runtime):
        def __init__(self) -> None:
            self._uploaded_file_mgr = manager

    running = Running()
    monkeypatch.setattr(Runtime, "exists", lambda: True)
    monkeypatch.setattr(Runtime, "instance", lambda: running)
    assert in_memory() == {"me": 2 * RECORD_BYTES + 90}
