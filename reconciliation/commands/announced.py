"""Telling of what a bank announced and never booked."""

from typing import Any

from reconciliation.commands.opening import WAITING, close_discrepancies
from reconciliation.models import BankAccount, Discrepancy
from reconciliation.queries.interim import Announced, announced

KIND = Discrepancy.Kind.STATEMENT_ANNOUNCED


def announced_rows(account: BankAccount) -> list[dict[str, Any]]:
    """Discrepancies to open: one for each statement that should have brought what was announced.

    Where the statement has one already, it tells of them too. What came since is told no more; a discrepancy
    that has nothing else to tell is closed.
    """
    overdue = [each for each in announced(account) if each.is_overdue]
    _forget_what_came(account, {each.sentence for each in overdue})
    new: dict[int, list[Announced]] = {}
    for each in overdue:
        if not each.discrepancy and each.statement_id is not None:
            new.setdefault(each.statement_id, []).append(each)
    waiting = Discrepancy.objects.filter(account=account, kind=KIND, state__in=WAITING, statement__in=new)
    for row in waiting.select_for_update().order_by("id"):
        assert row.statement_id is not None
        row.reasons = [*row.reasons, *_sentences(new.pop(row.statement_id))]
        row.save(update_fields=["reasons"])
    return [
        {
            "kind": KIND,
            "facility_id": account.facility_id,
            "account_id": account.pk,
            "statement_id": statement_id,
            "due_on": max(each.entry.seen_on for each in entries),
            "amount_minor": -sum(each.entry.amount_minor for each in entries),
            "currency": account.currency,
            "reasons": _sentences(entries),
        }
        for statement_id, entries in new.items()
    ]


def _sentences(entries: list[Announced]) -> list[str]:
    return list(dict.fromkeys(each.sentence for each in entries))


def _forget_what_came(account: BankAccount, overdue: set[str]) -> None:
    rows = Discrepancy.objects.filter(account=account, kind=KIND, state__in=WAITING)
    for row in rows.select_for_update(of=("self",)).order_by("id"):
        left = [each for each in row.reasons if each in overdue]
        if not left:
            close_discrepancies(Discrepancy.objects.filter(pk=row.pk))
        elif left != row.reasons:
            row.reasons = left
            row.save(update_fields=["reasons"])
