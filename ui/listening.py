"""Where a server of this machine listens."""

import re
import socket
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address

from index.errors import UserError

# How the page calls itself in its replies, and for how long one is waited for.
SERVER, ANSWER_SECONDS = "newsdesk", 1.0
# What this machine is called in an address, by whoever sits at it.
OWN_NAMES = ("127.0.0.1", "localhost", "[::1]")
# What a browser says of a request that a page of another site, or on another port, has made.
FROM_ELSEWHERE = ("cross-site", "same-site")
# What stands in a Host header: a name, an IPv4 address, or an IPv6 one in brackets; and perhaps a port.
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^][@:/?#\s\x00-\x1f]+)(?::(\d{1,5}))?")


def host_and_port(written: str) -> tuple[str, int | None]:
    """The two of "localhost:8501" or "[::1]", the name in lower case and without brackets; "" when it is neither."""
    found = _HOST.fullmatch(written)
    return (found[1].strip("[]").lower(), int(found[2]) if found[2] else None) if found else ("", None)


def address_of(host: str) -> str:
    """The IP address that `host` names, which is "localhost" or an address; UserError for anything else."""
    address = "127.0.0.1" if host == "localhost" else host.strip("[]")
    try:
        ip_address(address)
    except ValueError:
        raise UserError(f"{host} is no address to listen on. Use an IP address, such as --host 127.0.0.1.") from None
    return address


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`, an address or "localhost"; another name may lead anywhere."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def url_of(address: str, port: int) -> str:
    """How a browser names the address and port."""
    return f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"


def answers_as_newsdesk(address: str, port: int) -> bool:
    """Whether what listens there is a page of newsdesk."""
    try:
        with closing(HTTPConnection(address, port, timeout=ANSWER_SECONDS)) as asked:
            asked.request("HEAD", "/")
            return asked.getresponse().getheader("server") == SERVER
    except (OSError, OverflowError, HTTPException):
        return False


def refuse_busy_port(address: str, port: int) -> None:
    """Nothing when the port can be had; UserError otherwise."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except PermissionError:
            raise UserError(
                f"Port {port} may not be used by this account. Choose one above 1023 with --port."
            ) from None
        except (OSError, OverflowError):
            raise UserError(f"Port {port} is in use by another program. Choose another with --port.") from None
