"""What finance does with the book: the chart's tree, rates, journals, the first period's close."""

from datetime import date, timedelta
from decimal import Decimal

from hms_ach import clock, files
from hms_ach.access.models import Facility, LegalEntity, User
from hms_ach.demo.network import Network
from hms_ach.demo.statements import count_work, owe_each_other, watch
from hms_ach.money import Money
from ledger.commands import (
    STANDARD_CHECKLIST,
    JournalLineAsked,
    Posting,
    approve_journal,
    finish_task,
    import_chart,
    post_entry,
    prepare_journal,
    propose_role_change,
    revalue,
    save_template,
    set_checklist,
    soft_close,
    take_rates,
    take_tie_outs,
)
from ledger.models import Account, CloseTask, Period
from ledger.rules.exchange_rate import Quoted
from ledger.rules.roles import CHART

# Headings of the tree: number, name, class, and the numbers that stand below it.
HEADINGS = (
    ("1000", "Cash and money on its way", "ASSET", ("1001", "1010")),
    ("1020", "Receivables", "ASSET", ("1021", "1049")),
    ("2000", "Current liabilities", "LIABILITY", ("2001", "2099")),
    ("4000", "Patient revenue", "REVENUE", ("4001", "4999")),
    ("5700", "Other revenue", "REVENUE", ("5701", "5799")),
    ("8500", "Administrative expense", "EXPENSE", ("8501", "8599")),
)
# What is estimated at a period's end: its name, the account debited and the one credited.
_ACCRUALS = (
    ("Contractual concessions to come", "4920", "1042"),
    ("Implicit price concessions to come", "4930", "1041"),
    ("Settlements of third parties to come", "1026", "4920"),
)
EURO_RATES = {"USD": "1.1520", "JPY": "178.40", "CAD": "1.6215", "CHF": "0.9340"}


def grow_chart(entity: LegalEntity, today: date, actor) -> None:
    """Hang the seed accounts below headings, as a file would."""
    rows = ["number,name,class,normal_side,active_from,parent"]
    for number, name, natural_class, _span in HEADINGS:
        rows.append(f"{number},{name},{natural_class.lower()},,2000-01-01,")
    for seed in CHART:
        parent = next((n for n, _, _, (first, last) in HEADINGS if first <= seed.number <= last), "")
        rows.append(
            f'{seed.number},"{seed.name}",{seed.natural_class.lower()},{seed.normal_side.lower()},'
            f"2000-01-01,{parent}"
        )
    content = "\n".join([*rows, f"TOTAL,{len(rows) - 1}"]).encode()
    import_chart(legal_entity=entity, content=content, name="chart.csv", today=today, actor=actor)


def record_rates(network: Network, days: list[date]) -> None:
    """A rate for each banking day, as the central bank would publish it; it wanders a little."""
    quoted = [
        Quoted(0, day, "EUR", currency, Decimal(rate) * (1000 + n % 7) / 1000)
        for n, day in enumerate(days)
        if day.weekday() < 5
        for currency, rate in EURO_RATES.items()
    ]
    take_rates(quoted=quoted, source="ECB (demo)", actor=network.who("demo-integrator"))


def receive_euros(network: Network, facility: Facility, day: date) -> None:
    """A grant in euros that is still owed, so that something is there to revalue."""
    grant = Money(12_500_00, "EUR")
    post_entry(
        key=f"demo.grant:{facility.code}",
        facility=facility,
        effective_on=day,
        source=("adjustment", "demo-grant"),
        memo="Research grant of a European foundation, owed in euros",
        postings=[
            Posting("receivable.third_party", grant, reference="grant-2026"),
            Posting("income.other", -grant),
        ],
        actor=network.who("controller.gil"),
    )


def write_journals(network: Network, facility: Facility, today: date) -> None:
    """A template that recurs, one journal that is posted, and one that waits for the approver."""
    eve = network.who("reviewer.eve")
    accounts = {each.number: each for each in Account.objects.filter(legal_entity=facility.legal_entity)}

    def lines(minor: int) -> list[JournalLineAsked]:
        amount = Money(minor, facility.currency)
        return [JournalLineAsked(accounts["8510"], amount), JournalLineAsked(accounts["1001"], -amount)]

    _keep_accruals(facility, accounts, eve)
    save_template(
        facility=facility,
        name="Copier lease",
        memo="Lease of the copiers",
        lines=lines(480_00),
        cadence="PERIOD",
        actor=eve,
    )
    posted = prepare_journal(
        facility=facility,
        effective_on=today - timedelta(days=2),
        memo="Courier of the month, invoice to come",
        lines=lines(310_00),
        reverses_on=(today.replace(day=1) + timedelta(days=32)).replace(day=1),
        actor=eve,
    )
    approve_journal(journal_id=posted.pk, actor=network.who("approver.finn"))
    prepare_journal(
        facility=facility,
        effective_on=today,
        memo="Petty cash of the ward kitchens",
        lines=lines(95_40),
        actor=eve,
    )


def _keep_accruals(facility: Facility, accounts: dict[str, Account], actor: User) -> None:
    """What is estimated at each period's end and taken back the day after; the amounts are filled in then."""
    for name, debit, credit in _ACCRUALS:
        zero = Money.zero(facility.currency)
        save_template(
            facility=facility,
            name=name,
            memo=f"{name}, estimated",
            lines=[JournalLineAsked(accounts[number], zero) for number in (debit, credit)],
            is_accrual=True,
            actor=actor,
        )


def start_first_close(network: Network, entity: LegalEntity, today: date) -> None:
    """Soft close the first period, do the first of its steps, and leave the rest to people."""
    gil, eve = network.who("controller.gil"), network.who("reviewer.eve")
    set_checklist(legal_entity=entity, steps=STANDARD_CHECKLIST, actor=gil)
    first = Period.objects.filter(legal_entity=entity).order_by("starts_on").first()
    if first is None or first.ends_on >= today:
        return
    soft_close(period_id=first.pk, actor=gil)
    revalue(period_id=first.pk, today=today, actor=gil)
    take_tie_outs(period_id=first.pk, today=today, actor=eve)
    statements = CloseTask.objects.get(period=first, step__needs_evidence=True)
    seen = files.store_evidence(
        b"All statements of the last day are in and matched.\n",
        name="statements.txt",
        kind="close_evidence",
        facility=None,
        actor=eve,
    )
    finish_task(task_id=statements.pk, note="Seen in the bank's portal", evidence_id=seen.pk, actor=eve)


def keep_books(network: Network, days: list[date], today: date) -> None:
    """Everything above, once the days are lived; a role change waits for the approver too."""
    gil = network.who("controller.gil")
    places = list(network.places.values())
    entities = list(dict.fromkeys(place.facility.legal_entity for place in places))
    with clock.at(clock.now() - timedelta(hours=1)):
        # From the week before, so that a first day on a weekend has a rate too.
        record_rates(network, [days[0] - timedelta(days=n) for n in range(7, 0, -1)] + days)
        for entity in entities:
            grow_chart(entity, today, gil)
        facility = places[0].facility
        receive_euros(network, facility, days[0])
        write_journals(network, facility, today)
        owe_each_other(network, today)
        for entity in entities:
            watch(network, entity, today)
            count_work(network, entity, days)
        other = Account.objects.get(legal_entity=facility.legal_entity, number="8522")
        propose_role_change(
            role="rounding.cash",
            account=other,
            facility=None,
            valid_from=today + timedelta(days=5),
            reason="Rounding and over and short are reported together from next month on",
            actor=gil,
        )
    # Now, because what a tie-out compares is what was posted until then.
    for entity in entities:
        start_first_close(network, entity, today)
