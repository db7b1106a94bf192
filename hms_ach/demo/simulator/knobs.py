"""What can be turned: how much, how dirty, and how references are written."""

from dataclasses import dataclass, field
from datetime import date

# How often a thing goes wrong, for each eligible group, at the base level (DOMAIN 5.6).
RATES = {
    "no_reference": 0.06,
    "damaged_reference": 0.015,
    "wrong_reference": 0.001,
    "merged": 0.02,
    "split": 0.002,
    "bag_difference": 0.008,
    "late": 0.04,
    "fee_difference": 0.01,
    "chargeback": 0.004,
    "missing_line": 0.004,
    "missing_item": 0.006,
    "duplicate_line": 0.002,
    "duplicate_corrected": 0.001,
    "item_twice": 0.001,
    "transposed": 0.001,
    "wrong_account": 0.001,
    "takeback": 0.004,
    "wire_charge": 0.5,
    "returned": 0.01,
}
# Some things do not grow with the dirt: they are habits, not mistakes.
HABITS = ("wire_charge",)
LEVELS = {"clean": 0.3, "base": 1.0, "dirty": 2.5, "hostile": 6.0}
FORMATS = ("tagged", "plain", "text", "mixed")


@dataclass(frozen=True)
class Knobs:
    """seed       what chance starts from: the same knobs give the same files
    hospitals  each with accounts, terminals and some hundred and ten lines a banking day
    days       calendar days from `first_on`
    noise      a name of LEVELS; every mistake's rate is multiplied
    references how the bank writes them: tagged ("TRN 0012345"), plain, inside the text, or mixed by bank
    rates      rates instead of RATES, for some of them
    """

    seed: int = 1
    hospitals: int = 1
    days: int = 30
    noise: str = "base"
    references: str = "mixed"
    first_on: date = date(2026, 1, 1)
    rates: dict[str, float] = field(default_factory=dict)

    def rate(self, name: str) -> float:
        base = self.rates.get(name, RATES[name])
        return min(0.9, base if name in HABITS else base * LEVELS[self.noise])
