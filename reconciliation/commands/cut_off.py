"""Taking a cut-off test out of the house."""

from datetime import date

from hms_ach import audit
from hms_ach.access.models import User


def export_cut_off(*, last_day: date, days: int, actor: User) -> None:
    """Keep in the audit trail who took the test of which period's end."""
    audit.record(
        "reconciliation.export_cut_off",
        actor=actor,
        subject=actor,
        after={"last_day": last_day.isoformat(), "days": days},
    )
