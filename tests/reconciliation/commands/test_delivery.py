"""Fetching: every attempt a row, kept before read, never twice, never changed at the bank."""

import os

import pytest

from reconciliation.commands import (
    ConnectionNameTaken,
    ConnectionWrong,
    create_bank_connection,
    fetch_files,
    pause_bank_connection,
)
from reconciliation.models import BankConnection, BankDelivery, Statement
from tests.make import access
from tests.make import reconciliation as make
from tests.make.bank_server import https_bank, sftp_bank

GOOD = make.mt940_file(":61:2603120312C10,00NTRFNONREF//BANK1", closing="C260312USD10,00")
NEXT = make.mt940_file(
    ":61:2603130313C5,00NTRFNONREF//BANK2", number=2, opening="C260312USD10,00", closing="C260313USD15,00"
)
BAD = GOOD.replace(b"C10,00NTRF", b"C1O,00NTRF")


@pytest.fixture
def account(db, settings, tmp_path):
    settings.BANK_ALLOW_LOOPBACK = True
    settings.BANK_FOLDERS = str(tmp_path)
    return make.bank_account(make.hospital())


def connect(account, kind: str, place: str, **said) -> BankConnection:
    return create_bank_connection(
        facility=account.facility, name="Bank", kind=kind, place=place, actor=access.user(), **said
    )


def put(tmp_path, **content: bytes) -> None:
    folder = tmp_path / "north"
    folder.mkdir(exist_ok=True)
    for name, inside in content.items():
        (folder / name).write_bytes(inside)
        os.utime(folder / name, (1_700_000_000, 1_700_000_000))


def results(rows) -> list[tuple[str, str]]:
    return [(row.remote_name, row.result) for row in rows]


def test_what_is_new_is_taken_in_once_and_a_bad_file_holds_up_nobody(account, tmp_path):
    connection = connect(account, "FOLDER", "north")
    put(tmp_path, a=GOOD, b=BAD, c=NEXT)

    first = fetch_files(connection_id=connection.pk)
    second = fetch_files(connection_id=connection.pk)

    assert results(first) == [("a", "TAKEN_IN"), ("b", "REFUSED"), ("c", "TAKEN_IN")]
    assert "is not an entry" in first[1].problem
    assert first[1].file is not None
    assert results(second) == [("", "NOTHING")]
    assert Statement.objects.count() == 2
    assert sorted(path.name for path in (tmp_path / "north").iterdir()) == ["a", "b", "c"]


def test_a_file_that_changed_at_the_bank_is_fetched_again(account, tmp_path):
    connection = connect(account, "FOLDER", "north")
    put(tmp_path, a=BAD)
    fetch_files(connection_id=connection.pk)

    put(tmp_path, a=GOOD + b"\n")

    assert results(fetch_files(connection_id=connection.pk)) == [("a", "TAKEN_IN")]


def test_the_same_bytes_under_another_name_are_known(account, tmp_path):
    connection = connect(account, "FOLDER", "north")
    put(tmp_path, a=GOOD, b=GOOD)

    assert results(fetch_files(connection_id=connection.pk)) == [("a", "TAKEN_IN"), ("b", "KNOWN")]


def test_only_names_of_the_pattern_are_fetched(account, tmp_path):
    connection = connect(account, "FOLDER", "north", pattern="*.sta")
    put(tmp_path, **{"a.sta": GOOD, "readme.txt": b"hello"})

    assert results(fetch_files(connection_id=connection.pk)) == [("a.sta", "TAKEN_IN")]


def test_a_file_above_the_limit_is_refused_and_logged(account, tmp_path, settings):
    settings.BANK_FILE_MAX_BYTES = 20
    connection = connect(account, "FOLDER", "north")
    put(tmp_path, a=GOOD)

    rows = fetch_files(connection_id=connection.pk)

    assert (results(rows), rows[0].file) == ([("a", "REFUSED")], None)


def test_sftp_delivers_and_the_bank_keeps_its_files(account):
    with sftp_bank() as bank:
        bank.files = {"a.sta": GOOD, "b.sta": NEXT}
        connection = connect(
            account,
            "SFTP",
            bank.place,
            username="hms",
            secret=bank.password,
            host_key=bank.host_key_line,
        )
        first, second = (fetch_files(connection_id=connection.pk) for _ in range(2))

    assert results(first) == [("a.sta", "TAKEN_IN"), ("b.sta", "TAKEN_IN")]
    assert results(second) == [("", "NOTHING")]
    assert (bank.hits, bank.changes) == (["a.sta", "b.sta"], [])


