"""The answer key: one row for each group of lines and items, and for each fact that no line shows."""

import json
from collections.abc import Iterable
from typing import Any, TextIO

from hms_ach.demo.simulator.causes import CAUSES
from hms_ach.demo.simulator.records import Fact, Group


class Truth:
    """Writes truth.jsonl.

    Every row has id, kind, planted, cause, lines, items and amount_minor (what the bank shows). A group also
    has expected_minor (what its items say, less their fees), currency and paid_on; a fact has about, and
    what else is true of it.
    """

    def __init__(self, target: TextIO) -> None:
        self._target, self.count = target, 0

    def group(self, group: Group) -> None:
        self._write(
            group.kind,
            group.planted,
            lines=[line.id for line in group.lines],
            items=[item.id for item in group.items],
            amount_minor=sum(line.amount_minor for line in group.lines),
            expected_minor=sum(item.amount_minor - item.fee_minor for item in group.items),
            currency=group.parts[0].currency,
            paid_on=str(max(line.on for line in group.lines)) if group.lines else None,
        )

    def facts(self, facts: Iterable[Fact]) -> None:
        for fact in facts:
            self._write(
                fact.kind, fact.planted, lines=[], items=[], amount_minor=0, about=fact.about, **fact.more
            )

    def _write(self, kind: str, planted: str, **more: Any) -> None:
        self.count += 1
        row = {"id": f"T{self.count:08d}", "kind": kind, "planted": planted, "cause": CAUSES.get(planted, "")}
        self._target.write(json.dumps(row | more) + "\n")
