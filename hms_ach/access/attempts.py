"""How attempts to sign in are counted."""

import hashlib
from typing import Any

from django.http import HttpRequest


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """A hash of the user name tried: enough to count by.

    The name itself is not kept: people type passwords into the wrong field.
    """
    name = (credentials or {}).get("username") or request.POST.get("login", "")
    return hashlib.sha256(name.casefold().encode()).hexdigest()
