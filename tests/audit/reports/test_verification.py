"""Verification: an honest trail has no findings; no tampering has none."""

import threading

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from hms_ach import audit, clock
from hms_ach.audit.commands import seal_all, start_epoch
from hms_ach.audit.commands.seal import header_of
from hms_ach.audit.keys import public_keys, read_anchors
from hms_ach.audit.models import Event, Seal
from hms_ach.audit.reports import verify
from hms_ach.audit.rules.frozen import header_digest
from tests.make.trail import SEED, sealed_trail, tampering

# Rehash a row after changing it, as somebody would who knows how the trail is made.
REHASHED = "UPDATE audit_event SET digest = sha256(salt || convert_to(frozen, 'UTF8'))"
SOME = "(SELECT id FROM audit_event WHERE subject = 'inv_1_2')"
TAMPERINGS = {
    "a column is edited": [f"UPDATE audit_event SET reason = 'other' WHERE id = {SOME}"],
    "the actor is erased": [f"UPDATE audit_event SET request_id = 'x' WHERE id = {SOME}"],
    "after is edited": [f"""UPDATE audit_event SET after = '{{"total": 1}}' WHERE id = {SOME}"""],
    "the moment is moved": [f"UPDATE audit_event SET at = at - interval '1 day' WHERE id = {SOME}"],
    "frozen text is edited": [
        f"UPDATE audit_event SET frozen = replace(frozen, 'ISSUED', 'PAID..') WHERE id = {SOME}"
    ],
    "frozen text is edited and rehashed": [
        f"UPDATE audit_event SET frozen = replace(frozen, 'ISSUED', 'PAID..') WHERE id = {SOME}",
        f"{REHASHED} WHERE id = {SOME}",
    ],
    "column and frozen text are edited and rehashed": [
        f"UPDATE audit_event SET reason = 'b, b: 3:x,' WHERE id = {SOME}",
        f"UPDATE audit_event SET frozen = replace(frozen, 'a, b: 3', 'b, b: 3') WHERE id = {SOME}",
        f"{REHASHED} WHERE id = {SOME}",
    ],
    "the salt is changed": [f"UPDATE audit_event SET salt = salt || '0' WHERE id = {SOME}"],
    "an event is deleted": [f"DELETE FROM audit_event WHERE id = {SOME}"],
    "the tail of a seal is deleted": [
        "DELETE FROM audit_event WHERE id = (SELECT max(id) FROM audit_event WHERE subject LIKE 'inv_1_%')"
    ],
    "an event is inserted into a sealed range": [
        "CREATE TEMP TABLE copied ON COMMIT DROP AS SELECT * FROM audit_event WHERE subject = 'inv_1_2'",
        "UPDATE copied SET id = id + 1000000, public_id = 'aud_forged'",
        "INSERT INTO audit_event OVERRIDING SYSTEM VALUE SELECT * FROM copied",
    ],
    "two events are swapped": [
        """UPDATE audit_event AS a SET transaction = b.transaction, public_id = b.public_id || 'x'
           FROM audit_event AS b WHERE (a.subject, b.subject) IN
           (('inv_1_2', 'inv_1_3'), ('inv_1_3', 'inv_1_2'))"""
    ],
    "an event is moved to another epoch": [f"UPDATE audit_event SET epoch = 2 WHERE id = {SOME}"],
    "a seal is deleted with its events": [
        "DELETE FROM audit_event WHERE subject LIKE 'inv_1_%'",
        "DELETE FROM audit_seal WHERE number = 2",
    ],
    "the first seal is deleted with its events": [
        "DELETE FROM audit_event WHERE subject LIKE 'inv_0_%'",
        "DELETE FROM audit_seal WHERE number = 1",
    ],
    "a seal's count is edited": ["UPDATE audit_seal SET event_count = 4 WHERE number = 2"],
    "a seal's root is edited": ["UPDATE audit_seal SET root = sha256('x') WHERE number = 2"],
    "a seal's range is widened": ["UPDATE audit_seal SET high = '999999999' WHERE number = 3"],
    "a seal's header is edited and rehashed": [
        "UPDATE audit_seal SET header = replace(header, '1:5,', '1:4,') WHERE number = 3",
        "UPDATE audit_seal SET digest = sha256(convert_to(header, 'UTF8')) WHERE number = 3",
    ],
    "a signature is erased": ["UPDATE audit_seal SET signature = '' WHERE number = 2"],
    "two seals change places": [
        "UPDATE audit_seal SET number = number + 10 WHERE number IN (2, 3)",
        "UPDATE audit_seal SET number = 15 - number WHERE number IN (12, 13)",
    ],
}
TAIL_CUT = [
    "DELETE FROM audit_event WHERE subject LIKE 'inv_2_%'",
    "DELETE FROM audit_seal WHERE number = 3",
]


@pytest.fixture
def trail(own_database, settings, tmp_path):
    """Three signed seals over five events each, anchored in a file."""
    settings.AUDIT_SIGNING_KEY = SEED
    settings.AUDIT_ANCHOR_FILE = str(tmp_path / "anchors")
    sealed_trail()
    return settings


