"""What the settings say about the trail: keys and anchors."""

import base64
from pathlib import Path

from django.conf import settings

from hms_ach.audit.rules.signature import named, public_of


def public_keys() -> dict[str, bytes]:
    """The keys that seals may be signed with, by id: those listed, and that of our own signing key."""
    listed = list(settings.AUDIT_PUBLIC_KEYS)
    if settings.AUDIT_SIGNING_KEY:
        listed.append(base64.b64encode(public_of(settings.AUDIT_SIGNING_KEY)).decode())
    return named(listed)


def read_anchors(path: str) -> dict[int, str]:
    """Digests by seal number from an anchor file (`<number> <hex>` a line); empty when there is none."""
    if not path or not Path(path).exists():
        return {}
    lines = (line.split() for line in Path(path).read_text().splitlines() if line.strip())
    return {int(number): digest for number, digest in lines}
