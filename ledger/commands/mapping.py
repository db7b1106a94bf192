"""Drafting a map: a new version, questions and decisions, the general ledger's chart and names."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max

from hms_ach import audit, clock
from hms_ach.access.models import LegalEntity, User
from hms_ach.refusal import Refusal
from ledger.formats.layouts import NUMBERS, SETTINGS, short_label
from ledger.formats.mapping import AccountRow
from ledger.models import GlAccount, GlSetting, MappingNote, MappingRule, MappingVersion
from ledger.queries.mapping import mapping_versions


class MappingNotDraft(Refusal):
    code = "mapping_not_draft"
    sentence = "{map} is {state} and its rules are fixed. Draft a new version to change something."


class MappingSegmentsWrong(Refusal):
    code = "mapping_segments_wrong"
    status = 422
    sentence = "{problem}. Name each part of the general ledger's code once, and say which is the account."


class SettingUnknown(Refusal):
    code = "setting_unknown"
    status = 422
    sentence = "{name} is not a name that a layout uses. Known are {known}."


class SettingNoNumber(Refusal):
    code = "setting_no_number"
    status = 422
    sentence = "{value} is no {label} of at most {digits} digits. Write it as the general ledger shows it."


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

    Raises SettingUnknown, SettingNoNumber.
    """
    if unknown := [name for name in values if name not in SETTINGS]:
        raise SettingUnknown(name=unknown[0], known=", ".join(SETTINGS))
    for name, digits in NUMBERS.items():
        value = values.get(name, "")
        if value and not (value.isascii() and value.isdecimal() and len(value) <= digits):
            raise SettingNoNumber(value=value, label=short_label(name), digits=digits)
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
