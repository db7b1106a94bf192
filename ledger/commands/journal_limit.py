"""Up to which total a role approves journals: asked for by one person, let count by another."""

from django.db import transaction

from hms_ach import audit, clock
from hms_ach.access.models import LegalEntity, User
from hms_ach.access.roles import Role
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.models import JournalLimit, JournalLimitApproval
from ledger.queries.journal_limit import APPROVERS


class JournalLimitWrong(Refusal):
    code = "journal_limit_wrong"
    status = 422
    sentence = "This limit cannot be asked for: {why}."


class JournalLimitByProposer(Refusal):
    code = "journal_limit_by_proposer"
    status = 403
    sentence = "You asked for this limit, so another person must let it count."


class JournalLimitDecided(Refusal):
    code = "journal_limit_decided"
    sentence = "This limit counts already, or another one was asked for since. Look at the list of limits."


@transaction.atomic
def propose_journal_limit(
    *, legal_entity: LegalEntity, role: str, limit: Money | None, actor: User
) -> JournalLimit:
    """Ask that a role approve journals up to a total; None for any. It counts once another person approves.

    limit  in the functional currency of the entity

    A newer proposal for the role takes the place of one that awaits. Raises JournalLimitWrong.
    """
    if role not in APPROVERS:
        raise JournalLimitWrong(why="the role approves no journals")
    if limit is not None and (limit.minor < 0 or limit.currency != legal_entity.functional_currency):
        raise JournalLimitWrong(why=f"it is not zero or more in {legal_entity.functional_currency}")
    row = JournalLimit.objects.create(
        legal_entity=legal_entity,
        role=Role(role).value,
        limit_minor=None if limit is None else limit.minor,
        set_by=actor,
        set_at=clock.now(),
    )
    told = {"role": role, "limit": limit}
    audit.record("ledger.propose_journal_limit", actor=actor, subject=legal_entity, after=told)
    return row


@transaction.atomic
def approve_journal_limit(*, limit_id: int, actor: User) -> JournalLimitApproval:
    """Let a limit count that somebody else asked for. Raises JournalLimitByProposer, JournalLimitDecided."""
    row = JournalLimit.objects.select_related("legal_entity").get(pk=limit_id)
    # What is only ever added is not locked itself: two who approve at once wait for each other here.
    LegalEntity.objects.select_for_update(no_key=True).get(pk=row.legal_entity_id)
    if row.set_by_id == actor.pk:
        raise JournalLimitByProposer()
    newer = JournalLimit.objects.filter(legal_entity=row.legal_entity, role=row.role, pk__gt=row.pk)
    if newer.exists() or JournalLimitApproval.objects.filter(limit=row).exists():
        raise JournalLimitDecided()
    approval = JournalLimitApproval.objects.create(limit=row, approved_by=actor, approved_at=clock.now())
    currency = row.legal_entity.functional_currency
    limit = None if row.limit_minor is None else Money(row.limit_minor, currency)
    told = {"role": row.role, "limit": limit}
    audit.record("ledger.approve_journal_limit", actor=actor, subject=row.legal_entity, after=told)
    return approval
