"""What caused an entry: the kind of document, and the posting rule that it follows."""

from collections.abc import Iterable

from ledger.rules.posting_rules import RULES, PostingRule

# Made by the book itself or by people of finance, on accounts of their choice; no rule binds them.
FREE_SOURCES = ("adjustment",)


def document_name(source: str) -> str:
    """What people call the kind of document that caused an entry: "Cash transfer" for `cash_transfer`."""
    return source.replace("_", " ").capitalize()


def rule_of(source: str, debits: Iterable[str], credits: Iterable[str]) -> PostingRule | None:
    """The rule that an entry follows, by the roles on its sides; None when no rule allows it.

    An entry that takes another back has its sides exchanged: ask with them exchanged too.
    """
    left, right = set(debits), set(credits)
    of_source = (rule for rule in RULES if rule.source == source)
    return next((r for r in of_source if left <= set(r.debit) and right <= set(r.credit)), None)
