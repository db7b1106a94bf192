"""What the demo's people have agreed with their banks: one account certified, one half way."""

from contextlib import suppress

from hms_ach import clock
from hms_ach.demo.bank import Bank
from hms_ach.demo.network import Network
from reconciliation.commands import claim_certification, confirm_certification
from reconciliation.commands.certification import CertificationUnproven
from reconciliation.rules.certification import ITEMS

_NOTES = {
    "layout": "Letter of the bank's onboarding desk",
    "addenda": "Asked for in the treasury agreement, section 4",
    "delivery": "A program fetches the files from the bank's portal and sends them over the API",
    "penny_test": "The first deposit bag was followed to the statement instead",
    "returns": "Sample file of the bank, read with Inspect a file",
    "contacts": "",
    "cut_offs": "",
    "go_live": "Agreed on the telephone with the bank and the controller",
}
_DETAILS = {
    "layout": {"format": "camt.053.001.08"},
    "contacts": {
        "name": "Onboarding desk",
        "phone": "+1 555 0142",
        "email": "files@bank.example",
        "escalation": "Head of cash management, +1 555 0143",
    },
    "cut_offs": {"times": "ACH 16:45, wires 18:00", "holidays": "Those of the Federal Reserve"},
}
_NOT_NEEDED = ("delivery", "penny_test")
_HALF = ("layout", "contacts", "test_file", "test_cycles")


def certify_banks(network: Network, banks: list[Bank]) -> None:
    """The first account through its whole checklist; the second half way, with one item to confirm."""
    for bank, items in zip(banks, (tuple(ITEMS), _HALF), strict=False):
        for item in items:
            # What a short demo has too few statements for stays to be done.
            with suppress(CertificationUnproven):
                _certify(network, bank, item, is_confirmed=items != _HALF or item != _HALF[-1])


def _certify(network: Network, bank: Bank, item: str, *, is_confirmed: bool) -> None:
    claim = claim_certification(
        account=bank.place.bank_account,
        item=item,
        outcome="NOT_NEEDED" if item in _NOT_NEEDED else "DONE",
        done_on=clock.today(bank.place.facility.timezone),
        note=_NOTES.get(item, ""),
        details=_DETAILS.get(item),
        actor=network.who("reviewer.eve"),
    )
    if is_confirmed:
        confirm_certification(claim_id=claim.pk, actor=network.who("approver.finn"))
