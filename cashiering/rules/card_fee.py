"""The acquirer's contracted fee."""

from dataclasses import dataclass

from hms_ach.money import Money


@dataclass(frozen=True, slots=True)
class FeeRate:
    """basis_points of the gross, plus a fixed sum for each sale."""

    basis_points: int
    fixed: Money
    sales: int

    def fee_of(self, gross: Money) -> Money:
        """The fee for a batch, rounded half up to the minor unit."""
        share = (gross.minor * self.basis_points + 5_000) // 10_000
        return Money(share, gross.currency) + self.fixed * self.sales
