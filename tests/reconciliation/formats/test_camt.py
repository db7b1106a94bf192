"""Reading and writing camt.053."""

import tracemalloc
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hms_ach.refusal import FileRejected
from reconciliation.formats.camt import read, read_all, write
from reconciliation.formats.reading import Reading
from reconciliation.formats.statement import Entry, Statement

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"
DAY = date(2026, 3, 12)


def document(inside: str, *, head: str = HEAD, namespace: str = NAMESPACE) -> bytes:
    xmlns = f' xmlns="{namespace}"' if namespace else ""
    return f"{head}<Document{xmlns}><BkToCstmrStmt>{inside}</BkToCstmrStmt></Document>".encode()


def statement(
    entries: str = "", *, opening: str = "0.00", closing: str = "0.00", currency: str = "USD"
) -> str:
    return (
        "<Stmt><Id>S1</Id><Acct><Id><Othr><Id>123</Id></Othr></Id></Acct>"
        + balance("OPBD", opening, currency)
        + balance("CLBD", closing, currency)
        + entries
        + "</Stmt>"
    )


def balance(kind: str, amount: str, currency: str = "USD") -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy='{currency}'>{amount}</Amt>"
        "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-12</Dt></Dt></Bal>"
    )


def entry(
    amount: str = "1.00", *, side: str = "CRDT", status: str = "BOOK", currency: str = "USD", more=""
) -> str:
    return (
        f"<Ntry><Amt Ccy='{currency}'>{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>{status}</Sts>"
        f"<BookgDt><DtTm>2026-03-12T23:30:00Z</DtTm></BookgDt>{more}</Ntry>"
    )


@pytest.mark.parametrize(
    "namespace",
    [
        "",
        *(f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version:02d}" for version in range(1, 14)),
        "http://www.six-interbank-clearing.com/de/camt.053.001.04.xsd",
    ],
)
def test_every_version_and_none_is_read(namespace):
    statements, findings = read_all(document(statement(entry(), closing="1.00"), namespace=namespace))

    assert (statements[0].booked_minor, statements[0].difference_minor, findings) == (1_00, 0, [])


def test_a_status_as_code_a_bom_and_a_reversal_are_read_as_they_stand():
    reversal = entry(side="CRDT", status="<Cd>BOOK</Cd>", more="<RvslInd>true</RvslInd>")

    statements, _ = read_all(b"\xef\xbb\xbf" + document(statement(reversal, closing="1.00"), head=""))

    assert statements[0].entries[0].amount_minor == 1_00
    assert statements[0].entries[0].is_reversal


@pytest.mark.parametrize(
    "encoding, said",
    [
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "windows-1252"),
        ("latin-1", "ISO-8859-1"),
        ("utf-8-sig", "UTF-8"),
    ],
)
def test_every_encoding_that_banks_use_is_read(encoding, said):
    more = "<AddtlNtryInf>Müller</AddtlNtryInf>"
    content = document(statement(entry(more=more), closing="1.00"), head=HEAD.replace("UTF-8", said)).decode()

    statements, findings = read_all(content.encode(encoding))

    assert (statements[0].entries[0].description, findings) == ("Müller", [])


@pytest.mark.parametrize(
    "message, part, number, kind",
    [
        ("BkToCstmrStmt", "Stmt", 53, "FINAL"),
        ("BkToCstmrAcctRpt", "Rpt", 52, "INTERIM"),
        ("BkToCstmrAcctRptV01", "Rpt", 52, "INTERIM"),
        ("BkToCstmrDbtCdtNtfctn", "Ntfctn", 54, "NOTICE"),
    ],
)
def test_statements_reports_and_notices_are_told_apart(message, part, number, kind):
    content = document(statement(entry(), closing="1.00"), namespace=NAMESPACE.replace("053", f"0{number}"))
    content = content.replace(b"BkToCstmrStmt", message.encode()).replace(b"Stmt>", f"{part}>".encode())

    statements, findings = read_all(content)

    assert (statements[0].kind, len(statements[0].entries), findings) == (kind, 1, [])


def test_a_notice_may_leave_the_day_open_and_a_statement_may_not():
    undated = entry().replace("<BookgDt><DtTm>2026-03-12T23:30:00Z</DtTm></BookgDt>", "")
    final = document(statement(undated, closing="1.00"))
    notice = final.replace(b"BkToCstmrStmt", b"BkToCstmrDbtCdtNtfctn").replace(b"Stmt>", b"Ntfctn>")

    (_, wrong), (right, _) = read_all(final), read_all(notice.replace(b"053", b"054"))

    assert [(finding.field, finding.switch) for finding in wrong] == [("Ntry/BookgDt", "camt_days_missing")]
    assert right[0].entries[0].booked_on is None


