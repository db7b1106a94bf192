"""The end of a fiscal year: income and expense start again at zero."""

from datetime import date

from django.db import connection, transaction

from hms_ach import audit, clock
from hms_ach.access.models import Facility, LegalEntity, User
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.commands.entry import post_entry
from ledger.models import Account, Period, YearClose
from ledger.queries.chart import roles_of_accounts
from ledger.rules.posting import Posting

# Entries of the closing itself count too, so that closing again moves only what came since.
_RESULTS = """
    SELECT posting.account_id, sum(posting.functional_minor)::bigint
    FROM ledger_posting posting JOIN ledger_account account ON account.id = posting.account_id
    WHERE posting.facility_id = %(facility)s AND posting.effective_on <= %(day)s
        AND account.natural_class IN ('REVENUE', 'EXPENSE')
    GROUP BY posting.account_id
    HAVING sum(posting.functional_minor) <> 0
    ORDER BY posting.account_id
"""


class YearNotWhole(Refusal):
    code = "year_not_whole"
    sentence = (
        "Fiscal year {year} of {entity} cannot be closed: {problem}. "
        "Open its last period, and close the periods before it."
    )


@transaction.atomic
def close_year(*, legal_entity: LegalEntity, fiscal_year: int, actor: User) -> YearClose:
    """Move what income and expense add up to into net assets, on the year's last day.

    Each facility gets one entry, in the functional currency, so that every account of income and expense
    is worth nothing afterwards. The last period must take adjustments (open or soft closed) and the ones
    before it no documents any more. Closing again moves what came since. Raises YearNotWhole.
    """
    last = _last_period(legal_entity, fiscal_year)
    close = YearClose(
        legal_entity=legal_entity,
        fiscal_year=fiscal_year,
        net_minor=0,
        n_accounts=0,
        closed_by=actor,
        closed_at=clock.now(),
    )
    for facility in legal_entity.facilities.select_related("legal_entity").order_by("id"):
        results = _results(facility, last.ends_on)
        if results:
            close.net_minor += sum(results.values())
            close.n_accounts += len(results)
            _post(close, facility, results, last.ends_on, actor)
    close.save()
    audit.record(
        "ledger.close_year",
        actor=actor,
        subject=close,
        after={"year": fiscal_year, "net": Money(close.net_minor, legal_entity.functional_currency)},
    )
    return close


def _last_period(legal_entity: LegalEntity, fiscal_year: int) -> Period:
    periods = Period.objects.filter(legal_entity=legal_entity, fiscal_year=fiscal_year)
    last = periods.select_for_update(no_key=True).order_by("-ends_on").first()
    problem = ""
    if last is None:
        problem = "none of its periods is opened"
    elif last.state == Period.State.HARD:
        problem = f"{last} is closed"
    elif periods.filter(state=Period.State.OPEN).exclude(pk=last.pk).exists():
        problem = "a period before the last one is still open"
    elif last.number < 12:
        problem = f"{last} is not its last period"
    if problem:
        raise YearNotWhole(year=fiscal_year, entity=legal_entity.name, problem=problem)
    assert last is not None
    return last


def _results(facility: Facility, day: date) -> dict[int, int]:
    """What each account of income and expense is worth, by the account's id."""
    with connection.cursor() as cursor:
        cursor.execute(_RESULTS, {"facility": facility.pk, "day": day})
        return dict(cursor.fetchall())


def _post(close: YearClose, facility: Facility, results: dict[int, int], day: date, actor: User) -> None:
    """One line for each account, the other way round, and one for net assets."""
    currency = facility.legal_entity.functional_currency
    accounts = Account.objects.in_bulk(results)
    roles = roles_of_accounts(legal_entity=facility.legal_entity, on=day)
    postings = [
        Posting(roles.get(account_id, "closing"), Money(-functional, currency), account=accounts[account_id])
        for account_id, functional in results.items()
    ]
    net = sum(results.values())
    if net:
        postings.append(Posting("equity.unrestricted", Money(net, currency)))
    post_entry(
        key=f"ledger.year_close:{close.public_id}:{facility.code}",
        facility=facility,
        effective_on=day,
        source=("adjustment", close.public_id),
        memo=f"Closing of fiscal year {close.fiscal_year}",
        postings=postings,
        actor=actor,
    )
