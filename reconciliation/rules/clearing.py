"""Where money in suspense may go, and the account role that each purpose posts to."""

from dataclasses import dataclass

SUSPENSE = "suspense.unidentified"
GIVE_BACK = "suspense_clearing"  # kind of an expected item: what a clearing gives back by the bank


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose.

    role        the other side of the entry; empty where an invoice says which receivable it relieves
    is_receipt  for money that came in; otherwise for money that is missing
    needs       what the person must name: "invoice", "patient", "owner" (a facility of another legal entity,
                and its invoice when it is known) or nothing; "expected" is for the run alone
    """

    role: str
    is_receipt: bool
    needs: str = ""


PURPOSES = {
    "INVOICE": Purpose("", is_receipt=True, needs="invoice"),
    "EXPECTED": Purpose("", is_receipt=True, needs="expected"),
    "ON_ACCOUNT": Purpose("liability.patient_deposits", is_receipt=True, needs="patient"),
    "AFFILIATE": Purpose("affiliate.due_to", is_receipt=True, needs="owner"),
    "GIVE_BACK": Purpose("refund.clearing", is_receipt=True),
    "INCOME": Purpose("income.other", is_receipt=True),
    "FEE": Purpose("fee.merchant", is_receipt=False),
    "WRITE_OFF": Purpose("write_off.bank_difference", is_receipt=False),
}


def purposes_for(balance_minor: int) -> list[str]:
    """The purposes that fit an item; its balance is negative (a credit) when money came in."""
    return [name for name, purpose in PURPOSES.items() if purpose.is_receipt == (balance_minor < 0)]


def purposes_of_people(balance_minor: int) -> list[str]:
    """The same, less what only the run can say."""
    return [name for name in purposes_for(balance_minor) if PURPOSES[name].needs != "expected"]
