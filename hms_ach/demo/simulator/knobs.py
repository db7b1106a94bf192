"""What can be turned: how much, how dirty, and how references are written."""

import random
from dataclasses import dataclass, field
from datetime import date

# How often a thing happens to whatever it can happen to, at the base level (DOMAIN 5.6); causes.py says what.
RATES = {
    # groups of lines and items
    "no_reference": 0.06,
    "damaged_reference": 0.015,
    "wrong_reference": 0.001,
    "merged": 0.02,
    "merged_bags": 0.03,
    "split": 0.002,
    "notice_late": 0.02,
    "notice_never": 0.007,
    "paper_cheque": 0.04,
    "virtual_card": 0.03,
    "bag_difference": 0.008,
    "late": 0.04,
    "fee_difference": 0.006,
    "chargeback": 0.004,
    "missing_line": 0.002,
    "missing_item": 0.006,
    "duplicate_line": 0.002,
    "duplicate_corrected": 0.001,
    "item_twice": 0.001,
    "transposed": 0.001,
    "wrong_account": 0.001,
    "takeback": 0.004,
    "wire_charge": 0.5,
    "returned": 0.3,
    "cheque_unpaid": 0.03,
    "foreign": 0.003,
    # remittances, their claims and lines
    "unbalanced": 0.004,
    "sent_twice": 0.008,
    "reversal_corrected": 0.012,
    "reversal_alone": 0.001,
    "plb_takeback": 0.06,
    "plb_interest": 0.03,
    "plb_other": 0.02,
    "underpaid": 0.03,
    "line_no_modifier": 0.02,
    "line_other_code": 0.008,
    # receipts
    "wrong_patient": 0.0015,
    "paid_twice": 0.003,
    "paid_by_both": 0.01,
    # statements of a day
    "statement_duplicate": 0.00125,
    "statement_gap": 0.00125,
    "statement_reordered": 0.00125,
    "statement_wrong_opening": 0.00125,
}
# Some things do not grow with the dirt: they are habits, not mistakes.
HABITS = (
    "wire_charge", "returned", "cheque_unpaid", "paper_cheque", "virtual_card", "foreign",
    "reversal_corrected", "plb_takeback", "plb_interest", "plb_other",
)  # fmt: skip
LEVELS = {"clean": 0.3, "base": 1.0, "dirty": 2.5, "hostile": 6.0}
FORMATS = ("tagged", "plain", "text", "mixed")
STATEMENTS = ("camt", "bai2", "mixed")


@dataclass(frozen=True)
class Knobs:
    """seed       what chance starts from: the same knobs give the same files
    hospitals  each with accounts, terminals and some hundred and ten lines a banking day
    days       calendar days from `first_on`
    noise      a name of LEVELS; every mistake's rate is multiplied
    references how the bank writes them: tagged ("TRN 0012345"), plain, inside the text, or mixed by bank
    statements camt.053, BAI2, or camt.053 for accounts of payers and BAI2 for those of the till
    rates      rates instead of RATES, for some of them
    """

    seed: int = 1
    hospitals: int = 1
    days: int = 30
    noise: str = "base"
    references: str = "mixed"
    first_on: date = date(2026, 1, 1)
    statements: str = "mixed"
    rates: dict[str, float] = field(default_factory=dict)

    def rate(self, name: str) -> float:
        base = self.rates.get(name, RATES[name])
        return min(0.9, base if name in HABITS else base * LEVELS[self.noise])

    def happens(self, name: str, rng: random.Random) -> bool:
        return rng.random() < self.rate(name)
