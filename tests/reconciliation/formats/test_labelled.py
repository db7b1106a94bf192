"""Names and references behind the labels that banks write into texts; the names are made up."""

import pytest

from reconciliation.formats.labelled import labelled

ACH = (
    "ORIG CO NAME:Acme Health. ORIG ID:7316401164 DESC DATE:250401 CO ENTRY DESCR:HCCLAIMPMTSEC:CCD "
    "TRACE#:042000014008466 EED:250402 IND ID:L203485 IND NAME:COUNTY HOSPITAL TRN: 0924008466TC"
)
NAME_FIRST = (
    "ACME - ECHO DES:HCCLAIMPMT ID:823830674 INDN:COUNTY HOSPITAL CO ID:1341858386 CCD "
    "PMT INFO:TRN*1*1256512458*1341858379\\"
)
WIRE = (
    "FEDWIRE CREDIT VIA: FIRSTBANK/107005047 B/O: ACME, L.L.C. CENTENNIAL CO REF: CHASE NYC/CTR/"
    "BNF=COUNTY HOSPITAL/AC-000000008859 RFB=O/B FIRSTBK OBI=INVOICE 7 IMAD: 0411QMGFT006001518"
)
BOTH = (
    "ACH Credit Reject,From: ACME EREF: GSQ4FBGFDGWGKY CRNM: County Hospital DBNM: ACME INC DACT: 101152046"
)
ADDRESS = "FED NO: 20100831L1B77D1C  ORG:=OPTIONS LINK  ORG ADDRESS:=185 B ST OBI:=INVOICE 123456"


@pytest.mark.parametrize(
    "text, name, references",
    [
        (ACH, "Acme Health.", ("042000014008466", "0924008466TC")),
        (NAME_FIRST, "ACME - ECHO", ("1256512458",)),
        (WIRE, "ACME, L.L.C. CENTENNIAL CO", ("0411QMGFT006001518",)),
        (BOTH, "ACME INC", ("GSQ4FBGFDGWGKY",)),
        (ADDRESS, "OPTIONS LINK", ("20100831L1B77D1C",)),
    ],
    ids=["ach", "name first", "wire", "both parties", "address"],
)
def test_a_credit_is_from_whom_the_bank_names_first(text, name, references):
    found = labelled(text, is_debit=False)

    assert (found.counterparty, found.references) == (name, references)


@pytest.mark.parametrize(
    "text, name",
    [
        (
            "FEDWIRE DEBIT VIA: FIRSTBANK/121000248 A/C: ACME CORPORATION IMAD: 0812B1QGC08C005138",
            "ACME CORPORATION",
        ),
        ("EREF: GSV0DL6RKT CRNM: ACME DBNM: COUNTY HOSPITAL", "ACME"),
        ("ORIG CO NAME:STATE TAX ORIG ID:99 CO ENTRY DESCR:TAX", "STATE TAX"),
    ],
)
def test_a_debit_is_to_whom_the_bank_pays(text, name):
    assert labelled(text, is_debit=True).counterparty == name


@pytest.mark.parametrize(
    "text", ["", "DEPOSIT", "PAID 12:30 IN CASH", "SEE: NOTE", "REF: X", "TRACE#: NONE", "PORG:ANA", "A*B*C"]
)
def test_a_text_without_known_labels_says_nothing(text):
    assert labelled(text, is_debit=False) == ("", ())