def test_a_notice_without_days_is_about_the_day_it_was_made_on():
    undated = entry().replace("<BookgDt><DtTm>2026-03-12T23:30:00Z</DtTm></BookgDt>", "")
    made = "<CreDtTm>2026-03-12T08:00:00+01:00</CreDtTm>"
    inside = f"<Ntfctn><Id>N</Id>{made}<Acct><Id><IBAN>DE1</IBAN></Id></Acct>{undated}</Ntfctn>"
    content = document(inside).replace(b"BkToCstmrStmt", b"BkToCstmrDbtCdtNtfctn").replace(b"053", b"054")

    statements, findings = read_all(content)

    assert (statements[0].from_on, statements[0].to_on, findings) == (DAY, DAY, [])


def test_a_page_of_a_statement_may_lack_the_balances_of_the_others():
    pages = "<GrpHdr><MsgPgntn><PgNb>2</PgNb><LastPgInd>false</LastPgInd></MsgPgntn></GrpHdr>"
    whole = statement(entry())
    part = whole[: whole.index("<Bal>")] + entry() + "</Stmt>"

    statements, findings = read_all(document(pages + part))

    assert (statements[0].page, statements[0].is_last_page, findings) == (2, False, [])


def test_pending_and_information_do_not_move_the_balance():
    entries = entry("5.00", status="PDNG") + entry("6.00", status="INFO") + entry("1.00")

    statements, findings = read_all(document(statement(entries, closing="1.00")))

    assert (len(statements[0].entries), statements[0].booked_minor, findings) == (3, 1_00, [])


def test_a_sum_that_does_not_hold_is_a_warning():
    _, findings = read_all(document(statement(entry(), closing="2.00")))

    assert [(finding.field, finding.is_fatal) for finding in findings] == [("Bal", False)]


SUMMARY = (
    "<TxsSummry><TtlNtries><NbOfNtries>{0}</NbOfNtries><Sum>{1}</Sum></TtlNtries>"
    "<TtlCdtNtries><NbOfNtries>2</NbOfNtries><Sum>3.50</Sum></TtlCdtNtries>"
    "<TtlDbtNtries><NbOfNtries>1</NbOfNtries><Sum>{2}</Sum></TtlDbtNtries></TxsSummry>"
)


@pytest.mark.parametrize(
    ("said", "warned"),
    [
        (("3", "4.5", "1.00"), []),
        (("4", "4.50", "1.00"), ["TtlNtries/NbOfNtries"]),
        (("3", "4.51", "2.00"), ["TtlNtries/Sum", "TtlDbtNtries/Sum"]),
        (("3", "x", "1.00"), ["TtlNtries/Sum"]),
    ],
)
def test_what_the_summary_says_of_the_entries_is_checked(said, warned):
    entries = entry("1.50") + entry("2.00", status="PDNG") + entry("1.00", side="DBIT")

    _, findings = read_all(document(statement(SUMMARY.format(*said) + entries, closing="0.50")))

    assert [finding.field for finding in findings] == warned
    assert not any(finding.is_fatal for finding in findings)


@pytest.mark.parametrize(
    "amount, currency, minor",
    [("8.85000", "EUR", 8_85), ("7", "JPY", 7), ("1.250", "KWD", 1_250), ("12.5", "USD", 12_50)],
)
def test_up_to_five_decimals_are_read_by_the_currencys_digits(amount, currency, minor):
    content = document(statement(entry(amount, currency=currency), currency=currency))

    statements, _ = read_all(content)

    assert statements[0].entries[0].amount_minor == minor


@pytest.mark.parametrize("amount", ["8.855", "1e3", "-1.00", "NaN", "١٢", "1,00", "", "1.000000", "+1"])
def test_what_is_not_an_amount_is_a_finding_with_its_line(amount):
    _, findings = read_all(document("\n\n" + statement(entry(amount))))

    assert findings[0].is_fatal
    assert (findings[0].line, findings[0].field) == (3, "Ntry/Amt")


