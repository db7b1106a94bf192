"""An event as it is sent: CloudEvents fields in JSON, signed as Standard Webhooks 1.0 says."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from standardwebhooks import Webhook

SOURCE = "hms-ach"


def envelope(
    *,
    public_id: str,
    type: str,
    subject: str,
    sequence: int,
    facility: str | None,
    occurred_at: datetime,
    data: dict[str, Any],
) -> dict[str, Any]:
    """The event for other systems. `sequence` counts the events of the subject from 1."""
    return {
        "specversion": "1.0",
        "id": public_id,
        "source": SOURCE,
        "type": type,
        "subject": subject,
        "time": occurred_at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "sequence": sequence,
        "facility": facility,
        "data": data,
    }


def as_bytes(event: dict[str, Any]) -> bytes:
    """The bytes that are sent and signed; the same for every try."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def signed_headers(
    *, public_id: str, moment: datetime, content: bytes, secrets: Sequence[str]
) -> dict[str, str]:
    """The headers of one try, with a signature for each secret that is valid now."""
    text = content.decode()
    signatures = [Webhook(secret).sign(public_id, moment, text) for secret in secrets]
    return {
        "Content-Type": "application/json",
        "User-Agent": "HMS-ACH-Webhooks/1.0",
        "webhook-id": public_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
