"""Who answers for an account's bank reconciliation, and whether it still says how things are."""

import hashlib
import json
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Exists, OuterRef

from hms_ach.access.models import User
from hms_ach.money import Money
from reconciliation.models import PreparedReconciliation
from reconciliation.queries.bank_reconciliation import BankReconciliation


def reconciliations_prepared(found: BankReconciliation) -> list[tuple[PreparedReconciliation, list[str]]]:
    """What was prepared of the day, the newest first, with what each says otherwise than now. One query."""
    rows = PreparedReconciliation.objects.filter(account=found.account, as_of=found.on)
    people = rows.select_related("account", "prepared_by", "review__reviewed_by")
    return [(row, changes_since(row, found)) for row in people.order_by("-id")]


def reconciliations_to_review(user: User, facility_ids: Collection[int]) -> list[PreparedReconciliation]:
    """The last of each account and day, prepared by others and not signed yet, the oldest day first."""
    newer = PreparedReconciliation.objects.filter(
        account=OuterRef("account"), as_of=OuterRef("as_of"), pk__gt=OuterRef("pk")
    )
    rows = PreparedReconciliation.objects.filter(account__facility_id__in=facility_ids, review=None)
    return list(rows.exclude(prepared_by=user).exclude(Exists(newer)).order_by("as_of", "id"))


def parts_of(found: BankReconciliation) -> list[dict[str, Any]]:
    """Each part's name, number of items and sum in minor units, in the order of the document."""
    sums: dict[str, list[int]] = {}
    for each in found.between:
        sums.setdefault(each.what, []).append(each.amount.minor)
    between = [{"name": name, "items": len(minors), "minor": sum(minors)} for name, minors in sums.items()]
    return between + [
        {"name": f"On its way: {kind.lower()}", "items": count, "minor": amount.minor}
        for kind, count, amount in found.on_the_way
    ]


def digest_of(found: BankReconciliation) -> str:
    """SHA-256 of all that the document says, item by item; the same for as long as it says the same."""
    said = [
        found.account.public_id,
        found.on.isoformat(),
        found.statement.public_id if found.statement else "",
        _minor(found.at_bank),
        found.before.minor,
        found.in_book.minor,
        [[each.what, each.on.isoformat(), each.text, each.amount.minor] for each in found.between],
        [[kind, count, amount.minor] for kind, count, amount in found.on_the_way],
    ]
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


def changes_since(prepared: PreparedReconciliation, found: BankReconciliation) -> list[str]:
    """What the day's figures say otherwise now, in words; empty while the whole document is the same."""
    if digest_of(found) == prepared.digest:
        return []
    currency = prepared.account.currency
    pairs = [
        ("at the bank", prepared.at_bank_minor, _minor(found.at_bank)),
        ("held before", prepared.before_minor, found.before.minor),
        ("items between", prepared.between_minor, found.total_between.minor),
        ("in the book", prepared.in_book_minor, found.in_book.minor),
    ]
    told = [
        f"{name} was {_words(before, currency)} and is {_words(now, currency)}"
        for name, before, now in pairs
        if before != now
    ]
    if told:
        return told
    return _moved_parts(prepared.parts, parts_of(found)) or ["an item or the statement is another one"]


def _moved_parts(before: Iterable[dict[str, Any]], now: Iterable[dict[str, Any]]) -> list[str]:
    old, new = ({each["name"]: (each["items"], each["minor"]) for each in parts} for parts in (before, now))
    names = dict.fromkeys([*old, *new])
    return [f"“{name}” has other items" for name in names if old.get(name) != new.get(name)]


def _minor(amount: Money | None) -> int | None:
    return None if amount is None else amount.minor


def _words(minor: int | None, currency: str) -> str:
    return "unknown" if minor is None else Money(minor, currency).in_words()
