"""Foreign cash: which currencies a facility takes, decided by two people, and at what rate today."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.db import transaction

from cashiering.models import CashCurrency, Payment
from cashiering.queries.cash_currency import CashCurrencyShown, cash_currencies, rates_taken
from cashiering.rules.denominations import faces_of
from cashiering.rules.foreign_cash import CashRate, refuse_uneven, worth_of
from cashiering.rules.tenders import TenderGiven
from hms_ach import audit, clock
from hms_ach.access.models import Facility, User
from hms_ach.money import Money
from hms_ach.refusal import Refusal


class CashCurrencyWrong(Refusal):
    code = "cash_currency_wrong"
    status = 422
    sentence = "This cannot be asked for: {why}."


class CashCurrencyByAsker(Refusal):
    code = "cash_currency_by_asker"
    status = 403
    sentence = "You asked for this yourself, so another person must let it count."


class CashCurrencyDecided(Refusal):
    code = "cash_currency_decided"
    sentence = "This counts already, or something else was asked for since. Look at the list again."


class CurrencyNotTaken(Refusal):
    code = "currency_not_taken"
    status = 422
    sentence = "{currency} is not taken in cash here. Taken are: {taken}."


class NoRateToday(Refusal):
    code = "no_rate_today"
    status = 422
    sentence = "{problem}"


class RateChanged(Refusal):
    code = "rate_changed"
    sentence = (
        "The rate of {currency} changed while this payment was open: {amount} is now worth "
        "{worth}, at {rate}. Tell the payer, then take the payment again."
    )


@transaction.atomic
def ask_cash_currency(
    *,
    facility: Facility,
    currency: str,
    is_taken: bool = True,
    rate_days: int = 0,
    smallest_minor: int = 1,
    gives_back: str = "LOCAL",
    actor: User,
) -> CashCurrency:
    """Ask that a facility take a foreign currency in cash, or no more. It counts once another approves.

    rate_days       how old a rate may be, 0 to 7 days
    smallest_minor  the smallest note or coin taken, in its minor units

    A newer request takes the place of one that awaits. Raises CashCurrencyWrong or DenominationUnknown.
    """
    if currency == facility.currency:
        raise CashCurrencyWrong(why=f"{currency} is the facility's own currency")
    if smallest_minor not in faces_of(currency):
        smallest = Money(smallest_minor, currency)
        raise CashCurrencyWrong(why=f"there is no note or coin of {smallest.in_words()}")
    if not 0 <= rate_days <= 7:
        raise CashCurrencyWrong(why="a rate is at most 7 days old")
    if gives_back not in CashCurrency.GivesBack.values:
        raise CashCurrencyWrong(why="a refund is paid in our own currency or in the notes that were given")
    rule = CashCurrency.objects.create(
        facility=facility,
        currency=currency,
        is_taken=is_taken,
        rate_days=rate_days,
        smallest_minor=smallest_minor,
        gives_back=gives_back,
        asked_by=actor,
        asked_at=clock.now(),
    )
    audit.record(
        "cashiering.ask_cash_currency", actor=actor, subject=rule, facility=facility, after=_told(rule)
    )
    return rule


@transaction.atomic
def approve_cash_currency(*, rule: CashCurrency | int, actor: User) -> CashCurrency:
    """Let a rule count that somebody else asked for. Raises CashCurrencyByAsker or CashCurrencyDecided."""
    rows = CashCurrency.objects.select_for_update(of=("self",)).select_related("facility")
    row = rows.get(pk=getattr(rule, "pk", rule))
    if row.asked_by_id == actor.pk:
        raise CashCurrencyByAsker()
    newer = CashCurrency.objects.filter(facility=row.facility, currency=row.currency, pk__gt=row.pk)
    if row.approved_by_id is not None or newer.exists():
        raise CashCurrencyDecided()
    row.approved_by, row.approved_at = actor, clock.now()
    row.save(update_fields=["approved_by", "approved_at"])
    audit.record(
        "cashiering.approve_cash_currency", actor=actor, subject=row, facility=row.facility, after=_told(row)
    )
    return row


def _told(rule: CashCurrency) -> dict[str, object]:
    return {
        "currency": rule.currency,
        "taken": rule.is_taken,
        "rate_days": rule.rate_days,
        "smallest": rule.smallest_minor,
        "gives_back": rule.gives_back,
    }


def valued(
    tenders: Sequence[TenderGiven],
    *,
    facility: Facility,
    quote: str,
    on: date,
    replaces: Payment | None = None,
) -> list[TenderGiven]:
    """The tenders with what foreign cash is worth today in the payment's currency.

    replaces  a payment that is issued again: its notes and its change stay what they were worth then

    No query without foreign cash, else two, or three. Raises CurrencyNotTaken, NoRateToday,
    ForeignCashUneven, or RateChanged when the cashier was shown another rate.
    """
    if not any(one.foreign for one in tenders):
        return list(tenders)
    rates = {one.currency: one for one in cash_currencies(facility, quote=quote, on=on)}
    if replaces is not None:
        rates |= rates_taken(replaces)
    return at_rates(tenders, rates, quote=quote)


def at_rates(
    tenders: Sequence[TenderGiven], rates: Mapping[str, CashCurrencyShown], *, quote: str
) -> list[TenderGiven]:
    """The same at rates that were read before, by currency; for the register while it is typed."""
    found = []
    for one in tenders:
        if one.foreign is not None:
            shown = rates.get(one.foreign.currency)
            if shown is None or one.kind != "CASH":
                raise CurrencyNotTaken(currency=one.foreign.currency, taken=", ".join([quote, *rates]))
            if shown.rate is None:
                raise NoRateToday(problem=shown.problem)
            one = _at_rate(one, one.foreign, shown.rate)
        found.append(one)
    return found


def _at_rate(tender: TenderGiven, foreign: Money, rate: CashRate) -> TenderGiven:
    refuse_uneven(foreign, rate.smallest)
    worth = worth_of(foreign, minor_rate=rate.minor_rate, currency=rate.quote)
    if tender.rate_id not in (None, rate.id):
        raise RateChanged(currency=foreign.currency, amount=foreign, worth=worth, rate=rate.in_words)
    return replace(tender, tendered=worth, rate_id=rate.id)
