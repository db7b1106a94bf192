"""The lines of a GL batch: postings summed by day, category, account and dimensions, and where each leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from hms_ach.access.models import Facility
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.models import Account, MappingVersion, Posting
from ledger.queries.chart import roles_of_accounts
from ledger.queries.mapping import gl_accounts, map_of
from ledger.rules.calendar import is_within
from ledger.rules.mapping import Key, Map, account_category, filled
from ledger.rules.roles import BY_ACCOUNT

DIMENSIONS = ["effective_on", "role", "account_id", "department_id", "payer_class", "tender", "currency"]


class MappingIncomplete(Refusal):
    code = "mapping_incomplete"
    sentence = (
        "{map} has no rule for {category} at {facility} on {day}. Nothing was built; add the rule to a new "
        "version of the map, have it approved, and build again."
    )


class MappingTargetDead(Refusal):
    code = "mapping_target_dead"
    sentence = (
        "{map} leads {category} on {day} to {target}, which the general ledger's chart does not have in use "
        "that day, or not in that class. Nothing was built; send the chart anew, or have a new version of "
        "the map approved, and build again."
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
    version: MappingVersion | None, lines: Sequence[SummedLine], *, facility: Facility
) -> list[SummedLine]:
    """Each line with the general ledger's code, under one version of the map. Two SQL queries.

    Without a version the account's own number is the code. A rule counts by the line's day; a day before
    the version begins is led as its first day. What is posted by account, such as a journal by hand, is led
    as the role that the account plays, or under the account's own category where it plays none or several.

    Raises MappingIncomplete where there is no rule.
    """
    if version is None:
        return [replace(line, segments=(line.account_number,)) for line in lines]
    rules = map_of(version)
    latest = max((line.effective_on for line in lines), default=version.effective_from)
    played = roles_of_accounts(legal_entity=facility.legal_entity, on=latest)
    return [_led(version, rules, _category(line, played), line, facility) for line in lines]


def _category(line: SummedLine, played: Mapping[int, str]) -> str:
    if line.role not in BY_ACCOUNT:
        return line.role
    return played.get(line.account_id) or account_category(line.account_number)


def _led(
    version: MappingVersion, rules: Map, category: str, line: SummedLine, facility: Facility
) -> SummedLine:
    key = Key(category, facility.code, line.payer_class, line.tender)
    rule = rules.rule_for(key, on=max(line.effective_on, version.effective_from))
    if rule is None:
        raise MappingIncomplete(map=version, category=category, facility=facility.code, day=line.effective_on)
    dimensions = {
        "facility": facility.code,
        "department": line.department,
        "payer_class": line.payer_class,
        "tender": line.tender,
    }
    return replace(line, segments=filled(rule.segments, dimensions), rule_id=rule.id)


def refuse_dead_targets(version: MappingVersion | None, led: Sequence[SummedLine]) -> None:
    """Raises MappingTargetDead when the general ledger would not take a line's account. Two SQL queries.

    A map is sound when it is approved; the general ledger's chart may have changed since.
    """
    if version is None:
        return
    targets = {row.code: row for row in gl_accounts(legal_entity=version.legal_entity)}
    classes = dict(
        Account.objects.filter(pk__in={line.account_id for line in led}).values_list("pk", "natural_class")
    )
    for line in led:
        code, on = line.segments[version.account_index], max(line.effective_on, version.effective_from)
        target = targets.get(code)
        is_taken = (
            target is not None
            and is_within(on, target.active_from, target.active_until)
            and target.natural_class == classes[line.account_id]
        )
        if not is_taken:
            raise MappingTargetDead(
                map=version, category=line.role, day=line.effective_on, target=code or "nothing"
            )
