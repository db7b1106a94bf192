"""The safe of the demo, counted by two each evening; and what waits at the till today."""

from datetime import date

from cashiering.commands import (
    approve_opening_rule,
    approve_safe_count,
    ask_change,
    ask_opening_rule,
    audit_till,
    confirm_safe_count,
    count_safe,
    fill_change,
    report_cheque_return,
    request_refund,
    request_void,
    take_suspect_note,
)
from cashiering.models import Payment, Tender
from cashiering.queries import safe_holds, sealed_bags
from hms_ach.access.commands import set_pin
from hms_ach.demo.catalogue import DEMO_PIN, STAFF
from hms_ach.demo.hours import moment, not_after_now
from hms_ach.demo.network import Network, Place
from hms_ach.demo.shift import Shift, pieces
from hms_ach.money import Money, total

MISSING_MINOR = 5_00


def count_the_safe(
    network: Network, place: Place, day: date, *, is_missing: bool = False, is_confirmed: bool = True
) -> None:
    """Count loose cash and bags; a second person confirms, and a third accepts what is missing."""
    cora, noa = network.who("headcashier.cora"), network.who("headcashier.noa")
    facility, currency = place.facility, place.facility.currency
    with not_after_now(moment(place, day, 18, 30)):
        bags = sealed_bags(facility)
        loose = safe_holds(facility) - total([bag.amount for bag in bags], currency)
        loose -= Money(MISSING_MINOR if is_missing else 0, currency)
        count = count_safe(
            facility=facility,
            denominations=pieces(loose.minor, currency),
            bags=[bag.number for bag in bags],
            actor=cora,
        )
        if not is_confirmed:
            return
        confirm_safe_count(count=count, total=Money(count.total_minor, currency), actor=noa)
        if is_missing:
            reason, third = "Searched by both; not found", network.who("controller.gil")
            approve_safe_count(count=count, reason=reason, actor=third)


def confirm_openings(network: Network, place: Place) -> None:
    """From now on another person confirms what a drawer here is opened with, by the PIN of the demo."""
    asked = ask_opening_rule(
        facility=place.facility, is_confirmed=True, actor=network.who("headcashier.cora")
    )
    approve_opening_rule(rule=asked, actor=network.who("controller.gil"))
    for person in STAFF:
        if {"CASHIER", "HEAD_CASHIER"} & set(person.roles):
            user = network.who(person.username)
            set_pin(user=user, pin=DEMO_PIN, actor=user)


def leave_work_at_the_till(network: Network, place: Place, shift: Shift, day: date) -> None:
    """A drawer was audited, gave a suspect note away and asks for change; a refund, a void, a cheque wait."""
    session, cashier = shift.session, shift.cashier
    with not_after_now(shift.time):
        audit_till(
            session=session,
            denominations=pieces(shift.drawer_minor, shift.currency),
            remarks="Counted at the desk, the cashier stood by",
            actor=network.who("auditor.hana"),
        )
        take_suspect_note(
            session=session,
            face_minor=20_00,
            serial="MK48830721C",
            handed_to="Northfield police, officer on duty",
            key=f"demo:suspect:{session.public_id}",
            actor=cashier,
            remarks="Paper too smooth, no thread",
        )
        shift.drawer_minor -= 20_00
        first = ask_change(session=session, wanted={5_00: 8, 1_00: 20}, actor=cashier)
        fill_change(order=first, given={20_00: 3}, actor=network.who("headcashier.noa"))
        ask_change(session=session, wanted={10_00: 4, 25: 40}, actor=cashier)
        _ask_back(network, place, shift, day)


def _ask_back(network: Network, place: Place, shift: Shift, day: date) -> None:
    """What only another person agrees to: a refund of an older payment, a void, a cheque that came back."""
    older = Payment.objects.filter(facility=place.facility, void=None, business_on__lt=day, unapplied_minor=0)
    paid = older.filter(tenders__kind="CARD", total_minor__lt=300_00).order_by("-id").first()
    if paid is not None:
        tender = paid.tenders.get(kind="CARD")
        request_refund(
            payment=paid,
            tender=tender.pk,
            amount=Money(tender.amount_minor, tender.currency),
            reason="The insurer paid this visit, too",
            is_patient_present=False,
            key=f"demo:refund:{paid.public_id}",
            actor=shift.cashier,
        )
    own = Payment.objects.filter(session=shift.session, void=None).order_by("-total_minor", "id").first()
    if own is not None and own.total_minor > 100_00:
        request_void(payment=own, reason="The card of another person", actor=shift.cashier)
    banked = Tender.objects.filter(
        kind="CHEQUE", payment__facility=place.facility, deposit__state__in=("IN_TRANSIT", "CONFIRMED")
    )
    cheque = banked.select_related("payment").order_by("-id").first()
    if cheque is not None:
        report_cheque_return(
            tender=cheque,
            reason="NO_FUNDS",
            returned_on=day,
            note="Letter of First Meadow Bank",
            actor=network.who("reviewer.eve"),
        )
