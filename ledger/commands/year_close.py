"""The end of a fiscal year: income and expense start again at zero. One person asks, another does it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from django.db import transaction

from hms_ach import audit, clock
from hms_ach.access.models import Facility, LegalEntity, User
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.commands.entry import post_entry
from ledger.commands.entry_refusal import RoleUnassigned
from ledger.commands.fiscal_calendar import dates_of_period
from ledger.models import Account, Period, YearClose, YearCloseRequest
from ledger.queries.chart import account_playing, roles_of_accounts
from ledger.queries.year_close import results_of
from ledger.rules.posting import Posting

# A line that moves what a foreign account is worth, and not how much of it there is.
_WORTH = "fx.closing"
_NET_ASSETS = "equity.unrestricted"


class YearNotWhole(Refusal):
    code = "year_not_whole"
    sentence = (
        "Fiscal year {year} of {entity} cannot be closed: {problem}. "
        "Open its last period, and close the periods before it."
    )


class YearCloseAwaiting(Refusal):
    code = "year_close_awaiting"
    sentence = "Closing fiscal year {year} is asked for already. Let another person do it, or decline it."


class YearCloseNotAwaiting(Refusal):
    code = "year_close_not_awaiting"
    sentence = (
        "This closing of fiscal year {year} is {state} already. Ask for another if something came since."
    )


class YearCloseNotByRequester(Refusal):
    code = "year_close_not_by_requester"
    status = 403
    sentence = "You asked for this closing of the year, so another person must do it. You may decline it."


class YearCloseWithoutReason(Refusal):
    code = "year_close_without_reason"
    status = 422
    sentence = "Declining the closing of a year needs a reason. Say what has to be done first."


@transaction.atomic
def request_year_close(*, legal_entity: LegalEntity, fiscal_year: int, actor: User) -> YearCloseRequest:
    """Ask that a year be closed. Nothing is posted until another person does it.

    Raises YearNotWhole, YearCloseAwaiting.
    """
    _last_period(legal_entity, fiscal_year)
    asked = YearCloseRequest.objects.filter(legal_entity=legal_entity, fiscal_year=fiscal_year)
    if asked.filter(state=YearCloseRequest.State.ASKED).exists():
        raise YearCloseAwaiting(year=fiscal_year)
    request = YearCloseRequest.objects.create(
        legal_entity=legal_entity, fiscal_year=fiscal_year, requested_by=actor, requested_at=clock.now()
    )
    audit.record("ledger.request_year_close", actor=actor, subject=request, after={"year": fiscal_year})
    return request


@transaction.atomic
def decline_year_close(*, request_id: int, reason: str, actor: User) -> YearCloseRequest:
    """Close nothing; who asked may say so, too. Raises YearCloseNotAwaiting, YearCloseWithoutReason."""
    request = _awaiting(request_id)
    if not reason.strip():
        raise YearCloseWithoutReason()
    _decide(request, YearCloseRequest.State.DECLINED, actor=actor, reason=reason.strip())
    audit.record("ledger.decline_year_close", actor=actor, subject=request, reason=reason)
    return request


@transaction.atomic
def close_year(*, request_id: int, actor: User) -> YearClose:
    """Move what income and expense add up to into net assets, on the year's last day, as somebody else asked.

    Each facility gets one entry, in the functional currency, so that every account of income and expense
    is worth nothing afterwards. The last period must take adjustments (open or soft closed), the ones
    before it no documents any more, and none may be missing between them. Closing again moves only what
    came since. Raises YearCloseNotAwaiting, YearCloseNotByRequester, YearNotWhole.
    """
    request = _awaiting(request_id)
    if request.requested_by_id == actor.pk:
        raise YearCloseNotByRequester()
    entity = request.legal_entity
    last = _last_period(entity, request.fiscal_year)
    _decide(request, YearCloseRequest.State.DONE, actor=actor)
    close = YearClose(
        legal_entity=entity,
        fiscal_year=request.fiscal_year,
        request=request,
        net_minor=0,
        n_accounts=0,
        closed_by=actor,
        closed_at=clock.now(),
    )
    for facility in entity.facilities.select_related("legal_entity").order_by("id"):
        results = results_of(facility, until=last.ends_on)
        if results:
            close.net_minor += sum(results.values())
            close.n_accounts += len(results)
            _post(close, facility, results, last.ends_on, actor)
    close.save()
    told = {"year": close.fiscal_year, "net": Money(close.net_minor, entity.functional_currency)}
    audit.record("ledger.close_year", actor=actor, subject=close, after=told)
    return close


def _awaiting(request_id: int) -> YearCloseRequest:
    rows = YearCloseRequest.objects.select_for_update(of=("self",)).select_related("legal_entity")
    request = rows.get(pk=request_id)
    if request.state != YearCloseRequest.State.ASKED:
        raise YearCloseNotAwaiting(year=request.fiscal_year, state=request.get_state_display().lower())
    return request


def _decide(
    request: YearCloseRequest, state: YearCloseRequest.State, *, actor: User, reason: str = ""
) -> None:
    request.state, request.reason = state, reason
    request.decided_by, request.decided_at = actor, clock.now()
    request.save(update_fields=["state", "reason", "decided_by", "decided_at"])


def _last_period(legal_entity: LegalEntity, fiscal_year: int) -> Period:
    """The year's last period, locked with all its others. Raises YearNotWhole."""
    LegalEntity.objects.select_for_update(no_key=True).get(pk=legal_entity.pk)
    rows = Period.objects.filter(legal_entity=legal_entity, fiscal_year=fiscal_year)
    periods = list(rows.select_for_update(no_key=True).order_by("starts_on", "id"))
    problem = _problem(legal_entity, periods) if periods else "none of its periods is opened"
    if problem:
        raise YearNotWhole(year=fiscal_year, entity=legal_entity.name, problem=problem)
    return periods[-1]


