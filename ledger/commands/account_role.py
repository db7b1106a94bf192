"""Which account plays a role: moving it is proposed by one person and approved by another."""

from datetime import date

from django.db import transaction
from django.db.models import Q

from hms_ach import audit, clock
from hms_ach.access.models import Facility, LegalEntity, User
from hms_ach.refusal import Refusal
from ledger.models import Account, AccountRole, RoleChange
from ledger.rules.roles import ROLES


class RoleUnknown(Refusal):
    code = "role_unknown"
    status = 422
    sentence = "{role} is not a role of the book. The page of account roles lists those there are."


class RolePlayed(Refusal):
    code = "role_played"
    sentence = (
        "{role} is played by an account already. Propose the change; another person approves where "
        "money is posted from then on."
    )


class RoleChangeDoesNotFit(Refusal):
    code = "role_change_does_not_fit"
    status = 422
    sentence = "{account} cannot play {role} from {day} on: {problem}. Choose another account or day."


class RoleChangeWithoutReason(Refusal):
    code = "role_change_without_reason"
    status = 422
    sentence = "Moving where money is posted needs a reason. Say why the account changes."


class RoleChangeDecided(Refusal):
    code = "role_change_decided"
    sentence = "This change was decided already. Propose a new one."


class RoleChangeNotByProposer(Refusal):
    code = "role_change_not_by_proposer"
    status = 403
    sentence = "You proposed this change, so another person must decide it."


@transaction.atomic
def assign_role(
    *,
    role: str,
    account: Account,
    valid_from: date,
    facility: Facility | None = None,
    actor: User | None,
) -> AccountRole:
    """Let an account play a role that none plays yet, for a facility or for the whole legal entity.

    Raises RoleUnknown, RoleChangeDoesNotFit, or RolePlayed where the change needs two people.
    """
    _check(role, account, facility, valid_from)
    if _played(role, account.legal_entity_id, facility).exists():
        raise RolePlayed(role=role)
    assigned = AccountRole.objects.create(
        role=role,
        legal_entity_id=account.legal_entity_id,
        facility=facility,
        account=account,
        valid_from=valid_from,
    )
    audit.record("ledger.assign_role", actor=actor, subject=assigned, facility=facility)
    return assigned


@transaction.atomic
def propose_role_change(
    *,
    role: str,
    account: Account,
    valid_from: date,
    facility: Facility | None,
    reason: str,
    actor: User,
) -> RoleChange:
    """Ask that an account play a role from a day on. Nothing changes until another person approves.

    Raises RoleUnknown, RoleChangeDoesNotFit, RoleChangeWithoutReason.
    """
    _check(role, account, facility, valid_from)
    if not reason.strip():
        raise RoleChangeWithoutReason()
    change = RoleChange.objects.create(
        legal_entity_id=account.legal_entity_id,
        facility=facility,
        role=role,
        account=account,
        valid_from=valid_from,
        reason=reason.strip(),
        proposed_by=actor,
        proposed_at=clock.now(),
    )
    audit.record(
        "ledger.propose_role_change",
        actor=actor,
        subject=change,
        facility=facility,
        reason=reason,
        after={"role": role, "account": account.number, "valid_from": valid_from},
    )
    return change


@transaction.atomic
def decide_role_change(*, change_id: int, is_approved: bool, actor: User) -> RoleChange:
    """Approve or reject a change that somebody else proposed; approved, it holds from its day on.

    What was posted before stays where it is. Raises RoleChangeDecided, RoleChangeNotByProposer,
    RoleChangeDoesNotFit.
    """
    change = (
        RoleChange.objects.select_for_update(of=("self",))
        .select_related("account", "facility")
        .get(pk=change_id)
    )
    LegalEntity.objects.select_for_update(no_key=True).get(pk=change.legal_entity_id)
    if change.decided_by_id:
        raise RoleChangeDecided()
    if change.proposed_by_id == actor.pk:
        raise RoleChangeNotByProposer()
    change.decided_by, change.decided_at, change.is_approved = actor, clock.now(), is_approved
    change.save(update_fields=["decided_by", "decided_at", "is_approved"])
    if is_approved:
        _move(change)
    action = "ledger.approve_role_change" if is_approved else "ledger.reject_role_change"
    audit.record(action, actor=actor, subject=change, facility=change.facility)
    return change


def _move(change: RoleChange) -> None:
    _check(change.role, change.account, change.facility, change.valid_from)
    rows = AccountRole.objects.filter(
        role=change.role, legal_entity_id=change.legal_entity_id, facility=change.facility
    )
    later = rows.filter(valid_from__gte=change.valid_from).order_by("valid_from").first()
    if later:
        raise RoleChangeDoesNotFit(
            account=change.account,
            role=change.role,
            day=change.valid_from.isoformat(),
            problem=f"another account is assigned from {later.valid_from.isoformat()} on",
        )
    rows.filter(Q(valid_until=None) | Q(valid_until__gt=change.valid_from)).update(
        valid_until=change.valid_from
    )
    AccountRole.objects.create(
        role=change.role,
        legal_entity_id=change.legal_entity_id,
        facility=change.facility,
        account=change.account,
        valid_from=change.valid_from,
        change=change,
    )


def _played(role: str, legal_entity_id: int, facility: Facility | None):
    rows = AccountRole.objects.filter(role=role, legal_entity_id=legal_entity_id)
    return rows.filter(Q(facility=None) | Q(facility=facility))


def _check(role: str, account: Account, facility: Facility | None, day: date) -> None:
    if role not in ROLES:
        raise RoleUnknown(role=role)
    problem = ""
    if facility and facility.legal_entity_id != account.legal_entity_id:
        problem = "the facility belongs to another legal entity"
    elif account.active_from > day or (account.active_until and account.active_until <= day):
        problem = "the account is not in use then"
    elif AccountRole.objects.filter(
        role=role,
        legal_entity_id=account.legal_entity_id,
        facility=facility,
        account=account,
        valid_until=None,
    ).exists():
        problem = "it plays the role already"
    if problem:
        raise RoleChangeDoesNotFit(account=account, role=role, day=day.isoformat(), problem=problem)
