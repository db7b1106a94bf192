"""Reading MT940 and MT942."""

from datetime import date

import pytest

from reconciliation.formats.statement import Entry
from tests.reconciliation.formats.collect import fatal, read_whole

HEAD = ":20:REF1\n:25:DE89370400440532013000\n:28C:00042/001\n:60F:C260311EUR100,00\n"
FOOT = ":62F:C260312EUR110,00\n-\n"
ENTRY = ":61:2603120312C10,00NTRFNONREF//BANK1\n"


def message(entries: str = ENTRY, *, head: str = HEAD, foot: str = FOOT) -> bytes:
    return f"{head}{entries}{foot}".encode()


def test_a_statement_is_read_with_its_balances_and_number():
    statements, findings = read_whole(message())

    read = statements[0]
    assert (read.statement_id, read.sequence, read.page, read.is_last_page) == ("42", 42, 1, True)
    assert (read.opening_minor, read.closing_minor, read.difference_minor, findings) == (
        100_00,
        110_00,
        0,
        [],
    )
    entry = read.entries[0]
    assert (entry.bank_reference, entry.references, entry.code) == ("BANK1", ("BANK1",), "NTRF")


@pytest.mark.parametrize(
    "line, minor, is_reversal, status",
    [
        (":61:260312D3,5NTRFX", -3_50, False, "BOOK"),
        (":61:2603120312C119,NTRFX", 119_00, False, "BOOK"),
        (":61:260312RC3,50NTRFX", -3_50, True, "BOOK"),
        (":61:260312RD3,50NTRFX", 3_50, True, "BOOK"),
        (":61:260312RDR3,50NTRFX", 3_50, True, "BOOK"),
        (":61:260312EC3,50NTRFX", 3_50, False, "PDNG"),
        (":61:260312CN50,00NZ10NONREF", 50_00, False, "BOOK"),
        (":61:260312C000000000025,00N102EREF", 25_00, False, "BOOK"),
        (":61:2603120312C50,00 NTRFNONREF//B", 50_00, False, "BOOK"),
    ],
)
def test_every_way_of_writing_an_entry_is_read(line, minor, is_reversal, status):
    statements, _ = read_whole(message(f"{line}\n"))

    entry = statements[0].entries[0]
    assert (entry.amount_minor, entry.is_reversal, entry.status) == (minor, is_reversal, status)


@pytest.mark.parametrize(
    "value, entered, booked_on",
    [
        ("251231", "0102", date(2026, 1, 2)),
        ("260102", "1231", date(2025, 12, 31)),
        ("260312", "", date(2026, 3, 12)),
    ],
)
def test_the_entry_date_takes_the_year_nearest_to_the_value_date(value, entered, booked_on):
    statements, _ = read_whole(message(f":61:{value}{entered}C10,00NTRFX\n"))

    assert statements[0].entries[0].booked_on == booked_on


def test_the_thirtieth_of_february_needs_its_switch():
    statements, findings = read_whole(message(":61:260230C10,00NTRFX\n"))

    assert statements[0].entries[0].value_on == date(2026, 2, 28)
    assert fatal(findings) == [(":61: value date", "mt940_days_of_30")]


def test_subfields_become_references_counterparty_and_purpose():
    information = (
        ":86:166?00GUTSCHRIFT?100399?20EREF+E2E-4711?21KREF+K1?22SVWZ+Rechnung 1?2\n"
        "3 vom Mai?30DRESDEFF508?31DE14508?32KARL?33 KAUFMANN\n"
    )

    statements, _ = read_whole(message(ENTRY + information))

    entry = statements[0].entries[0]
    assert entry.references == ("BANK1", "E2E-4711", "K1")
    assert (entry.counterparty, entry.code) == ("KARL KAUFMANN", "NTRF-166")
    assert entry.description == "GUTSCHRIFT Rechnung 1 vom Mai"


def test_tags_between_slashes_become_references_counterparty_and_purpose():
    information = ":86:/EREF/E2E 1/BENM//NAME/JOHN DOE/REMI/Invoice 7/ISDT/2026-03-11\n"

    statements, _ = read_whole(message(ENTRY + information))

    entry = statements[0].entries[0]
    assert (entry.references, entry.counterparty, entry.description) == (
        ("BANK1", "E2E 1"),
        "JOHN DOE",
        "Invoice 7",
    )


def test_a_supplementary_line_and_words_between_colons_belong_to_the_text():
    entries = ENTRY + "/OCMT/EUR11,85/\n:86:Paid for\n:KO:NR:4711 APRIL\n"

    statements, findings = read_whole(message(entries))

    assert statements[0].entries[0].description == "Paid for :KO:NR:4711 APRIL /OCMT/EUR11,85/"
    assert findings == []


def test_an_information_after_the_closing_balance_belongs_to_no_entry():
    statements, findings = read_whole(message(foot=FOOT.replace("-\n", ":86:ALL WELL\n-\n")))

    assert (statements[0].entries[0].description, findings) == ("", [])


def test_pages_are_statements_of_one_number():
    first = message(foot=":62M:C260312EUR110,00\n-\n")
    head = HEAD.replace("/001", "/002").replace("60F:C260311EUR100", "60M:C260312EUR110")

    statements, findings = read_whole(first + message(head=head, foot=FOOT.replace("110", "120")))

    assert [(each.statement_id, each.page, each.is_last_page) for each in statements] == [
        ("42", 1, False),
        ("42", 2, True),
    ]
    assert findings == []


