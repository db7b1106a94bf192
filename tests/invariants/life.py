"""Some days of a till and a bank, drawn from a seed, lived through the same commands as anybody's."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from cashiering import commands as till
from cashiering.models import CardBatch, Payment, Session, Tender
from cashiering.queries import awaiting_bank, cash_to_bank, expected_cash, undeposited_sessions
from cashiering.rules.tenders import TenderGiven
from hms_ach import clock
from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from reconciliation import commands as bank
from reconciliation.models import BankAccount, Discrepancy, Expectation, Match, MatchItem
from tests.make import access
from tests.make import cashiering as make
from tests.make import reconciliation as make_bank

DAYS = [date(2026, 3, 12), date(2026, 3, 13), date(2026, 3, 16)]


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def at(day: date, hour: int = 15):
    return clock.at(datetime(day.year, day.month, day.day, hour, tzinfo=UTC))


@dataclass
class Life:
    """A hospital and its chance. `refused` counts what the commands would not do."""

    seed: int
    refused: int = 0
    number: int = 0
    balance: int = 0
    undone: int = 0
    given: make.Till = field(init=False)
    account: BankAccount = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        with at(DAYS[0]):
            self.given = make.till()
            facility = self.given.facility
            self.registers = [self.given.register, make.register(facility, actor=self.given.gil)]
            self.head = access.user("HEAD_CASHIER", facilities=[facility])
            self.eve = make_bank.reviewer(facility, username=f"eve{self.seed}")
            self.account = make_bank.bank_account(facility, opened_on=DAYS[0])
            till.set_merchant_agreement(
                facility=facility,
                merchant_id="MERCH1",
                fee_basis_points=250,
                fee_fixed_minor=10,
                settlement_days=1,
                starts_on=DAYS[0],
                actor=self.given.gil,
            )

    def key(self) -> str:
        self.number += 1
        return f"life{self.seed}:{self.number}"

    def day(self, on: date, watch) -> None:
        """Sell, void, move cash, close with a difference, deposit; `watch` looks after each step."""
        with at(on):
            people = zip((self.given.ana, self.given.ben), self.registers, strict=True)
            sessions = [self.opened(who, register) for who, register in people]
            for _step in range(14):
                session = self.chance.choice(sessions)
                self.tried(self.chance.choice(STEPS), session)
                watch(session)
            for session in sessions:
                self.closed(session)
                watch(session)
            for batch in CardBatch.objects.filter(state="OPEN").order_by("id"):
                till.close_card_batch(batch=batch, actor=self.given.cora)
            self.deposited()

    def tried(self, step, session: Session) -> None:
        try:
            step(self, session)
        except Refusal:
            self.refused += 1

    def opened(self, cashier: User, register) -> Session:
        session = till.open_session(register=register, actor=cashier)
        counted = make.pieces(200_00 + self.chance.choice([0, 0, -1_00, 5_00]))
        return till.record_opening_count(session=session, denominations=counted, actor=cashier)

    def sold(self, session: Session) -> None:
        """Two invoices, one paid in part, by up to three tenders; the cash gives change."""
        bills = [make.invoice(self.given, self.chance.randint(1_00, 90_00)) for _ in range(2)]
        amounts = [bills[0].total_minor, self.chance.randint(1, bills[1].total_minor)]
        due = sum(amounts)
        card, paper = self.chance.randint(0, due // 2), self.chance.randint(0, due // 3)
        parts = [make.card(card)] if card else []
        parts += [make.cheque(paper)] if paper else []
        parts.append(make.cash(due - card - paper + self.chance.randint(0, due - card - paper - 1)))
        self.paid(session, list(zip(bills, amounts, strict=True)), parts)

    def paid(self, session: Session, bills, tenders, prepayment: int = 0) -> Payment:
        return till.take_payment(
            session=session,
            patient=self.given.patient,
            allocations=[(bill.pk, usd(minor)) for bill, minor in bills],
            tenders=tenders,
            key=self.key(),
            actor=session.cashier,
            prepayment=usd(prepayment) if prepayment else None,
        )

    def kept(self, session: Session) -> None:
        """Money on account: some of it prepaid, some a cheque's excess."""
        minor = self.chance.randint(1_00, 40_00)
        bill = make.invoice(self.given, minor)
        self.paid(session, [(bill, minor)], [make.cheque(minor + 5_00), make.cash(3_00)][:1], 2_00)

    def overpaid(self, session: Session) -> None:
        bill = make.invoice(self.given, 10_00)
        self.paid(session, [(bill, 10_01)], [make.cash(10_01)])

    def voided(self, session: Session) -> None:
        mine = Payment.objects.filter(session=session, void__isnull=True).order_by("id")
        if payment := self.chance.choice([*mine, None]):
            till.request_void(payment=payment, reason="Wrong", actor=session.cashier)
            till.approve_void(payment=payment, actor=self.given.cora)

    def moved(self, session: Session) -> None:
        kind = self.chance.choice(["PAID_IN", "PAID_OUT", "DROP"])
        amount = usd(self.chance.randint(1, 260_00))
        asked = {"session": session, "amount": amount, "key": self.key(), "actor": session.cashier}
        if kind == "DROP":
            offered = till.offer_drop(**asked, bag_number=self.key())
            till.accept_transfer(transfer=offered, actor=self.given.cora)
        else:
            till.record_movement(**asked, kind=kind, reason="Stamps")

    def transferred(self, _session: Session) -> None:
        bill = make.invoice(self.given, self.chance.randint(1_00, 90_00))
        reference = f"E2E{self.seed}-{self.number:05d}"
        till.receive_payment(
            facility=self.given.facility,
            patient=None,
            allocations=[(bill.pk, bill.total)],
            tenders=[TenderGiven("TRANSFER", bill.total, reference=reference)],
            key=self.key(),
            actor=self.given.dan,
        )

    def closed(self, session: Session) -> None:
        """Counted exactly, a little off, or so far off that finance must accept it; or left behind."""
        cheques = Tender.objects.filter(payment__session=session, kind="CHEQUE", payment__void__isnull=True)
        ticked = [*cheques.values_list("pk", flat=True)]
        counted = max(expected_cash(session).minor + self.chance.choice([0, 1_00, -1_50, 15_00, -45_00]), 0)
        pieces = make.pieces(counted)
        if self.chance.random() < 0.25:
            till.force_close(session=session, reason="Ill", actor=self.given.cora)
            till.count_forced(
                session=session, denominations=pieces, actor=self.given.cora, ticked_cheques=ticked
            )
        else:
            till.start_counting(session=session, actor=session.cashier)
            counting = {"session": session, "denominations": pieces, "actor": session.cashier}
            if till.commit_count(**counting, ticked_cheques=ticked).needs_recount:
                till.commit_count(**counting)
        session.refresh_from_db()
        if session.state == "VARIANCE_PENDING":
            till.approve_variance(session=session, reason="Unknown", actor=self.given.gil)
        till.approve_session(session=session, actor=self.head)

    def deposited(self) -> None:
        sessions = list(undeposited_sessions().order_by("id"))
        paper = Tender.objects.filter(kind="CHEQUE", deposit=None, payment__void=None).order_by("id")
        cash = sum(cash_to_bank(session).minor for session in sessions)
        cheques = sum(tender.amount_minor for tender in paper)
        self.number += 1
        deposit = till.prepare_deposit(
            facility=self.given.facility,
            sessions=[session.pk for session in sessions],
            cheques=[tender.pk for tender in paper],
            declared_cash=usd(cash),
            declared_cheques=usd(cheques),
            bag_number=f"BAG{self.seed}{self.number:05d}",
            slip_number=f"SLIP{self.seed}{self.number:05d}",
            actor=self.given.cora,
        )
        till.verify_deposit(deposit=deposit, actor=self.head)
        till.hand_over_deposit(deposit=deposit, courier="Armoured", actor=self.head)

    def banked(self, on: date, later: date) -> None:
        """The bank's file of a day: most of what is due, some of it wrong, twice or never; then people."""
        with at(later):
            lines = [line for item in awaiting_bank() for line in self.shown(item, on)]
            lines.append(make_bank.line(self.chance.randint(1, 90_00), on=on))
            make_bank.statement(
                self.account, *lines, opening=self.balance, on=on, statement_id=f"S{on:%m%d}", actor=self.eve
            )
            self.balance += sum(line.amount_minor for line in lines)
            bank.reconcile_account(account=self.account)
            self.resolved()
            self.taken_apart()

    def shown(self, item, on: date) -> list:
        net = item.amount.minor - (item.fee_rate.fee_of(item.amount).minor if item.fee_rate else 0)
        off = self.chance.choice([0, 0, 0, -37, 55])
        one = make_bank.line(net + off, item.references[0], on=on)
        return self.chance.choice([[one], [one], [one], [one, one], []])

    def resolved(self) -> None:
        for row in Discrepancy.objects.exclude(state="APPROVED").order_by("id"):
            row.refresh_from_db()
            if row.state == "APPROVED":
                continue
            action, items = self.answer_to(row)
            proposal = bank.propose(
                discrepancy_id=row.pk, action=action, reason="Seen", actor=self.eve, item_ids=items
            )
            bank.approve(proposal_id=proposal.pk, actor=self.given.gil)

    def answer_to(self, row: Discrepancy) -> tuple[str, list[int]]:
        if row.kind.startswith("STATEMENT"):
            return "ACCEPT", []
        if row.kind == "AMOUNT_DIFFERENCE":
            return "WRITE_OFF" if abs(row.amount_minor) < 100_00 else "SUSPENSE", []
        free = Expectation.objects.filter(withdrawn_at=None, amount_minor=row.amount_minor)
        item = free.exclude(matched__in=_active()).first() if row.line_id else None
        return ("MATCH", [item.pk]) if item else ("SUSPENSE", [])

    def taken_apart(self) -> None:
        """Somebody undoes a match; what it was made of is resolved anew."""
        match = self.chance.choice([*Match.objects.filter(undo=None).order_by("id"), None])
        if match is not None:
            bank.undo_match(match_id=match.pk, reason="Looked again", actor=self.given.gil)
            self.undone += 1
            bank.reconcile_account(account=self.account)
            self.resolved()


def _active():
    return MatchItem.objects.filter(undo=None)


STEPS = [
    Life.sold,
    Life.sold,
    Life.sold,
    Life.kept,
    Life.overpaid,
    Life.voided,
    Life.moved,
    Life.moved,
    Life.transferred,
]
