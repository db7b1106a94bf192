"""Thirty days of the demo hospital, then today, left open with work waiting in every queue."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction

from billing.models import Invoice
from hms_ach import clock
from hms_ach.demo import catalogue
from hms_ach.demo.accounting import keep_books
from hms_ach.demo.advice import announce_money, propose_number
from hms_ach.demo.bank import Bank, banking_days, write_truth
from hms_ach.demo.bank_files import announce
from hms_ach.demo.business import (
    CARE,
    bill,
    bill_visits,
    expect_visits,
    finish_day,
    moment,
    not_after_now,
    prepare_day_deposit,
    receive_transfers,
)
from hms_ach.demo.certification import certify_banks
from hms_ach.demo.custody import confirm_openings, count_the_safe, leave_work_at_the_till
from hms_ach.demo.delivery import deliver_batches
from hms_ach.demo.desks import run_registers, shift_at
from hms_ach.demo.finance import (
    check_matches,
    close_ready_days,
    import_and_match,
    leave_corrections,
    leave_proposal,
    leave_tolerances,
    review,
    try_rules,
)
from hms_ach.demo.foreign_cash import take_foreign_cash
from hms_ach.demo.general_ledger import answer_batches, leave_draft, map_entities
from hms_ach.demo.network import Network, Place, build_network
from hms_ach.demo.payout import report_payouts
from hms_ach.demo.returns import charge_back, open_lockbox

DAYS = 30
INSURER_PAYS_AFTER_DAYS = 9
# What turned up on the last days is left for the people of the demo.
LEFT_OPEN_DAYS = 4
# As long ago people began to check what the engine matched.
CHECKED_DAYS = 10
# Once a month five dollars were missing in a safe; a third person accepted it.
MISSING_ON = 12


def tell_story(*, seed: int, folder: Path, say: Callable[[str], None], length: int = DAYS) -> Network:
    """Build the network and live through `length` days; the bank's files and their truth go to `folder`."""
    rng = random.Random(seed)
    today = _business_day()
    first_day = today - timedelta(days=length)
    folder.mkdir(parents=True, exist_ok=True)
    with transaction.atomic(), clock.at(clock.now() - timedelta(days=length + 1)):
        network = build_network(rng, first_day=first_day, last_day=today)
        map_entities(network, first_day)
    banks = [Bank(place, random.Random(f"{seed}:{code}")) for code, place in network.places.items()]
    days = [first_day + timedelta(days=n) for n in range(length)]
    last_day = max(banking_days(first_day, days[-1]), default=None)
    for day in days:
        is_reviewed = day < today - timedelta(days=LEFT_OPEN_DAYS)
        with transaction.atomic():
            _live(network, day, rng)
        late = banks[-1] if day == last_day else None
        _settle(network, banks, day, folder, is_reviewed=is_reviewed, late=late)
        if banking_days(day, day) and day >= today - timedelta(days=CHECKED_DAYS):
            for bank in banks:
                check_matches(network, bank, day + timedelta(days=1), is_judged=is_reviewed)
        if is_reviewed:
            _close(network, [each for each in days if each < day], day)
        say(f"{day:%a %d %b}")
    with transaction.atomic():
        answer_batches(network)
        _leave_work(network, banks, today, rng)
        keep_books(network, days, today)
        take_foreign_cash(network, today)
        leave_draft(network, today)
    deliver_batches(network)
    write_truth(banks, folder)
    return network


def _live(network: Network, day: date, rng: random.Random) -> None:
    """The day itself, from the first visit to the bag that leaves."""
    for place in network.places.values():
        seen = bill_visits(network, place, day, rng)
        run_registers(network, place, day, seen, rng)
        old = day - timedelta(days=INSURER_PAYS_AFTER_DAYS)
        receive_transfers(network, place, day, rng, _issued_to_insurers(place, old))
        finish_day(network, place, day)
        is_missing = place.site.code == "LAKE" and day.day == MISSING_ON
        count_the_safe(network, place, day, is_missing=is_missing)


def _settle(
    network: Network, banks: list[Bank], day: date, folder: Path, *, is_reviewed: bool, late: Bank | None
) -> None:
    """The bank's statement of the day arrives next morning and is matched; people clear the rest.

    late  the bank whose statement of this day has not come
    """
    for bank in banks:
        morning = moment(bank.place, day + timedelta(days=1), 6)
        with clock.at(morning):
            if banking_days(day, day):
                import_and_match(network, bank, day, folder, is_late=bank is late)
        if is_reviewed:
            review(network, bank, morning)


def _close(network: Network, days: list[date], day: date) -> None:
    for place in network.places.values():
        with clock.at(moment(place, day + timedelta(days=1), 12)):
            close_ready_days(network, place, days)


def _business_day() -> date:
    """The business day that runs at the site where it is earliest."""
    return min(clock.business_date(timezone=site.timezone, cutoff=site.cutoff) for site in catalogue.SITES)


def _issued_to_insurers(place: Place, day: date) -> list[Invoice]:
    rows = Invoice.objects.filter(facility=place.facility, issued_on=day, kind="INSURER", state="ISSUED")
    return list(rows.order_by("pk"))


def _leave_work(network: Network, banks: list[Bank], today: date, rng: random.Random) -> None:
    """Today: patients with something due, drawers in use, and something waiting for each role."""
    for place in network.places.values():
        seen = bill_visits(network, place, today, rng)
        expect_visits(network, place, today, seen)
        _draft_more(network, place, today, seen[:2], rng)
        cashier = place.cashiers[-1]
        shift = shift_at(network, place, place.registers[-1], cashier, today, rng)
        shift.open()
        for patient in seen[:3]:
            shift.serve(patient)
        if place.site.code == "NORTH":
            leave_work_at_the_till(network, place, shift, today)
            count_the_safe(network, place, today, is_confirmed=False)
        elif place.site.code == "LAKE":
            shift.close(off_minor=-23_00, is_approved=False)
            confirm_openings(network, place)
        elif place.site.code == "HARB":
            shift.close(off_minor=0)
            prepare_day_deposit(place, today, network.who("headcashier.cora"))
    for bank in banks[:1]:
        leave_proposal(network, bank)
        leave_tolerances(network, bank)
        leave_corrections(network, bank)
        try_rules(network, bank)
        charge_back(network, bank.place)
        open_lockbox(network, bank.place, today)
        report_payouts(network, bank.place, today)
        announce(network, bank, today)
        announce_money(network, bank, today)
    propose_number(network, banks[-1])
    certify_banks(network, banks)


def _draft_more(network: Network, place: Place, today: date, patients: list, rng: random.Random) -> None:
    for patient in patients:
        with not_after_now(moment(place, today, 9)):
            bill(place, patient, today, [rng.choice(CARE)], network.who("billing.dan"), is_issued=False)