def test_an_honest_trail_has_no_findings(trail):
    result = verify(public_keys=public_keys(), anchors=read_anchors(trail.AUDIT_ANCHOR_FILE))

    assert (result.findings, result.events, result.seals, result.unsealed) == ([], 15, 3, 0)


def test_every_tampering_is_found(trail):
    """One database for all: each superuser's edit is verified inside its transaction and undone."""
    missed = []
    for name, statements in TAMPERINGS.items():
        with tampering(*statements):
            if not verify(public_keys=public_keys(), using="owner").findings:
                missed.append(name)

    assert missed == []
    assert verify(public_keys=public_keys(), using="owner").findings == []


def test_a_cut_tail_is_found_with_anchors_and_only_with_them(trail):
    anchors = read_anchors(trail.AUDIT_ANCHOR_FILE)

    with tampering(*TAIL_CUT):
        without = verify(public_keys=public_keys(), using="owner")
        with_anchors = verify(public_keys=public_keys(), anchors=anchors, using="owner")

    assert without.findings == []
    assert [finding.where for finding in with_anchors.findings] == ["seal 3"]


def test_a_seal_forged_without_the_key_is_found(trail):
    seal = Seal.objects.get(number=3)
    seal.event_count = 4
    header = header_of(seal)

    with tampering(
        "DELETE FROM audit_event WHERE subject = 'inv_2_4'",
        f"UPDATE audit_seal SET event_count = 4, header = '{header}',"
        f" digest = '\\x{header_digest(header).hex()}' WHERE number = 3",
    ):
        problems = {finding.problem for finding in verify(public_keys=public_keys(), using="owner").findings}

    assert "its signature is wrong" in problems


def test_a_seal_of_an_unknown_key_is_found(trail):
    problems = [finding.problem for finding in verify(public_keys={"0" * 16: bytes(32)}).findings]

    assert len(problems) == 3
    assert all("not known" in problem for problem in problems)


def test_the_command_leaves_with_1_and_says_where(trail, capsys, monkeypatch):
    call_command("verify_audit")
    assert "15 events under 3 seals" in capsys.readouterr().out
    with connection.cursor() as cursor:
        cursor.execute("SELECT public_id FROM audit_event WHERE subject = 'inv_1_2'")
        public_id = cursor.fetchone()[0]

    monkeypatch.setattr(
        "hms_ach.audit.management.commands.verify_audit.verify", lambda **kept: verify(**kept, using="owner")
    )
    with (
        tampering(f"UPDATE audit_event SET reason = 'x' WHERE id = {SOME}"),
        pytest.raises(SystemExit) as left,
    ):
        call_command("verify_audit")

    assert left.value.code == 1
    assert f"event {public_id}: its column reason differs" in capsys.readouterr().err


def test_an_event_of_a_running_transaction_waits_for_the_next_seal(own_database):
    """A slow writer holds the horizon: what commits after it is not sealed over its head."""
    started, may_end = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with transaction.atomic():
            audit.record("test.slow", actor=None, subject="slow")
            started.set()
            may_end.wait(10)
        connection.close()

    writer = threading.Thread(target=slow_writer)
    writer.start()
    started.wait(10)
    audit.record("test.fast", actor=None, subject="fast")
    seal_all()
    sealed_while_running = sum(seal.event_count for seal in Seal.objects.all())
    may_end.set()
    writer.join()
    seal_all()

    assert sealed_while_running == 0
    assert sum(seal.event_count for seal in Seal.objects.all()) == Event.objects.count() == 2
    assert verify(public_keys=public_keys()).findings == []


def test_many_writers_and_a_sealer_leave_no_findings(own_database):
    """Eight writers, one in five rolling back, while two sealers run."""
    done = threading.Event()

    def write(number: int) -> None:
        for step in range(25):
            with transaction.atomic():
                audit.record("test.write", actor=None, subject=f"w_{number}_{step}")
                transaction.set_rollback(step % 5 == 0)
        connection.close()

    def keep_sealing() -> None:
        while not done.is_set():
            seal_all()
        connection.close()

    sealers = [threading.Thread(target=keep_sealing) for _ in range(2)]
    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in sealers + writers:
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in sealers:
        thread.join()
    seal_all()

    result = verify(public_keys=public_keys())

    assert (result.findings, result.events, result.unsealed) == ([], 160, 0)
    assert result.seals > 1


def test_a_new_epoch_is_sealed_after_the_rest_of_the_old(trail, owner_connection):
    audit.record("test.last", actor=None, subject="before the restore")
    start_epoch(reason="restored from last night", now=clock.now())
    audit.record("test.first", actor=None, subject="after the restore")

    assert seal_all() == 2
    assert verify(public_keys=public_keys()).findings == []
    assert list(Seal.objects.order_by("number").values_list("epoch", flat=True)) == [1, 1, 1, 1, 2]


def test_after_a_restore_without_a_new_epoch_nothing_is_recorded(trail, owner_connection):
    """A seal from the other cluster's future: recording refuses instead of spoiling its range."""
    with owner_connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_seal DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_seal SET high = '999999999' WHERE number = 3")

    with pytest.raises(Exception, match="restored elsewhere"):
        audit.record("test.first", actor=None, subject="x")
