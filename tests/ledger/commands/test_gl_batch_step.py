"""The life of a batch."""

import itertools

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from hms_ach.outbox.models import Event
from ledger.commands import (
    GlBatchByBuilder,
    GlBatchStateWrong,
    acknowledge_gl_batch,
    approve_gl_batch,
    build_gl_batch,
    export_gl_batch,
    rebuild_gl_batch,
    reject_gl_batch,
    reverse_gl_batch,
    set_gl_settings,
)
from ledger.commands.gl_batch import ReversalWithoutReason
from ledger.commands.gl_batch_step import (
    AcknowledgmentAfterRejection,
    AcknowledgmentDiffers,
    JournalMissing,
    RejectionWithoutReason,
)
from ledger.formats.layouts import LAYOUTS
from ledger.models import GlBatchEntry, GlBatchStep
from ledger.queries import entry_detail, file_bytes, gl_batch, gl_batch_file, gl_batch_files
from ledger.rules.batch_life import FOLLOWING
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def facility():
    return make.book(code="NORTH")


@pytest.fixture
def ann():
    return make.person("ann")


@pytest.fixture
def ben():
    return make.person("ben")


@pytest.fixture
def released(facility):
    make.entry(facility)
    return make.released_batch(facility)


def posted(batch, actor):
    return acknowledge_gl_batch(batch=batch, outcome="posted", journal="JE-1", actor=actor)


def state(batch):
    return gl_batch(public_id=batch.public_id, facility_ids=[batch.facility_id]).state


def steps(batch):
    return list(batch.steps.order_by("sequence").values_list("state", flat=True))


def test_a_batch_goes_its_whole_way(facility, released, ann):
    export_gl_batch(batch=released, layout="workday", actor=ann, via="download")
    acknowledge_gl_batch(batch=released, outcome="accepted", journal="JE-1", actor=ann)
    posted(released, ann)

    assert steps(released) == ["BUILT", "VALIDATED", "APPROVED", "EXPORTED", "ACKNOWLEDGED", "POSTED"]
    told = Event.objects.filter(subject=released.public_id).order_by("id").values_list("type", flat=True)
    assert list(told) == ["gl_batch.approved", "gl_batch.posted"]


def test_whoever_built_it_never_approves_it(facility, ann, ben):
    make.entry(facility)
    batch = build_gl_batch(facility=facility, business_on=make.DAY, actor=ann)

    with pytest.raises(GlBatchByBuilder):
        approve_gl_batch(batch=batch, actor=ann)
    for person_id in [ann.pk, None]:
        with pytest.raises(DatabaseError, match="somebody other"), transaction.atomic():
            GlBatchStep.objects.create(
                batch=batch, sequence=3, state="APPROVED", made_by_id=person_id, made_at=batch.built_at
            )
    approve_gl_batch(batch=batch, actor=ben)

    assert state(batch) == "APPROVED"


def test_the_entry_shows_the_journal_of_the_general_ledger(facility, ann):
    entry = make.entry(facility)
    batch = make.released_batch(facility)
    posted(batch, ann)

    shown = entry_detail(public_id=entry.public_id, facility_ids=[facility.pk])

    assert [(each.number, each.state, each.journal) for each in shown.gl_batches] == [
        (batch.number, "POSTED", "JE-1")
    ]


def test_saying_the_same_again_changes_nothing(released, ann):
    acknowledge_gl_batch(batch=released, outcome="accepted", journal="JE-1", actor=ann)
    posted(released, ann)
    before = steps(released)

    acknowledge_gl_batch(batch=released, outcome="accepted", journal="JE-1", actor=ann)
    posted(released, ann)

    assert steps(released) == before
    with pytest.raises(AcknowledgmentDiffers, match="JE-1"):
        acknowledge_gl_batch(batch=released, outcome="posted", journal="JE-2", actor=ann)


def test_a_word_that_comes_after_a_rejection_is_a_conflict(released, ann, ben):
    acknowledge_gl_batch(batch=released, outcome="accepted", journal="JE-1", actor=ann)
    acknowledge_gl_batch(batch=released, outcome="rejected", message="Period closed there", actor=ann)
    before = steps(released)

    for outcome in ["accepted", "posted"]:
        with pytest.raises(AcknowledgmentAfterRejection, match=r"rejected already .Period closed there"):
            acknowledge_gl_batch(batch=released, outcome=outcome, journal="JE-1", actor=ann)
    rebuild_gl_batch(batch=released, actor=ann)
    with pytest.raises(AcknowledgmentAfterRejection):
        acknowledge_gl_batch(batch=released, outcome="accepted", journal="JE-1", actor=ann)
    acknowledge_gl_batch(batch=released, outcome="rejected", message="Period closed there", actor=ann)

    assert steps(released) == [*before, "REBUILT"]


def test_an_acknowledgment_needs_its_journal_or_its_reason(released, ann):
    with pytest.raises(JournalMissing):
        acknowledge_gl_batch(batch=released, outcome="posted", actor=ann)
    with pytest.raises(RejectionWithoutReason):
        acknowledge_gl_batch(batch=released, outcome="rejected", actor=ann)


def test_a_rejected_batch_is_rebuilt_with_the_same_entries_under_the_map_of_now(facility, released, ann, ben):
    late = make.entry(facility)
    acknowledge_gl_batch(batch=released, outcome="rejected", message="Unknown account 1005", actor=ann)
    acknowledge_gl_batch(batch=released, outcome="rejected", message="Unknown account 1005", actor=ann)
    make.approved_map(facility)

    again = rebuild_gl_batch(batch=released, actor=ann)
    approve_gl_batch(batch=again, actor=ben)

    assert (state(released), state(again), again.attempt) == ("REBUILT", "APPROVED", 1)
    assert {"-".join(line.segments) for line in again.lines.all()} == {"61005-0000", "61022-0000"}
    assert (again.n_entries, again.debit_minor) == (released.n_entries, released.debit_minor)
    assert not GlBatchEntry.objects.filter(entry=late).exists()
    with pytest.raises(GlBatchStateWrong):
        rebuild_gl_batch(batch=released, actor=ann)


