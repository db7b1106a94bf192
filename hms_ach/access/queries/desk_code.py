"""What is known of a person's PIN and badge."""

from datetime import datetime

from hms_ach.access.models import DeskCode, User


def badge_waiting_since(user: User) -> datetime | None:
    """When somebody enrolled the badge that its owner has not confirmed; None without one. One SQL query."""
    waiting = DeskCode.objects.filter(user=user).exclude(waiting_hash="")
    return waiting.values_list("waiting_since", flat=True).first()