def _problem(legal_entity: LegalEntity, periods: Sequence[Period]) -> str:
    """What is missing, in words. The first year of a book may begin with any of its periods."""
    first, last = periods[0], periods[-1]
    before = Period.objects.filter(legal_entity=legal_entity, starts_on__lt=first.starts_on)
    year_before = before.order_by("-starts_on").first()
    gaps = [
        (earlier, later)
        for earlier, later in pairwise([*([year_before] if year_before else []), *periods])
        if later.starts_on != earlier.ends_on + timedelta(days=1)
    ]
    if gaps:
        return f"nothing is opened between {gaps[0][0]} and {gaps[0][1]}"
    if last.state == Period.State.HARD:
        return f"{last} is closed"
    if any(period.state == Period.State.OPEN for period in periods[:-1]):
        return "a period before the last one is still open"
    if dates_of_period(legal_entity, last.ends_on + timedelta(days=1)).fiscal_year == last.fiscal_year:
        return f"{last} is not its last period"
    return ""


def _post(close: YearClose, facility: Facility, results: dict[int, int], day: date, actor: User) -> None:
    """One line for each account, the other way round, and what they add up to for net assets.

    An account that takes a foreign currency only is moved by a line without an amount, as differences of
    exchange are: what it is worth goes, and the currency's own amount stays to be read.
    """
    functional = facility.legal_entity.functional_currency
    accounts = Account.objects.in_bulk(results)
    roles = roles_of_accounts(legal_entity=facility.legal_entity, on=day)
    net_assets = account_playing(_NET_ASSETS, facility=facility, on=day)
    if net_assets is None:
        raise RoleUnassigned(roles=_NET_ASSETS, entity=facility.legal_entity.name, day=day)
    postings: list[Posting] = []
    sums: dict[str, int] = defaultdict(int)
    for account_id, worth in results.items():
        account = accounts[account_id]
        currency = account.currency or functional
        sums[currency] += worth
        role = roles.get(account_id, "closing") if currency == functional else _WORTH
        postings.append(_line(role, account, currency, Money(-worth, functional)))
    for currency, worth in sums.items():
        role = _NET_ASSETS if currency == functional else _WORTH
        if worth:
            postings.append(_line(role, net_assets, currency, Money(worth, functional)))
    post_entry(
        key=f"ledger.year_close:{close.public_id}:{facility.code}",
        facility=facility,
        effective_on=day,
        source=("adjustment", close.public_id),
        memo=f"Closing of fiscal year {close.fiscal_year}",
        postings=postings,
        actor=actor,
    )


def _line(role: str, account: Account, currency: str, worth: Money) -> Posting:
    if currency == worth.currency:
        return Posting(role, worth, account=account)
    return Posting(role, Money.zero(currency), account=account, difference=worth)
