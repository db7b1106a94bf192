"""The other person who agrees at the cashier's screen: read from the form, and known by badge or PIN."""

from hms_ach.access.commands import Agreement, who_agrees
from hms_ach.web import Request

FIELDS = ("second_badge", "second_name", "second_pin")


def agreed_in(request: Request) -> Agreement | None:
    """Who agrees, or None when nobody was asked to. Raises what who_agrees raises. Not in a transaction."""
    badge, name, pin = (request.POST.get(field, "")[:64] for field in FIELDS)
    if not badge and not name:
        return None
    return who_agrees(badge=badge, username=name, pin=pin, asked_by=request.user)
