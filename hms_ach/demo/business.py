"""One business day of a demo facility: visits, invoices, the deposit, insurers' transfers."""

import random
from datetime import date

from billing.commands import draft_invoice, issue_invoice, record_charge, tell_arrival
from cashiering.commands import (
    close_card_batch,
    hand_over_deposit,
    prepare_deposit,
    receive_payment,
    verify_deposit,
)
from cashiering.models import CardBatch, Tender
from cashiering.queries.deposit import undeposited_sessions
from cashiering.queries.expected_cash import cash_to_bank
from cashiering.rules.tenders import TenderGiven
from hms_ach.demo import catalogue
from hms_ach.demo.hours import moment, not_after_now
from hms_ach.demo.network import Network, Place
from hms_ach.money import Money


def bill_visits(network: Network, place: Place, day: date, rng: random.Random) -> list:
    """Charge and invoice the day's visits; gives the patients who come to the desk."""
    clerk = network.who("billing.dan")
    weekday = day.weekday() < 5
    seen = rng.sample(
        place.patients, place.site.receipts_a_day if weekday else place.site.receipts_a_day // 3
    )
    with not_after_now(moment(place, day, 7)):
        for patient in seen:
            bill(place, patient, day, [rng.choice(catalogue.COPAYS)], clerk)
            if patient.pk not in network.insured or rng.random() < 0.25:
                bill(place, patient, day, [rng.choice(CARE)], clerk)
        insured = [patient for patient in seen if patient.pk in network.insured]
        for patient in insured[: place.site.insurer_invoices_a_day]:
            care = rng.sample(CARE, rng.randint(1, 3))
            bill(place, patient, day, care, clerk, payer=network.insured[patient.pk])
    return seen


def expect_visits(network: Network, place: Place, day: date, patients: list) -> None:
    """Some of today's patients as the registration system tells them: two at the desk, the others to come."""
    with not_after_now(moment(place, day, 8)):
        for number, patient in enumerate(patients[-5:]):
            told = {"facility": place.facility, "key": f"V{day:%y%m%d}{number}", "patient": patient}
            tell_arrival(
                **told,
                state="ARRIVED" if number < 2 else "EXPECTED",
                expected_at=moment(place, day, 9 + number),
                copay=None if number == 3 else Money(20_00, place.facility.currency),
                actor=network.who("billing.dan"),
            )


CARE = [item.code for item in catalogue.SERVICES if item.code not in catalogue.COPAYS]


def bill(place: Place, patient, day: date, codes: list[str], clerk, *, payer=None, is_issued: bool = True):
    """Charge services and invoice them to the patient, or to the payer."""
    charges = [
        record_charge(
            patient_id=patient.pk,
            facility=place.facility,
            service_code=code,
            quantity=1,
            service_on=day,
            on=day,
            actor=clerk,
            payer_class=payer.payer_class if payer else "SELF_PAY",
        )
        for code in codes
    ]
    draft = draft_invoice(
        patient_id=patient.pk,
        facility=place.facility,
        charge_ids=[charge.pk for charge in charges],
        kind="INSURER" if payer else "PATIENT",
        payer_id=payer.pk if payer else None,
        actor=clerk,
    )
    return issue_invoice(invoice_id=draft.pk, on=day, actor=clerk) if is_issued else draft


def finish_day(network: Network, place: Place, day: date) -> None:
    """Close the card batches and send the day's cash and cheques to the bank."""
    head, reviewer = network.who("headcashier.cora"), network.who("reviewer.eve")
    with not_after_now(moment(place, day, 18)):
        for batch in CardBatch.objects.filter(facility=place.facility, state="OPEN").order_by("pk"):
            close_card_batch(batch=batch.pk, actor=head)
        deposit = prepare_day_deposit(place, day, head)
        if deposit:
            verify_deposit(deposit=deposit.pk, actor=reviewer)
            hand_over_deposit(deposit=deposit.pk, courier="Meadow Secure Transport", actor=head)


def prepare_day_deposit(place: Place, day: date, head):
    """Seal what the approved sessions hold for the bank in one bag; None when there is nothing."""
    waiting = undeposited_sessions().filter(facility=place.facility)
    sessions = list(waiting.order_by("pk"))
    cheques = list(
        Tender.objects.filter(
            kind="CHEQUE", payment__session__in=sessions, payment__void=None, deposit=None
        ).order_by("pk")
    )
    cash = sum(cash_to_bank(session).minor for session in sessions)
    if not sessions or cash < 0 or not cash + len(cheques):
        return None
    currency = place.facility.currency
    return prepare_deposit(
        facility=place.facility,
        sessions=[session.pk for session in sessions],
        cheques=[cheque.pk for cheque in cheques],
        declared_cash=Money(cash, currency),
        declared_cheques=Money(sum(cheque.amount_minor for cheque in cheques), currency),
        bag_number=f"B{place.site.code[0]}{day:%y%m%d}",
        slip_number=f"{place.bank_account.pk:02d}{day:%y%m%d}",
        actor=head,
    )


def receive_transfers(
    network: Network, place: Place, day: date, rng: random.Random, open_invoices: list
) -> None:
    """Let insurers pay older invoices by transfer, with the trace the bank will quote."""
    integrator = network.who("demo-integrator")
    with not_after_now(moment(place, day, 11)):
        for invoice in open_invoices:
            receive_payment(
                facility=place.facility,
                patient=None,
                allocations=[(invoice.pk, Money(invoice.total_minor, invoice.currency))],
                tenders=[
                    TenderGiven(
                        "TRANSFER",
                        Money(invoice.total_minor, invoice.currency),
                        reference=f"EFT{rng.randrange(10**9):09d}",
                    )
                ],
                key=f"demo:transfer:{invoice.public_id}",
                actor=integrator,
            )
