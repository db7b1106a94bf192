"""What awaits a person at the till."""

from collections.abc import Collection

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse

from cashiering.models import CardBatch, Deposit, SafeCount, Session, VoidRequest
from cashiering.queries.card_batch import batches_that_differ
from cashiering.queries.cash_currency import cash_currencies_awaiting
from cashiering.queries.cheque import returns_of
from cashiering.queries.deposit import foreign_undeposited, undeposited_sessions
from cashiering.queries.opening import opening_rules_awaiting
from cashiering.queries.payment_return import payment_returns_of, wins_of
from cashiering.queries.payout import payouts_of
from cashiering.queries.receipt_sending import unsent_receipts
from cashiering.queries.refund import refunds_to_decide, refunds_to_pay, refunds_to_release
from cashiering.queries.transfer import change_waiting, waiting_for
from hms_ach.access.models import User
from hms_ach.web.waiting import Waiting


def waiting(user: User, facility_ids: Collection[int]) -> list[Waiting]:
    """Sessions, variances, voids, deposits, refunds that wait for this person. Twenty-two SQL queries."""
    others = [*_sessions(user, facility_ids), *_voids(user, facility_ids), *_bags(user, facility_ids)]
    others.append(_unsent(facility_ids))
    return [*_own(user), *_cash(user, facility_ids), *others, *_refunds(user, facility_ids)]


def _first(rows: QuerySet, page: str, otherwise: str) -> str:
    """The page of the oldest of them."""
    first = rows.order_by("id").values_list("public_id", flat=True).first()
    return reverse(page, args=[first]) if first else otherwise


def _refunds(user: User, facility_ids: Collection[int]) -> list[Waiting]:
    """Money that somebody asked back, and that waits for this person's step."""
    listed = reverse("cashiering:refund-list")
    returned = returns_of(facility_ids).filter(state="REPORTED").exclude(reported_by=user)
    kinds = [
        ("Refunds to approve", refunds_to_decide(user, facility_ids), "REQUESTED", "approve_refund"),
        ("Refunds to give back", refunds_to_pay(facility_ids), "APPROVED", "pay_refund"),
        (
            "Refunds to release to the bank",
            refunds_to_release(user, facility_ids),
            "APPROVED",
            "release_refund",
        ),
    ]
    cheques = Waiting(
        title="Returned cheques to confirm",
        count=returned.order_by().count(),
        url=f"{reverse('cashiering:cheque-list')}?returned=1",
        permission="cashiering.confirm_cheque_return",
    )
    taken_back = payment_returns_of(facility_ids).filter(state="REPORTED").exclude(reported_by=user)
    payments = Waiting(
        title="Returned payments to confirm",
        count=taken_back.order_by().count(),
        url=reverse("cashiering:payment-return-list"),
        permission="cashiering.confirm_payment_return",
    )
    won = wins_of(facility_ids).filter(state="REPORTED").exclude(reported_by=user)
    wins = Waiting(
        title="Chargebacks won to confirm",
        count=won.order_by().count(),
        url=_first(won, "cashiering:chargeback-win", reverse("cashiering:payment-return-list")),
        permission="cashiering.confirm_chargeback_win",
    )
    payouts = Waiting(
        title="Card payouts that differ",
        count=payouts_of(facility_ids).filter(state="DIFFERS").order_by().count(),
        url=f"{reverse('cashiering:payout-list')}?state=DIFFERS",
        permission="cashiering.check_payout",
    )
    return [cheques, payments, wins, payouts] + [
        Waiting(
            title=title,
            count=rows.order_by().count(),
            url=f"{listed}?state={state}",
            permission=f"cashiering.{verb}",
        )
        for title, rows, state, verb in kinds
    ]


def _cash(user: User, facility_ids: Collection[int]) -> list[Waiting]:
    """Cash on its way to this person, change asked of the safe, and counts of it."""
    incoming = waiting_for(user, facility_ids).order_by()
    orders = change_waiting(facility_ids).order_by()
    counts = SafeCount.objects.filter(facility_id__in=facility_ids).exclude(counted_by=user)
    found = counts.aggregate(
        counted=Count("id", filter=Q(state="COUNTED")),
        different=Count("id", filter=Q(state="DIFFERENT")),
        on=Min("business_on", filter=Q(state__in=["COUNTED", "DIFFERENT"])),
    )
    safe, room = reverse("cashiering:safe-list"), reverse("cashiering:control-room")
    listed = reverse("cashiering:transfer-list")
    kinds = [
        ("Cash to count and accept", incoming.count(), listed, "accept_transfer"),
        ("Change to bring to drawers", orders.exclude(asked_by=user).count(), room, "fill_change"),
        ("Counts of the safe to confirm", found["counted"], safe, "confirm_safe_count"),
        ("Differences of the safe to approve", found["different"], safe, "approve_safe_count"),
        (
            "Foreign cash rules to approve",
            cash_currencies_awaiting(facility_ids).exclude(asked_by=user).order_by().count(),
            reverse("cashiering:cash-currency-list"),
            "approve_cash_currency",
        ),
        (
            "Rules of opening counts to approve",
            opening_rules_awaiting(facility_ids).exclude(asked_by=user).order_by().count(),
            reverse("cashiering:opening-rule-list"),
            "approve_opening_rule",
        ),
    ]
    return [
        Waiting(title=title, count=count, url=url, permission=f"cashiering.{verb}")
        for title, count, url, verb in kinds
    ]


