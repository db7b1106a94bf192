"""What awaits a person at the bank."""

from collections.abc import Collection

from django.db.models import Count, Min, Q
from django.urls import reverse

from hms_ach import clock
from hms_ach.access.models import User
from hms_ach.web.waiting import Waiting
from reconciliation.models import (
    AccountNumber,
    AccountTolerance,
    CertificationClaim,
    DayCorrection,
    Discrepancy,
    LearntRule,
    Proposal,
    RuleEvidence,
    SampledMatch,
    SuspenseClearing,
)
from reconciliation.queries.day import days_to_close
from reconciliation.queries.prepared_reconciliation import reconciliations_to_review
from reconciliation.queries.review import is_held


def waiting(user: User, facility_ids: Collection[int]) -> list[Waiting]:
    """Discrepancies to resolve, proposals of others to approve, clearings of
    suspense, tolerances, learnt rules and account numbers to approve, certifications to confirm, matches
    to check, corrections of final days to approve, bank reconciliations to review, days to close. Fourteen
    queries."""
    url = reverse("reconciliation:discrepancy-list")
    rows = Discrepancy.objects.filter(facility_id__in=facility_ids)
    figures = {"count": Count("id"), "oldest_on": Min("due_on")}
    put_aside = is_held(facility_ids, clock.now())
    to_do = rows.filter(state__in=("OPEN", "REJECTED")).exclude(put_aside).aggregate(**figures)
    of_others = Proposal.objects.filter(verdict=None).exclude(proposed_by=user)
    proposed = rows.filter(state="PROPOSED", pk__in=of_others.values("discrepancy"))
    to_approve = proposed.aggregate(**figures)
    undecided = SuspenseClearing.objects.filter(facility_id__in=facility_ids, verdict=None)
    clearings = undecided.exclude(proposed_by=user).aggregate(
        count=Count("id"), oldest_on=Min("proposed_at__date")
    )
    proposed_tolerances = AccountTolerance.objects.filter(account__facility_id__in=facility_ids, verdict=None)
    tolerances = proposed_tolerances.exclude(proposed_by=user).aggregate(
        count=Count("id"), oldest_on=Min("proposed_at__date")
    )
    learnt = LearntRule.objects.filter(account__facility_id__in=facility_ids, verdict=None)
    others = learnt.exclude(proposed_by=user).exclude(
        pk__in=RuleEvidence.objects.filter(
            Q(proposal__proposed_by=user) | Q(proposal__decided_by=user)
        ).values("rule_id")
    )
    rules = others.aggregate(count=Count("id"), oldest_on=Min("proposed_at__date"))
    proposed_numbers = AccountNumber.objects.filter(account__facility_id__in=facility_ids, verdict=None)
    numbers = proposed_numbers.exclude(proposed_by=user).aggregate(
        count=Count("id"), oldest_on=Min("proposed_at__date")
    )
    claims = CertificationClaim.objects.filter(account__facility_id__in=facility_ids, verdict=None)
    certifications = (
        claims.exclude(outcome="REOPENED")
        .exclude(claimed_by=user)
        .aggregate(count=Count("id"), oldest_on=Min("claimed_at__date"))
    )
    drawn = SampledMatch.objects.filter(sample__facility_id__in=facility_ids, is_right=None)
    to_judge = drawn.aggregate(count=Count("id"), oldest_on=Min("sample__made_on"))
    asked = DayCorrection.objects.filter(match__account__facility_id__in=facility_ids, verdict=None)
    corrections = asked.exclude(proposed_by=user).aggregate(
        count=Count("id"), oldest_on=Min("proposed_at__date")
    )
    prepared = reconciliations_to_review(user, facility_ids)
    days = days_to_close(facility_ids)
    return [
        Waiting("Discrepancies to resolve", url=url, permission="reconciliation.propose", **to_do),
        Waiting(
            "Proposals to approve",
            url=f"{url}?state=PROPOSED",
            permission="reconciliation.approve",
            **to_approve,
        ),
        Waiting(
            "Matches to check",
            url=reverse("reconciliation:sample-list"),
            permission="reconciliation.judge_match",
            **to_judge,
        ),
        Waiting(
            "Clearings of suspense to approve",
            url=reverse("reconciliation:suspense-list"),
            permission="reconciliation.approve",
            **clearings,
        ),
        Waiting(
            "Tolerances to approve",
            url=reverse("reconciliation:tolerance-list"),
            permission="reconciliation.approve_tolerance",
            **tolerances,
        ),
        Waiting(
            "Learnt rules to approve",
            url=reverse("reconciliation:rule-list"),
            permission="reconciliation.approve_rule",
            **rules,
        ),
        Waiting(
            "Numbers of bank accounts to approve",
            url=reverse("reconciliation:account-list"),
            permission="reconciliation.approve_account_number",
            **numbers,
        ),
        Waiting(
            "Certification of banks to confirm",
            url=reverse("reconciliation:certification-list"),
            permission="reconciliation.confirm_certification",
            **certifications,
        ),
        Waiting(
            "Corrections of closed days to approve",
            url=f"{reverse('reconciliation:day-correction-list')}?waiting=1",
            permission="reconciliation.undo_match",
            **corrections,
        ),
        Waiting(
            "Bank reconciliations to review",
            url=reverse("reconciliation:prepared-reconciliation", args=[prepared[0].public_id])
            if prepared
            else reverse("reconciliation:account-list"),
            permission="reconciliation.review_bank_reconciliation",
            count=len(prepared),
            oldest_on=prepared[0].as_of if prepared else None,
        ),
        Waiting(
            "Days to close",
            url=reverse("reconciliation:day-list"),
            permission="reconciliation.close_day",
            count=len(days),
            oldest_on=days[0] if days else None,
        ),
    ]
