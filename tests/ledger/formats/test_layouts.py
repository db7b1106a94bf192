"""Each layout against its golden file: a change of any byte shows in the diff."""

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from ledger.formats import oracle, peoplesoft, workday
from ledger.formats.layouts import LAYOUTS
from ledger.formats.sample_batch import HEADER, TRAILER, line, lines

GOLDEN = Path(__file__).parent / "golden"


def written(name: str) -> bytes:
    header = replace(HEADER, settings={"oracle_ledger_id": "300000046975971"})
    return b"".join(LAYOUTS[name].write(header, iter(lines()), TRAILER))


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_gives_its_golden_file(name):
    assert written(name) == (GOLDEN / f"{name}.{LAYOUTS[name].extension}").read_bytes()


# Columns of Oracle's JournalImportTemplate by position ("FBDI Values for GL_INTERFACE TABLE").
ORACLE = {
    1: "Status Code",
    3: "Effective Date of Transaction",
    4: "Journal Source",
    6: "Currency Code",
    8: "Actual Flag",
    9: "Segment1",
    38: "Segment30",
    39: "Entered Debit Amount",
    40: "Entered Credit Amount",
    41: "Converted Debit Amount",
    43: "REFERENCE1 (Batch Name)",
    46: "REFERENCE4 (Journal Entry Name)",
    52: "REFERENCE10 (Journal Entry Line Description)",
}
# Header fields of Workday's connector layout, in its order; a file may leave some out.
WORKDAY = (
    "JournalKey AccountingJournalID AccountingJournalReferenceIDType AccountingJournalReferenceID Submit "
    "DisableOptionalWorktagBalancing LockedinWorkday AddOnlyJournal CreateJournalwithErrors "
    "RoundLedgerAmounts JournalNumber CompanyReferenceIDType CompanyReferenceID Currency LedgerType BookCode "
    "AccountingDate JournalSource BalancingWorktagReferenceIDType BalancingWorktagReferenceID "
    "RecordQuantity JournalEntryMemo JournalExternalReferenceID DocumentLink AdjustmentJournal "
    "IncludeTaxLines CreateReversal ReversalDate ControlTotalAmount"
).split()
# Fields of its lines, in the order in which public integrations write them.
WORKDAY_LINE = (
    "JournalLineOrder LineCompanyReferenceIDType LineCompanyReferenceID "
    "LedgerAccountReferenceID_ParentIDType LedgerAccountReferenceID_ParentID "
    "LedgerAccountReferenceIDType LedgerAccountReferenceID LineMemo "
    "DebitAmount CreditAmount LineCurrency LineCurrencyRate LedgerDebitAmount LedgerCreditAmount "
    "JournalLineExternalReferenceID"
).split()
# "Using the Flat File Journal Import Process", file format for the journal header: column and length.
PEOPLESOFT = {
    "business_unit": (2, 5),
    "journal_id": (7, 10),
    "journal_date": (17, 8),
    "adjusting": (25, 1),
    "ledger_group": (37, 10),
    "ledger": (47, 10),
}


def test_a_layout_has_the_fields_of_its_product_where_that_has_them():
    assert {place: oracle.COLUMNS[place - 1] for place in ORACLE} == ORACLE
    said = workday.COLUMNS[: workday.COLUMNS.index("JournalLineOrder")]
    assert said == [name for name in WORKDAY if name in said]
    of_line = workday.COLUMNS[workday.COLUMNS.index("JournalLineOrder") :]
    assert of_line == [name for name in WORKDAY_LINE if name in of_line]
    assert {name: peoplesoft.HEADER[name] for name in PEOPLESOFT} == PEOPLESOFT


def test_json_and_json_lines_say_the_same():
    whole = json.loads(written("json"))
    records = [json.loads(line) for line in written("jsonl").splitlines()]

    assert [{"record": "line"} | line for line in whole["lines"]] == records[1:-1]
    assert whole["lines"][0]["entries"] == ["ent_1a", "ent_1b"]


@pytest.mark.parametrize(
    "name, debit, credit",
    [
        ("fbdi", "Entered Debit Amount", "Entered Credit Amount"),
        ("workday", "DebitAmount", "CreditAmount"),
        ("netsuite", "Debit", "Credit"),
    ],
)
def test_a_table_balances_and_never_has_both_sides_in_a_row(name, debit, credit):
    text = io.StringIO(written(name).decode(), newline="")
    heading = oracle.COLUMNS if name == "fbdi" else None
    rows = list(csv.DictReader(text, fieldnames=heading))

    assert all(bool(row[debit]) != bool(row[credit]) for row in rows)
    assert sum(Decimal(row[debit] or 0) - Decimal(row[credit] or 0) for row in rows) == 0


def test_each_peoplesoft_journal_balances_and_its_control_record_agrees():
    amount_at, length = peoplesoft.LINE["amount"]
    sums: list[Decimal] = []
    for row in written("peoplesoft").decode("ascii").splitlines():
        if row[0] == "H":
            sums.append(Decimal(0))
        elif row[0] == "L":
            sums[-1] += Decimal(row[amount_at - 1 : amount_at - 1 + length])
        elif row[0] == "C":
            debit, credit = (row[first - 1 : first - 1 + size] for first, size in _totals())
            assert Decimal(debit) + Decimal(credit) == 0

    assert sums == [0, 0]


