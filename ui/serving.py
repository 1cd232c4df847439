"""How the page, the API and the MCP server listen: no client may take long over a request, or take all connections."""

import asyncio
import socket
from collections.abc import Callable

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

# From its first byte, or from the connection, until a request has been sent whole; and for a part of a reply to leave.
REQUEST_SECONDS = 30.0
# Connections at once, and of one address; below the 1,024 files that a process may have open on most systems.
MOST_CONNECTIONS, MOST_OF_ONE = 700, 600
PING_SECONDS = 30.0
# For answers that are being given when the server is stopped.
LAST_SECONDS = 3


class Impatient(H11Protocol):
    """One connection. When there are too many, those that have waited longest for their client's request go first."""

    request_seconds = REQUEST_SECONDS
    _deadline: asyncio.TimerHandle | None = None
    _is_websocket = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._begin()
        of_this_address = [one for one in self.connections if _address(one) == _address(self)]
        if len(of_this_address) > MOST_OF_ONE or len(self.connections) > MOST_CONNECTIONS:
            crowd = of_this_address if len(of_this_address) > MOST_OF_ONE else self.connections
            waiting = [(one._deadline.when(), one) for one in crowd if isinstance(one, Impatient) and one._deadline]
            min(waiting, key=lambda pair: pair[0])[1].transport.abort()  # this one, when no other waits

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        # The request of a WebSocket is whole too, though h11 still waits for a body.
        if self._is_websocket or self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._end()
        elif self._deadline is None:
            self._begin()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        self._is_websocket = True
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        self._end()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._begin()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._end()

    def _begin(self) -> None:
        self._end()
        self._deadline = self.loop.call_later(self.request_seconds, self.transport.abort)

    def _end(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None


def _address(connection: object) -> str:
    """Of the other end."""
    client = getattr(connection, "client", None)
    return client[0] if client else ""


class Server(uvicorn.Server):
    """One that calls `on_listening` when it has begun to listen; messages of a WebSocket have up to `most_bytes`."""

    def __init__(
        self, app: ASGIApp, address: str, port: int, on_listening: Callable[[], None], most_bytes: int = 0
    ) -> None:
        self._on_listening = on_listening
        super().__init__(
            uvicorn.Config(
                app,
                host=address,
                port=port,
                http=Impatient,  # which as h11 refuses headers without end
                ws="websockets-sansio" if most_bytes else "none",
                ws_max_size=most_bytes,
                ws_ping_interval=PING_SECONDS,
                ws_ping_timeout=PING_SECONDS,
                ws_per_message_deflate=False,  # what is small on its way could be large here
                log_config=None,
                access_log=False,  # it would show what is asked
                server_header=False,
                proxy_headers=False,  # anybody could claim to be another address
                timeout_graceful_shutdown=LAST_SECONDS,
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_listening()
