"""Taking rates in: all or nothing, once, with what follows from them."""

from datetime import date
from decimal import Decimal

import pytest

from hms_ach.outbox.models import Event
from hms_ach.refusal import FileRejected
from ledger.commands import RateUnusable, import_rates, record_rate
from ledger.models import ExchangeRate
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
TABLE = b"date,base,quote,rate\n2026-03-12,EUR,USD,1.0951\n2026-03-12,EUR,JPY,163.45\n"


def test_rates_are_taken_once_with_those_crossed_into_the_books_currency():
    make.book()
    gil = make.person("gil")

    first = import_rates(content=TABLE, source="ECB", actor=gil)
    again = import_rates(content=TABLE, source="ECB", actor=gil)

    assert (first.added, first.crossed, first.known) == (2, 1, 0)
    assert (again.added, again.crossed, again.known) == (0, 0, 3)
    yen = ExchangeRate.objects.get(base="JPY", quote="USD")
    assert (yen.rate, yen.minor_rate, yen.via, yen.source) == (
        Decimal("0.0066999082"),
        Decimal("0.66999082"),
        "EUR",
        "ECB",
    )
    assert Event.objects.filter(type="rate.changed").count() == 1


def test_a_corrected_rate_is_recorded_beside_the_first():
    make.book()
    gil = make.person("gil")
    import_rates(content=TABLE, source="ECB", actor=gil)

    import_rates(content=TABLE.replace(b"1.0951", b"1.0952"), source="ECB", actor=gil)

    rates = ExchangeRate.objects.filter(base="EUR", quote="USD").order_by("id")
    assert [rate.rate for rate in rates] == [Decimal("1.0951"), Decimal("1.0952")]


def test_one_wrong_line_leaves_nothing_behind():
    make.book()

    with pytest.raises(FileRejected, match="Line 4"):
        import_rates(content=TABLE + b"2026-03-12,EUR,KWD,x\n", source="ECB", actor=make.person("gil"))

    assert not ExchangeRate.objects.exists()


@pytest.mark.parametrize("rate", ["0", "-1", "0.00000000001"])
def test_a_rate_that_is_none_is_refused(rate):
    with pytest.raises(RateUnusable):
        record_rate(
            base="EUR",
            quote="USD",
            on=date(2026, 3, 12),
            rate=Decimal(rate),
            source="Desk",
            actor=make.person("gil"),
        )