def _totals():
    return [peoplesoft.CONTROL["debit"], peoplesoft.CONTROL["credit"]]


def test_sap_amounts_are_never_negative_and_sides_balance():
    rows = [row.split("\t") for row in written("sap").decode().splitlines()]
    signs = {"S": 1, "H": -1}
    amounts = [(signs[row[8]], Decimal(row[10])) for row in rows[1:-1]]

    assert all(amount > 0 for _sign, amount in amounts)
    assert sum(sign * amount for sign, amount in amounts) == 0


# 100 euros at 1.20 that were carried at 1.10: what was gained is worth dollars, and is no amount of euros.
EUROS = {"currency": "EUR", "effective_on": "2026-03-12"}
GAINED = [
    line(1, "cash.safe", "1004", "100.00", "0.00", **EUROS | {"functional_debit": "120.00"}),
    line(2, "receivable.patient", "1022", "0.00", "100.00", **EUROS | {"functional_credit": "120.00"}),
    line(3, "receivable.patient", "1022", "0.00", "0.00", **EUROS | {"functional_debit": "10.00"}),
    line(4, "fx.gain_loss", "8530", "0.00", "0.00", **EUROS | {"functional_credit": "10.00"}),
]


def test_netsuite_gets_what_lines_are_worth_and_is_told_the_foreign_amount():
    text = b"".join(LAYOUTS["netsuite"].write(HEADER, iter(GAINED), TRAILER)).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))

    assert [(row["Debit"], row["Credit"]) for row in rows] == [
        ("120.00", ""),
        ("", "120.00"),
        ("10.00", ""),
        ("", "10.00"),
    ]
    assert {(row["External ID"], row["Currency"]) for row in rows} == {
        ("NORTH-GL-2026-000042-2026-03-12", "USD")
    }
    assert rows[0]["Line Memo"] == "1 cash.safe 100.00 EUR"


def field(row: str, name: str) -> str:
    first, length = peoplesoft.LINE[name]
    return row[first - 1 : first - 1 + length].strip()


def test_peoplesoft_gets_base_and_foreign_amounts():
    text = b"".join(LAYOUTS["peoplesoft"].write(HEADER, iter(GAINED), TRAILER)).decode("ascii")
    rows = [row for row in text.splitlines() if row[0] == "L"]

    assert [(field(row, "amount"), field(row, "foreign_amount"), field(row, "currency")) for row in rows] == [
        ("120.00", "100.00", "EUR"),
        ("-120.00", "-100.00", "EUR"),
        ("10.00", "0.00", "EUR"),
        ("-10.00", "0.00", "EUR"),
    ]


def test_parts_of_the_code_stand_in_the_fields_that_they_are_called_like():
    header = replace(HEADER, segment_names=("Account", "cost centre", "Fund", "Location", "Profit Center"))
    of_code = line(1, "cash.safe", "1004", "1.00", "0.00", segments=("61004", "4711", "UNR", "EAST", "P1"))

    (peoplesofts,) = (
        row
        for row in b"".join(LAYOUTS["peoplesoft"].write(header, iter([of_code]), TRAILER))
        .decode()
        .splitlines()
        if row[0] == "L"
    )
    netsuites = b"".join(LAYOUTS["netsuite"].write(header, iter([of_code]), TRAILER)).decode().splitlines()[1]
    saps = b"".join(LAYOUTS["sap"].write(header, iter([of_code]), TRAILER)).decode().splitlines()[1]

    assert (field(peoplesofts, "department"), field(peoplesofts, "fund")) == ("4711", "UNR")
    assert netsuites.endswith(",4711,,EAST")
    assert saps.split("\t")[12:14] == ["4711", "P1"]
    heading = next(LAYOUTS["workday"].write(header, iter([of_code]), TRAILER)).decode()
    assert heading.rstrip().endswith(
        "Worktag_Cost_Center_Reference_ID,Worktag_Fund_ID,Worktag_Location_ID,Worktag_Profit_Center_ID"
    )


def test_workday_is_told_the_set_of_its_accounts_where_one_is_set():
    header = replace(HEADER, settings={"workday_account_set": "Corporate"})
    text = b"".join(LAYOUTS["workday"].write(header, iter(lines()), TRAILER)).decode()

    (row, *_rest) = csv.DictReader(io.StringIO(text, newline=""))
    named = [row[f"LedgerAccountReferenceID{end}"] for end in ("_ParentIDType", "_ParentID", "Type", "")]
    assert named == ["Account_Set_ID", "Corporate", "Ledger_Account_ID", "61005"]


def test_each_sap_document_numbers_its_items_from_one():
    rows = [row.split("\t") for row in written("sap").decode().splitlines()[1:-1]]

    assert [(row[4], row[7]) for row in rows] == [
        ("KWD", "001"),
        ("KWD", "002"),
        ("USD", "001"),
        ("USD", "002"),
        ("USD", "003"),
    ]
    assert {row[5] for row in rows} == {"NORTH26000042"}
