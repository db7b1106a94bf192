"""What a statement of the book is about: whose figures, of which days, as known when."""

from dataclasses import dataclass
from datetime import date, datetime

from hms_ach.access.models import Facility, LegalEntity


@dataclass(frozen=True, slots=True)
class Scope:
    """What a person chose, never more than is open to them.

    since     first effective day, None from the beginning on
    until     last effective day
    known_at  only what was posted by then (aware); None for all that is posted
    before_closing  without the closing entries of the fiscal year that `until` lies in
    """

    legal_entity: LegalEntity
    facilities: list[Facility]
    since: date | None
    until: date
    is_narrowed: bool = False
    known_at: datetime | None = None
    before_closing: bool = False

    @property
    def facility_ids(self) -> list[int]:
        return [facility.pk for facility in self.facilities]

    @property
    def timezone(self) -> str:
        """The zone in which days and moments are meant: the first facility's."""
        return self.facilities[0].timezone

    @property
    def days(self) -> str:
        """ "2026-11-01 to 2026-11-26", for what only machines and screen readers are told."""
        return f"{self.since or 'beginning'} to {self.until}"
