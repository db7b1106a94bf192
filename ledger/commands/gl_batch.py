"""Building what goes to the general ledger: when a day is approved, again after a rejection, or mirrored."""

from collections.abc import Sequence
from datetime import date

from django.db import connection, transaction

from hms_ach import audit, clock
from hms_ach.access.models import Facility, User
from hms_ach.refusal import Refusal
from hms_ach.sql import next_number
from ledger.commands.gl_batch_file import write_files
from ledger.commands.gl_batch_step import GlBatchStateWrong, add_step, state_of
from ledger.models import GlBatch, GlBatchLine, Posting
from ledger.queries.batch_lines import SummedLine, led_under, refuse_dead_targets, summed
from ledger.queries.gl_batch import standing_reversal
from ledger.queries.mapping import mapping_in_force

# The entries that wait are taken by one statement, however many there are.
_TAKE = """
    INSERT INTO ledger_glbatchentry (batch_id, entry_id, attempt)
    SELECT %(batch)s, entry.id, 0 FROM ledger_entry entry
    WHERE entry.facility_id = %(facility)s AND entry.effective_on <= %(until)s
        AND NOT EXISTS (SELECT FROM ledger_glbatchentry member
                        WHERE member.entry_id = entry.id AND member.attempt = 0)
"""
_TAKE_AGAIN = """
    INSERT INTO ledger_glbatchentry (batch_id, entry_id, attempt)
    SELECT %(batch)s, entry_id, attempt + 1 FROM ledger_glbatchentry WHERE batch_id = %(before)s
"""


class ReversalWithoutReason(Refusal):
    code = "reversal_without_reason"
    status = 422
    sentence = "Taking a batch back needs a reason. Say what is wrong with it."


class BatchDayAhead(Refusal):
    code = "batch_day_ahead"
    status = 422
    sentence = (
        "{day} is not over yet at {facility}, where it is {today}. Build the batch up to today at most."
    )


@transaction.atomic
def build_gl_batch(*, facility: Facility, business_on: date, actor: User | None) -> GlBatch:
    """Freeze the facility's entries of the day and of days before that are in no batch yet.

    An entry posted later, for whatever day, goes to a later batch. Building again the same day makes
    another run; a day without entries makes an empty batch, so that nothing missing stays unsaid.
    The bytes of every layout are kept with their SHA-256. The batch then awaits approval.

    actor  who asked for it, and may not approve it; None when the system builds it by itself

    Raises BatchDayAhead when somebody asks for a day to come, which would number the batch in its year,
    MappingIncomplete when the map in force has no rule for something that was posted, and
    MappingTargetDead when the general ledger's chart does not take what it leads to.
    """
    today = clock.today(facility.timezone)
    if actor and business_on > today:
        raise BatchDayAhead(day=business_on, facility=facility, today=today)
    batch = _new_batch(facility=facility, business_on=business_on, actor=actor)
    return _filled(batch, _TAKE, {"facility": facility.pk, "until": business_on}, actor=actor)


@transaction.atomic
def rebuild_gl_batch(*, batch: GlBatch, actor: User) -> GlBatch:
    """Send the entries of a rejected or reversed batch again, under the map in force now.

    A rejected reversal has no entries of its own and is not rebuilt: its batch is reversed again.

    Raises GlBatchStateWrong, MappingIncomplete, MappingTargetDead. Audited as ledger.rebuild_gl_batch.
    """
    if (state := state_of(batch)) not in ("REJECTED", "REVERSED") or batch.reverses_id:
        raise GlBatchStateWrong(batch=batch, state=state.lower(), wanted="rebuilt")
    again = _new_batch(
        facility=batch.facility,
        business_on=batch.business_on,
        actor=actor,
        rebuilds=batch,
        attempt=batch.attempt + 1,
    )
    _filled(again, _TAKE_AGAIN, {"before": batch.pk}, actor=actor)
    add_step(batch, "REBUILT", actor=actor, reason=f"Sent again as {again.number}")
    audit.record(
        "ledger.rebuild_gl_batch",
        actor=actor,
        subject=batch,
        facility=batch.facility,
        after={"gl_batch": again.public_id},
    )
    return again


