"""Accounts that only one of two tables knows: probably one account spelt in two ways."""

from collections.abc import Collection
from difflib import get_close_matches

MOST = 20


def lone_accounts(of_lines: Collection[str], of_items: Collection[str]) -> list[str]:
    """A sentence for each account that only one side has, with the nearest names of the other.

    At most twenty; one for a side that has none at all, because its table has no rows.
    """
    lines, items = set(of_lines), set(of_items)
    empty = [name for name, side in (("lines", lines), ("expectations", items)) if not side]
    if empty:
        return [f"The table of {name} has no rows below its names, so nothing can match." for name in empty]
    said = [("lines", "expectations", name, items) for name in sorted(lines - items)]
    said += [("expectations", "lines", name, lines) for name in sorted(items - lines)]
    return [_sentence(*each) for each in said[:MOST]]


def _sentence(here: str, there: str, name: str, others: Collection[str]) -> str:
    by_capitals = {each.casefold(): each for each in sorted(others)}
    near = [by_capitals[each] for each in get_close_matches(name.casefold(), by_capitals, n=3, cutoff=0.4)]
    near = near or sorted(others)[:3]
    nearest = f" The nearest there: {', '.join(near)}." if near else ""
    return f"Account {name} of {here} is not among the {there}, so nothing of it matches.{nearest}"
