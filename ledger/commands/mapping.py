"""Drafting a map: a new version, its rules, questions and decisions, the general ledger's chart and names."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from django.db import transaction
from django.db.models import Max

from hms_ach import audit, clock
from hms_ach.access.models import Facility, LegalEntity, User
from hms_ach.refusal import FileRejected, Finding, Refusal
from ledger.formats.layouts import SETTINGS
from ledger.formats.mapping import AccountRow, RuleRow
from ledger.models import GlAccount, GlSetting, MappingNote, MappingRule, MappingVersion
from ledger.queries.mapping import mapping_versions


class MappingNotDraft(Refusal):
    code = "mapping_not_draft"
    sentence = "{map} is {state} and its rules are fixed. Draft a new version to change something."


class MappingSegmentsWrong(Refusal):
    code = "mapping_segments_wrong"
    status = 422
    sentence = "{problem}. Name each part of the general ledger's code once, and say which is the account."


class MappingRuleOverlaps(Refusal):
    code = "mapping_rule_overlaps"
    status = 422
    sentence = "{rule} has two rules on the same days. End the earlier one before the later one begins."


class SettingUnknown(Refusal):
    code = "setting_unknown"
    status = 422
    sentence = "{name} is not a name that a layout uses. Known are {known}."


@transaction.atomic
def draft_mapping(
    *,
    legal_entity: LegalEntity,
    effective_from: date,
    segment_names: Sequence[str],
    account_segment: str,
    reason: str,
    is_strict: bool = False,
    copy_of: MappingVersion | None = None,
    actor: User,
) -> MappingVersion:
    """Begin a new version of an entity's map, empty or with the rules of another version.

    effective_from   first day it counts for, once approved
    segment_names    the parts of the general ledger's code, in their order
    account_segment  which of them is the account
    is_strict        no two categories may lead to the same code

    Raises MappingSegmentsWrong.
    """
    names = [name.strip() for name in segment_names]
    if not all(names) or len(set(names)) != len(names) or len(names) > 30:
        raise MappingSegmentsWrong(problem="The parts of the code are empty, doubled or more than 30")
    if account_segment not in names:
        raise MappingSegmentsWrong(problem=f"{account_segment or 'Nothing'} is not one of the parts")
    if copy_of and len(copy_of.segment_names) != len(names):
        raise MappingSegmentsWrong(problem="The version to copy has another number of parts")
    LegalEntity.objects.select_for_update(no_key=True).get(pk=legal_entity.pk)
    last = MappingVersion.objects.filter(legal_entity=legal_entity).aggregate(last=Max("number"))["last"]
    version = MappingVersion.objects.create(
        legal_entity=legal_entity,
        number=(last or 0) + 1,
        effective_from=effective_from,
        segment_names=names,
        account_index=names.index(account_segment),
        is_strict=is_strict,
        reason=reason,
        created_by=actor,
        created_at=clock.now(),
    )
    if copy_of:
        _copy_rules(copy_of, version, actor)
    audit.record("ledger.draft_mapping", actor=actor, subject=version, reason=reason)
    return version


def _copy_rules(before: MappingVersion, version: MappingVersion, actor: User) -> None:
    """Rules that have ended by the new version's first day are left behind."""
    rules = before.rules.exclude(valid_until__lte=version.effective_from).order_by("id")
    MappingRule.objects.bulk_create(
        MappingRule(
            version=version,
            category=rule.category,
            facility_id=rule.facility_id,
            payer_class=rule.payer_class,
            tender=rule.tender,
            segments=rule.segments,
            valid_from=rule.valid_from,
            valid_until=rule.valid_until,
            written_by=actor,
        )
        for rule in rules
    )


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
    n_before = version.rules.all().delete()[0]
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

    Raises MappingNotDraft, MappingRuleOverlaps, and FileRejected for an unknown facility.
    """
    refuse_fixed(version)
    facility = version.legal_entity.facilities.filter(code=row.facility).first() if row.facility else None
    if row.facility and facility is None:
        raise FileRejected(row.line, f"{row.facility} is not a facility of this legal entity")
    same = version.rules.filter(
        category=row.category, facility=facility, payer_class=row.payer_class, tender=row.tender
    )
    same.filter(valid_from=row.valid_from).delete()
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
    rule.delete()


@transaction.atomic
def write_mapping_note(
    *, version: MappingVersion, category: str, body: str, is_decision: bool, actor: User
) -> MappingNote:
    """Ask something about a category of a draft, or decide it. Raises MappingNotDraft."""
    refuse_fixed(version)
    note = MappingNote.objects.create(
        version=version,
        category=category,
        body=body,
        is_decision=is_decision,
        written_by=actor,
        written_at=clock.now(),
    )
    audit.record("ledger.write_mapping_note", actor=actor, subject=version, reason=body)
    return note


@transaction.atomic
def import_gl_accounts(*, legal_entity: LegalEntity, rows: Sequence[AccountRow], actor: User) -> int:
    """Take in the general ledger's chart: new accounts, and changed names, classes and days.

    What the file leaves out stays; an account that ended is given its last day. How many were written.
    """
    known = {row.code: row for row in GlAccount.objects.filter(legal_entity=legal_entity)}
    written = 0
    for row in rows:
        account = known.get(row.code) or GlAccount(legal_entity=legal_entity, code=row.code)
        values = (row.name, row.natural_class, row.active_from, row.active_until)
        if account.pk and values == (
            account.name,
            account.natural_class,
            account.active_from,
            account.active_until,
        ):
            continue
        account.name, account.natural_class, account.active_from, account.active_until = values
        account.save()
        written += 1
    audit.record("ledger.import_gl_accounts", actor=actor, subject=legal_entity, after={"written": written})
    return written


@transaction.atomic
def set_gl_settings(*, legal_entity: LegalEntity, values: Mapping[str, str], actor: User) -> None:
    """Say what the general ledger calls things in its layouts; batches built from now on say it.

    Raises SettingUnknown.
    """
    if unknown := [name for name in values if name not in SETTINGS]:
        raise SettingUnknown(name=unknown[0], known=", ".join(SETTINGS))
    known = {row.name: row for row in GlSetting.objects.filter(legal_entity=legal_entity)}
    changed = {}
    for name, value in values.items():
        row = known.get(name) or GlSetting(legal_entity=legal_entity, name=name)
        if row.value != value:
            row.value = changed[name] = value
            row.save()
    if changed:
        audit.record("ledger.set_gl_settings", actor=actor, subject=legal_entity, after=changed)


def refuse_fixed(version: MappingVersion) -> None:
    """Raises MappingNotDraft unless the version may change."""
    state = mapping_versions(legal_entity_ids=[version.legal_entity_id]).get(pk=version.pk).state
    if state not in ("DRAFT", "RETURNED"):
        raise MappingNotDraft(map=version, state=state.lower())
