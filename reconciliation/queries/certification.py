"""How far the certification of each bank account is."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from reconciliation.models import BankAccount, CertificationClaim, Statement
from reconciliation.rules.certification import ITEMS, Item

Outcome = CertificationClaim.Outcome
_PEOPLE = ("claimed_by", "decided_by", "file", "statement", "delivery__connection")


@dataclass(frozen=True, slots=True)
class ItemStanding:
    """One line of an account's checklist as it stands.

    in_force  what two people agreed on; None where nothing counts now
    last      the newest word that was not withdrawn, whatever became of it
    """

    item: Item
    in_force: CertificationClaim | None
    last: CertificationClaim | None

    @property
    def waiting(self) -> CertificationClaim | None:
        """What another person must confirm or send back."""
        is_waiting = self.last and self.last.verdict is None and self.last.outcome != Outcome.REOPENED
        return self.last if is_waiting else None

    @property
    def shown(self) -> CertificationClaim | None:
        """Whose date and evidence stand in the list: what waits or was sent back, else what counts."""
        return self.waiting or self.in_force or self.last

    @property
    def state(self) -> str:
        """A word for the list, by what matters most."""
        if self.waiting:
            return "TO_CONFIRM"
        if self.in_force:
            return self.in_force.outcome
        if self.last is None:
            return "LEFT"
        return Outcome.REOPENED if self.last.outcome == Outcome.REOPENED else "SENT_BACK"


@dataclass(frozen=True, slots=True)
class Certification:
    """An account's checklist.

    certified_at  since when every item is in force without a break; None while any is left
    is_used       the account is in force and its statements are taken in
    """

    account: BankAccount
    items: tuple[ItemStanding, ...]
    certified_at: datetime | None
    is_used: bool

    @property
    def left(self) -> list[ItemStanding]:
        """What is not in force yet, in the order of the list."""
        return [each for each in self.items if each.in_force is None]

    @property
    def done_count(self) -> int:
        """How many items are in force."""
        return len(self.items) - len(self.left)

    @property
    def waiting_count(self) -> int:
        """How many items another person must decide."""
        return sum(each.waiting is not None for each in self.items)

    @property
    def go_live_on(self) -> date | None:
        """The agreed day from which the account is used for real; None where none is agreed or needed."""
        claim = next(each.in_force for each in self.items if each.item.code == "go_live")
        return claim.done_on if claim and claim.outcome == Outcome.DONE else None

    @property
    def is_overdue(self) -> bool:
        """Whether the account is used without being certified: people are warned, nothing is stopped."""
        return self.is_used and self.certified_at is None


def certification_of(account: BankAccount) -> Certification:
    """One account's checklist. Two queries."""
    is_used = account.is_in_force and Statement.objects.filter(account=account).exists()
    return _certification(account, _claims().filter(account=account), is_used=is_used)


def certifications_of(facility_ids: Collection[int]) -> list[Certification]:
    """The checklists of the facilities' open accounts, those used without one first. Two queries."""
    has_statement = Exists(Statement.objects.filter(account=OuterRef("pk")))
    rows = BankAccount.objects.filter(facility_id__in=facility_ids, closed_on=None)
    accounts = list(rows.select_related("facility").annotate(has_statement=has_statement).order_by("code"))
    claims: dict[int, list[CertificationClaim]] = {account.pk: [] for account in accounts}
    for claim in _claims().filter(account__in=accounts):
        claims[claim.account_id].append(claim)
    found = [
        _certification(account, claims[account.pk], is_used=account.is_in_force and account.has_statement)
        for account in accounts
    ]
    return sorted(found, key=lambda each: not each.is_overdue)


def claims_of(account: BankAccount, item: str) -> list[CertificationClaim]:
    """All that was ever said of one item, the newest first. One query."""
    return list(_claims().filter(account=account, item=item).order_by("-id"))


def _claims() -> QuerySet[CertificationClaim]:
    return CertificationClaim.objects.select_related(*_PEOPLE).order_by("id")


def _certification(
    account: BankAccount, claims: Iterable[CertificationClaim], *, is_used: bool
) -> Certification:
    rows = list(claims)
    in_force, certified_at = _in_force(rows)
    last = {row.item: row for row in rows if row.verdict != CertificationClaim.Verdict.WITHDRAWN}
    items = tuple(ItemStanding(item, in_force.get(code), last.get(code)) for code, item in ITEMS.items())
    return Certification(account, items, certified_at, is_used)


def _in_force(
    rows: list[CertificationClaim],
) -> tuple[dict[str, CertificationClaim], datetime | None]:
    """What counts of each item, and since when all of them do: each word takes effect at its own moment."""
    moments = [(row.claimed_at, row.pk, row) for row in rows if row.outcome == Outcome.REOPENED]
    moments += [
        (row.decided_at, row.pk, row)
        for row in rows
        if row.verdict == CertificationClaim.Verdict.CONFIRMED and row.decided_at is not None
    ]
    in_force: dict[str, CertificationClaim] = {}
    certified_at = None
    for moment, _, row in sorted(moments):
        if row.outcome == Outcome.REOPENED:
            in_force.pop(row.item, None)
        else:
            in_force[row.item] = row
        if len(in_force) < len(ITEMS):
            certified_at = None
        else:
            certified_at = certified_at or moment
    return in_force, certified_at
