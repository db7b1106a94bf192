"""A legal entity with its chart and an open period, and entries in it."""

import itertools
from datetime import date

from hms_ach.access.models import Facility, LegalEntity, User
from hms_ach.money import Money
from ledger.commands import (
    Posting,
    approve_gl_batch,
    approve_mapping,
    build_gl_batch,
    draft_mapping,
    ensure_chart,
    import_gl_accounts,
    open_period,
    post_entry,
    replace_rules,
    submit_mapping,
)
from ledger.formats.mapping import AccountRow, RuleRow
from ledger.models import Entry, GlBatch, MappingVersion
from ledger.rules.roles import CHART

DAY = date(2026, 3, 12)
_numbers = itertools.count(1)


def book(*, day: date = DAY, code: str | None = None, currency: str = "USD") -> Facility:
    """A facility whose legal entity has the seed chart and an open period around the day."""
    code = code or f"F{next(_numbers)}"
    entity = LegalEntity.objects.create(
        code=f"E{code}"[:10], name=f"Entity {code}", functional_currency=currency
    )
    facility = Facility.objects.create(
        legal_entity=entity, code=code, name=f"Facility {code}", currency=currency
    )
    ensure_chart(entity)
    open_period(legal_entity=entity, starts_on=day, actor=None)
    return facility


def person(name: str) -> User:
    return User.objects.create(username=name, name=name.title())


def lines(
    minor: int = 125_00, *, debit: str = "cash.drawer", credit: str = "receivable.patient", **dimensions
):
    """Two postings of one amount in dollars; dimensions go to both."""
    return [
        Posting(debit, Money(minor, "USD"), **dimensions),
        Posting(credit, Money(-minor, "USD"), **dimensions),
    ]


def entry(facility: Facility, *, key: str = "", day: date = DAY, postings=None, **more) -> Entry:
    """A posted entry."""
    key = key or f"test:{next(_numbers)}"
    values = {"source": ("payment", "pay_1"), "memo": "Receipt 1"} | more
    return post_entry(key=key, facility=facility, effective_on=day, postings=postings or lines(), **values)


def released_batch(facility: Facility, *, day: date = DAY) -> GlBatch:
    """A batch of everything until the day, built by the system and approved by a person."""
    batch = build_gl_batch(facility=facility, business_on=day, actor=None)
    return approve_gl_batch(batch=batch, actor=person(f"approver{next(_numbers)}"))


def gl_chart(facility: Facility, *, actor: User) -> None:
    """The general ledger's chart: the seed chart's numbers with a 6 in front."""
    rows = [
        AccountRow(line, f"6{seed.number}", seed.name, seed.natural_class, date(2000, 1, 1), None)
        for line, seed in enumerate(CHART, start=2)
    ]
    import_gl_accounts(legal_entity=facility.legal_entity, rows=rows, actor=actor)


def rule(category: str, *segments: str, since: date = date(2026, 1, 1), **more) -> RuleRow:
    """A rule of a map; facility, payer_class, tender and valid_until when they matter."""
    values = {"facility": "", "payer_class": "", "tender": "", "valid_until": None} | more
    return RuleRow(line=2, category=category, segments=segments, valid_from=since, **values)


def draft_map(facility: Facility, *extra: RuleRow, actor: User | None = None, **more) -> MappingVersion:
    """A sound draft: every role to its account's number with a 6 in front, and the extra rules."""
    actor = actor or person(f"drafter{next(_numbers)}")
    gl_chart(facility, actor=actor)
    values = {"effective_from": date(2026, 1, 1), "reason": "The new general ledger"} | more
    version = draft_mapping(
        legal_entity=facility.legal_entity,
        segment_names=["Account", "Cost centre"],
        account_segment="Account",
        actor=actor,
        **values,
    )
    rows = [rule(seed.role, f"6{seed.number}", "{department|0000}") for seed in CHART]
    replace_rules(version=version, rows=[*rows, *extra], actor=actor)
    return version


def approved_map(facility: Facility, *extra: RuleRow, **more) -> MappingVersion:
    """A map in force."""
    version = draft_map(facility, *extra, **more)
    submit_mapping(version=version, actor=version.created_by)
    approve_mapping(version=version, actor=person(f"approver{next(_numbers)}"))
    return version
