"""The drawer's expectation: one formula for every reader."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DrawerFlows:
    """What went through one drawer, each a positive sum in minor units. Voided payments are left out."""

    opening_count: int
    cash_tendered: int
    change_given: int
    paid_in: int
    paid_out: int
    drops: int

    @property
    def expected(self) -> int:
        """Counted opening float + tendered − change + paid in − paid out − drops."""
        return (
            self.opening_count
            + self.cash_tendered
            - self.change_given
            + self.paid_in
            - self.paid_out
            - self.drops
        )
