"""Files on screen: inspecting, accounts with their profiles, connections and their log."""

import os
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hms_ach import clock
from reconciliation.commands import create_bank_account, create_bank_connection, fetch_files
from reconciliation.models import AccountProfile, BankConnection, Discrepancy, Statement
from tests.make import access
from tests.make import reconciliation as make
from tests.make.bank_server import private_key

FILE = make.mt940_file(":61:2603120312C10,00NTRFNONREF//BANK1", closing="C260312USD10,00")
TABLE = b"Day;Amount\n12.03.2026;-1,50\n"
COLUMNS = {
    "has_headings": "on",
    "skipped_head": "0",
    "skipped_foot": "0",
    "date_format": "DD.MM.YYYY",
    "decimal_mark": ",",
    "column_booked_on": "Day",
    "column_amount": "Amount",
}


@pytest.fixture
def account(db, settings, tmp_path):
    settings.BANK_FOLDERS, settings.BANK_ALLOW_LOOPBACK = str(tmp_path), True
    return make.bank_account(make.hospital())


@pytest.fixture
def reviewer(account):
    return access.signed_in(make.reviewer(account.facility))


@pytest.fixture
def controller(account):
    return access.signed_in(access.user("CONTROLLER", facilities=[account.facility], username="carl"))


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("file", content)


def test_an_inspection_shows_everything_and_keeps_nothing(reviewer):
    address = reverse("reconciliation:inspection")

    shown = reviewer.post(address, {"file": upload(FILE.replace(b"C260312USD10,00", b"C260312USD11,00"))})

    assert b"would be read as mt940" in shown.content
    assert b"BANK1" in shown.content
    assert b"opening + entries differ" in shown.content
    assert Statement.objects.count() == 0


