"""What puts a wrong payment right: one tool for each case, and which of them exclude each other."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """What has become of a payment.

    is_running     its session still takes money, so that it can be undone there
    refund         the state of a refund in words, while there is one; empty without
    is_refundable  whether something of it can still go back
    has_cheque     a cheque paid it, and is_returned: one of them came back
    has_paid       a transfer or card that the bank has paid, and is_taken_back: that is reported
    is_batch_open  none of its cards lies in a closed card batch
    """

    is_voided: bool = False
    at_register: bool = True
    is_running: bool = False
    is_batch_open: bool = True
    is_bank_confirmed: bool = False
    pays_invoice: bool = True
    refund: str = ""
    is_refundable: bool = True
    has_cheque: bool = False
    is_returned: bool = False
    has_paid: bool = False
    is_taken_back: bool = False


@dataclass(frozen=True, slots=True)
class Remedy:
    """One tool: for which case, and why it is not the one now; empty when it is."""

    tool: str
    case: str
    title: str
    not_now: str


def remedies(payment: Standing) -> list[Remedy]:
    """Every tool in the order of the table, each possible or with the reason why not."""
    undone = _undone(payment)
    return [
        Remedy("VOID", "Wrong amount or wrong visit, session still open", "Void", undone),
        Remedy("CORRECTION", "Only the tender is wrong", "Correct the tender", undone),
        Remedy("REALLOCATION", "Wrong patient or wrong bill", "Lay it elsewhere", _elsewhere(payment)),
        Remedy("RETURN", "The bank did not pay the cheque", "Returned cheque", _returned(payment)),
        Remedy("TAKEN_BACK", "The bank or processor took it back", "Returned payment", _taken_back(payment)),
        Remedy("REFUND", "Money must go back, session or card batch closed", "Refund", _refundable(payment)),
    ]


def _undone(payment: Standing) -> str:
    """Why a payment is not taken back where it was taken."""
    if payment.is_voided:
        return "It is voided."
    if payment.refund:
        return f"A refund of it is {payment.refund}."
    if payment.is_returned:
        return "Its cheque came back unpaid."
    if not payment.at_register:
        return "It was not taken at a register."
    if not payment.is_running:
        return "Its session takes no money any more."
    if not payment.is_batch_open:
        return "Its card batch is closed."
    return "The bank has paid it." if payment.is_bank_confirmed else ""


_ON_ACCOUNT = "It pays no invoice. On account of the wrong patient: void or refund it, then take it again."


def _elsewhere(payment: Standing) -> str:
    if payment.is_voided:
        return "It is voided."
    return "" if payment.pays_invoice else _ON_ACCOUNT


def _refundable(payment: Standing) -> str:
    if payment.is_voided:
        return "It is voided."
    return "" if payment.is_refundable else "Nothing of it is left to go back."


def _returned(payment: Standing) -> str:
    if payment.is_voided:
        return "It is voided."
    if not payment.has_cheque:
        return "No cheque paid it."
    return "It is reported already." if payment.is_returned else ""


def _taken_back(payment: Standing) -> str:
    if payment.is_voided:
        return "It is voided."
    if not payment.has_paid:
        return "The bank has paid no transfer or card of it."
    return "It is reported already." if payment.is_taken_back else ""
