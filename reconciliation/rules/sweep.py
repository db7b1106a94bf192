"""What a movement between own accounts reads like, and what it posts."""

import re

from reconciliation.rules.plan import Adjustment, Part, Plan

DUE_FROM, DUE_TO = "affiliate.due_from", "affiliate.due_to"
AFFILIATE_ROLES = (DUE_FROM, DUE_TO)

_WORDS = re.compile(
    r"\b(sweep|swept|zba|zero[ -]balanc\w*|inter-?company"
    r"|cash (pool|concentration)\w*|own accounts?|book transfer)\b",
    re.IGNORECASE,
)


def reads_like_transfer(text: str) -> bool:
    """Whether a bank's text has the wording of a sweep or of a transfer between own accounts."""
    return bool(_WORDS.search(text))


def reference_of(outgoing_id: int, incoming_id: int) -> str:
    """What names the movement in both books; outgoing_id, incoming_id: the lines."""
    return f"swp_{outgoing_id}_{incoming_id}"


def half_of(line: Part, *, other_id: int, is_one_entity: bool) -> Plan:
    """The plan of one line: the bank against what is due between the two facilities.

    What went out is due from the other, what came in is due to it. Within one legal entity both stand on
    due from, so that the entity as a whole owes itself nothing.
    """
    is_out = line.amount_minor < 0
    reference = reference_of(line.id, other_id) if is_out else reference_of(other_id, line.id)
    role = DUE_FROM if is_out or is_one_entity else DUE_TO
    return Plan((line,), (), (Adjustment(role, -line.amount_minor, reference),))
