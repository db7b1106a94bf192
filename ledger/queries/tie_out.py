"""Sub-ledgers beside the book: what was taken last for a period, and whether it still stands."""

from collections.abc import Collection, Sequence
from datetime import date

from hms_ach.access.models import LegalEntity, User
from hms_ach.money import Money
from ledger.models import Period, TieOut
from ledger.queries.balance import Balance, balances
from ledger.queries.period import closing_round
from ledger.rules.sub_ledger import REGISTERED, Key, OpenDocument, SubLedger, by_role, sums_of


def tie_outs(period: Period) -> list[TieOut]:
    """The latest tie-out of each role and currency since the period was last opened. Two SQL queries."""
    rows = TieOut.objects.filter(period=period, round=closing_round(period)).select_related(
        "taken_by", "signature__signed_by"
    )
    latest = {(row.sub_ledger, row.role, row.currency): row for row in rows.order_by("id")}
    return [latest[key] for key in sorted(latest)]


def posted_by_role(legal_entity: LegalEntity, *, until: date | None = None) -> dict[tuple[str, str], Balance]:
    """What stands on each role in each currency, as of a day or with everything so far. One SQL query."""
    found = balances(legal_entity=legal_entity, by=("role", "currency"), as_of=until)
    return {(str(row.role), str(row.currency)): row for row in found}


def documents_of(sub_ledger: SubLedger, legal_entity: LegalEntity, on: date) -> dict[Key, list[OpenDocument]]:
    """The open documents by role and currency. The sub-ledger's own queries."""
    return by_role(sub_ledger.documents(legal_entity, on))


def documented(sub_ledger: SubLedger, legal_entity: LegalEntity, on: date) -> dict[Key, int]:
    """What the documents add up to by role and currency, in minor units. The sub-ledger's own queries."""
    return sums_of(documents_of(sub_ledger, legal_entity, on))


def moved_since(period: Period, taken: Sequence[TieOut]) -> dict[int, str]:
    """The tie-outs that no longer say how things are, by id, and why in words.

    A posting up to the period's last day that was not there makes one stale, and so does a document of a
    dated sub-ledger; what other sub-ledgers hold moves on with the next period. One SQL query, and those
    of the dated sub-ledgers.
    """
    if not taken:
        return {}
    posted = posted_by_role(period.legal_entity, until=period.ends_on)
    dated = {
        code: documented(REGISTERED[code], period.legal_entity, period.ends_on)
        for code in {row.sub_ledger for row in taken}
        if code in REGISTERED and REGISTERED[code].is_dated
    }
    found = {row.pk: _why(row, posted, dated.get(row.sub_ledger)) for row in taken}
    return {pk: why for pk, why in found.items() if why}


def is_to_sign(row: TieOut, person: User, moved: Collection[int]) -> bool:
    """Whether the person may answer for it unseen: it agrees, still stands, and somebody else took it."""
    is_agreeing = not row.difference_minor and row.pk not in moved
    return is_agreeing and row.taken_by_id != person.pk and not hasattr(row, "signature")


def never_taken(period: Period, taken: Sequence[TieOut]) -> list[str]:
    """Sub-ledgers, by code, with a figure of the period that no tie-out has. One SQL query."""
    posted = set(posted_by_role(period.legal_entity, until=period.ends_on))
    known = {(row.sub_ledger, row.role, row.currency) for row in taken}
    codes = {row.sub_ledger for row in taken}
    return [
        code
        for code, sub_ledger in sorted(REGISTERED.items())
        if code not in codes or any((code, *key) not in known for key in posted if key[0] in sub_ledger.roles)
    ]


def _why(
    row: TieOut, posted: dict[tuple[str, str], Balance], documents: dict[tuple[str, str], int] | None
) -> str:
    key = (row.role, row.currency)
    if row.n_postings is None:
        return "it was taken before postings were counted"
    n_more = (posted[key].n_postings if key in posted else 0) - row.n_postings
    if n_more:
        return f"{n_more} postings came since" if n_more > 1 else "a posting came since"
    if documents is not None and documents.get(key, 0) != row.sub_ledger_minor:
        now = Money(documents.get(key, 0), row.currency)
        return f"its documents add up to {now.in_words()} now"
    return ""
