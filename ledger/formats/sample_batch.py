"""One batch as values, on which transforms are tried: two days, two currencies, a name that is a formula."""

from typing import Any

from ledger.formats.gl_batch import BatchHeader, BatchLine, BatchTrailer

HEADER = BatchHeader(
    id="glb_01SAMPLE",
    number="NORTH-GL-2026-000042",
    legal_entity="HOSP",
    facility="NORTH",
    business_on="2026-03-12",
    run=1,
    functional_currency="USD",
    built_at="2026-03-13T06:00:00Z",
    segment_names=("Account", "Cost centre"),
    account_index=0,
)


def line(number: int, category: str, account: str, debit: str, credit: str, **more) -> BatchLine:
    values: dict[str, Any] = {
        "effective_on": "2026-03-12",
        "segments": (f"6{account}", "0000"),
        "account_name": "Cash, in drawers",
        "facility": "NORTH",
        "department": "",
        "payer_class": "",
        "tender": "",
        "currency": "USD",
        "functional_debit": debit,
        "functional_credit": credit,
        "postings": 1,
        "entries": (f"ent_{number}a", f"ent_{number}b"),
    }
    return BatchLine(
        line=number, category=category, account=account, debit=debit, credit=credit, **(values | more)
    )


def lines() -> list[BatchLine]:
    return [
        line(1, "cash.drawer", "1005", "125.00", "25.00", tender="CASH", department="ER"),
        line(2, "receivable.patient", "1022", "0.00", "100.00", payer_class="SELF_PAY"),
        line(3, "fee.merchant", "8521", "0.00", "0.00", account_name="=cmd|' /C calc'!A0"),
        line(
            4,
            "cash.safe",
            "1004",
            "1.250",
            "0.000",
            currency="KWD",
            effective_on="2026-03-11",
            functional_debit="4.06",
            functional_credit="0.00",
        ),
        line(
            5,
            "cash.drawer",
            "1005",
            "0.000",
            "1.250",
            currency="KWD",
            effective_on="2026-03-11",
            functional_debit="0.00",
            functional_credit="4.06",
        ),
    ]


TRAILER = BatchTrailer(entries=4, lines=5, functional_debit="129.06", functional_credit="129.06")
