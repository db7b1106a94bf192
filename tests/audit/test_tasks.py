"""The hourly check: an honest trail says so on screen, a tampered one is an error in the log."""

from structlog.testing import capture_logs

from hms_ach import audit
from hms_ach.access.roles import Role
from hms_ach.audit import tasks
from hms_ach.audit.commands import seal_all
from tests.make import access as make
from tests.make.trail import sealed_trail


def seen_by_an_auditor() -> str:
    auditor = make.signed_in(make.user(Role.AUDITOR, facilities=[make.facility("NORTH")]))
    return auditor.get("/audit/").content.decode()


def test_an_honest_trail_is_said_to_be_honest(own_database):
    audit.record("billing.issue_invoice", actor=None, subject="inv_1")
    seal_all()

    with capture_logs() as logs:
        tasks.check()

    assert logs == []
    assert "nothing found" in seen_by_an_auditor()


def test_a_tampered_trail_is_an_error_and_stands_on_the_screen(own_database, owner_connection):
    sealed_trail(seals=1)
    with owner_connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_event SET reason = 'other' WHERE subject = 'inv_0_2'")

    with capture_logs() as logs:
        tasks.check()

    assert [(line["log_level"], line["count"]) for line in logs] == [("error", 1)]
    assert "1 found not" in seen_by_an_auditor()
