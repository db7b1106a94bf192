"""Where a webhook may go: only to public addresses, never into our own or a neighbour's network."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from hms_ach.refusal import Refusal

# IANA special-purpose registries. Written out, because Python's is_global calls some of them global.
_DENIED_4 = [
    ip_network(text)
    for text in (
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 "
        "192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 "
        "198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
    ).split()
]
# All of IPv6 but the global unicast block is denied: loopback, mapped, NAT64, local, site, multicast.
_GLOBAL_6 = ip_network("2000::/3")
_DENIED_6 = [
    ip_network(text)
    for text in "2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3ffe::/16 3fff::/20".split()
]
_PORTS = {443, 8443}
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
# The last label starts with a letter: 10.0.0.1, 0x7f.1 and 2130706433 are no names.
_NAME = re.compile(rf"(?:{_LABEL}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9]")
_LOCAL_ENDINGS = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa", ".onion")
LOOPBACK = "127.0.0.1"


class AddressRefused(Refusal):
    code = "webhook_address_refused"
    status = 422
    sentence = "A webhook cannot be sent to this address: {why}. Give a public address such as {example}."

    def __init__(self, why: str) -> None:
        super().__init__(why=why, example="https://hooks.example.com/hms")


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address, not yet resolved."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}{self.path}"


def checked(url: str, *, allow_loopback: bool) -> Target:
    """The parts of an acceptable address. Raises AddressRefused.

    allow_loopback  whether http(s)://127.0.0.1 with any port is taken too: demo and tests only
    """
    if not re.fullmatch(r"[\x21-\x5b\x5d-\x7e]{1,500}", url):
        raise AddressRefused("it holds spaces, control characters, backslashes or other alphabets")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise AddressRefused("it is not an address") from None
    if "@" in parts.netloc or "#" in url:
        raise AddressRefused("it holds a user name or a fragment")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if allow_loopback and host == LOOPBACK and parts.scheme in ("http", "https"):
        return Target(parts.scheme, host, port or {"http": 80, "https": 443}[parts.scheme], path)
    if parts.scheme != "https":
        raise AddressRefused("it does not start with https://")
    if not _NAME.fullmatch(host) or len(host) > 253 or host.endswith(_LOCAL_ENDINGS):
        raise AddressRefused("its host is not a public DNS name")
    if (port or 443) not in _PORTS or parts.netloc.endswith(":"):
        raise AddressRefused("its port is neither 443 nor 8443")
    return Target("https", host, port or 443, path)


def is_public(address: str) -> bool:
    """Whether a resolved address (v4 or v6 text) lies outside every special network."""
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in _DENIED_4)
    return ip in _GLOBAL_6 and not any(ip in network for network in _DENIED_6)
