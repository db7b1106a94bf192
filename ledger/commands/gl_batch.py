"""What goes to the general ledger when a day is approved."""

from datetime import date

from hms_ach.access.models import Facility, User
from ledger.models import GlBatch


def build_gl_batch(*, facility: Facility, business_on: date, actor: User | None) -> GlBatch:
    """Freeze the facility's entries of the day and earlier that are in no batch yet."""
    raise NotImplementedError
