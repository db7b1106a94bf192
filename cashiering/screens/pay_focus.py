"""Where the cashier looks after a refusal, so that the next key goes on from there."""

from collections.abc import Sequence

from cashiering.screens.pay_form import TENDERS, PayForm


def focus_after(form: PayForm, *, refusal: str, takes: Sequence[str]) -> str:
    """The id of the first field in error, else of the tender typed last, else of the register's first.

    refusal  the code of what was refused
    takes    the tenders that the register takes
    """
    if refusal == "cheque_incomplete":
        return "cheque_number"
    usable = [name for name in reversed(TENDERS) if TENDERS[name] in takes]
    typed = [name for name in usable if form.typed.get(name)]
    return [*form.errors, *typed, *usable, ""][0]
