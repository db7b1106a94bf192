"""Taking rates in: all or nothing, once, with what follows from them."""

from datetime import date
from decimal import Decimal

import pytest

from hms_ach.outbox.models import Event
from hms_ach.refusal import FileRejected
from ledger.commands import RateUnusable, import_rates, record_rate, take_rates
from ledger.commands.exchange_rate import RateDoubtful
from ledger.models import ExchangeRate
from ledger.rules.exchange_rate import Quoted
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


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("2026-03-13,EUR,USD,10.951", "it was 1.0951 on 2026-03-12"),
        ("2026-03-12,EUR,USD,0.5", "it was 1.0951 on 2026-03-12"),
        ("2026-03-20,USD,EUR,1.1\n2026-03-20,EUR,USD,1.1", "EUR to USD is 1.1 on the same day"),
        ("2099-03-12,EUR,USD,1.1", "days ahead"),
        ("2026-03-12,EUR,CHF,0.95\n2026-03-14,EUR,CHF,95", "it was 0.95 on 2026-03-12"),
    ],
)
def test_what_no_source_would_say_is_refused_and_nothing_taken(row, says):
    gil = make.person("gil")
    import_rates(content=TABLE, source="ECB", actor=gil)
    standing = ExchangeRate.objects.count()

    with pytest.raises(FileRejected, match=says):
        import_rates(content=f"date,base,quote,rate\n{row}\n".encode(), source="Fed", actor=gil)
    rates = [Quoted(0, date.fromisoformat(d), b, q, Decimal(r)) for d, b, q, r in map(_cells, row.split())]
    with pytest.raises(RateDoubtful, match=says):
        take_rates(quoted=rates, source="Fed", actor=gil)

    assert ExchangeRate.objects.count() == standing


def test_what_was_recorded_by_hand_first_is_taken():
    gil = make.person("gil")
    import_rates(content=TABLE, source="ECB", actor=gil)
    day = date(2026, 3, 13)
    record_rate(base="EUR", quote="USD", on=day, rate=Decimal("3"), source="Treasury", actor=gil)

    content = b"date;base;quote;rate\n2026-03-14;eur;usd;3.1\n"
    assert import_rates(content=content, source="ECB", actor=gil).added == 1


def _cells(line: str) -> list[str]:
    return line.split(",")
