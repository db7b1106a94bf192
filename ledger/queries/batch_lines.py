"""The lines of a GL batch: postings summed by day, category, account and dimensions, and where each leads."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from hms_ach.access.models import Facility
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.models import MappingVersion, Posting
from ledger.queries.mapping import map_of
from ledger.rules.mapping import Key, Map, filled
from ledger.rules.roles import BY_ACCOUNT

DIMENSIONS = ["effective_on", "role", "account_id", "department_id", "payer_class", "tender", "currency"]


class MappingIncomplete(Refusal):
    code = "mapping_incomplete"
    sentence = (
        "{map} has no rule for {category} at {facility} on {day}. Nothing was built; add the rule to a new "
        "version of the map, have it approved, and build again."
    )


@dataclass(frozen=True, slots=True)
class SummedLine:
    """One line to be: what its postings share, their sums by side, and the general ledger's code.

    rule_id is the rule that led there; None where no map is in force and the account's number is the code.
    """

    effective_on: date
    role: str
    account_id: int
    account_number: str
    account_name: str
    department_id: int | None
    department: str
    payer_class: str
    tender: str
    currency: str
    debit_minor: int
    credit_minor: int
    functional_debit_minor: int
    functional_credit_minor: int
    n_postings: int
    segments: tuple[str, ...] = ()
    rule_id: int | None = None

    @property
    def code(self) -> str:
        return "-".join(self.segments)

    @property
    def functional_minor(self) -> int:
        return self.functional_debit_minor - self.functional_credit_minor

    def functional(self, currency: str) -> Money:
        return Money(self.functional_minor, currency)


def summed(postings: "QuerySet[Posting]") -> list[SummedLine]:
    """The postings summed, in the order of a batch; not yet led anywhere. One SQL query.

    As many lines as there are combinations, however many postings.
    """
    debit, credit = Q(amount_minor__gt=0), Q(amount_minor__lt=0)
    # A difference of exchange has a functional amount only.
    functional_debit, functional_credit = Q(functional_minor__gt=0), Q(functional_minor__lt=0)
    groups = (
        postings.values(*DIMENSIONS, number=F("account__number"), name=F("account__name"))
        .annotate(
            code=Coalesce(F("department__code"), Value("")),
            debit=Sum("amount_minor", filter=debit, default=0),
            credit=Sum("amount_minor", filter=credit, default=0),
            functional_debit=Sum("functional_minor", filter=functional_debit, default=0),
            functional_credit=Sum("functional_minor", filter=functional_credit, default=0),
            n=Count("id"),
        )
        .order_by("effective_on", "number", "role", "code", "payer_class", "tender", "currency")
    )
    return [_line(group) for group in groups]


def _line(group: dict[str, Any]) -> SummedLine:
    return SummedLine(
        **{name: group[name] for name in DIMENSIONS},
        account_number=group["number"],
        account_name=group["name"],
        department=group["code"],
        debit_minor=int(group["debit"]),
        credit_minor=-int(group["credit"]),
        functional_debit_minor=int(group["functional_debit"]),
        functional_credit_minor=-int(group["functional_credit"]),
        n_postings=group["n"],
    )


def led_under(
    version: MappingVersion | None, lines: Iterable[SummedLine], *, facility: Facility
) -> list[SummedLine]:
    """Each line with the general ledger's code, under one version of the map. One SQL query.

    Without a version the account's own number is the code. A rule counts by the line's day; a day before
    the version begins is led as its first day. Raises MappingIncomplete where there is no rule.
    """
    if version is None:
        return [replace(line, segments=(line.account_number,)) for line in lines]
    rules = map_of(version)
    return [_led(version, rules, line, facility) for line in lines]


def _led(version: MappingVersion, rules: Map, line: SummedLine, facility: Facility) -> SummedLine:
    if line.role in BY_ACCOUNT:
        return replace(line, segments=(line.account_number,))
    key = Key(line.role, facility.code, line.payer_class, line.tender)
    rule = rules.rule_for(key, on=max(line.effective_on, version.effective_from))
    if rule is None:
        raise MappingIncomplete(
            map=version, category=line.role, facility=facility.code, day=line.effective_on
        )
    dimensions = {
        "facility": facility.code,
        "department": line.department,
        "payer_class": line.payer_class,
        "tender": line.tender,
    }
    return replace(line, segments=filled(rule.segments, dimensions), rule_id=rule.id)
