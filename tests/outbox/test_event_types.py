"""The list of events, its guide and the code that records them say the same."""

import ast
import re
from pathlib import Path

from hms_ach.outbox.event_types import EVENT_TYPES

ROOT = Path(__file__).resolve().parents[2]


def recorded_types() -> set[str]:
    """The first argument of every `outbox.record(...)` in the applications."""
    found = set()
    for app in ("ledger", "billing", "cashiering", "reconciliation"):
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "outbox.record":
                    found |= _named(node.args[0])
    return found


def _named(argument: ast.expr) -> set[str]:
    """The event that an argument names; of f"refund.{state}", all that begin so."""
    if not isinstance(argument, ast.JoinedStr):
        return {ast.literal_eval(argument)}
    start = ast.literal_eval(argument.values[0])
    return {name for name in EVENT_TYPES if name.startswith(start)} or {f"{start}…"}


def test_the_guide_lists_every_event_and_no_other():
    guide = (ROOT / "docs" / "events.md").read_text()

    assert set(re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", guide, re.MULTILINE)) == set(EVENT_TYPES)


def test_every_recorded_event_can_be_subscribed_to():
    assert recorded_types() <= set(EVENT_TYPES)