def test_an_upload_of_any_format_is_taken_in(reviewer):
    preview = reviewer.post(reverse("reconciliation:statement-upload"), {"file": upload(FILE)})
    reviewer.post(preview["Location"])

    assert Statement.objects.get().format == "mt940"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x "y">]><Document>&x;</Document>', "is not allowed"),
        (b"PK\x03\x04 cut off", "The ZIP archive is damaged"),
        (b"Day;Amount\n12.03.2026;1,5O\n", "no account has a column profile for this table"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words_and_leaves_nothing(reviewer, content, says):
    shown = reviewer.post(reverse("reconciliation:statement-upload"), {"file": upload(content)}, follow=True)

    assert (shown.status_code, says in shown.content.decode()) == (200, True)
    assert reviewer.post(shown.redirect_chain[0][0]).status_code == 422
    assert not Statement.objects.exists()


def _uploaded(browser, content: bytes) -> str:
    answer = browser.post(reverse("reconciliation:statement-upload"), {"file": upload(content)}, follow=True)
    return answer.content.decode()


def test_an_account_that_is_not_here_is_told_with_a_way_on(reviewer, account):
    strange = make.mt940_file(closing="C260312USD0,00", account="DE-4711")
    create_bank_account(
        facility=account.facility,
        code="NORTH-EUR",
        name="Euros",
        number="DE-4712",
        currency="EUR",
        opened_on=make.DAY,
        actor=access.user(),
    )

    unknown = _uploaded(reviewer, strange)
    waiting = _uploaded(reviewer, strange.replace(b"DE-4711", b"DE-4712"))

    assert "is not one of your bank accounts" in unknown
    assert "is the number of NORTH-EUR once another person puts it in force" in waiting
    for shown in (unknown, waiting):
        assert "NORTH-OP ••7890" in shown
        assert "Is it a table of one account?" not in shown


def test_what_does_not_join_is_told_before_and_after_it_is_taken_in(reviewer, account):
    make.statement(account, make.line(10_00), sequence=7)
    later = make.statement_file(
        make.line(5_00), statement_id="S9", sequence=9, opening=12_00, on=make.DAY + timedelta(days=1)
    )

    preview = reviewer.post(reverse("reconciliation:statement-upload"), {"file": upload(later)})
    before = reviewer.get(preview["Location"]).content.decode()
    assert not Discrepancy.objects.exists()
    taken = reviewer.post(preview["Location"], follow=True).content.decode()
    row = Discrepancy.objects.get()
    shown = reviewer.get(reverse("reconciliation:discrepancy-detail", args=[row.public_id])).content.decode()

    assert "It is opened as a discrepancy of S9 when the file is taken in." in before
    assert f'action="{reverse("reconciliation:run")}"' in taken
    assert "Its number is 9, the one before has 7." in before
    assert reverse("reconciliation:discrepancy-detail", args=[row.public_id]) in taken
    told = ("As it should be", "8 after S1", "skips numbers", "$10.00", "$12.00", "differs")
    assert [text for text in told if text not in shown] == []


def test_a_report_that_was_uploaded_before_is_known(reviewer, account):
    report = b":20:R\n:25:US-1234567890\n:28C:7/1\n:34F:USD0,\n:61:2603120312C10,00NTRFE2E-1//B2\n"
    preview = reviewer.post(reverse("reconciliation:statement-upload"), {"file": upload(report)})
    taken = reviewer.post(preview["Location"])

    again = _uploaded(reviewer, report)

    assert taken["Location"] == reverse("reconciliation:account-detail", args=[account.code])
    assert "This file is here already." in again
    assert "Take it in" not in again
    assert "Nothing changed" in reviewer.post(preview["Location"], follow=True).content.decode()


def test_a_profile_is_tried_on_a_file_before_it_is_kept(controller, account):
    address = reverse("reconciliation:account-table", args=[account.code])

    unseen = controller.post(address, COLUMNS | {"step": "keep"})
    tried = controller.post(address, COLUMNS | {"step": "try", "file": upload(TABLE)})
    token = tried.context["token"]
    changed = controller.post(address, COLUMNS | {"step": "keep", "token": token, "decimal_mark": "."})
    kept = controller.post(address, COLUMNS | {"step": "keep", "token": token})

    assert (unseen.status_code, changed.status_code, kept.status_code) == (422, 422, 302)
    assert b"1.50" in tried.content
    profile = AccountProfile.objects.get()
    assert profile.table["columns"] == {"booked_on": "Day", "amount": "Amount"}


def test_switches_and_calendar_are_changed_on_the_accounts_page(controller, account):
    address = reverse("reconciliation:account-profile", args=[account.code])

    controller.post(address, {"calendar": "WEEKLY", "switches": ["bai2_totals_blank"]})
    shown = controller.get(reverse("reconciliation:account-detail", args=[account.code]))

    assert b"Once a week" in shown.content
    assert b"trailers leave their control total out" in shown.content


def test_a_connection_is_added_paused_and_its_log_shown(controller, account, tmp_path):
    (tmp_path / "north").mkdir()
    (tmp_path / "north" / "a.sta").write_bytes(FILE)
    os.utime(tmp_path / "north" / "a.sta", (1, 1))
    said = {"facility": "NORTH", "name": "Inbox", "kind": "FOLDER", "place": "north", "pattern": "*"}

    added = controller.post(reverse("reconciliation:connection-new"), said)
    row = BankConnection.objects.get()
    fetch_files(connection_id=row.pk)
    shown = controller.get(added["Location"])
    controller.post(reverse("reconciliation:connection-state", args=[row.public_id]), {"change": "pause"})

    assert b"a.sta" in shown.content
    assert b"Taken in" in shown.content
    row.refresh_from_db()
    assert row.state == "PAUSED"
    assert b"Inbox" in controller.get(reverse("reconciliation:connection-list")).content


def test_the_log_looks_again_until_the_bank_has_answered(controller, account, tmp_path):
    (tmp_path / "north").mkdir()
    row = create_bank_connection(
        facility=account.facility, name="Inbox", kind="FOLDER", place="north", actor=access.user()
    )

    asked = controller.post(reverse("reconciliation:connection-fetching", args=[row.public_id]))["Location"]
    waiting = controller.get(asked)
    fetch_files(connection_id=row.pk)
    answered = controller.get(asked, headers={"HX-Request": "true"})

    assert b"The bank is being asked." in waiting.content
    assert asked.encode() in waiting.content
    assert b"Nothing new" in answered.content
    assert b"The bank is being asked." not in answered.content
    assert b"hx-get" not in answered.content


def test_the_log_goes_on_looking_for_more_files_of_the_same_attempt(controller, account, tmp_path):
    (tmp_path / "north").mkdir()
    (tmp_path / "north" / "a.sta").write_bytes(FILE)
    os.utime(tmp_path / "north" / "a.sta", (1_700_000_000, 1_700_000_000))
    row = create_bank_connection(
        facility=account.facility, name="Inbox", kind="FOLDER", place="north", actor=access.user()
    )
    asked = controller.post(reverse("reconciliation:connection-fetching", args=[row.public_id]))["Location"]
    fetch_files(connection_id=row.pk)

    at_once = controller.get(asked, headers={"HX-Request": "true"}).content
    with time_machine.travel(clock.now() + timedelta(seconds=31)):
        later = controller.get(asked, headers={"HX-Request": "true"}).content

    assert b"a.sta" in at_once
    assert b"hx-get" in at_once
    assert b"a.sta" in later
    assert b"hx-get" not in later


def test_a_connection_that_leads_inside_keeps_what_was_typed_and_says_why(controller):
    said = {"facility": "NORTH", "name": "X", "kind": "HTTPS", "place": "https://10.0.0.1/", "pattern": "*"}
    said["secret"] = "open sesame"

    answer = controller.post(reverse("reconciliation:connection-new"), said)

    assert answer.status_code == 422
    assert b"public DNS name" in answer.content
    assert b"https://10.0.0.1/" in answer.content
    assert b"open sesame" not in answer.content
    assert b"Enter it again" in answer.content


def test_a_secret_is_never_shown(controller, account):
    secret = private_key()
    row = create_bank_connection(
        facility=account.facility,
        name="S",
        kind="SFTP",
        place="127.0.0.1:2022/x",
        username="u",
        secret=secret,
        host_key="ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2w",
        actor=access.user(),
    )

    shown = controller.get(reverse("reconciliation:connection-detail", args=[row.public_id]))

    assert secret.splitlines()[1].encode() not in shown.content


def test_a_reviewer_sees_connections_and_cannot_add_one(reviewer):
    assert reviewer.get(reverse("reconciliation:connection-list")).status_code == 200
    assert reviewer.get(reverse("reconciliation:connection-new")).status_code == 403


def test_pages_answer(controller, account):
    pages = [
        reverse("reconciliation:account-list"),
        reverse("reconciliation:account-detail", args=[account.code]),
        reverse("reconciliation:account-profile", args=[account.code]),
        reverse("reconciliation:account-table", args=[account.code]),
        reverse("reconciliation:connection-list"),
        reverse("reconciliation:connection-new"),
    ]

    assert {controller.get(address).status_code for address in pages} == {200}
