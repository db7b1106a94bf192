"""The maps: which there are, what one says, which counts on a day, and what is wrong with one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from hms_ach.access.models import Facility, LegalEntity
from ledger.models import (
    Account,
    AccountRole,
    GlAccount,
    GlSetting,
    MappingNote,
    MappingRule,
    MappingStep,
    MappingVersion,
)
from ledger.rules.mapping import Map, Problem, Rule, Target, account_category, collisions, problems_of


def mapping_versions(*, legal_entity_ids: Collection[int]) -> "QuerySet[Any]":
    """The entities' versions with their state, latest first. One SQL query."""
    last = MappingStep.objects.filter(version=OuterRef("pk")).order_by("-sequence").values("state")[:1]
    rows: QuerySet[Any] = MappingVersion.objects.filter(legal_entity_id__in=legal_entity_ids)
    rows = rows.annotate(state=Coalesce(Subquery(last), Value("DRAFT")))
    return rows.select_related("legal_entity", "created_by").order_by("-id")


def mapping_version(*, public_id: str, legal_entity_ids: Collection[int]) -> MappingVersion | None:
    """One version with its state; None when there is none in these entities. One SQL query."""
    return mapping_versions(legal_entity_ids=legal_entity_ids).filter(public_id=public_id).first()


def mapping_in_force(*, legal_entity: LegalEntity, on: date) -> MappingVersion | None:
    """The approved version that counts for an effective date: the highest number of those begun by then.

    None before the first approved version. One SQL query.
    """
    approved = mapping_versions(legal_entity_ids=[legal_entity.pk]).filter(state="APPROVED")
    return approved.filter(effective_from__lte=on).order_by("-number").first()


def mapping_to_copy(*, legal_entity: LegalEntity) -> MappingVersion | None:
    """What a new version may begin with: the latest approved one, else the latest that nobody gave up.

    Two SQL queries at most.
    """
    rows = mapping_versions(legal_entity_ids=[legal_entity.pk]).order_by("-number")
    return rows.filter(state="APPROVED").first() or rows.exclude(state="WITHDRAWN").first()


def rules_of(version: MappingVersion) -> list[Rule]:
    """The version's rules by key and date. One SQL query."""
    rows = MappingRule.objects.filter(version=version).select_related("facility")
    ordered = rows.order_by("category", "facility__code", "payer_class", "tender", "valid_from", "id")
    return [
        Rule(
            id=row.pk,
            category=row.category,
            facility=row.facility.code if row.facility else "",
            payer_class=row.payer_class,
            tender=row.tender,
            segments=tuple(row.segments),
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )
        for row in ordered
    ]


def map_of(version: MappingVersion) -> Map:
    """The version's rules, ready to be asked. One SQL query."""
    return Map(rules_of(version))


def categories_of(legal_entity: LegalEntity, *, on: date) -> dict[str, str]:
    """Every category that may be posted from a day on, with its account's class. One SQL query.

    A category is an account role: what the posting rules name.
    """
    rows = AccountRole.objects.filter(legal_entity=legal_entity).exclude(valid_until__lte=on)
    ordered = rows.order_by("role", "valid_from", "id")
    return dict(ordered.values_list("role", "account__natural_class"))


def account_categories(legal_entity: LegalEntity) -> dict[str, str]:
    """The category of each account on which a journal may be posted by hand, with its class. One SQL query.

    A posting by hand counts under it where the account plays no role, or several.
    """
    rows = Account.objects.filter(legal_entity=legal_entity).order_by("number")
    return {account_category(number): kind for number, kind in rows.values_list("number", "natural_class")}


def gl_accounts(*, legal_entity: LegalEntity) -> "QuerySet[GlAccount]":
    """The general ledger's own chart, by code."""
    return GlAccount.objects.filter(legal_entity=legal_entity).order_by("code", "id")


def gl_settings(*, legal_entity: LegalEntity) -> dict[str, str]:
    """The entity's own names in the layouts; what is not set is left out. One SQL query."""
    rows = GlSetting.objects.filter(legal_entity=legal_entity).exclude(value="").order_by("name")
    return dict(rows.values_list("name", "value"))


