"""What finance does with the bank's files: import, match, propose, approve, close the day."""

from datetime import date, datetime, timedelta
from pathlib import Path

from hms_ach import clock
from hms_ach.demo.bank import Bank
from hms_ach.demo.hours import moment
from hms_ach.demo.network import Network, Place
from hms_ach.money import Money
from reconciliation.commands import (
    answer_request,
    approve,
    approve_tolerance,
    ask_for_try,
    close_day,
    draw_sample,
    import_statement,
    judge_match,
    propose,
    propose_day_correction,
    propose_tolerance,
    reconcile_account,
    refuse_day_correction,
)
from reconciliation.commands.day import DayNotReady
from reconciliation.formats import camt
from reconciliation.models import DayClose, Discrepancy, Expectation, LearntRule, Match, MatchItem
from reconciliation.queries import is_day_locked

# How a reviewer of the demo ends what the answer key knows the cause of, and why.
ENDINGS = {
    "none": ("MATCH", "The bank named the item on the telephone"),
    "late_deposit": ("MATCH", "The courier was late; the bag is the one the bank booked"),
    "missing_card_batch": ("MATCH", "The processor paid the batch after our inquiry"),
    "unknown_credit": ("SUSPENSE", "The payer was asked; held until it is identified"),
    "duplicate": ("SUSPENSE", "The bank confirmed a duplicate and will take it back"),
    "fee_difference": ("WRITE_OFF", "The processor charged a fee beyond the contract"),
}


def import_and_match(network: Network, bank: Bank, day: date, folder: Path, *, is_late: bool = False) -> None:
    """Write the bank's file of the day, take it in and match it; one that is late lies in the folder only."""
    content = camt.write(bank.statement(day))
    name = f"{bank.place.site.code}-{day:%Y-%m-%d}.camt.053.xml"
    (folder / name).write_bytes(content)
    if not is_late:
        import_statement(
            content=content,
            name=name,
            actor=network.who("demo-integrator"),
            facility_ids=[bank.place.facility.pk],
        )
    reconcile_account(account=bank.place.bank_account)


def review(network: Network, bank: Bank, morning: datetime) -> None:
    """Let the reviewer propose an ending for each discrepancy, and the approver approve it."""
    facility = bank.place.facility
    waiting = Discrepancy.objects.filter(facility=facility, state__in=["OPEN", "REJECTED"]).order_by("pk")
    for found in waiting.select_related("line"):
        ending = ending_of(bank, found)
        if ending is None:
            continue
        with clock.at(morning + timedelta(hours=4)):
            proposal = propose(discrepancy_id=found.pk, actor=network.who("reviewer.eve"), **ending)
        with clock.at(morning + timedelta(hours=5)):
            approve(proposal_id=proposal.pk, actor=network.who("approver.finn"))


def check_matches(network: Network, bank: Bank, day: date, *, is_judged: bool) -> None:
    """Draw some of the day's matches; the approver compares them with the answer key, or leaves them."""
    facility = bank.place.facility
    with clock.at(moment(bank.place, day, 7)):
        sample = draw_sample(facility=facility, made_on=day)
        for sampled in sample.drawn.order_by("pk") if is_judged else ():
            facts = [bank.fact_of(part.line.bank_reference) for part in sampled.match.lines.order_by("pk")]
            ids = set(sampled.match.items.values_list("expectation__source_id", flat=True))
            is_right = all(fact.get("id") in ids for fact in facts)
            note = "" if is_right else "The answer key names another item"
            actor = network.who("approver.finn")
            judge_match(sampled_id=sampled.pk, is_right=is_right, note=note, actor=actor)


def ending_of(bank: Bank, found: Discrepancy) -> dict | None:
    """What the reviewer proposes; None for what only time or the bank can mend."""
    if found.line is None:
        return None
    fact = bank.fact_of(found.line.bank_reference)
    action, reason = ENDINGS[fact["cause"]]
    matched = MatchItem.objects.filter(undo=None).values("expectation")
    items = Expectation.objects.filter(source_id=fact.get("id", "")).exclude(pk__in=matched)
    item_ids = [] if action == "SUSPENSE" else list(items.values_list("pk", flat=True))
    return {"action": action, "reason": reason, "item_ids": item_ids}


def close_ready_days(network: Network, place: Place, days: list[date]) -> None:
    """Close, oldest first, the days that are ready; the first that is not ends the row."""
    closed = set(DayClose.objects.filter(facility=place.facility).values_list("business_on", flat=True))
    for day in days:
        if day in closed:
            continue
        try:
            close_day(facility=place.facility, business_on=day, actor=network.who("approver.finn"))
        except DayNotReady:
            return


def leave_proposal(network: Network, bank: Bank) -> None:
    """Leave one proposal for the approver to decide."""
    facility = bank.place.facility
    for found in (
        Discrepancy.objects.filter(facility=facility, state="OPEN").select_related("line").order_by("pk")
    ):
        if ending := ending_of(bank, found):
            propose(discrepancy_id=found.pk, actor=network.who("reviewer.eve"), **ending)
            return


def leave_corrections(network: Network, bank: Bank) -> None:
    """Of matches of final days, one correction that was sent back, and one for a second person to decide."""
    facility = bank.place.facility
    final = DayClose.objects.filter(facility=facility).values("business_on")
    matches = Match.objects.filter(account=bank.place.bank_account, undo=None, effective_on__in=final)
    open_still = [
        match
        for match in matches.order_by("-effective_on", "pk")[:2]
        if not is_day_locked(facility, match.effective_on)
    ]
    finn, gil = network.who("approver.finn"), network.who("controller.gil")
    for n, match in enumerate(open_still):
        reason = "The bank's reference may be another bag's; the slip is being asked for"
        asked = propose_day_correction(match_id=match.pk, reason=reason, actor=finn)
        if n:
            refuse_day_correction(correction_id=asked.pk, actor=gil)


def try_rules(network: Network, bank: Bank) -> None:
    """What decisions taught was tried on ninety days; whoever had no part in them may approve it."""
    eve = network.who("reviewer.eve")
    for rule in LearntRule.objects.filter(account=bank.place.bank_account, verdict=None).order_by("pk"):
        answer_request(request_id=ask_for_try(rule_id=rule.pk, actor=eve).pk)


def leave_tolerances(network: Network, bank: Bank) -> None:
    """One tolerance in force from today on, and one for the approver to decide."""
    account, eve = bank.place.bank_account, network.who("reviewer.eve")
    today = clock.today(bank.place.facility.timezone)
    for kind, role, minor, per_mille, reason in (
        ("deposit", "cash.over_short", 2_00, None, "The bank counts coins by machine"),
        ("card_batch", "fee.merchant", 5_00, 1, "The processor rounds its fee by sale"),
    ):
        row = propose_tolerance(
            account=account,
            kind=kind,
            direction="EITHER" if kind == "deposit" else "LESS",
            largest=Money(minor, account.currency),
            per_mille=per_mille,
            role=role,
            valid_from=today,
            valid_to=None,
            reason=reason,
            actor=eve,
        )
        if kind == "deposit":
            approve_tolerance(tolerance_id=row.pk, actor=network.who("approver.finn"))
