"""What legal entities owe each other, as rows for a file."""

from hms_ach.access.models import User
from hms_ach.access.queries import facilities_of
from hms_ach.sheets import Column, Kind, StatementTable
from ledger.queries import AffiliatePair, Scope, affiliate_pairs
from ledger.reports.named import named
from ledger.reports.statement import facts_of, file_name


def affiliates_table(
    scope: Scope, *, facility_ids: frozenset[int], by_item: bool, actor: User
) -> StatementTable:
    """Each pair with both sides and their difference; item by item when asked."""
    pairs = affiliate_pairs(
        facility_ids=facility_ids, as_of=scope.until, known_at=scope.known_at, by_item=by_item
    )
    names = named(pair.reference for pair in pairs)
    columns = (
        Column("Creditor"),
        Column("Debtor"),
        Column("Item"),
        Column("Claimed", Kind.MONEY),
        Column("Owed", Kind.MONEY),
        Column("Difference", Kind.MONEY),
        Column("Currency"),
        Column("State"),
    )
    return StatementTable(
        title="Due between legal entities",
        name=file_name("affiliates", scope),
        facts=facts_of("affiliates", scope, actor=actor, book=_book(actor, by_item=by_item)),
        columns=columns,
        rows=[
            [
                pair.creditor or "names no entity",
                pair.debtor or "names no entity",
                names(pair.reference),
                pair.claimed,
                pair.owed,
                pair.difference,
                pair.currency,
                state_of(pair),
            ]
            for pair in pairs
        ],
    )


def _book(actor: User, *, by_item: bool) -> list[tuple[str, str]]:
    """Whose books are put beside each other: all that are open to the reader, whatever the scope's is."""
    entities = {facility.legal_entity for facility in facilities_of(actor)}
    named = sorted(f"{entity.code} {entity.name}" for entity in entities)
    return [
        ("Legal entities open to the reader", ", ".join(named)),
        ("Shown", "item by item" if by_item else "by pair"),
    ]


def state_of(pair: AffiliatePair) -> str:
    """Whether both books say the same, in words."""
    if pair.mirrors is None:
        return "not known: one book is not open to you"
    return "mirrors" if pair.mirrors else "differs"
