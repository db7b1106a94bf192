"""The gateway for text messages: JSON over HTTPS, as docs/operations.md says. It answers by its status."""

import json
import re

from django.conf import settings

from hms_ach.outbox.gateways.http import Answer, post
from hms_ach.outbox.rules.address import AddressRefused, checked

# What the gateway may say of now and not of the message: too early, too many, or a wait that ended.
_LATER = frozenset({408, 425, 429})


def has_gateway() -> bool:
    """Whether text messages can leave here at all."""
    return bool(settings.SMS_URL)


def send_text(*, number: str, text: str, key: str) -> Answer:
    """Hand one message to the gateway, once. Never raises for what the other side does.

    key  the same for every try of one message, so that the gateway sends it once
    """
    said = {"to": number, "text": text} | ({"from": settings.SMS_FROM} if settings.SMS_FROM else {})
    headers = {"Content-Type": "application/json", "Idempotency-Key": key}
    if token := settings.SMS_TOKEN.strip():
        headers["Authorization"] = f"Bearer {token}"
    if not re.fullmatch(r"[\x21-\x7e]*", token):
        return Answer(None, "SMS_TOKEN holds what no header may hold", 0)
    try:
        target = checked(settings.SMS_URL, allow_loopback=settings.SMS_ALLOW_LOOPBACK)
    except AddressRefused as refused:
        return Answer(None, str(refused)[:200], 0)
    content = json.dumps(said, separators=(",", ":")).encode()
    return post(target, content=content, headers=headers, authorities=settings.SMS_CA_FILE)


def is_final(answer: Answer) -> bool:
    """Whether the gateway will never take this message: it looked at it and said no."""
    return answer.status is not None and 400 <= answer.status < 500 and answer.status not in _LATER
