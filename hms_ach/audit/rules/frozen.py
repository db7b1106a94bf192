"""Frozen text: fields with their length in bytes before them, so that no two lists read alike.

"5:hello,-,0:,"  is  ["hello", None, ""]
"""

import hashlib

EVENT_FIELDS: list[str] = (
    "version public_id epoch transaction at action actor_id actor on_behalf_of_id on_behalf_of "
    "subject_kind subject facility_id request_id reason before after"
).split()
SEAL_FIELDS = "version number epoch low high event_count root previous_digest sealed_at key_id".split()


class FrozenTextMalformed(ValueError):
    """Text that nobody froze like this."""


def freeze(values: list[str | None]) -> str:
    return "".join("-," if value is None else f"{len(value.encode())}:{value}," for value in values)


def thaw(text: str, names: list[str]) -> dict[str, str | None]:
    """The fields by name. Raises FrozenTextMalformed."""
    rest = text.encode()
    values: list[str | None] = []
    while rest:
        if rest.startswith(b"-,"):
            values.append(None)
            rest = rest[2:]
            continue
        size, colon, after = rest.partition(b":")
        length = int(size) if size.isdigit() and size == str(int(size)).encode() else -1
        if not colon or length < 0 or after[length : length + 1] != b",":
            raise FrozenTextMalformed("a field without its length or end")
        values.append(after[:length].decode())
        rest = after[length + 1 :]
    if len(values) != len(names):
        raise FrozenTextMalformed(f"{len(values)} fields instead of {len(names)}")
    return dict(zip(names, values, strict=True))


def event_digest(salt: bytes, text: str) -> bytes:
    return hashlib.sha256(salt + text.encode()).digest()


def header_digest(header: str) -> bytes:
    return hashlib.sha256(header.encode()).digest()
