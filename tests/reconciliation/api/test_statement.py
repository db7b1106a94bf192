"""PUT and GET of bank statements."""

from datetime import timedelta

import pytest

from reconciliation.formats.camt import read_all
from reconciliation.models import Discrepancy, Statement, StatementLine
from tests.make import access
from tests.make import reconciliation as make

URL = "/api/ach/bank-statements"
NEXT = make.DAY + timedelta(days=1)


@pytest.fixture
def bank(db):
    account = make.bank_account(make.hospital())
    return account, access.api("statements:read", "statements:write", facilities=[account.facility])


def _put(client, content: bytes, *, statement: str = "S1", account: str = "NORTH-OP"):
    return client.put(f"{URL}/{account}/{statement}", data=content, content_type="application/xml")


def test_a_statement_is_taken_in_once_however_often_it_is_sent(bank):
    _, client = bank
    content = make.statement_file(make.line(10_00), make.line(-3_00))

    answers = [_put(client, content) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert answers[1].json() == answers[2].json()
    assert StatementLine.objects.count() == 2


def test_the_original_comes_back_byte_for_byte(bank):
    _, client = bank
    content = make.statement_file(make.line(10_00))
    _put(client, content)

    answer = client.get(f"{URL}/NORTH-OP/S1", headers={"Accept": "application/xml"})

    assert b"".join(answer.streaming_content) == content


def test_other_bytes_under_a_known_number_are_refused(bank):
    _, client = bank
    _put(client, make.statement_file(make.line(10_00)))

    answer = _put(client, make.statement_file(make.line(11_00)))

    assert (answer.status_code, answer.json()["code"]) == (409, "statement_contradicts")
    assert StatementLine.objects.get().amount_minor == 10_00


@pytest.mark.parametrize(
    "said, problem",
    [
        ({"number": "US-999"}, "is not one of your bank accounts"),
        ({"statement_id": "OTHER"}, "the file has no statement 'S1'"),
        ({"currency": "EUR"}, "is in USD"),
    ],
)
def test_a_file_that_is_something_else_is_refused_with_its_line(bank, said, problem):
    _, client = bank

    answer = _put(client, make.statement_file(**said))

    assert answer.status_code == 422
    assert problem in answer.content.decode()
    assert Statement.objects.count() == 0


def test_a_number_out_of_order_is_refused(bank):
    _, client = bank
    _put(client, make.statement_file(statement_id="S1", sequence=5))

    answer = _put(client, make.statement_file(statement_id="S2", sequence=4, on=NEXT), statement="S2")

    assert answer.status_code == 422
    assert "out of order" in answer.content.decode()


def test_an_opening_that_is_not_the_closing_before_is_shown_to_a_person(bank):
    _, client = bank
    _put(client, make.statement_file(make.line(10_00)))

    _put(client, make.statement_file(statement_id="S3", opening=99_00, on=NEXT), statement="S3")

    gap = Discrepancy.objects.get()
    assert (gap.kind, gap.amount_minor) == ("STATEMENT_GAP", 89_00)


def test_the_statement_between_closes_the_gap(bank):
    _, client = bank
    later = NEXT + timedelta(days=1)
    _put(client, make.statement_file(make.line(10_00)))
    _put(client, make.statement_file(statement_id="S3", opening=15_00, on=later), statement="S3")

    _put(
        client,
        make.statement_file(make.line(5_00, on=NEXT), statement_id="S2", opening=10_00, on=NEXT),
        statement="S2",
    )

    assert Discrepancy.objects.get().state == "APPROVED"


def test_overlapping_files_bring_each_line_once_and_equal_rows_survive(bank):
    _, client = bank
    twins = [make.line(4_00, bank_reference="TWIN"), make.line(4_00, bank_reference="TWIN")]
    _put(client, make.statement_file(*twins))

    more = [*twins, make.line(6_00, bank_reference="NEW", on=NEXT)]
    answer = _put(client, make.statement_file(*more, statement_id="S2", on=NEXT), statement="S2")

    assert answer.json()["known_line_count"] == 2
    assert sorted(StatementLine.objects.values_list("amount_minor", flat=True)) == [4_00, 4_00, 6_00]


def test_a_file_above_the_limit_is_refused(bank, settings):
    _, client = bank
    settings.BANK_FILE_MAX_BYTES = 1_000

    answer = _put(client, make.statement_file(make.line(10_00)))

    assert answer.status_code == 413
    assert Statement.objects.count() == 0


def test_a_foreign_account_looks_like_a_missing_one(bank):
    _, client = bank
    make.bank_account(make.hospital("LAKE"), code="LAKE-OP", number="US-2")

    answers = [client.get(f"{URL}/{code}/S1").status_code for code in ("LAKE-OP", "NOWHERE")]

    assert answers == [404, 404]


def test_the_list_shows_the_clients_statements(bank):
    _, client = bank
    _put(client, make.statement_file(make.line(10_00)))

    answer = client.get(URL)

    assert [row["statement"] for row in answer.json()["items"]] == ["S1"]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({"account": "NORTH-OP"}, ["S2", "S1"]),
        ({"since": str(NEXT)}, ["S2"]),
        ({"until": str(make.DAY)}, ["S1", "S0"]),
        ({"since": str(NEXT + timedelta(days=1))}, []),
    ],
)
def test_the_list_is_narrowed_by_account_and_days(bank, asked, shown):
    account, _ = bank
    lake = make.bank_account(make.hospital("LAKE"), code="LAKE-OP", number="US-2")
    make.statement(lake, statement_id="S0", number="US-2", on=make.DAY - timedelta(days=1))
    client = access.api("statements:read", "statements:write", facilities=[account.facility, lake.facility])
    _put(client, make.statement_file(make.line(10_00)))
    second = make.statement_file(make.line(1_00, on=NEXT), statement_id="S2", opening=10_00, on=NEXT)
    _put(client, second, statement="S2")

    answer = client.get(URL, asked)

    assert [row["statement"] for row in answer.json()["items"]] == shown


