"""What payers do otherwise: late notices, cheques, cards, transfers of several and parts of one."""

import random
from collections.abc import Callable

from hms_ach import calendars
from hms_ach.demo.simulator.records import Group

_CARD_FEE = 0.029


def notice_late(group: Group, rng: random.Random) -> None:
    """The money is there; the hospital learns of it four to ten banking days later."""
    for item in group.items:
        item.on = calendars.add_banking_days(item.on, rng.randint(4, 10))


def paper_cheque(group: Group, rng: random.Random) -> None:
    """A cheque in the mail, deposited days later: the bank knows its number only."""
    number = f"{rng.randrange(10**7, 10**8)}"
    for item in group.items:
        item.kind, item.references = "remittance_cheque", [number]
    for line in group.lines:
        line.kind, line.counterparty, line.references = "deposit", "", [number]
        line.description = f"CHECK DEPOSIT {number}"
        line.on = calendars.add_banking_days(line.on, rng.randint(1, 5))


def virtual_card(group: Group, rng: random.Random) -> None:
    """A card number on paper, keyed into a terminal; the processor keeps what cards cost."""
    number = f"VC{rng.randrange(10**9):09d}"
    for item in group.items:
        item.kind, item.references = "virtual_card", [number]
        item.fee_minor = round(item.amount_minor * _CARD_FEE)
    for line in group.lines:
        line.kind, line.counterparty, line.references = "merchant_credit", "MERCHANT BANKCARD", [number]
        line.description = f"VIRTUAL CARD {number}"
        line.amount_minor -= sum(item.fee_minor for item in group.items)


def takeback(group: Group, rng: random.Random) -> None:
    line = group.lines[0]
    line.amount_minor = max(1_00, line.amount_minor - rng.randint(5_00, 900_00))


def wrong_reference(group: Group, rng: random.Random) -> None:
    """The transfer quotes the trace of another remittance of the payer."""
    line = group.lines[0]
    right = line.references[0]
    digits = "".join(letter for letter in right if letter.isdigit())
    wrong = right.replace(digits, str(int(digits) - 1).zfill(len(digits)))
    line.references, line.description = [wrong], line.description.replace(right, wrong)


def merged(parts: list[Group], planted: str, rng: random.Random) -> Group:
    """Several in one transfer, with the references of all, of the first, or of none."""
    line = parts[0].lines[0]
    line.amount_minor = sum(part.lines[0].amount_minor for part in parts)
    if rng.random() < 0.3:
        line.references = [said for part in parts for said in part.lines[0].references]
    elif rng.random() < 0.5:
        line.references, line.description = [], "COMBINED"
    return Group(parts[0].kind, planted, [line], [item for part in parts for item in part.items])


PAYERS_WAYS: dict[str, Callable[[Group, random.Random], None]] = {
    "notice_late": notice_late,
    "paper_cheque": paper_cheque,
    "virtual_card": virtual_card,
    "takeback": takeback,
    "wrong_reference": wrong_reference,
}
