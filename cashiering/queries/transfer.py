"""Cash on its way between people."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from cashiering.models import CashTransfer, ChangeOrder, Session
from hms_ach.access.models import User
from hms_ach.access.queries import facility_ids_of


@dataclass(frozen=True, slots=True)
class TransferShown:
    """What one person may do with a transfer. Only who must count does not see the amount."""

    may_decide: bool
    may_withdraw: bool
    needs_count: bool
    shows_amount: bool


def transfers_of(facility_ids: Collection[int]) -> QuerySet[CashTransfer]:
    """Transfers of the facilities, newest first. One SQL query."""
    rows = CashTransfer.objects.filter(facility_id__in=facility_ids)
    people = ("offered_by", "offered_to", "decided_by")
    return rows.select_related("facility", "sender", "receiver", *people).order_by("-id")


def waiting_for(user: User, facility_ids: Collection[int]) -> QuerySet[CashTransfer]:
    """What this person may accept: what was offered to them, and bags for the safe. One SQL query."""
    mine = Q(offered_to=user) | Q(offered_to__isnull=True) & ~Q(offered_by=user)
    return transfers_of(facility_ids).filter(mine, state="OFFERED")


def transfer_shown(transfer: CashTransfer, user: User) -> TransferShown:
    """What the page of a transfer offers a person, whose count must stay their own."""
    is_waiting = transfer.state == CashTransfer.State.OFFERED
    to, is_sender = transfer.offered_to_id, transfer.offered_by_id == user.pk
    may_accept = user.has_perm("cashiering.accept_transfer")
    may_decide = is_waiting and may_accept and not is_sender and to in (None, user.pk)
    needs_count = may_decide and transfer.kind != CashTransfer.Kind.DROP
    return TransferShown(
        may_decide=may_decide,
        may_withdraw=is_waiting and is_sender,
        needs_count=needs_count,
        shows_amount=not needs_count,
    )


def colleagues_of(session: Session) -> list[Session]:
    """Other open drawers of the facility in the same currency. One SQL query."""
    rows = Session.objects.filter(facility=session.facility, state="OPEN", currency=session.currency)
    return list(rows.exclude(pk=session.pk).select_related("cashier", "register").order_by("number", "id"))


def next_cashiers(session: Session) -> list[User]:
    """People of the facility who may take a drawer and have none. A query for each person."""
    busy = Session.objects.filter(state__in=Session.IN_CUSTODY).values("cashier_id")
    people = User.objects.filter(kind="PERSON", is_active=True).exclude(pk__in=busy)
    return [
        one
        for one in people.exclude(pk=session.cashier_id).order_by("name", "id")
        if session.facility_id in facility_ids_of(one) and one.has_perm("cashiering.work_session")
    ]


def change_waiting(facility_ids: Collection[int]) -> QuerySet[ChangeOrder]:
    """Change that running drawers asked for and nobody brought yet. One SQL query."""
    return change_orders_of(facility_ids).filter(state="ASKED", session__state__in=["OPEN", "SUSPENDED"])


def change_orders_of(facility_ids: Collection[int]) -> QuerySet[ChangeOrder]:
    """Change asked for at the facilities' drawers, newest first. One SQL query."""
    rows = ChangeOrder.objects.filter(session__facility_id__in=facility_ids)
    return rows.select_related("session__facility", "session__register", "asked_by", "filled_by").order_by(
        "-id"
    )
