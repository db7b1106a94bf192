"""Which earlier line a duplicate repeats."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q

from hms_ach.money import Money
from reconciliation.models import Match, MatchLine, StatementLine

# As the pass `duplicates` looks back: by the bank's own reference, and by what the references say.
BY_BANK_REFERENCE = timedelta(days=30)
BY_KEYS = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class Repeated:
    """The earlier line, and the match that it is in; None while it is open."""

    line: StatementLine
    match: Match | None

    @property
    def amount(self) -> Money:
        return Money(self.line.amount_minor, self.line.currency)


def repeated_by(line: StatementLine) -> Repeated | None:
    """The last line before it on the account with its amount, and its bank reference or all its references.

    Two queries. None where there is none any more.
    """
    says = Q(keys=line.keys, booked_on__gte=line.booked_on - BY_KEYS) if line.keys else Q(pk=None)
    if line.bank_reference[:1] not in ("", "~"):
        says |= Q(bank_reference=line.bank_reference)
    rows = StatementLine.objects.filter(
        says,
        account_id=line.account_id,
        amount_minor=line.amount_minor,
        booked_on__range=(line.booked_on - BY_BANK_REFERENCE, line.booked_on),
    ).exclude(pk=line.pk)
    earlier = rows.exclude(booked_on=line.booked_on, pk__gt=line.pk).order_by("-booked_on", "-pk").first()
    if earlier is None:
        return None
    part = MatchLine.objects.filter(line=earlier, undo=None).select_related("match").first()
    return Repeated(earlier, part.match if part else None)
