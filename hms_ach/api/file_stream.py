"""A file as the body of a request."""

import hashlib
from typing import Any, BinaryIO, cast

from rest_framework.parsers import BaseParser

from hms_ach.api.request import ApiRequest
from hms_ach.api.views import ApiView
from hms_ach.refusal import Refusal


class BodyTooLarge(Refusal):
    code = "body_too_large"
    status = 413
    sentence = "The file is larger than {limit_bytes} bytes. Send it in smaller parts; nothing was kept."


class BodyMissing(Refusal):
    code = "body_missing"
    status = 400
    sentence = "The request has no body. Send the file as the body; nothing was kept."


class FileStream(BaseParser):
    """The body as a stream of bytes of any kind: read once, by the command that keeps it."""

    media_type = "*/*"

    def parse(self, stream, media_type=None, parser_context=None) -> dict[str, Any]:
        return {"stream": stream}


class FileView(ApiView):
    """The base of views that are sent files."""

    parser_classes = [FileStream]

    def fingerprint(self) -> str:
        """The address: the body is the command's to read, which knows the bytes that it was sent before."""
        return hashlib.sha256(f"{self.request.method} {self.request.path}".encode()).hexdigest()


def file_of(request: ApiRequest, limit_bytes: int) -> BinaryIO:
    """The body. Raises BodyTooLarge by what the sender says, before a byte is read, and BodyMissing."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > limit_bytes:
        raise BodyTooLarge(limit_bytes=limit_bytes)
    body = cast(dict[str, Any], request.data)
    if "stream" not in body:
        raise BodyMissing()
    return body["stream"]
