"""Files of rates: all of it, or a refusal that says where."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hms_ach.refusal import FileRejected
from ledger.formats.exchange_rates import read_rates

ECB = b"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
  xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
  <gesmes:subject>Reference rates</gesmes:subject>
  <Cube><Cube time='2026-03-12'>
    <Cube currency='USD' rate='1.0951'/>
    <Cube currency='JPY' rate='163.45'/>
  </Cube><Cube time='2026-03-11'><Cube currency='USD' rate='1.0912'/></Cube></Cube>
</gesmes:Envelope>"""


def test_the_central_banks_file_is_read_with_its_days():
    rates = read_rates(ECB)

    assert [(each.on, each.base, each.quote, each.rate) for each in rates] == [
        (date(2026, 3, 12), "EUR", "USD", Decimal("1.0951")),
        (date(2026, 3, 12), "EUR", "JPY", Decimal("163.45")),
        (date(2026, 3, 11), "EUR", "USD", Decimal("1.0912")),
    ]


def test_a_table_is_read():
    (rate,) = read_rates(b"date,base,quote,rate\n2026-03-12,KWD,USD,3.2541\n")

    assert (rate.line, rate.base, rate.quote, rate.rate) == (2, "KWD", "USD", Decimal("3.2541"))


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "first row is not"),
        (b"date,base,quote,rate\n", "holds no rate"),
        (b"date,base,quote,rate\n2026-03-12,EUR,USD\n", "3 cells instead of 4"),
        (b"date,base,quote,rate\n12.3.2026,EUR,USD,1\n", "Line 2: '12.3.2026' is no day"),
        (b"date,base,quote,rate\n2026-03-12,EUR,XXQ,1\n", "no ISO 4217"),
        (b"date,base,quote,rate\n2026-03-12,EUR,EUR,1\n", "against itself"),
        (b"date,base,quote,rate\n2026-03-12,EUR,USD,0\n", "is no rate"),
        (b"date,base,quote,rate\n2026-03-12,EUR,USD,-1\n", "is no rate"),
        (b"date,base,quote,rate\n2026-03-12,EUR,USD,1e3\n", "is no rate"),
        (b"date,base,quote,rate\n2026-03-12,EUR,USD,1\n2026-03-12,EUR,USD,2\n", "two rates"),
        (b"<Cube><Cube time='2026-03-12'><Cube currency='USD' rate='1,1'/></Cube></Cube>", "is no rate"),
        (b"<Cube><Cube currency='USD' rate='1.1'/></Cube>", "is no day"),
        (b"<Cube time='2026-03-12'>", "not XML"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><Cube/>", "document type"),
        (b"<a>" * 40 + b"</a>" * 40, "nested deeper"),
    ],
)
def test_anything_else_is_refused_whole(content, words):
    with pytest.raises(FileRejected, match=words):
        read_rates(content)


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: f"<Cube {text}/>".encode()))
def test_whatever_comes_is_read_or_refused(content):
    with suppress(FileRejected):
        assert read_rates(content)
