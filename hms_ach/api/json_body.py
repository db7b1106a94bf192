"""Reading JSON bodies strictly: small, shallow, and with each name once."""

import json
import re
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 32


class JsonBodyRefused(ParseError):
    default_code = "malformed_json"


class StrictJSONParser(BaseParser):
    """UTF-8 JSON of at most 1 MB and 32 levels, no name twice, no NaN; everything else is a 400."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None) -> Any:
        body = stream.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            raise JsonBodyRefused(f"The body is larger than {MAX_BYTES} bytes. Send less at a time.")
        return read_json(body)


def read_json(body: bytes) -> Any:
    """The value in the body. Raises JsonBodyRefused, saying where it goes wrong."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise JsonBodyRefused(f"Byte {error.start} of the body is not UTF-8. Send UTF-8.") from None
    _check_depth(text)
    try:
        return json.loads(text, object_pairs_hook=_once_each, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise JsonBodyRefused(f"The body is not JSON: {error.msg.lower()} at {where}.") from None
    except ValueError as error:
        raise JsonBodyRefused(f"The body is not usable JSON: {error}.") from None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) == len(pairs):
        return result
    names = [name for name, _ in pairs]
    twice = next(name for name in names if names.count(name) > 1)
    raise JsonBodyRefused(f"The name {twice[:40]!r} stands twice in one object. Send it once.")


def _refuse_constant(name: str) -> None:
    raise JsonBodyRefused(f"{name} is not a JSON value. Leave the member out or send null.")


# A whole string (closed or not, so that no input is scanned twice), or one bracket.
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


def _check_depth(text: str) -> None:
    """Count open brackets outside of strings, before the recursive parser sees them."""
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        first = text[match.start()]
        depth += (first in "[{") - (first in "]}")
        if depth > MAX_DEPTH:
            raise JsonBodyRefused(f"The body is nested deeper than {MAX_DEPTH} levels. Send it flatter.")
