"""The end of a fiscal year: one person asks, another closes it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from hms_ach.refusal import Refusal
from hms_ach.web import Request, screen
from ledger.commands import close_year, decline_year_close, request_year_close
from ledger.commands.fiscal_calendar import dates_of_period
from ledger.models import Period, YearClose, YearCloseRequest
from ledger.queries import YearResult, period_of, year_close_requests, year_closes, year_result
from ledger.screens.period import period_or_404


@dataclass(frozen=True, slots=True)
class Year:
    """What a year's last period shows of the year's end. results are of now, before it is closed (again)."""

    number: int
    awaiting: YearCloseRequest | None
    results: list[YearResult]
    closings: list[YearClose]

    @property
    def has_moved(self) -> bool:
        """Whether it is closed and nothing was earned or spent since."""
        return bool(self.closings) and not any(row.n_accounts for row in self.results)


def year_of(period: Period) -> Year | None:
    """The year whose last period this is; None for its other periods."""
    entity, after = period.legal_entity, period.ends_on + timedelta(days=1)
    if dates_of_period(entity, after).fiscal_year == period.fiscal_year:
        return None
    asked = year_close_requests(legal_entity_ids=[entity.pk])
    return Year(
        number=period.fiscal_year,
        awaiting=asked.filter(fiscal_year=period.fiscal_year, state="ASKED").first(),
        results=year_result(legal_entity=entity, until=period.ends_on),
        closings=year_closes(legal_entity=entity, fiscal_year=period.fiscal_year),
    )


@screen("ledger.close_year", methods=["POST"])
def year_close_request(request: Request, entity_code: str, code: str) -> HttpResponse:
    """Ask that the period's fiscal year be closed."""
    period = _period(request, entity_code, code)
    asked = {"legal_entity": period.legal_entity, "fiscal_year": period.fiscal_year}
    told = f"Closing fiscal year {period.fiscal_year} awaits another person."
    return _done(request, period, request_year_close, told, **asked)


@screen("ledger.close_year", methods=["POST"])
def year_closing(request: Request, entity_code: str, code: str) -> HttpResponse:
    """Move the year's income and expense to net assets, as another person asked."""
    period = _period(request, entity_code, code)
    told = f"Income and expense of {period.fiscal_year} are in net assets."
    return _done(request, period, close_year, told, request_id=_awaiting_or_404(period).pk)


@screen("ledger.close_year", methods=["POST"])
def year_close_declination(request: Request, entity_code: str, code: str) -> HttpResponse:
    """Leave the year as it is."""
    period = _period(request, entity_code, code)
    reason = request.POST.get("reason", "")[:300]
    told = f"Fiscal year {period.fiscal_year} stays as it is."
    asked = {"request_id": _awaiting_or_404(period).pk, "reason": reason}
    return _done(request, period, decline_year_close, told, **asked)


def _period(request: Request, entity_code: str, code: str) -> Period:
    return period_of(period_or_404(request, entity_code, code).id)


def _awaiting_or_404(period: Period) -> YearCloseRequest:
    rows = year_close_requests(legal_entity_ids=[period.legal_entity_id])
    asked = rows.filter(fiscal_year=period.fiscal_year, state="ASKED").first()
    if asked is None:
        raise Http404
    return asked


def _done(
    request: Request, period: Period, command: Callable[..., Any], told: str, **asked: Any
) -> HttpResponse:
    try:
        command(**asked, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, told)
    return redirect("ledger:period-detail", period.legal_entity.code, period.code)
