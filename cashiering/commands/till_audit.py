"""Surprise audits: somebody else counts an open drawer, and the session goes on."""

from collections.abc import Mapping

from django.db import transaction

from cashiering.commands.approval import ApproverIsCashier
from cashiering.commands.close import ForeignCashUncounted, refuse_pending
from cashiering.commands.locks import SessionNotOpen, lock_session
from cashiering.models import Session, TillAudit
from cashiering.queries.expected_cash import expected_cash, foreign_currencies
from cashiering.rules.denominations import counted_total
from hms_ach import audit, clock, outbox
from hms_ach.access.models import User
from hms_ach.refusal import Refusal


class AuditWithoutRemark(Refusal):
    code = "audit_without_remark"
    status = 422
    sentence = "Say how the count was made, and who stood by."


@transaction.atomic
def audit_till(
    *,
    session: Session | int,
    denominations: dict[int, int],
    remarks: str,
    actor: User,
    foreign: Mapping[str, dict[int, int]] | None = None,
) -> TillAudit:
    """Count an open drawer by surprise and keep what it should have held at that moment.

    foreign  pieces by face value of each foreign currency that went through the drawer

    The drawer is locked while the count is written; nothing is posted, and the cashier sees no result
    before the own count. Gives the row of the drawer's own currency; each other one has its own. Raises
    SessionNotOpen, ApproverIsCashier, TransferPending, AuditWithoutRemark or ForeignCashUncounted.
    Emits `till.audited`, once a currency.
    """
    session = lock_session(session)
    if session.cashier_id == actor.pk:
        raise ApproverIsCashier(number=session.number)
    if session.state not in (Session.State.OPEN, Session.State.SUSPENDED):
        raise SessionNotOpen.of(session)
    refuse_pending(session)
    if not remarks.strip():
        raise AuditWithoutRemark()
    wanted = foreign_currencies(session)
    if set(wanted) != set(foreign or {}):
        raise ForeignCashUncounted(currencies=", ".join(wanted) or session.currency)
    own = _write(session, session.currency, denominations, remarks, actor)
    for currency in wanted:
        _write(session, currency, (foreign or {})[currency], remarks, actor)
    return own


def _write(
    session: Session, currency: str, denominations: dict[int, int], remarks: str, actor: User
) -> TillAudit:
    counted = counted_total(denominations, currency)
    expected = expected_cash(session, currency)
    found = TillAudit.objects.create(
        session=session,
        currency=currency,
        denominations={str(face): number for face, number in denominations.items() if number},
        counted_minor=counted.minor,
        expected_minor=expected.minor,
        difference_minor=counted.minor - expected.minor,
        remarks=remarks.strip(),
        cashier=session.cashier,
        audited_by=actor,
        audited_at=clock.now(),
    )
    audit.record(
        "cashiering.audit_till",
        actor=actor,
        subject=found,
        facility=session.facility,
        reason=remarks,
        after={"counted": counted},
    )
    data = {"session": session.public_id, "counted": counted.as_json()}
    outbox.record("till.audited", subject=found.public_id, facility=session.facility, data=data)
    return found
