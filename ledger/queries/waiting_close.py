"""What awaits a person at the close of periods and years."""

from collections.abc import Collection

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from hms_ach.access.models import User
from hms_ach.access.queries import roles_of
from hms_ach.web.waiting import Waiting
from ledger.models import CloseTask, PeriodReopening, TieOut, YearCloseRequest
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


def _of_now(rows: "QuerySet") -> "QuerySet":
    """Only what belongs to the latest opening of a period that is not closed."""
    opened = PeriodReopening.objects.filter(period=OuterRef("period")).exclude(approved_by=None)
    counted = opened.order_by().values("period").annotate(n=Count("id")).values("n")
    rows = rows.exclude(period__state="HARD").annotate(latest=Coalesce(Subquery(counted), 0))
    return rows.filter(round=F("latest"))
