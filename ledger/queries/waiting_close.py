"""What awaits a person at the close of periods and years."""

from collections.abc import Collection

from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse

from hms_ach.access.models import User
from hms_ach.access.queries import roles_of
from hms_ach.web.waiting import Waiting
from ledger.models import CloseTask, TieOut, YearCloseRequest
from ledger.queries.checklist import checklists_awaiting
from ledger.queries.period import round_of_period
from ledger.queries.waiting_gl import awaiting


def steps_to_do(user: User, facility_ids: Collection[int]) -> list[Waiting]:
    """Steps of closes under way that belong to a role of the person's, by when they are due."""
    rows = CloseTask.objects.filter(
        done_at=None,
        step__check_code="",
        step__owner_role__in=roles_of(user),
        period__legal_entity__facilities__in=facility_ids,
    )
    url, permission = reverse("ledger:period-list"), "ledger.finish_task"
    return [awaiting("Steps of a close to do", _of_now(rows), "due_at", url=url, permission=permission)]


def tie_outs_to_sign(user: User, facility_ids: Collection[int]) -> list[Waiting]:
    """The latest figures of periods that close, where somebody else took them and nobody signed."""
    newer = TieOut.objects.filter(
        period=OuterRef("period"),
        sub_ledger=OuterRef("sub_ledger"),
        role=OuterRef("role"),
        currency=OuterRef("currency"),
        pk__gt=OuterRef("pk"),
    )
    rows = TieOut.objects.filter(
        ~Exists(newer), signature=None, period__legal_entity__facilities__in=facility_ids
    )
    rows = _of_now(rows.exclude(taken_by=user))
    url, permission = reverse("ledger:period-list"), "ledger.sign_tie_out"
    return [awaiting("Tie-outs to sign", rows, "taken_at", url=url, permission=permission)]


def years_to_close(user: User, facility_ids: Collection[int]) -> list[Waiting]:
    """Fiscal years that somebody else asked to close."""
    rows = YearCloseRequest.objects.filter(state="ASKED", legal_entity__facilities__in=facility_ids)
    rows = rows.exclude(requested_by=user)
    url, permission = reverse("ledger:period-list"), "ledger.close_year"
    return [awaiting("Fiscal years to close", rows, "requested_at", url=url, permission=permission)]


def checklists_to_decide(user: User, facility_ids: Collection[int]) -> list[Waiting]:
    """Close checklists that somebody else proposed."""
    rows = checklists_awaiting().filter(legal_entity__facilities__in=facility_ids).exclude(proposed_by=user)
    first = rows.first()
    name, args = ("checklist-definition", [first.legal_entity.code]) if first else ("period-list", [])
    url, permission = reverse(f"ledger:{name}", args=args), "ledger.approve_checklist"
    return [awaiting("Close checklists to decide", rows, "proposed_at", url=url, permission=permission)]


def _of_now(rows: "QuerySet") -> "QuerySet":
    """Only what belongs to the latest opening of a period that is not closed."""
    rows = rows.exclude(period__state="HARD").annotate(latest=round_of_period())
    return rows.filter(round=F("latest"))