def test_an_interim_report_needs_no_balances():
    content = (
        b":20:R\n:25:123\n:28C:7/1\n:34F:EUR0,\n:13D:2603121200+0100\n" + ENTRY.encode() + b":90C:1EUR10,\n"
    )

    statements, findings = read_whole(content)

    assert (statements[0].kind, statements[0].currency, findings) == ("INTERIM", "EUR", [])


@pytest.mark.parametrize(
    "before, after, wanted",
    [
        (":20:REF1\n", "", (":20:", "mt940_headers_missing")),
        (":25:DE89370400440532013000\n", "", (":25:", "mt940_headers_missing")),
        (":28C:00042/001\n", "", (":28C:", "mt940_headers_missing")),
        (":60F:C260311EUR100,00\n", "", (":60F:", "mt940_balances_missing")),
        (":62F:C260312EUR110,00\n", "", (":62F:", "mt940_balances_missing")),
        ("EUR110,00", "EUR110.00", (":62F:", "")),
        ("C260311EUR", "C260311EUX", (":60F:", "")),
        ("C10,00N", "C1O,00N", (":61:", "")),
        ("C10,00N", "C10,005N", (":61: amount", "")),
        (":61:260312", ":61:261312", (":61: value date", "")),
        (":62F:C260312EUR", ":62F:C260312USD", (":62F:", "")),
        (":61:", ":25:OTHER\n:61:", (":25:", "")),
    ],
)
def test_what_is_wrong_is_found_with_the_switch_that_allows_it(before, after, wanted):
    content = message().decode()
    assert before in content

    _, findings = read_whole(content.replace(before, after).encode())

    assert wanted in fatal(findings)


def test_a_sum_that_does_not_hold_is_a_warning():
    _, findings = read_whole(message(foot=FOOT.replace("110", "111")))

    assert [(finding.field, finding.is_fatal) for finding in findings] == [(":62F:", False)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_every_encoding_and_end_of_line_is_read(encoding, ends):
    text = message(ENTRY + ":86:Müller\n").decode().replace("\n", ends) + "\x1a"

    statements, findings = read_whole(text.encode(encoding))

    assert statements[0].entries[0].description == "Müller"
    assert fatal(findings) == []


def information(text: str) -> Entry:
    [statement], _ = read_whole(message(ENTRY + f":86:{text}\n"))
    return statement.entries[0]


def test_a_tag_ends_where_the_next_begins():
    found = information(
        "109?00RETOURE?20EREF+E2E-4711?21KREF+K1 MREF+M1 CRED+DE98ZZZ0 OAMT+11,85 COAM+0,50?22SVWZ+MS03 NO"
        "?23 REASON IBAN: none?32TESTER?34914"
    )

    assert found.references[1:] == ("E2E-4711", "K1", "M1")
    assert found.description == (
        "RETOURE MS03 NO REASON IBAN: none Instructed 11,85. Charges 0,50. Return reason 914."
    )


def test_a_message_of_the_bank_is_no_part_of_the_reference():
    found = information("159?00RETOURE?100399?20EREF+TFNR 40005?21MTLG:Reject aus SEPA?34914")

    assert found.references[1:] == ("TFNR 40005",)
    assert found.description == "RETOURE Reject aus SEPA Return reason 914."


def test_in_whose_name_a_party_acts_and_words_before_the_tags_are_kept():
    found = information(
        "166?00GUTSCHRIFT?20Rechnung 7 SVWZ+bezahlt?21ABWA+Acme Health Plan?32Clearing House?34997"
    )

    assert found.counterparty == "Clearing House"
    assert found.description == "GUTSCHRIFT Rechnung 7 bezahlt Ultimate debtor Acme Health Plan."


@pytest.mark.parametrize(
    "text, counterparty, references, description",
    [
        (
            "/EREF/E1//CNTP/NL08ABNA0417164300/ABNANL2A/J JANSEN/UTRECHT///REMI/USTD//Factuur 7/",
            "J JANSEN", ("E1",), "Factuur 7",
        ),
        ("/CNTP/NL08/X/ACME///REMI/STRD/CUR/90010000123/", "ACME", ("90010000123",), "CUR/90010000123"),
        ("/RTRN/MS03//EREF/E1/NAME/ACME/REMI/back", "ACME", ("E1",), "back Return reason MS03."),
        ("/OCMT/USD12,00//CHGS/USD2,00//REMI/wire", "", (), "wire Instructed USD12,00. Charges USD2,00."),
    ],
)  # fmt: skip
def test_tags_of_other_banks_are_read(text, counterparty, references, description):
    found = information(text)

    assert (found.counterparty, found.references[1:], found.description) == (
        counterparty,
        references,
        description,
    )


def test_a_transaction_code_of_two_letters_is_no_part_of_the_reference():
    [statement], _ = read_whole(message(":61:260312C1,00NOV NONREF\n:61:260312C1,NGT TMG TANGO\n"))

    assert [(each.code, each.references) for each in statement.entries] == [
        ("NOV", ()),
        ("NGT", ("TMG TANGO",)),
    ]


@pytest.mark.parametrize(
    "again", [":60F:C260311EUR200,00\n", ":62F:C260312EUR120,00\n:62F:C260312EUR110,00\n"]
)
def test_two_balances_of_one_kind_are_refused(again):
    _, findings = read_whole(message(again + ENTRY))

    assert (again[:5], "") in fatal(findings)
