"""Doing a write once, however often it is sent (the Idempotency-Key header)."""

import hashlib
import json
import re
from collections.abc import Callable

from django.http import HttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from hms_ach import idempotency
from hms_ach.refusal import Refusal

HEADER = "Idempotency-Key"
KEY_PATTERN = r"[\x21-\x7e]{8,255}"
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class IdempotencyKeyMissing(Refusal):
    code = "idempotency_key_missing"
    status = 400
    sentence = (
        "This request moves money and needs an Idempotency-Key. Send a new random key with each new "
        "request, and the same key when you repeat one."
    )


class IdempotencyKeyMalformed(Refusal):
    code = "idempotency_key_malformed"
    status = 400
    sentence = "An Idempotency-Key has 8 to 255 visible ASCII characters. Send for example a random UUID."


def key_of(request: Request, *, is_compulsory: bool) -> str | None:
    """The request's key. Raises IdempotencyKeyMissing or IdempotencyKeyMalformed."""
    key = request.headers.get(HEADER)
    if key is None:
        if is_compulsory:
            raise IdempotencyKeyMissing()
        return None
    if not re.fullmatch(KEY_PATTERN, key):
        raise IdempotencyKeyMalformed()
    return key


def fingerprint(request: Request) -> str:
    """SHA-256 of method, address with its query, and canonical JSON body: what a repeated key repeats."""
    body = json.dumps(request.data, sort_keys=True, separators=(",", ":"))
    asked = "\n".join([request.method or "", request.get_full_path(), body])
    return hashlib.sha256(asked.encode()).hexdigest()


def answered_once(*, client: str, key: str, fingerprint: str, act: Callable[[], Response]) -> HttpResponse:
    """Act, or give the kept answer of the same request, byte for byte."""

    def effect() -> idempotency.Reply:
        response = act()
        body = b"" if response.data is None else JSONRenderer().render(response.data)
        kept = {name: value for name, value in response.items() if name in ("Location", "ETag")}
        return idempotency.Reply(response.status_code, body, "application/json", kept)

    reply = idempotency.once(client=client, key=key, fingerprint=fingerprint, effect=effect)
    return HttpResponse(
        bytes(reply.body), status=reply.status, content_type=reply.media_type, headers=reply.headers
    )
