"""Journals by hand: prepared by one person, approved within their limit by another."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from hms_ach import audit, clock
from hms_ach.access.models import Facility, User
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.sql import next_number
from ledger.commands.entry import post_entry, reverse_entry
from ledger.commands.entry_refusal import EntryAlreadyReversed
from ledger.commands.journal_refusal import refuse_day, refuse_lines
from ledger.models import (
    Entry,
    Journal,
    JournalFile,
    JournalLine,
    JournalTemplate,
    ScheduledReversal,
)
from ledger.queries.chart import roles_of_accounts
from ledger.queries.journal_limit import approval_limit
from ledger.rules.journal import JournalLineAsked, total_of
from ledger.rules.posting import Posting


class JournalNotAwaiting(Refusal):
    code = "journal_not_awaiting"
    sentence = "Journal {journal} is {state} already. Prepare a new one."


class JournalNotByPreparer(Refusal):
    code = "journal_not_by_preparer"
    status = 403
    sentence = "You prepared this journal, so another person must decide it. You may withdraw it."


class JournalOnlyByPreparer(Refusal):
    code = "journal_only_by_preparer"
    status = 403
    sentence = "Only who prepared a journal withdraws it. Reject it with a reason instead."


class JournalAboveLimit(Refusal):
    code = "journal_above_limit"
    status = 403
    sentence = (
        "This journal is {total}, and your roles approve up to {limit}. "
        "Ask somebody whose role has a higher limit."
    )


class JournalWithoutReason(Refusal):
    code = "journal_without_reason"
    status = 422
    sentence = "This needs a reason. Say why."


class EntryNotFinances(Refusal):
    code = "entry_not_finances"
    sentence = (
        "Entry {entry} comes from a document of another app. Take the document back there; the entry follows."
    )


class ReversalBeforeEntry(Refusal):
    code = "reversal_before_entry"
    status = 422
    sentence = (
        "Entry {entry} is of {day}, and nothing is taken back before its day. Choose that day or a later one."
    )


@transaction.atomic
def prepare_journal(
    *,
    facility: Facility,
    effective_on: date,
    memo: str,
    lines: Sequence[JournalLineAsked],
    reverses_on: date | None = None,
    belongs_on: date | None = None,
    file_ids: Sequence[int] = (),
    template: JournalTemplate | None = None,
    occurrence: date | None = None,
    actor: User,
) -> Journal:
    """Write a journal that awaits another person. Nothing is posted yet.

    reverses_on  the day on which what it posts is taken back by itself
    belongs_on   the earlier day that a late journal belongs to
    file_ids     evidence, stored before

    Raises JournalUnbalanced, JournalTooShort, JournalMixesCurrencies, PeriodClosed when the day takes no
    journals, ControlAccountByHand, ForeignAccount, ForeignDepartment, AccountNotUsable.
    """
    total = total_of(lines)
    if not memo.strip():
        raise JournalWithoutReason()
    refuse_day(facility, effective_on)
    refuse_lines(facility, effective_on, lines)
    journal = _new(facility, effective_on, memo, total, actor)
    journal.reverses_on, journal.belongs_on = reverses_on, belongs_on
    journal.template, journal.occurrence = template, occurrence
    journal.save()
    JournalLine.objects.bulk_create(
        JournalLine(
            journal=journal,
            line=number,
            account=line.account,
            department=line.department,
            amount_minor=line.amount.minor,
        )
        for number, line in enumerate(lines, start=1)
    )
    JournalFile.objects.bulk_create(JournalFile(journal=journal, file_id=file_id) for file_id in file_ids)
    audit.record(
        "ledger.prepare_journal", actor=actor, subject=journal, facility=facility, after={"total": total}
    )
    return journal


@transaction.atomic
def prepare_reversal(*, entry: Entry, effective_on: date, reason: str, actor: User) -> Journal:
    """Ask that an entry of finance's own be taken back whole. Another person approves.

    Raises EntryNotFinances, EntryAlreadyReversed, JournalWithoutReason, ReversalBeforeEntry, and PeriodClosed
    when the day takes no journals.
    """
    if entry.source_kind != "adjustment":
        raise EntryNotFinances(entry=entry.public_id)
    if Entry.objects.filter(reverses=entry).exists():
        raise EntryAlreadyReversed(entry=entry.public_id)
    if not reason.strip():
        raise JournalWithoutReason()
    facility = entry.facility
    if effective_on < entry.effective_on:
        raise ReversalBeforeEntry(entry=entry.public_id, day=entry.effective_on)
    refuse_day(facility, effective_on)
    total = Money(entry.total_functional_minor, entry.legal_entity.functional_currency)
    journal = _new(facility, effective_on, reason, total, actor)
    journal.reverses = entry
    journal.save()
    audit.record("ledger.prepare_reversal", actor=actor, subject=journal, facility=facility, reason=reason)
    return journal


@transaction.atomic
def approve_journal(*, journal_id: int, actor: User) -> Journal:
    """Post a journal that somebody else prepared, as it was prepared, within the approver's limit.

    Raises JournalNotAwaiting, JournalNotByPreparer, JournalAboveLimit, or what post_entry raises.
    """
    journal = _awaiting(journal_id)
    if journal.prepared_by_id == actor.pk:
        raise JournalNotByPreparer()
    entry = _reversed(journal, actor) if journal.reverses else _posted(journal, actor)
    refuse_above_limit(entry, journal.facility, actor)
    if journal.reverses_on:
        ScheduledReversal.objects.create(entry=entry, on=journal.reverses_on)
    return _decide(journal, Journal.State.POSTED, "approve", actor=actor, entry=entry)


@transaction.atomic
def reject_journal(*, journal_id: int, reason: str, actor: User) -> Journal:
    """Turn down a journal that somebody else prepared. Raises JournalNotAwaiting, JournalNotByPreparer."""
    journal = _awaiting(journal_id)
    if journal.prepared_by_id == actor.pk:
        raise JournalNotByPreparer()
    if not reason.strip():
        raise JournalWithoutReason()
    return _decide(journal, Journal.State.REJECTED, "reject", actor=actor, reason=reason.strip())


@transaction.atomic
def withdraw_journal(*, journal_id: int, actor: User) -> Journal:
    """Take one's own journal back before it is decided. Raises JournalNotAwaiting, JournalOnlyByPreparer."""
    journal = _awaiting(journal_id)
    if journal.prepared_by_id != actor.pk:
        raise JournalOnlyByPreparer()
    return _decide(journal, Journal.State.WITHDRAWN, "withdraw", actor=actor)


