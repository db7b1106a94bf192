"""Ed25519 over a seal's header, by a key that is never in the database."""

import base64
import hashlib
from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


def key_id(public: bytes) -> str:
    """How a seal names its key: the first 16 hex letters of the public key's SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


def public_of(seed: str) -> bytes:
    """The public key of a signing key given as base64 of 32 bytes."""
    return _private(seed).public_key().public_bytes_raw()


def sign(seed: str, header: str) -> bytes:
    return _private(seed).sign(header.encode())


def named(keys: Iterable[str]) -> dict[str, bytes]:
    """Public keys (base64 of 32 bytes) by their id."""
    decoded = (base64.b64decode(key, validate=True) for key in keys)
    return {key_id(key): key for key in decoded}


def is_valid(public: bytes, signature: bytes, header: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, header.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _private(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed, validate=True))
