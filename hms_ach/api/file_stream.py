"""A file as the body of a request."""

from typing import Any

from rest_framework.parsers import BaseParser

from hms_ach.api.request import ApiRequest
from hms_ach.refusal import Refusal


class BodyTooLarge(Refusal):
    code = "body_too_large"
    status = 413
    sentence = "The file is larger than {limit_bytes} bytes. Send it in smaller parts; nothing was kept."


class FileStream(BaseParser):
    """The body as a stream of bytes of any kind: read once, by the command that keeps it."""

    media_type = "*/*"

    def parse(self, stream, media_type=None, parser_context=None) -> dict[str, Any]:
        return {"stream": stream}


def refuse_too_large(request: ApiRequest, limit_bytes: int) -> None:
    """By what the sender says, before a byte is read. Raises BodyTooLarge."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > limit_bytes:
        raise BodyTooLarge(limit_bytes=limit_bytes)