def _new(facility: Facility, effective_on: date, memo: str, total: Money, actor: User) -> Journal:
    number = next_number(series="journal", facility_id=facility.pk, year=effective_on.year)
    return Journal(
        number=f"{facility.code}-JV-{effective_on.year}-{number:06d}",
        facility=facility,
        effective_on=effective_on,
        memo=memo.strip(),
        currency=total.currency,
        total_minor=total.minor,
        prepared_by=actor,
        prepared_at=clock.now(),
    )


def _awaiting(journal_id: int) -> Journal:
    journal = (
        Journal.objects.select_for_update(of=("self",))
        .select_related("facility__legal_entity", "reverses")
        .get(pk=journal_id)
    )
    if journal.state != Journal.State.PROPOSED:
        raise JournalNotAwaiting(journal=journal.number, state=journal.get_state_display().lower())
    return journal


def _posted(journal: Journal, actor: User) -> Entry:
    lines = list(journal.lines.select_related("account", "department").order_by("line"))
    asked = [
        JournalLineAsked(line.account, Money(line.amount_minor, journal.currency), line.department)
        for line in lines
    ]
    refuse_lines(journal.facility, journal.effective_on, asked)
    roles = roles_of_accounts(legal_entity=journal.facility.legal_entity, on=journal.effective_on)
    return post_entry(
        key=f"ledger.journal:{journal.public_id}",
        facility=journal.facility,
        effective_on=journal.effective_on,
        belongs_on=journal.belongs_on,
        source=("adjustment", journal.public_id),
        memo=f"{journal.number} {journal.memo}"[:200],
        postings=[
            Posting(
                roles.get(line.account.pk, "journal"),
                line.amount,
                account=line.account,
                department=line.department,
            )
            for line in asked
        ],
        actor=actor,
    )


def _reversed(journal: Journal, actor: User) -> Entry:
    assert journal.reverses is not None
    return reverse_entry(
        original=journal.reverses,
        key=f"ledger.journal:{journal.public_id}",
        effective_on=journal.effective_on,
        memo=f"{journal.number} {journal.memo}"[:200],
        source=("adjustment", journal.public_id),
        actor=actor,
    )


def refuse_above_limit(entry: Entry, facility: Facility, actor: User) -> None:
    """The limit is in functional currency, so that it is asked of the entry; a refusal undoes it.

    Raises JournalAboveLimit.
    """
    currency = facility.legal_entity.functional_currency
    limit = approval_limit(actor, facility.legal_entity)
    if limit is not None and entry.total_functional_minor > limit:
        raise JournalAboveLimit(
            total=Money(entry.total_functional_minor, currency),
            limit=Money(limit, currency),
        )


def _decide(
    journal: Journal,
    state: Journal.State,
    verb: str,
    *,
    actor: User,
    entry: Entry | None = None,
    reason: str = "",
) -> Journal:
    journal.state, journal.entry, journal.decision_reason = state, entry, reason
    journal.decided_by, journal.decided_at = actor, clock.now()
    journal.save(update_fields=["state", "entry", "decision_reason", "decided_by", "decided_at"])
    audit.record(
        f"ledger.{verb}_journal", actor=actor, subject=journal, facility=journal.facility, reason=reason
    )
    return journal
