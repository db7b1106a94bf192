"""What became of what somebody proposed, written once on its row."""

from hms_ach import clock
from hms_ach.access.models import User
from reconciliation.models import CertificationClaim, LearntRule
from reconciliation.models.proposed import Proposed


def decide(row: Proposed | LearntRule | CertificationClaim, verdict: str, actor: User, **also) -> None:
    """Write the verdict with who gave it and when; also: further columns of the row by name."""
    said = {"verdict": verdict, "decided_by": actor, "decided_at": clock.now(), **also}
    for column, value in said.items():
        setattr(row, column, value)
    row.save(update_fields=list(said))


def decline(row: Proposed, actor: User, **also) -> None:
    """Whoever proposed withdraws, anybody else sends it back."""
    is_own = row.proposed_by_id == actor.pk
    decide(row, "WITHDRAWN" if is_own else "REJECTED", actor, **also)