@dataclass(frozen=True, slots=True)
class MappingCheck:
    """What the validator says of a version. collisions are told also when they are allowed."""

    problems: list[Problem]
    collisions: dict[tuple[str, ...], list[str]]
    n_rules: int
    n_categories: int

    @property
    def is_sound(self) -> bool:
        return not self.problems


def check_mapping(version: MappingVersion, *, since: date | None = None) -> MappingCheck:
    """Run the validator over a version, as if it counted from a day on. Five SQL queries.

    since  the version's own first day when omitted
    """
    return check_rules(
        rules_of(version),
        legal_entity=version.legal_entity,
        since=since or version.effective_from,
        account_index=version.account_index,
        is_strict=version.is_strict,
    )


def check_rules(
    rules: Sequence[Rule], *, legal_entity: LegalEntity, since: date, account_index: int, is_strict: bool
) -> MappingCheck:
    """Run the validator over rules, of a version or of a file. Four SQL queries."""
    categories = categories_of(legal_entity, on=since)
    chart = gl_accounts(legal_entity=legal_entity)
    places = Facility.objects.filter(legal_entity=legal_entity).order_by("code")
    problems = problems_of(
        rules,
        since=since,
        categories=categories,
        facilities=list(places.values_list("code", flat=True)),
        targets={row.code: Target(row.natural_class, row.active_from, row.active_until) for row in chart},
        account_index=account_index,
        is_strict=is_strict,
        accounts=account_categories(legal_entity),
    )
    return MappingCheck(problems, collisions(rules), len(rules), len(categories))


def open_questions(version: MappingVersion) -> list[str]:
    """The categories whose latest note is a question that nobody decided yet. One SQL query."""
    last: dict[str, bool] = {}
    notes = MappingNote.objects.filter(version=version).order_by("id")
    for category, is_decision in notes.values_list("category", "is_decision"):
        last[category] = is_decision
    return sorted(category for category, is_decision in last.items() if not is_decision)


def notes_of(version: MappingVersion) -> list[MappingNote]:
    """Questions and decisions in the order they were written. One SQL query."""
    return list(version.notes.select_related("written_by").order_by("id"))


def writers_of(version: MappingVersion) -> set[int]:
    """Who drafted, wrote, took out or submitted any of it: none of them approves. Three SQL queries."""
    wrote = version.rules.values_list("written_by_id", flat=True)
    removed = version.removals.values_list("removed_by_id", flat=True)
    submitted = version.steps.filter(state="SUBMITTED").values_list("made_by_id", flat=True)
    return {version.created_by_id, *wrote, *removed, *submitted}


def steps_of(version: MappingVersion) -> list[MappingStep]:
    """Who submitted, returned, approved or withdrew the version. One SQL query."""
    return list(version.steps.select_related("made_by").order_by("sequence"))


@dataclass(frozen=True, slots=True)
class RuleChange:
    """How a key differs between two versions; an empty side means that it has no such rule."""

    words: str
    before: str
    after: str


def changes_between(before: Sequence[Rule], after: Sequence[Rule], *, since: date) -> list[RuleChange]:
    """The keys and days on which two sets of rules differ from a day on. No SQL query."""
    old = {(rule.key, max(rule.valid_from, since)): rule for rule in before if _counts(rule, since)}
    new = {(rule.key, max(rule.valid_from, since)): rule for rule in after if _counts(rule, since)}
    found = []
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key), new.get(key)
        told = [_told(rule, since) for rule in (was, now)]
        if told[0] != told[1]:
            rule = now or was
            assert rule is not None
            found.append(RuleChange(rule.words, *told))
    return found


def _counts(rule: Rule, since: date) -> bool:
    return rule.valid_until is None or rule.valid_until > since


def _told(rule: Rule | None, since: date) -> str:
    if rule is None:
        return ""
    begins = f" from {rule.valid_from.isoformat()}" if rule.valid_from > since else ""
    until = f" until {rule.valid_until.isoformat()}" if rule.valid_until else ""
    return f"{'-'.join(rule.segments)}{begins}{until}"


def natural_class_label(natural_class: str) -> str:
    return Account.NaturalClass(natural_class).label
