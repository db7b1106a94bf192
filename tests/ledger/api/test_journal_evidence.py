"""Evidence of journals by program: kept, named by a journal, read again; what is none is refused."""

import hashlib

import pytest

from hms_ach.files.models import StoredFile
from ledger.commands.journal_evidence import EVIDENCE_BYTES
from ledger.models import Journal
from tests.ledger.api.test_journal import sent
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
REGISTER = b"%PDF-1.7 the payroll register of March"


@pytest.fixture
def facility():
    return make.book(code="NORTH")


@pytest.fixture
def payroll(facility):
    return access.api("journals:read", "journals:write", facilities=[facility])


def kept(client, content=REGISTER, *, name="register.pdf", facility="NORTH"):
    where = f"/api/ach/journal-evidence/{facility}/{name}"
    return client.put(where, content, content_type="application/pdf")


def test_a_file_is_kept_named_by_a_journal_and_read_again_byte_for_byte(payroll):
    evidence = kept(payroll)
    digest = hashlib.sha256(REGISTER).hexdigest()
    shown = {"id": evidence.json()["id"], "name": "register.pdf", "size": len(REGISTER), "sha256": digest}
    assert (evidence.status_code, evidence.json()) == (201, shown)

    journal = sent(payroll, evidence=[shown["id"]]).json()

    assert journal["evidence"] == [shown]
    read = payroll.get(f"/api/ach/journals/{journal['id']}/evidence/{shown['id']}")
    assert b"".join(read.streaming_content) == REGISTER
    assert read["Content-Disposition"] == 'attachment; filename="register.pdf"'
    assert Journal.objects.get().files.get().file.media_type == "application/pdf"


def test_the_same_bytes_under_the_same_name_are_the_same_file(payroll):
    first = kept(payroll)
    again = kept(payroll)
    other = kept(payroll, name="lease.pdf")

    assert (again.status_code, again.json()) == (200, first.json())
    assert (other.status_code, StoredFile.objects.count()) == (201, 2)


def test_what_shows_nothing_is_too_large_or_goes_elsewhere_is_refused(payroll):
    empty = kept(payroll, b"")
    large = kept(payroll, b"x" * (EVIDENCE_BYTES + 1))
    elsewhere = kept(payroll, facility="SOUTH")

    assert (empty.status_code, large.status_code, elsewhere.status_code) == (400, 413, 422)
    assert not StoredFile.objects.exists()


def test_a_journal_names_only_what_its_client_kept_for_the_facility(facility, payroll):
    stranger = access.api("journals:read", "journals:write", facilities=[facility])
    theirs, own = kept(stranger).json()["id"], kept(payroll).json()["id"]

    for files, words in [
        (["fil_unknown"], "is no file that you kept"),
        ([own, theirs], "is no file that you kept"),
        ([own, own], "stands here twice"),
        ("register.pdf", "list"),
    ]:
        refused = sent(payroll, evidence=files)
        assert (refused.status_code, words in refused.content.decode()) == (422, True), refused.content
    assert not Journal.objects.exists()


def test_evidence_of_one_facility_shows_nothing_of_another(facility):
    both = [facility, make.book(code="SOUTH")]
    client = access.api("journals:read", "journals:write", facilities=both)
    of_south = kept(client, facility="SOUTH").json()["id"]

    assert sent(client, evidence=[of_south]).status_code == 422
    assert not Journal.objects.exists()


def test_whoever_may_not_see_the_journal_reads_nothing_of_it(facility, payroll):
    public_id = kept(payroll).json()["id"]
    journal = sent(payroll, evidence=[public_id]).json()["id"]
    without = sent(payroll).json()["id"]
    where = "/api/ach/journals/{}/evidence/{}"
    elsewhere = access.api("journals:read", facilities=[make.book()])

    assert elsewhere.get(where.format(journal, public_id)).status_code == 404
    assert payroll.get(where.format(without, public_id)).status_code == 404
    assert payroll.get(where.format(journal, "fil_unknown")).status_code == 404
    assert kept(access.api("journals:read", facilities=[facility])).status_code == 403
