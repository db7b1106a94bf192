"""What came back or came by the box: a chargeback to confirm, and a lockbox whose stubs prove most."""

import io
import zipfile
from datetime import date
from pathlib import Path

from billing.models import Invoice
from cashiering.commands import report_payment_return, take_lockbox_file
from cashiering.models import Tender
from hms_ach import calendars, clock
from hms_ach.demo.network import Network, Place

SCANS = Path(__file__).parent / "scans"
_LOCKBOX = "7700412"
_ROUTING, _ACCOUNT = "021000021", "4400917732"


def charge_back(network: Network, place: Place) -> None:
    """The processor took a card sale back; the reviewer reported it, and another person confirms it."""
    paid = Tender.objects.filter(
        kind="CARD", payment__facility=place.facility, card_batch__state="SETTLED", payment__void=None
    )
    sale = paid.filter(refunded_minor=0, payment__refunds=None).order_by("-id").first()
    if sale is not None:
        report_payment_return(
            tender=sale,
            reason="DISPUTED",
            note="The cardholder says that the visit was cancelled",
            bank_reference="CB-2026-0117",
            returned_on=clock.today(place.facility.timezone),
            actor=network.who("reviewer.eve"),
        )


def open_lockbox(network: Network, place: Place, today: date) -> None:
    """Yesterday's letters: two cheques with stubs, one for two invoices, and one whose stub is stained."""
    due = Invoice.objects.filter(facility=place.facility, state="ISSUED", kind="PATIENT", settled_minor=0)
    bills = list(due.order_by("issued_on", "id")[:3])
    if len(bills) < 3:
        return
    first, *both = [(bill.number or "", bill.total_minor) for bill in bills]
    cheques = [[first], both, [("", 88_40)]]
    take_lockbox_file(
        content=_packed(_file(cheques, calendars.add_banking_days(today, -1))),
        name=f"lockbox-{_LOCKBOX}-{today:%Y%m%d}.zip",
        facility=place.facility,
        actor=network.who("demo-integrator"),
    )


def _packed(file: bytes) -> bytes:
    """The file with what the bank scanned of the third cheque, whose stub its machine could not read."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("lockbox.txt", file)
        archive.write(SCANS / "cheque.png", "001-003-F.png")
        archive.write(SCANS / "stub.png", "001-003-S.png")
    return packed.getvalue()


def _file(cheques: list[list[tuple[str, int]]], on: date) -> bytes:
    """A BAI lockbox file of one batch; docs/formats/lockbox.md has the layout."""
    day, minors = f"{on:%y%m%d}", [sum(minor for _bill, minor in each) for each in cheques]
    where = f"{'NORTHFIELD':<10}{_ROUTING:<10}"
    rows = [f"101{where}{day}1830", f"2{where}00000000004000800080", f"5001000{_LOCKBOX}{day}{where}"]
    for item, (stubs, minor) in enumerate(zip(cheques, minors, strict=True), start=1):
        rows.append(f"6001{item:03}{minor:010}{_ROUTING}{_ACCOUNT}{2040 + item:010}")
        named = [(bill.replace("-", ""), part) for bill, part in stubs if bill]
        for n, (bill, part) in enumerate(named, start=1):
            rows.append(f"4001{item:03}6{n:02}{9 if n == len(named) else 0}{bill:<16}{part:010}")
    count, total = len(cheques), sum(minors)
    rows.append(f"7001{count:03}{_LOCKBOX}{day}{count:03}{total:010}")
    rows.append(f"8001000{_LOCKBOX}{day}{count:04}{total:010}")
    rows.append(f"9{len(rows) + 1:06}")
    return "".join(f"{row:<80}\n" for row in rows).encode()
