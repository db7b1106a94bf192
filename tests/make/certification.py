"""Checklists of bank accounts."""

from hms_ach.access.models import User
from reconciliation.commands import claim_certification, confirm_certification
from reconciliation.models import BankAccount, CertificationClaim
from reconciliation.rules.certification import CYCLES, ITEMS
from tests.make import access
from tests.make import reconciliation as make

DETAILS = {
    "layout": {"format": "camt.053.001.08"},
    "penny_test": {"amount": "0.01", "reference": "PENNY-4711"},
    "contacts": {
        "name": "Ada Bank",
        "phone": "+1 555 0100",
        "email": "ada@bank.example",
        "escalation": "the desk's head",
    },
    "cut_offs": {"times": "17:00", "holidays": "Federal Reserve"},
}


def claimed(account: BankAccount, item: str, *, by: User | None = None, **said) -> CertificationClaim:
    """What somebody said of an item, with a note and all that it asks for."""
    values = {
        "outcome": "DONE",
        "done_on": make.DAY,
        "note": "by letter",
        "details": DETAILS.get(item, {}),
        "actor": by or access.user("FINANCE_REVIEWER", facilities=[account.facility]),
    } | said
    return claim_certification(account=account, item=item, **values)


def confirmed(account: BankAccount, item: str, **said) -> CertificationClaim:
    """The same after another person agreed."""
    claim = claimed(account, item, **said)
    finn = access.user("FINANCE_APPROVER", facilities=[account.facility])
    return confirm_certification(claim_id=claim.pk, actor=finn)


def cycles(account: BankAccount, count: int = CYCLES) -> None:
    """Statements that join, the first with the penny test's line."""
    opening = 0
    for n in range(count):
        entry = make.line(1 if n == 0 else 5_00, "PENNY-4711" if n == 0 else f"DAY-100{n}")
        make.statement(account, entry, statement_id=f"S{n + 1}", opening=opening, sequence=n + 1)
        opening += entry.amount_minor


def certified(account: BankAccount) -> None:
    """Every item done and confirmed, with what the system must see."""
    cycles(account)
    for item in ITEMS:
        confirmed(account, item)