def test_a_broken_connection_holds_up_no_other_file(account):
    with sftp_bank() as bank:
        bank.files = {"a.sta": GOOD, "b.sta": BAD, "c.sta": GOOD, "d.sta": NEXT}
        bank.breaking, bank.forbidden = {"a.sta"}, {"c.sta"}
        connection = connect(
            account, "SFTP", bank.place, username="hms", secret=bank.password, host_key=bank.host_key_line
        )
        first = fetch_files(connection_id=connection.pk)
        bank.breaking = set()
        second = fetch_files(connection_id=connection.pk)

    assert results(first) == [
        ("a.sta", "FAILED"),
        ("b.sta", "REFUSED"),
        ("c.sta", "FAILED"),
        ("d.sta", "TAKEN_IN"),
    ]
    assert first[0].problem == (
        "the file cannot be read to its end: the connection broke; it is tried again the next time"
    )
    assert first[2].problem == "the file cannot be read: we may not; ask its owner for the right"
    assert results(second) == [("a.sta", "TAKEN_IN"), ("c.sta", "FAILED")]


def test_a_server_that_is_gone_is_asked_once_and_every_file_has_its_row(account):
    with sftp_bank() as bank:
        bank.files = {"a.sta": GOOD, "b.sta": NEXT, "c.sta": BAD}
        bank.breaking = {"a.sta"}
        bank.is_closing = True
        connection = connect(
            account, "SFTP", bank.place, username="hms", secret=bank.password, host_key=bank.host_key_line
        )
        rows = fetch_files(connection_id=connection.pk)

    assert results(rows) == [("a.sta", "FAILED"), ("b.sta", "FAILED"), ("c.sta", "FAILED")]
    assert rows[1].problem == rows[2].problem
    assert "nothing answers at this address and port; check both" in rows[1].problem


def test_https_delivers_by_client_certificate(account):
    with https_bank() as bank:
        bank.files = {"a.sta": GOOD}
        connection = connect(
            account, "HTTPS", bank.place, secret=bank.client_secret(), authorities=bank.authorities
        )
        rows = fetch_files(connection_id=connection.pk)

    assert results(rows) == [("a.sta", "TAKEN_IN")]


def test_a_bank_that_cannot_be_reached_is_a_row_with_the_reason(account, tmp_path):
    connection = connect(account, "FOLDER", "north")

    rows = fetch_files(connection_id=connection.pk)
    pause_bank_connection(connection_id=connection.pk, actor=access.user())
    paused = fetch_files(connection_id=connection.pk)

    assert (rows[0].result, "no folder north" in rows[0].problem) == ("FAILED", True)
    assert (paused[0].result, paused[0].problem) == ("FAILED", "The connection is paused.")
    assert BankDelivery.objects.count() == 2


def test_a_secret_is_sealed_in_the_database(account):
    from django.db import connection as database

    kept = connect(account, "SFTP", "127.0.0.1:2022/x", username="u", secret="open sesame", host_key=_KEY)

    with database.cursor() as cursor:
        cursor.execute("SELECT secret FROM reconciliation_bankconnection WHERE id = %s", [kept.pk])
        assert b"open sesame" not in bytes(cursor.fetchone()[0])
    assert BankConnection.objects.get(pk=kept.pk).secret == "open sesame"


_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2w"


@pytest.mark.parametrize(
    "kind, place, said",
    [
        ("FOLDER", "../etc", {}),
        ("FOLDER", "/etc", {}),
        ("SFTP", "sftp.bank.example/out", {"username": "u", "secret": "s"}),
        ("SFTP", "sftp.bank.example/out", {"username": "u", "host_key": _KEY}),
        ("SFTP", "10.0.0.1/out", {"username": "u", "secret": "s", "host_key": _KEY}),
        ("HTTPS", "http://bank.example/", {"secret": "s"}),
        ("HTTPS", "https://10.0.0.1/", {"secret": "s"}),
        ("HTTPS", "https://bank.example/", {"secret": "no certificate"}),
    ],
)
def test_a_connection_that_cannot_work_or_leads_inside_is_refused(account, kind, place, said):
    with pytest.raises(ConnectionWrong):
        connect(account, kind, place, **said)


def test_a_name_is_taken_once(account):
    connect(account, "FOLDER", "north")

    with pytest.raises(ConnectionNameTaken):
        connect(account, "FOLDER", "south")