@transaction.atomic
def reverse_gl_batch(*, batch: GlBatch, reason: str, actor: User) -> GlBatch:
    """Build the mirror of a posted batch; when the general ledger has posted it, the batch is reversed.

    Its entries may then be sent again by rebuild_gl_batch. A mirror that is rejected leaves the batch
    posted, and another may be built. Raises GlBatchStateWrong, ReversalWithoutReason.
    """
    if not reason.strip():
        raise ReversalWithoutReason
    state = state_of(batch)
    if state != "POSTED" or batch.reverses_id or standing_reversal(batch):
        wanted = "reversed again" if state == "POSTED" else "reversed"
        raise GlBatchStateWrong(batch=batch, state=state.lower(), wanted=wanted)
    mirror = _new_batch(
        facility=batch.facility,
        business_on=batch.business_on,
        actor=actor,
        reverses=batch,
        mapping=batch.mapping,
    )
    lines = [_mirrored(line, mirror) for line in batch.lines.order_by("line")]
    _freeze(mirror, lines, n_entries=0)
    add_step(mirror, "BUILT", actor=actor, reason=reason)
    add_step(mirror, "VALIDATED", actor=None)
    audit.record(
        "ledger.reverse_gl_batch", actor=actor, subject=batch, facility=batch.facility, reason=reason
    )
    return mirror


def _new_batch(*, facility: Facility, business_on: date, actor: User | None, **more) -> GlBatch:
    """A batch that is not saved yet. The facility stays locked: one builder at a time, of whatever year."""
    Facility.objects.select_for_update(no_key=True).get(pk=facility.pk)
    number = next_number(series="gl_batch", facility_id=facility.pk, year=business_on.year)
    entity = facility.legal_entity
    return GlBatch(
        legal_entity=entity,
        facility=facility,
        business_on=business_on,
        run=GlBatch.objects.filter(facility=facility, business_on=business_on).count() + 1,
        number=f"{facility.code}-GL-{business_on.year}-{number:06d}",
        functional_currency=entity.functional_currency,
        built_by=actor,
        built_at=clock.now(),
        **more,
    )


def _filled(batch: GlBatch, take: str, values: dict, *, actor: User | None) -> GlBatch:
    """Take the entries, sum them, lead them under the map and write the files.

    The members are inserted before their batch, because its row says how many there are and is written once.
    """
    batch.pk = _next_id()
    with connection.cursor() as cursor:
        cursor.execute(take, values | {"batch": batch.pk})
        n_entries = cursor.rowcount
    postings = Posting.objects.filter(entry__gl_batch_entries__batch_id=batch.pk)
    batch.mapping = mapping_in_force(legal_entity=batch.legal_entity, on=batch.business_on)
    led = led_under(batch.mapping, summed(postings), facility=batch.facility)
    refuse_dead_targets(batch.mapping, led)
    lines = [_frozen(number, line) for number, line in enumerate(led, start=1)]
    _freeze(batch, lines, n_entries=n_entries)
    add_step(batch, "BUILT", actor=actor)
    add_step(batch, "VALIDATED", actor=None)
    audit.record("ledger.build_gl_batch", actor=actor, subject=batch, facility=batch.facility)
    return batch


def _next_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('ledger_glbatch', 'id'))")
        return cursor.fetchone()[0]


def _freeze(batch: GlBatch, lines: Sequence[GlBatchLine], *, n_entries: int) -> None:
    batch.n_entries = n_entries
    batch.n_lines = len(lines)
    batch.debit_minor = sum(line.functional_debit_minor for line in lines)
    batch.credit_minor = sum(line.functional_credit_minor for line in lines)
    batch.save(force_insert=True)
    for line in lines:
        line.batch = batch
    GlBatchLine.objects.bulk_create(lines, 1000)
    write_files(batch)


def _frozen(number: int, line: SummedLine) -> GlBatchLine:
    return GlBatchLine(
        line=number,
        category=line.role,
        segments=list(line.segments),
        rule_id=line.rule_id,
        account_id=line.account_id,
        effective_on=line.effective_on,
        account_number=line.account_number,
        account_name=line.account_name,
        department_id=line.department_id,
        payer_class=line.payer_class,
        tender=line.tender,
        currency=line.currency,
        debit_minor=line.debit_minor,
        credit_minor=line.credit_minor,
        functional_debit_minor=line.functional_debit_minor,
        functional_credit_minor=line.functional_credit_minor,
        n_postings=line.n_postings,
    )


def _mirrored(line: GlBatchLine, mirror: GlBatch) -> GlBatchLine:
    kept = [
        "line",
        "category",
        "segments",
        "rule_id",
        "account_id",
        "effective_on",
        "account_number",
        "account_name",
        "department_id",
        "payer_class",
        "tender",
        "currency",
        "n_postings",
    ]
    return GlBatchLine(
        batch=mirror,
        **{name: getattr(line, name) for name in kept},
        debit_minor=line.credit_minor,
        credit_minor=line.debit_minor,
        functional_debit_minor=line.functional_credit_minor,
        functional_credit_minor=line.functional_debit_minor,
    )
