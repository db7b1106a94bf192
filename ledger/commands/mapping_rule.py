"""The rules of a draft: replaced by a file, written and taken out one by one; all of which writes the map."""

from collections.abc import Sequence
from itertools import pairwise

from django.db import transaction
from django.db.models import QuerySet

from hms_ach import audit, clock
from hms_ach.access.models import Facility, User
from hms_ach.refusal import FileRejected, Finding, Refusal
from ledger.commands.mapping import refuse_fixed
from ledger.formats.mapping import RuleRow
from ledger.models import MappingRule, MappingRuleRemoval, MappingVersion


class MappingRuleOverlaps(Refusal):
    code = "mapping_rule_overlaps"
    status = 422
    sentence = "{rule} has two rules on the same days. End the earlier one before the later one begins."


class MappingRuleEndsEarly(Refusal):
    code = "mapping_rule_ends_early"
    status = 422
    sentence = "The rule ends on {until} and begins on {since}, so that no day is left. Choose a later end."


@transaction.atomic
def replace_rules(*, version: MappingVersion, rows: Sequence[RuleRow], actor: User) -> int:
    """Let a draft say exactly these rules; how many there are.

    Raises MappingNotDraft, and FileRejected for a facility that the entity does not have or for two
    rules of one key on the same day; the draft keeps its rules then.
    """
    refuse_fixed(version)
    facilities = dict(Facility.objects.filter(legal_entity=version.legal_entity).values_list("code", "id"))
    findings = [
        Finding(row.line, "facility", row.facility, "the entity's facilities", f"{row.facility} is unknown")
        for row in rows
        if row.facility and row.facility not in facilities
    ]
    findings += _doubled(rows)
    if findings:
        raise FileRejected(findings[0].line, findings[0].problem, findings)
    n_before = _remove(version, version.rules.all(), actor=actor)
    MappingRule.objects.bulk_create(
        MappingRule(
            version=version,
            category=row.category,
            facility_id=facilities.get(row.facility),
            payer_class=row.payer_class,
            tender=row.tender,
            segments=list(row.segments),
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            written_by=actor,
        )
        for row in rows
    )
    audit.record(
        "ledger.replace_rules",
        actor=actor,
        subject=version,
        before={"rules": n_before},
        after={"rules": len(rows)},
    )
    return len(rows)


def _doubled(rows: Sequence[RuleRow]) -> list[Finding]:
    """Rows of one key whose days meet."""
    found = []
    ordered = sorted(rows, key=lambda row: (_key(row), row.valid_from, row.line))
    for before, after in pairwise(ordered):
        if _key(before) == _key(after) and (
            before.valid_until is None or before.valid_until > after.valid_from
        ):
            problem = f"{' '.join(filter(None, _key(after)))} has a rule for these days in line {before.line}"
            found.append(
                Finding(after.line, "valid_from", after.valid_from.isoformat(), "one target", problem)
            )
    return found


def _key(row: RuleRow) -> tuple[str, str, str, str]:
    return (row.category, row.facility, row.payer_class, row.tender)


@transaction.atomic
def set_rule(*, version: MappingVersion, row: RuleRow, actor: User) -> MappingRule:
    """Give a draft one rule, in the place of the one with the same key that begins on the same day.

    Raises MappingNotDraft, MappingRuleEndsEarly, MappingRuleOverlaps, and FileRejected for an unknown
    facility.
    """
    refuse_fixed(version)
    if row.valid_until and row.valid_until <= row.valid_from:
        raise MappingRuleEndsEarly(since=row.valid_from, until=row.valid_until)
    facility = version.legal_entity.facilities.filter(code=row.facility).first() if row.facility else None
    if row.facility and facility is None:
        raise FileRejected(row.line, f"{row.facility} is not a facility of this legal entity")
    same = version.rules.filter(
        category=row.category, facility=facility, payer_class=row.payer_class, tender=row.tender
    )
    _remove(version, same.filter(valid_from=row.valid_from), actor=actor)
    for other in same.order_by("id"):
        begins_before = row.valid_until is None or other.valid_from < row.valid_until
        if begins_before and (other.valid_until is None or other.valid_until > row.valid_from):
            raise MappingRuleOverlaps(rule=" ".join(filter(None, _key(row))))
    rule = MappingRule.objects.create(
        version=version,
        category=row.category,
        facility=facility,
        payer_class=row.payer_class,
        tender=row.tender,
        segments=list(row.segments),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        written_by=actor,
    )
    told = {"rule": " ".join(filter(None, _key(row))), "code": "-".join(row.segments)}
    audit.record("ledger.set_rule", actor=actor, subject=version, after=told)
    return rule


@transaction.atomic
def remove_rule(*, version: MappingVersion, rule_id: int, actor: User) -> None:
    """Take one rule out of a draft. Raises MappingNotDraft."""
    refuse_fixed(version)
    rule = version.rules.get(pk=rule_id)
    audit.record("ledger.remove_rule", actor=actor, subject=version, before={"code": "-".join(rule.segments)})
    _remove(version, version.rules.filter(pk=rule_id), actor=actor)


def _remove(version: MappingVersion, rules: "QuerySet[MappingRule]", *, actor: User) -> int:
    """Take rules out and keep who did: taking out is writing, too. How many there were."""
    removed = list(rules.select_related("facility").order_by("id"))
    MappingRuleRemoval.objects.bulk_create(
        MappingRuleRemoval(
            version=version,
            rule_number=rule.pk,
            words=" ".join(
                filter(
                    None,
                    [
                        rule.category,
                        rule.facility.code if rule.facility else "",
                        rule.payer_class,
                        rule.tender,
                    ],
                )
            ),
            code="-".join(rule.segments),
            removed_by=actor,
            removed_at=clock.now(),
        )
        for rule in removed
    )
    MappingRule.objects.filter(pk__in=[rule.pk for rule in removed]).delete()
    return len(removed)
