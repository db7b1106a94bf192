"""The screens of certifications."""

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hms_ach import clock
from hms_ach.files.models import StoredFile
from reconciliation.models import CertificationClaim
from tests.make import access, certification
from tests.make import reconciliation as make

NOON = datetime(2026, 3, 12, 17, tzinfo=UTC)
LIST = "/reconciliation/certification/"
PAGE = "/reconciliation/certification/NORTH-OP/"
SAID = {"outcome": "DONE", "done_on": "2026-03-12", "note": "asked by letter"}


@pytest.fixture
def account(db):
    with clock.at(NOON):
        yield make.bank_account(make.hospital())


def people(account):
    return (
        access.signed_in(make.reviewer(account.facility)),
        access.signed_in(make.approver(account.facility)),
    )


def test_an_item_goes_from_one_person_to_another_and_opens_again(account):
    eve, finn = people(account)
    address = f"{PAGE}addenda/"
    eve.post(address, SAID | {"file": SimpleUploadedFile("letter.pdf", b"%PDF-1.4")})
    claim = CertificationClaim.objects.get()

    assert claim.file.kind == "certification_evidence"
    assert b"Withdraw" in eve.get(address).content
    assert b"Certification of banks to confirm" in finn.get("/").content
    assert b"letter.pdf" in finn.get(address).content
    eve.post(f"{address}decision/", {"verdict": "confirm", "claim": claim.public_id})
    assert CertificationClaim.objects.get().verdict is None
    finn.post(f"{address}decision/", {"verdict": "send_back", "claim": claim.public_id})
    assert CertificationClaim.objects.get().verdict is None
    finn.post(f"{address}decision/", {"verdict": "confirm", "claim": claim.public_id})
    assert b"1 of 10 in force" in eve.get(PAGE).content
    eve.post(f"{address}reopening/", {"reason": "they stopped"})
    assert b"they stopped" in eve.get(address).content
    assert b"Open again" in eve.get(PAGE).content


def test_what_cannot_be_is_said_at_the_form_and_neither_word_nor_file_is_kept(account):
    eve, _ = people(account)
    upload = SimpleUploadedFile("letter.pdf", b"%PDF-1.4")

    answer = eve.post(f"{PAGE}test_cycles/", SAID | {"file": upload, "note": "kept words"})
    missing = eve.post(f"{PAGE}contacts/", SAID | {"detail_name": "Ada", "detail_email": "no address"})

    assert answer.status_code == 422
    assert "0 statements in a row" in answer.content.decode()
    assert "kept words" in answer.content.decode()
    assert "valid email" in missing.content.decode()
    assert "This field is required" in missing.content.decode()
    assert not CertificationClaim.objects.exists()
    assert not StoredFile.objects.filter(kind="certification_evidence").exists()


def test_what_the_system_sees_leads_to_its_statement(account):
    certification.certified(account)
    eve, _ = people(account)

    checklist = eve.get(PAGE).content.decode()
    of_account = eve.get(reverse("reconciliation:account-detail", args=["NORTH-OP"])).content.decode()

    assert "Proven by the system:" in checklist
    assert reverse("reconciliation:statement-detail", args=[account.statements.last().public_id]) in checklist
    assert "Certified" in of_account
    assert "10 of 10 in force" in of_account
    assert "not certified" not in eve.get(LIST).content.decode()


def test_the_overview_warns_of_an_account_in_use_and_stops_nothing(account):
    make.statement(account, make.line(1_00))
    eve, _ = people(account)

    assert "In use, not certified:" in eve.get(LIST).content.decode()
    assert make.statement(account, make.line(2_00), statement_id="S2", opening=1_00).pk


def test_the_auditor_reads_and_writes_nothing_and_another_hospital_sees_nothing(account):
    auditor = access.signed_in(access.user("AUDITOR", facilities=[account.facility]))
    elsewhere = access.signed_in(access.user("FINANCE_REVIEWER", facilities=[make.hospital("SOUTH")]))

    assert b"asked" in auditor.get(f"{PAGE}addenda/").content
    auditor.post(f"{PAGE}addenda/", SAID)
    assert auditor.post(f"{PAGE}addenda/reopening/", {"reason": "x"}).status_code == 403
    assert not CertificationClaim.objects.exists()
    assert elsewhere.get(PAGE).status_code == 404
    assert auditor.get(f"{PAGE}nothing/").status_code == 404
