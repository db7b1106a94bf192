"""Writing the tenders of a payment, what each brings to the book, and the card sale behind one."""

from cashiering.commands.card_batch import open_card_batch
from cashiering.commands.credit import credit_drawn
from cashiering.models import CardBatch, Credit, Payment, Tender, TerminalRequest
from cashiering.rules.tenders import TenderGiven, TenderTaken
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.commands import Posting

_ROLES = {
    "CASH": "cash.drawer",
    "CARD": "card.clearing",
    "CHEQUE": "cheque.drawer",
    "TRANSFER": "transfer.clearing",
}


class CardSaleUnusable(Refusal):
    code = "card_sale_unusable"
    sentence = "Card sale {request} is {state}. Ask the terminal again, or start a new sale."


def write_tenders(
    payment: Payment, lines: list[tuple[TenderTaken, Credit | None]], *, terminal: str
) -> list[Tender]:
    """The tenders as rows, each with the card batch or the credit it belongs to."""
    has_card = any(one.given.kind == "CARD" for one, _credit in lines)
    batch = None
    if has_card:
        batch = open_card_batch(
            facility_id=payment.facility_id,
            terminal_id=terminal,
            currency=payment.currency,
            on=payment.business_on,
        )
    rows = [_tender(payment, line, one, batch, credit) for line, (one, credit) in enumerate(lines, start=1)]
    if payment.rounding_minor < 0:
        _last_cash(rows).short_minor = -payment.rounding_minor
    return Tender.objects.bulk_create(rows)


def _last_cash(rows: list[Tender]) -> Tender:
    """The tender that was rounded."""
    return next(row for row in reversed(rows) if row.kind == Tender.Kind.CASH)


def _tender(
    payment: Payment, line: int, one: TenderTaken, batch: CardBatch | None, credit: Credit | None
) -> Tender:
    given = one.given
    row = Tender(
        payment=payment,
        line=line,
        kind=given.kind,
        currency=payment.currency,
        amount_minor=one.amount.minor,
        tendered_minor=given.tendered.minor,
        change_minor=one.change.minor,
        reference=given.reference.strip(),
        cheque_bank=given.cheque_bank.strip(),
        card_batch=batch if given.kind == "CARD" else None,
        card_brand=given.card_brand,
        card_last4=given.card_last4,
        auth_code=given.auth_code,
        is_wallet=given.is_wallet,
        is_health_account=given.is_health_account,
        credit=credit,
    )
    if given.foreign is not None:
        row.foreign_currency, row.foreign_minor = given.foreign.currency, given.foreign.minor
        row.exchange_rate_id = given.rate_id
    if given.terminal_request:
        sale = _usable_sale(payment, given)
        row.terminal_request = sale
        row.card_brand, row.card_last4, row.auth_code = sale.card_brand, sale.card_last4, sale.auth_code
        row.reference = sale.public_id
    return row


def _usable_sale(payment: Payment, given: TenderGiven) -> TerminalRequest:
    """The approved sale behind a card tender, of this session and this amount, not used before.

    A rescue session books a sale of any ended session at its register.
    """
    session = payment.session
    sales = TerminalRequest.objects.filter(
        public_id=given.terminal_request, kind=TerminalRequest.Kind.SALE, tender__isnull=True
    )
    is_rescue = session is not None and session.is_rescue
    here = sales.filter(register=session.register) if session and is_rescue else sales.filter(session=session)
    sale = here.first()
    if sale is None:
        raise CardSaleUnusable(request=given.terminal_request[:40], state="not known here")
    if sale.state != TerminalRequest.State.APPROVED:
        raise CardSaleUnusable(request=sale.public_id, state=sale.get_state_display().lower())
    voids = TerminalRequest.objects.filter(key=f"void:{sale.public_id}")
    if voids.exclude(state=TerminalRequest.State.DECLINED).exists():
        raise CardSaleUnusable(request=sale.public_id, state="voided at the terminal")
    if Money(sale.amount_minor, sale.currency) != given.tendered:
        raise CardSaleUnusable(request=sale.public_id, state="for another amount")
    return sale


def clearing_reference(payment: Payment, tender: Tender) -> str:
    """The item a clearing account returns to zero for: session, card batch or payment."""
    if tender.card_batch is not None:
        return tender.card_batch.public_id
    if tender.kind == Tender.Kind.TRANSFER:
        return payment.public_id
    return payment.session.public_id if payment.session else payment.public_id


def debits_of(payment: Payment, tender: Tender) -> list[Posting]:
    """What a tender brings, as the receipt's entry has it."""
    if tender.kind == Tender.Kind.ACCOUNT:
        return [credit_drawn(tender)]
    reference = clearing_reference(payment, tender)
    if tender.foreign_currency:
        return _exchanged(tender, reference)
    amount = Money(tender.amount_minor, tender.currency)
    return [Posting(_ROLES[tender.kind], amount, reference=reference, tender=tender.kind)]


def _exchanged(tender: Tender, reference: str) -> list[Posting]:
    """Foreign notes into the drawer and local change out of it, with what was exchanged between them."""
    notes = tender.handed_over
    worth, change = (Money(minor, tender.currency) for minor in (tender.tendered_minor, tender.change_minor))
    postings = [Posting("cash.drawer", notes, reference=reference, tender=tender.kind)]
    if change:
        postings.append(Posting("cash.drawer", -change, reference=reference, tender=tender.kind))
    return [*postings, Posting("fx.gain_loss", -notes), Posting("fx.gain_loss", worth)]
