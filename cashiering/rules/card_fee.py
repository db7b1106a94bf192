"""The acquirer's contracted fee."""

import re
from dataclasses import dataclass

from hms_ach.money import Money
from hms_ach.refusal import Refusal


class PercentMalformed(Refusal):
    code = "percent_malformed"
    status = 422
    sentence = "{text} is not a share. Write it in percent with two decimals at most, such as 1.85, up to 20."


def basis_points_of(text: str) -> int:
    """Hundredths of a percent, from a percentage as people write it: "1.85" is 185.

    Raises PercentMalformed.
    """
    text = text.strip().removesuffix("%").strip()
    found = re.fullmatch(r"([0-9]{1,2})(?:\.([0-9]{1,2}))?", text)
    points = int(found[1] + (found[2] or "").ljust(2, "0")) if found else -1
    if not 0 <= points <= 2_000:
        raise PercentMalformed(text=repr(text)[:40])
    return points


def percent_text(basis_points: int) -> str:
    """185 as "1.85"."""
    return f"{basis_points // 100}.{basis_points % 100:02d}"


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