def test_all_findings_are_listed_not_the_first():
    _, findings = read_all(document(statement(entry("x") + entry("y") + entry(side="BOTH"))))

    assert len([finding for finding in findings if finding.is_fatal]) == 3


_LAUGHS = '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
_XXE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
HOSTILE = {
    "doctype": document(statement(), head=HEAD + "<!DOCTYPE Document>"),
    "laughs": document(statement(entry("&b;")), head=HEAD + _LAUGHS),
    "external entity": document(statement(entry("&x;")), head=HEAD + _XXE),
    "parameter entity": document(
        statement(), head=HEAD + '<!DOCTYPE d [<!ENTITY % p SYSTEM "http://x/">%p;]>'
    ),
    "instruction": document(statement(), head=HEAD + '<?xml-stylesheet href="x"?>'),
    "xinclude": document(
        "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='/etc/passwd' parse='text'/>"
    ),
    "attributes": document("<Stmt " + " ".join(f"a{n}='1'" for n in range(33)) + "/>"),
    "200,000 attributes": document("<Stmt " + " ".join(f"a{n}='1'" for n in range(200_000)) + "/>"),
    "long attribute": document(f"<Stmt a='{'x' * 8_000_000}'/>"),
    "deep": document("<a>" * 100_000 + "</a>" * 100_000),
    "long text": document(statement(entry(more=f"<AddtlNtryInf>{'x' * 1_000_000}</AddtlNtryInf>"))),
    "long comment": document(f"<!--{'x' * 1_000_000}-->"),
    "utf-32": document(statement()).decode().encode("utf-32"),
    "utf-7": document(statement(), head='<?xml version="1.0" encoding="UTF-7"?>'),
    "ebcdic": document(statement(), head='<?xml version="1.0" encoding="cp037"?>'),
    "half of utf-16": document(statement()).decode().encode("utf-16")[:-1],
    "nul": document(statement()) + b"\x00",
    "not utf-8": document(statement()).replace(b"S1", b"S\xff"),
    "truncated": document(statement(entry()))[:-40],
    "empty": b"",
    "another message": document(statement(), namespace="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"),
    "html": b"<html><body>Sign in</body></html>",
    "gzip": b"\x1f\x8b\x08\x00" + b"\x00" * 100,
    "no statement": document("<GrpHdr><MsgId>1</MsgId></GrpHdr>"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_little_memory(name):
    tracemalloc.start()

    with pytest.raises(FileRejected):
        read_all(HOSTILE[name])

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_but_a_refusal(content):
    for attempt in (content, document(statement(entry(more="<X/>"))).replace(b"<X/>", content)):
        try:
            read_all(attempt)
        except FileRejected:
            continue


@given(
    st.lists(
        st.tuples(
            st.integers(-(10**12), 10**12).filter(bool),
            st.text("ABC0123456789-", min_size=1, max_size=35),
            st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=100),
        ),
        max_size=5,
    )
)
def test_what_is_written_is_read_back_the_same(rows):
    entries = tuple(
        Entry(
            minor,
            "USD",
            DAY,
            DAY,
            bank_reference=f"B{n}",
            references=(f"B{n}", f"{n}{reference}"[:35]),
            description=text,
        )
        for n, (minor, reference, text) in enumerate(rows)
    )
    total = sum(minor for minor, _, _ in rows)
    said = Statement("US-1", "S1", "USD", 100, 100 + total, DAY, DAY, sequence=7, entries=entries)

    statements, findings = read_all(write(said))

    assert findings == []
    kept = [(each.amount_minor, each.references, each.description) for each in statements[0].entries]
    assert kept == [(each.amount_minor, each.references, each.description.strip()) for each in entries]
    assert statements[0].difference_minor == 0


def test_a_statement_that_does_not_add_up_is_not_written():
    with pytest.raises(FileRejected, match="does not add up"):
        write(Statement("US-1", "S1", "USD", 0, 1, DAY, DAY))


def test_memory_does_not_grow_with_the_file():
    def chunks(count: int):
        yield document(statement()).split(b"</Stmt>")[0]
        for _ in range(count):
            yield entry(
                more="<NtryDtls><TxDtls><Refs><EndToEndId>E</EndToEndId></Refs></TxDtls></NtryDtls>"
            ).encode()
        yield b"</Stmt></BkToCstmrStmt></Document>"

    def peak(count: int) -> int:
        tracemalloc.start()
        for _ in read(chunks(count), Reading()):
            continue
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(4_000) < peak(1_000) + 500_000