def test_who_only_sends_reads_nothing_and_who_only_reads_sends_nothing(bank):
    account, _ = bank
    content = make.statement_file(make.line(10_00))
    sender = access.api("statements:write", facilities=[account.facility])
    reader = access.api("statements:read", facilities=[account.facility])

    answers = [
        _put(reader, content),
        _put(sender, content),
        sender.get(URL),
        reader.get(f"{URL}/NORTH-OP/S1"),
    ]

    assert [answer.status_code for answer in answers] == [403, 201, 403, 200]
    assert sender.get(f"{URL}/NORTH-OP/S1").status_code == 403
    unknown = reader.get(URL, {"account": "NOBODY-OP"})
    assert unknown.status_code == 404


MT940 = make.mt940_file(":61:2603120312C10,00NTRFOWN//BANK1", closing="C260312USD10,00")


def test_any_format_is_taken_in_and_comes_back_as_it_came_and_as_camt053(bank):
    _, client = bank

    answer = client.put(f"{URL}/NORTH-OP/1", data=MT940, content_type="text/plain")
    original = client.get(f"{URL}/NORTH-OP/1", headers={"Accept": "application/octet-stream"})
    written = client.get(f"{URL}/NORTH-OP/1", headers={"Accept": "application/xml"})

    assert (answer.status_code, answer.json()["format"]) == (201, "mt940")
    assert b"".join(original.streaming_content) == MT940
    statements, findings = read_all(b"".join(written.streaming_content))
    assert (statements[0].difference_minor, findings) == (0, [])
    assert statements[0].entries[0].references == ("BANK1", "OWN")


def test_a_report_that_only_announces_answers_what_it_announces(bank):
    _, client = bank
    report = b":20:R\n:25:US-1234567890\n:28C:7/1\n:34F:USD0,\n:61:2603120312C10,00NTRFX//B\n"

    answers = [client.put(f"{URL}/NORTH-OP/7", data=report, content_type="text/plain") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json()[0]["entry_count"] == 1
    assert Statement.objects.count() == 0


def test_the_original_with_another_facilitys_statements_is_not_given(bank):
    account, client = bank
    lake = make.bank_account(make.hospital("LAKE"), code="LAKE-OP", number="US-2")
    both = MT940 + make.mt940_file(closing="C260312USD0,00", account="US-2")
    _, wide = (
        account,
        access.api("statements:read", "statements:write", facilities=[account.facility, lake.facility]),
    )
    wide.put(f"{URL}/NORTH-OP/1", data=both, content_type="text/plain")

    refused = client.get(f"{URL}/NORTH-OP/1", headers={"Accept": "application/octet-stream"})
    written = client.get(f"{URL}/NORTH-OP/1", headers={"Accept": "application/xml"})

    assert (refused.status_code, refused.json()["code"]) == (403, "original_not_yours")
    assert b"US-2" not in b"".join(written.streaming_content)


@pytest.mark.parametrize("said", ["application/x-www-form-urlencoded", "multipart/form-data", "nonsense"])
def test_a_file_is_known_by_its_bytes_whatever_the_program_calls_it(bank, said):
    _, client = bank
    content = make.statement_file(make.line(10_00))

    answer = client.put(f"{URL}/NORTH-OP/S1", data=content, content_type=said)

    assert answer.status_code == 201
    assert StatementLine.objects.get().amount_minor == 10_00


def test_a_request_without_a_file_says_so(bank):
    _, client = bank

    answer = client.put(f"{URL}/NORTH-OP/S1", data=b"")

    assert (answer.status_code, answer.json()["code"]) == (400, "body_missing")
