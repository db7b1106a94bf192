"""Why a journal is not even prepared: what the book would refuse when it is approved, said at once."""

from collections.abc import Collection, Sequence
from datetime import date

from hms_ach.access.models import Facility
from hms_ach.refusal import Refusal
from ledger.commands.entry_refusal import PeriodClosed
from ledger.models import Account, Period
from ledger.queries.chart import control_accounts
from ledger.rules.calendar import is_within
from ledger.rules.journal import JournalLineAsked


class ControlAccountByHand(Refusal):
    code = "control_account_by_hand"
    status = 422
    sentence = (
        "Account {accounts} is kept by a sub-ledger to the cent. Correct the document there; "
        "a journal by hand would part the two."
    )


class ForeignAccount(Refusal):
    code = "foreign_account"
    status = 422
    sentence = "Account {accounts} belongs to another legal entity. Choose accounts of {entity}."


class ForeignDepartment(Refusal):
    code = "foreign_department"
    status = 422
    sentence = "Department {departments} belongs to another facility. Choose departments of {facility}."


class AccountNotUsable(Refusal):
    code = "account_not_usable"
    status = 422
    sentence = (
        "Account {accounts} takes no {currency} on {day}: it is not in use that day, or holds another "
        "currency. Choose another account, or a day on which it is in use."
    )


_ADJUSTABLE = (Period.State.OPEN, Period.State.SOFT)


def refuse_day(facility: Facility, on: date, *, takes: Collection[str] = _ADJUSTABLE) -> None:
    """Raises PeriodClosed when the day lies in no period, or in one that is in none of the states.

    takes  what states take the entry to be; those that take journals when omitted
    """
    entity = facility.legal_entity
    rows = Period.objects.filter(legal_entity=entity, starts_on__lte=on, ends_on__gte=on)
    state = rows.values_list("state", flat=True).first()
    if state not in takes:
        said = {None: "not opened yet", "SOFT": "soft closed", "HARD": "closed"}[state]
        raise PeriodClosed(day=on, entity=entity.name, state=said)


def refuse_lines(facility: Facility, on: date, lines: Sequence[JournalLineAsked]) -> None:
    """Raises ForeignAccount, ForeignDepartment, ControlAccountByHand, AccountNotUsable. One SQL query."""
    entity = facility.legal_entity
    foreign = {line.account.number for line in lines if line.account.legal_entity_id != entity.pk}
    if foreign:
        raise ForeignAccount(accounts=", ".join(sorted(foreign)), entity=entity.name)
    departments = {line.department for line in lines if line.department}
    elsewhere = {each.code for each in departments if each.facility_id != facility.pk}
    if elsewhere:
        raise ForeignDepartment(departments=", ".join(sorted(elsewhere)), facility=facility.name)
    kept = control_accounts(legal_entity=entity, on=on)
    held = {line.account.number for line in lines if line.account.pk in kept}
    if held:
        raise ControlAccountByHand(accounts=", ".join(sorted(held)))
    currency = lines[0].amount.currency
    unusable = {line.account.number for line in lines if not _takes(line.account, currency, on)}
    if unusable:
        accounts = ", ".join(sorted(unusable))
        raise AccountNotUsable(accounts=accounts, currency=currency, day=on)


def _takes(account: Account, currency: str, on: date) -> bool:
    is_in_use = is_within(on, account.active_from, account.active_until)
    return is_in_use and account.currency in ("", None, currency)
