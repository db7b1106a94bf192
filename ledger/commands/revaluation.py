"""Foreign balances at a period's end: what they are worth that day, taken back the day after."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from hms_ach import audit, clock
from hms_ach.access.models import Facility, User
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.commands.entry import post_entry
from ledger.commands.entry_refusal import PeriodClosed, RateMissing
from ledger.commands.scheduled_reversal import reverse_due
from ledger.models import Account, Entry, Period, Revaluation, ScheduledReversal
from ledger.queries.exchange_rate import foreign_postings
from ledger.rules.posting import Posting

# How many days before a period's last one its closing rates may be of: a long holiday, no forgotten import.
_CLOSING_DAYS = 7

# value is what the balance is worth at the latest rate by the day, half away from zero; null without one.
_BALANCES = """
    SELECT balance.account_id, balance.role, balance.currency, balance.amount, balance.functional,
        CASE WHEN balance.amount = 0 THEN 0 ELSE round(balance.amount * rate.minor_rate)::bigint END AS value,
        CASE WHEN balance.amount <> 0 THEN rate."on" END AS rate_on
    FROM (
        SELECT posting.account_id, posting.role, posting.currency,
            sum(posting.amount_minor)::bigint AS amount, sum(posting.functional_minor)::bigint AS functional
        FROM ledger_posting posting JOIN ledger_account account ON account.id = posting.account_id
        WHERE posting.facility_id = %(facility)s AND posting.effective_on <= %(day)s
            AND posting.currency <> %(functional)s AND account.natural_class IN ('ASSET', 'LIABILITY')
        GROUP BY posting.account_id, posting.role, posting.currency
    ) balance
    LEFT JOIN LATERAL (
        SELECT minor_rate, "on" FROM ledger_exchangerate
        WHERE base = balance.currency AND quote = %(functional)s AND "on" <= %(day)s
        ORDER BY "on" DESC, id DESC LIMIT 1
    ) rate ON true
    WHERE balance.amount <> 0 OR balance.functional <> 0
    ORDER BY balance.currency, balance.account_id, balance.role
"""


class PeriodNotOver(Refusal):
    code = "period_not_over"
    sentence = (
        "{period} lasts until {until}, and its balances are revalued at the rates of that day. "
        "Revalue on that day or later."
    )


class ClosingRateOld(Refusal):
    code = "closing_rate_old"
    status = 422
    sentence = (
        "The latest rate from {currency} to {functional} is of {on}, and {period} ends on {until}. "
        "Record the rates of its last days first."
    )


@dataclass(frozen=True, slots=True)
class _Balance:
    account_id: int
    role: str
    currency: str
    amount: int
    functional: int
    value: int | None
    rate_on: date | None


@transaction.atomic
def revalue(*, period_id: int, today: date, actor: User) -> Revaluation:
    """Post what foreign assets and liabilities gained or lost up to the period's last day.

    Each facility gets an entry on that day, against fx.revaluation, which is taken back on the day after.
    What is left of items that are settled to nothing goes to fx.gain_loss and stays. Revaluing again
    posts what changed since. Before the period's last day there is nothing to revalue at, and accruals
    that fall due within it still stand. Raises PeriodClosed, PeriodNotOver, RateMissing,
    ClosingRateOld.
    """
    period = Period.objects.select_for_update(no_key=True).select_related("legal_entity").get(pk=period_id)
    if period.state == Period.State.HARD:
        raise PeriodClosed(day=period.ends_on, entity=period.legal_entity.name, state="closed")
    if today < period.ends_on:
        raise PeriodNotOver(period=period, until=period.ends_on)
    # What the period before left to be taken back must not be counted twice.
    reverse_due(today=period.ends_on, legal_entity=period.legal_entity)
    # Counted before the balances are read: what comes in between is looked at again rather than missed.
    revaluation = Revaluation(
        period=period,
        n_balances=0,
        n_postings=foreign_postings(period).count(),
        made_by=actor,
        made_at=clock.now(),
    )
    entries = []
    for facility in period.legal_entity.facilities.select_related("legal_entity").order_by("id"):
        balances = _balances(facility, period)
        revaluation.n_balances += len(balances)
        entries += _post(revaluation, facility, balances, actor)
    revaluation.save()
    for entry in entries:
        ScheduledReversal.objects.create(entry=entry, on=period.ends_on + timedelta(days=1))
    audit.record(
        "ledger.revalue", actor=actor, subject=revaluation, after={"balances": revaluation.n_balances}
    )
    return revaluation


def _balances(facility: Facility, period: Period) -> list[_Balance]:
    functional = facility.legal_entity.functional_currency
    params: dict[str, Any] = {"facility": facility.pk, "day": period.ends_on, "functional": functional}
    with connection.cursor() as cursor:
        cursor.execute(_BALANCES, params)
        balances = [_Balance(*row) for row in cursor.fetchall()]
    missing = sorted({each.currency for each in balances if each.value is None})
    if missing:
        day = period.ends_on.isoformat()
        raise RateMissing(currencies=", ".join(missing), functional=functional, day=day)
    for each in balances:
        if each.rate_on and (period.ends_on - each.rate_on).days > _CLOSING_DAYS:
            raise ClosingRateOld(
                currency=each.currency,
                functional=functional,
                on=each.rate_on,
                period=period,
                until=period.ends_on,
            )
    return balances


def _post(
    revaluation: Revaluation, facility: Facility, balances: Sequence[_Balance], actor: User
) -> list[Entry]:
    """The entries to be taken back; the left-overs of settled items are posted beside them."""
    open_ones = [each for each in balances if each.amount]
    left_over = [each for each in balances if not each.amount]
    _entry(revaluation, facility, left_over, "fx.gain_loss", actor)
    entry = _entry(revaluation, facility, open_ones, "fx.revaluation", actor)
    return [entry] if entry else []


def _entry(
    revaluation: Revaluation, facility: Facility, balances: Sequence[_Balance], against: str, actor: User
) -> Entry | None:
    functional = facility.legal_entity.functional_currency
    accounts = Account.objects.in_bulk({each.account_id for each in balances})
    postings: list[Posting] = []
    sums: dict[str, int] = defaultdict(int)
    for each in balances:
        assert each.value is not None
        difference = each.value - each.functional
        if difference:
            amount = Money(difference, functional)
            account = accounts[each.account_id]
            postings.append(Posting(each.role, Money.zero(each.currency), account=account, difference=amount))
            sums[each.currency] -= difference
    postings += [
        Posting(against, Money.zero(currency), difference=Money(sum_, functional))
        for currency, sum_ in sums.items()
        if sum_
    ]
    if not postings:
        return None
    day = revaluation.period.ends_on
    return post_entry(
        key=f"ledger.revaluation:{revaluation.public_id}:{facility.code}:{against}",
        facility=facility,
        effective_on=day,
        source=("adjustment", revaluation.public_id),
        memo=f"Foreign balances at the rates of {day.isoformat()}",
        postings=postings,
        actor=actor,
    )
