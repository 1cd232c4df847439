"""The addresses that may be asked: those of public machines, each resolved once."""

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urljoin, urlsplit

from index.errors import UserError
from index.reading.readers.story import one_line

Address = IPv4Address | IPv6Address
# Of IPv6 so much is given out to the net; all else is a machine's or a network's own, or nobody's.
GIVEN_OUT = ip_network("2000::/3")
# Behind these any IPv4 address may be.
NAT64 = ip_network("64:ff9b::/96")
# What Python takes for public and leads to no machine of one's own choice: for protocols, for relays, for manuals.
NOBODYS = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20")))
PORTS = {"http": 80, "https": 443}
# Below are mail, shells and the like, which must not be spoken to in the words of a feed.
LEAST_PORT = 1024
SHOWN_CHARACTERS = 200


class NotFetched(UserError):
    """Why an address was not fetched."""


def is_public(address: Address) -> bool:
    """Whether it is no address of this machine, of a private network or of anything reserved."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in NAT64:
            inner = IPv4Address(address.packed[-4:])
        if inner is not None:
            return is_public(inner)
        if address not in GIVEN_OUT:
            return False
    return address.is_global and not address.is_multicast and not any(address in one for one in NOBODYS)


def shown(url: str) -> str:
    """The address as it may be told: short, on one line, without what would draw over it."""
    return one_line(url[: 2 * SHOWN_CHARACTERS])[:SHOWN_CHARACTERS]


def joined(base: str, link: str) -> str:
    """Where the link leads from there; raises NotFetched for what is none."""
    try:
        return urljoin(base, link)
    except ValueError as error:
        raise NotFetched(f"{shown(link)} is no address that can be fetched. Check it.") from error


def parts_of(url: str) -> tuple[SplitResult, str, int]:
    """The parts of the address, its host as it is asked for, and its port; raises NotFetched where any is amiss."""
    try:
        parts = urlsplit(url)
        port = PORTS.get(parts.scheme, 0) if parts.port is None else parts.port
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError as error:
        raise NotFetched(f"{shown(url)} is no address that can be fetched. Check it.") from error
    if parts.scheme not in PORTS or not host or "@" in parts.netloc:
        raise NotFetched(f"{shown(url)} is no address that can be fetched. Give one that begins with https://.")
    if port not in PORTS.values() and port < LEAST_PORT:
        raise NotFetched(f"{shown(url)} is at port {port}, where no pages are. Check it.")
    return parts, host, port


def resolved(url: str, may_ask: Callable[[Address], bool] = is_public) -> tuple[str, str, int]:
    """The host of the address, one of its machines and the port; raises NotFetched when any of those may not be asked.

    Whoever connects goes to this machine: asked a second time, the name could stand for another one.
    """
    _, host, port = parts_of(url)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotFetched(f"{shown(host)} is not known. Check the address, and the connection.") from error
    machines = [str(one[4][0]).partition("%")[0] for one in found]
    if not machines or not all(may_ask(ip_address(machine)) for machine in machines):
        raise NotFetched(f"{shown(host)} is a machine of a private network, which is not asked.")
    return host, machines[0], port