def test_a_posted_batch_is_reversed_by_its_mirror_once_that_is_posted(released, ann, ben):
    posted(released, ann)
    mirror = reverse_gl_batch(batch=released, reason="Wrong fiscal year", actor=ann)
    assert state(released) == "POSTED"

    with pytest.raises(GlBatchStateWrong):
        reverse_gl_batch(batch=released, reason="again", actor=ann)
    approve_gl_batch(batch=mirror, actor=ben)
    assert (state(released), state(mirror)) == ("POSTED", "APPROVED")
    with pytest.raises(GlBatchStateWrong):
        rebuild_gl_batch(batch=released, actor=ann)
    posted(mirror, ann)

    assert (state(released), state(mirror)) == ("REVERSED", "POSTED")
    sides = [
        list(batch.lines.order_by("line").values_list("line", *columns))
        for batch, columns in [
            (released, ("debit_minor", "credit_minor")),
            (mirror, ("credit_minor", "debit_minor")),
        ]
    ]
    assert sides[0] == sides[1]
    again = rebuild_gl_batch(batch=released, actor=ann)
    assert again.debit_minor == released.debit_minor
    with pytest.raises(GlBatchStateWrong):
        reverse_gl_batch(batch=mirror, reason="after all", actor=ann)


def test_a_mirror_is_written_under_the_map_of_its_batch(facility, ann):
    version = make.approved_map(facility)
    make.entry(facility)
    names = {"oracle_ledger_id": "300000046975971"}
    set_gl_settings(legal_entity=facility.legal_entity, values=names, actor=ann)
    batch = posted(make.released_batch(facility), ann)
    mirror = reverse_gl_batch(batch=batch, reason="Wrong fiscal year", actor=ann)

    codes = [list(each.lines.order_by("line").values_list("segments", flat=True)) for each in (batch, mirror)]
    assert codes[0] == codes[1]
    assert mirror.mapping == version
    assert {file.layout for file in gl_batch_files(mirror)} == set(LAYOUTS)
    file = gl_batch_file(mirror, "workday")
    assert file is not None
    heading, first, *_rest = b"".join(file_bytes(file)).splitlines()
    assert heading.endswith(b",Worktag_Cost_Center_Reference_ID")
    assert first.endswith(b",0000")


def test_a_batch_whose_reversal_is_rejected_stays_posted_and_is_reversed_again(released, ann, ben):
    posted(released, ann)
    mirror = approve_gl_batch(batch=reverse_gl_batch(batch=released, reason="Year", actor=ann), actor=ben)
    acknowledge_gl_batch(batch=mirror, outcome="rejected", message="Period closed", actor=ann)

    assert (state(released), state(mirror)) == ("POSTED", "REJECTED")
    for wrong in (mirror, released):
        with pytest.raises(GlBatchStateWrong):
            rebuild_gl_batch(batch=wrong, actor=ann)
    second = reverse_gl_batch(batch=released, reason="Year", actor=ann)

    assert second.reverses_id == released.pk
    with pytest.raises(GlBatchStateWrong):
        reverse_gl_batch(batch=released, reason="Year", actor=ann)
    with pytest.raises(DatabaseError), transaction.atomic():
        GlBatchStep.objects.create(
            batch=released, sequence=99, state="REVERSED", made_by=ben, made_at=released.built_at, reason="x"
        )


def test_a_reversal_needs_a_reason_and_a_posted_batch(released, ann):
    with pytest.raises(GlBatchStateWrong):
        reverse_gl_batch(batch=released, reason="x", actor=ann)
    with pytest.raises(ReversalWithoutReason):
        reverse_gl_batch(batch=released, reason=" ", actor=ann)


def test_what_is_not_approved_is_not_exported(facility, ann):
    batch = build_gl_batch(facility=facility, business_on=make.DAY, actor=None)

    with pytest.raises(GlBatchStateWrong):
        export_gl_batch(batch=batch, layout="csv", actor=ann, via="download")


@pytest.mark.parametrize(
    "before, after", list(itertools.product(["APPROVED", "POSTED", "REJECTED"], FOLLOWING))
)
def test_the_database_and_the_rules_agree_on_what_may_follow(released, ann, ben, before, after):
    if before == "POSTED":
        posted(released, ann)
    if before == "REJECTED":
        reject_gl_batch(batch=released, reason="No", actor=ann)
    step = {"batch": released, "sequence": released.steps.count() + 1, "state": after, "made_by": ben}
    is_allowed = after in FOLLOWING[before] and after not in ("REVERSED", "REBUILT")

    def write():
        with transaction.atomic():
            GlBatchStep.objects.create(**step, made_at=released.built_at, reason="x", journal="J")

    if is_allowed:
        write()
    else:
        with pytest.raises(DatabaseError):
            write()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_glbatchstep SET state = 'POSTED'",
        "DELETE FROM ledger_glbatchstep",
        "UPDATE ledger_glbatchchunk SET content = ''",
        "DELETE FROM ledger_glbatchchunk",
        """INSERT INTO ledger_glbatchentry (batch_id, entry_id, attempt)
            SELECT batch_id, entry_id, 1 FROM ledger_glbatchentry""",
    ],
)
def test_the_database_keeps_a_batch_and_its_life(released, sql):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{sql}; SET CONSTRAINTS ALL IMMEDIATE")
