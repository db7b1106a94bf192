"""The drawer's expectation: one formula for every reader."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DrawerFlows:
    """What went through one drawer in one currency, each a positive sum in minor units.

    Voided payments are left out. received and handed are what colleagues and the safe gave and took
    during the session, accepted by both; suspect notes were taken out of the drawer; refunds are cash.
    """

    opening_count: int
    cash_tendered: int
    change_given: int
    paid_in: int
    paid_out: int
    drops: int
    received: int = 0
    handed: int = 0
    suspect: int = 0
    refunds: int = 0

    @property
    def expected(self) -> int:
        """Counted opening float + tendered − change + paid in + received − all that left."""
        came = self.opening_count + self.cash_tendered + self.paid_in + self.received
        left = self.paid_out + self.drops + self.handed + self.suspect + self.refunds
        return came - self.change_given - left
