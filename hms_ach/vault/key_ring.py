"""The keys: `VAULT_KEYS` holds "2:base64,1:base64", the primary first; older ones only read."""

import base64
from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@cache
def _ring(entries: tuple[str, ...]) -> dict[int, bytes]:
    ring = {}
    for entry in entries:
        number, _, encoded = entry.partition(":")
        key = base64.b64decode(encoded, validate=True)
        if not number.isdigit() or not 0 < int(number) < 65536 or len(key) != 32 or int(number) in ring:
            raise ImproperlyConfigured("VAULT_KEYS entries are number:base64 of 32 bytes, each number once")
        ring[int(number)] = key
    if not ring:
        raise ImproperlyConfigured("VAULT_KEYS holds no key")
    return ring


def ring() -> dict[int, bytes]:
    """All keys by number, the primary first."""
    return _ring(tuple(settings.VAULT_KEYS))


def primary() -> int:
    """The number of the key that new values are sealed with."""
    return next(iter(ring()))


def index_key() -> bytes:
    """The key that blind indexes are derived from; it never encrypts."""
    key = base64.b64decode(settings.VAULT_INDEX_KEY, validate=True)
    if len(key) != 32:
        raise ImproperlyConfigured("VAULT_INDEX_KEY is base64 of 32 bytes")
    return key
