"""X and Z reads: one function computes both. Cash appears only after the count is committed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Sum

from cashiering.models import Payment, Session, Tender
from cashiering.queries.expected_cash import counted_cash, drawer_flows, foreign_currencies
from cashiering.queries.opening import OpeningShown, openings_of
from hms_ach.money import Money


@dataclass(frozen=True, slots=True)
class TenderRead:
    """One tender: in how many payments, and how much; None for cash that is not counted yet.

    worth  what foreign cash paid in the session's own currency, with the change that was given on it
    """

    kind: str
    currency: str
    payments: int
    amount: Money | None
    worth: Money | None
    is_foreign: bool

    @property
    def label(self) -> str:
        """The tender in words."""
        label = str(Tender.Kind(self.kind).label)
        return f"{label} in {self.currency}" if self.is_foreign else label


@dataclass(frozen=True, slots=True)
class DrawerRead:
    """The cash of one currency, after the count."""

    expected: Money
    counted: Money
    flows: dict[str, int]

    @property
    def difference(self) -> Money:
        return self.counted - self.expected


@dataclass(frozen=True, slots=True)
class TillRead:
    """The figures of a session. is_final says that the count is committed: a Z read."""

    session: Session
    is_final: bool
    receipts: int
    voids: int
    no_sales: int
    openings: list[OpeningShown]
    tenders: list[TenderRead]
    drawers: list[DrawerRead]

    def as_json(self) -> dict[str, Any]:
        """As the API shows it and a Z read keeps it."""
        return {
            "session": self.session.public_id,
            "number": self.session.number,
            "register": self.session.register.public_id,
            "business_on": self.session.business_on.isoformat(),
            "state": self.session.state,
            "is_final": self.is_final,
            "receipts": self.receipts,
            "voids": self.voids,
            "no_sales": self.no_sales,
            "openings": [one.as_json(is_final=self.is_final) for one in self.openings],
            "tenders": [
                {
                    "kind": one.kind,
                    "currency": one.currency,
                    "payments": one.payments,
                    "amount": one.amount.as_json() if one.amount is not None else None,
                    "worth": one.worth.as_json() if one.worth is not None else None,
                }
                for one in self.tenders
            ],
            "drawers": [
                {
                    "expected": one.expected.as_json(),
                    "counted": one.counted.as_json(),
                    "difference": one.difference.as_json(),
                    "flows": {
                        name: Money(minor, one.counted.currency).as_json()
                        for name, minor in one.flows.items()
                    },
                }
                for one in self.drawers
            ],
        }


def till_read(session: Session) -> TillRead:
    """Read a session. Before its count is committed no figure tells what its cash should be.

    Eight SQL queries, and two for each foreign currency.
    """
    is_final = session.counted_minor is not None
    live = Tender.objects.filter(payment__session=session, payment__void__isnull=True)
    sums = live.values("kind", "currency", "foreign_currency").annotate(
        payments=Count("payment_id", distinct=True), amount=Sum("amount_minor"), notes=Sum("foreign_minor")
    )
    payments = Payment.objects.filter(session=session)
    return TillRead(
        session=session,
        is_final=is_final,
        receipts=payments.count(),
        voids=payments.filter(void__isnull=False).count(),
        no_sales=session.movements.filter(kind="NO_SALE").count(),
        openings=openings_of(session),
        tenders=[_tender(row, is_final) for row in sums.order_by("kind", "currency", "foreign_currency")],
        drawers=_drawers(session) if is_final else [],
    )


def _tender(row: Mapping[str, Any], is_final: bool) -> TenderRead:
    is_hidden, foreign = row["kind"] == "CASH" and not is_final, row["foreign_currency"]
    own = Money(int(row["amount"]), row["currency"])
    amount = Money(int(row["notes"]), foreign) if foreign else own
    return TenderRead(
        kind=row["kind"],
        currency=amount.currency,
        payments=row["payments"],
        amount=None if is_hidden else amount,
        worth=own if foreign and not is_hidden else None,
        is_foreign=bool(foreign),
    )


def _drawers(session: Session) -> list[DrawerRead]:
    counted = counted_cash(session)
    reads = []
    for currency in (session.currency, *foreign_currencies(session)):
        flows = drawer_flows(session, currency)
        amounts = {name: getattr(flows, name) for name in type(flows).__slots__}
        reads.append(
            DrawerRead(
                expected=Money(flows.expected, currency),
                counted=counted.get(currency, Money.zero(currency)),
                flows=amounts,
            )
        )
    return reads
