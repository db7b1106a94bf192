"""Sealing bytes: version, key number and nonce in front, AES-256-GCM with the place as associated data."""

import os
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hms_ach.vault import key_ring

_VERSION = 1
_HEADER = struct.Struct(">BH12s")


class SealBroken(Exception):
    """A sealed value was changed, moved to another place, or needs a key that is gone."""


def seal(text: str, *, place: tuple[str, ...]) -> bytes:
    """Encrypt text for one place (table, column, row) under the primary key."""
    return seal_bytes(text.encode(), place=place)


def seal_bytes(content: bytes, *, place: tuple[str, ...]) -> bytes:
    """The same for bytes. A fresh 96-bit nonce each time."""
    number = key_ring.primary()
    header = _HEADER.pack(_VERSION, number, os.urandom(12))
    cipher = AESGCM(key_ring.ring()[number])
    return header + cipher.encrypt(header[3:], content, _bound(header, place))


def unseal(sealed: bytes, *, place: tuple[str, ...]) -> str:
    """The text again. Raises SealBroken unless every bit and the place are as they were sealed."""
    return unseal_bytes(sealed, place=place).decode()


def unseal_bytes(sealed: bytes, *, place: tuple[str, ...]) -> bytes:
    """The same for bytes."""
    try:
        version, number, nonce = _HEADER.unpack_from(sealed)
        if version != _VERSION or number not in key_ring.ring():
            raise SealBroken(f"no key number {number} for version {version} of {'.'.join(place[:2])}")
        cipher = AESGCM(key_ring.ring()[number])
        return cipher.decrypt(nonce, sealed[_HEADER.size :], _bound(sealed[:3], place))
    except (InvalidTag, struct.error) as broken:
        raise SealBroken(f"a value of {'.'.join(place[:2])} was changed or moved") from broken


def key_number(sealed: bytes) -> int:
    """Which key a sealed value needs."""
    return _HEADER.unpack_from(sealed)[1]


def _bound(header: bytes, place: tuple[str, ...]) -> bytes:
    parts = [part.encode() for part in place]
    return header[:3] + b"".join(struct.pack(">I", len(part)) + part for part in parts)
