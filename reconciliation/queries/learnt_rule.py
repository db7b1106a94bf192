"""Rules that decisions taught."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce

from hms_ach.access.models import User
from reconciliation.models import BankAccount, LearntRule, Proposal
from reconciliation.rules.learning import Lesson


@dataclass(frozen=True, slots=True)
class Taught:
    """A rule in force, as the engine is told it."""

    id: int
    public_id: str
    lesson: Lesson


def rules_of(facility_ids: Collection[int]) -> QuerySet[LearntRule]:
    """All that were ever proposed for these facilities' accounts, with hits and misses, the newest first."""
    rows = LearntRule.objects.filter(account__facility_id__in=facility_ids)
    rows = rows.select_related("account__facility", "proposed_by", "decided_by", "retired_by")
    counted = rows.annotate(hits=Coalesce(Sum("uses__hits"), 0), misses=Coalesce(Sum("uses__misses"), 0))
    return counted.order_by("-id")


def rules_in_force(account: BankAccount) -> list[Taught]:
    """What the engine is told of the account. One query."""
    rows = LearntRule.objects.filter(account=account, verdict="APPROVED", retired_at=None)
    return [taught(row) for row in rows.order_by("id")]


def taught(row: LearntRule) -> Taught:
    return Taught(row.pk, row.public_id, Lesson(row.kind, row.subject, row.says))


def evidence_of(row: LearntRule) -> QuerySet[Proposal]:
    """The decisions that taught it, the newest first."""
    rows = Proposal.objects.filter(pk__in=row.evidence.values("proposal_id"))
    rows = rows.select_related("discrepancy__line", "proposed_by", "decided_by", "match")
    return rows.order_by("-decided_at", "-id")


def teachers_of(row: LearntRule) -> set[int]:
    """Who asked for it or had a part in its evidence: nobody of them approves it. One query."""
    pairs = evidence_of(row).order_by().values_list("proposed_by_id", "decided_by_id")
    people = {person for pair in pairs for person in pair if person is not None}
    return people | ({row.proposed_by_id} if row.proposed_by_id else set())


def may_approve(row: LearntRule, person: User) -> bool:
    return row.verdict is None and person.pk not in teachers_of(row)
