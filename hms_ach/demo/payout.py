"""What the card processor reported last: a payout that agrees, and one that keeps more than its contract."""

from datetime import date

from cashiering.commands import take_payout_report
from cashiering.models import CardBatch
from cashiering.rules.card_fee import FeeRate
from hms_ach.demo.network import Network, Place
from hms_ach.money import Money

_HEAD = "payout,paid_on,merchant,type,terminal,batch,sales,gross,fee,chargebacks,net"


def report_payouts(network: Network, place: Place, today: date) -> None:
    """One report with a payout for each of the last two batches that wait for the bank."""
    waiting = CardBatch.objects.filter(
        facility=place.facility, state="CLOSED", payout=None, gross_minor__gt=0
    )
    agreed = waiting.filter(agreement__isnull=False, difference_at=None, terminal_gross_minor=None)
    batches = list(agreed.select_related("agreement").order_by("-id")[:2])
    rows = [_row(batch, today, over=4_95 * n) for n, batch in enumerate(batches)]
    if rows:
        take_payout_report(
            content="\n".join((_HEAD, *rows)).encode(),
            name=f"payouts-{today:%Y%m%d}.csv",
            facility=place.facility,
            actor=network.who("demo-integrator"),
        )


def _row(batch: CardBatch, today: date, *, over: int) -> str:
    agreement = batch.agreement
    assert agreement is not None
    assert batch.gross_minor is not None
    gross = Money(batch.gross_minor, batch.currency)
    rate = FeeRate(
        agreement.fee_basis_points, Money(agreement.fee_fixed_minor, batch.currency), batch.sales or 0
    )
    fee = rate.fee_of(gross) + Money(over, batch.currency)
    return (
        f"PO-{batch.number:05}-{batch.terminal_id[-4:]},{today},{agreement.merchant_id},batch,{batch.terminal_id},"
        f"{batch.number},{batch.sales},{gross},{fee},0.00,{gross - fee}"
    )
