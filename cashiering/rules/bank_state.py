"""How the bank's statement answers what was announced, as the app that knows statements tells it."""

from collections.abc import Callable
from typing import Any

# What a person may look for, in the order of an announcement's life.
BANK_STATES = ("UNMATCHED", "PROPOSED", "MATCHED", "SPLIT", "WRITTEN_OFF", "WITHDRAWN")

Annotate = Callable[[Any], Any]
REGISTERED: list[Annotate] = []


def register_bank_states(annotate: Annotate) -> None:
    """Let rows with `kind` and `public_id` say `bank_state` and `bank_document`. Called by an app's `ready`.

    bank_state     one of BANK_STATES but WITHDRAWN; empty where the bank's side knows nothing of it
    bank_document  public id of the match, or of the discrepancy in which a person looks at it; else empty
    """
    REGISTERED[:] = [annotate]