def _own(user: User) -> list[Waiting]:
    """The drawer that the cashier answers for, and the differences that only they can explain."""
    rows = Session.objects.filter(cashier=user)
    mine = Q(state__in=Session.IN_CUSTODY)
    unexplained = Q(state="VARIANCE_PENDING", over_shorts__kind="CLOSING", over_shorts__state="UNEXPLAINED")
    found = rows.aggregate(
        open=Count("id", filter=mine, distinct=True),
        open_on=Min("business_on", filter=mine),
        unexplained=Count("id", filter=unexplained, distinct=True),
        unexplained_on=Min("business_on", filter=unexplained),
    )
    listed = reverse("cashiering:session-list")
    return [
        Waiting(
            title="Your open drawer, to count and close",
            count=found["open"],
            url=reverse("cashiering:my-session"),
            permission="cashiering.work_session",
            oldest_on=found["open_on"],
        ),
        Waiting(
            title="Differences of your drawer to explain",
            count=found["unexplained"],
            url=f"{listed}?state=VARIANCE_PENDING",
            permission="cashiering.work_session",
            oldest_on=found["unexplained_on"],
        ),
    ]


def _sessions(user: User, facility_ids: Collection[int]) -> list[Waiting]:
    rows = Session.objects.filter(facility_id__in=facility_ids).exclude(cashier=user)
    found = rows.aggregate(
        balanced=Count("id", filter=Q(state="BALANCED")),
        balanced_on=Min("business_on", filter=Q(state="BALANCED")),
        varied=Count("id", filter=Q(state="VARIANCE_PENDING")),
        varied_on=Min("business_on", filter=Q(state="VARIANCE_PENDING")),
        forced=Count("id", filter=Q(state="FORCED")),
        forced_on=Min("business_on", filter=Q(state="FORCED")),
    )
    bagless = undeposited_sessions().filter(facility_id__in=facility_ids).exclude(cashier=user)
    found |= bagless.aggregate(undeposited=Count("id"), undeposited_on=Min("business_on"))
    # Notes that a session gave back out of the safe wait for the next bag, not for a person.
    notes = foreign_undeposited(facility_ids).exclude(session__cashier=user).order_by()
    notes = notes.filter(Q(("to_bank_minor__gt", 0)))
    found |= notes.aggregate(notes=Count("session", distinct=True), notes_on=Min("session__business_on"))
    sessions = reverse("cashiering:session-list")
    kinds = [
        ("Sessions to approve", "balanced", f"{sessions}?state=BALANCED", "approve_session"),
        ("Drawer differences to approve", "varied", f"{sessions}?state=VARIANCE_PENDING", "approve_variance"),
        ("Drawers left behind, to count", "forced", f"{sessions}?state=FORCED", "force_close"),
        ("Sessions to deposit", "undeposited", reverse("cashiering:deposit-list"), "prepare_deposit"),
        ("Foreign cash to deposit", "notes", reverse("cashiering:deposit-list"), "prepare_deposit"),
    ]
    return [
        Waiting(
            title=title,
            count=found[name],
            url=url,
            permission=f"cashiering.{verb}",
            oldest_on=found[f"{name}_on"],
        )
        for title, name, url, verb in kinds
    ]


def _voids(user: User, facility_ids: Collection[int]) -> list[Waiting]:
    rows = VoidRequest.objects.filter(
        payment__facility_id__in=facility_ids, payment__void__isnull=True, payment__session__state="OPEN"
    ).exclude(requested_by=user)
    return [
        Waiting(
            title="Voids to approve",
            count=rows.count(),
            url=reverse("cashiering:payment-list"),
            permission="cashiering.approve_void",
        )
    ]


def _unsent(facility_ids: Collection[int]) -> Waiting:
    """Receipts that were asked for by e-mail or text message and reached nobody."""
    return Waiting(
        title="Receipts that could not be sent",
        count=unsent_receipts(facility_ids).count(),
        url=f"{reverse('cashiering:payment-list')}?unsent=1",
        permission="cashiering.mail_receipt",
    )


def _bags(user: User, facility_ids: Collection[int]) -> list[Waiting]:
    bags = Deposit.objects.filter(facility_id__in=facility_ids, state="PREPARED").exclude(prepared_by=user)
    bag = bags.aggregate(count=Count("id"), on=Min("business_on"))
    batches = CardBatch.objects.filter(facility_id__in=facility_ids, state="OPEN")
    batch = batches.aggregate(count=Count("id"), on=Min("opened_on"))
    others = batches_that_differ(facility_ids).exclude(closed_by=user)
    differs = others.aggregate(count=Count("id"), on=Min("business_on"))
    return [
        Waiting(
            title="Deposits to verify",
            count=bag["count"],
            url=reverse("cashiering:deposit-list"),
            permission="cashiering.verify_deposit",
            oldest_on=bag["on"],
        ),
        Waiting(
            title="Card batches to close",
            count=batch["count"],
            url=reverse("cashiering:card-batch-list"),
            permission="cashiering.close_card_batch",
            oldest_on=batch["on"],
        ),
        Waiting(
            title="Card batches whose terminal differs",
            count=differs["count"],
            url=reverse("cashiering:card-batch-list"),
            permission="cashiering.clear_card_difference",
            oldest_on=differs["on"],
        ),
    ]
