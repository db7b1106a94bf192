"""How right an engine was: its matches against the answer key."""

import csv
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from reconciliation.formats.trial_table import unguarded


@dataclass
class Score:
    """What was right, by kind of group. A match is right when it is exactly a union of true groups.

    wrong    every wrong match: pass, kinds and ids
    by_kind  (kind, what was planted) to [lines that have an answer, lines matched rightly]
    top_one  suggestions for lines that have an answer and no match: [lines, first suggestion right]
    """

    matches: int = 0
    wrong: list[str] = field(default_factory=list)
    by_kind: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    by_pass: Counter = field(default_factory=Counter)
    wrong_minor: int = 0
    top_one: list[int] = field(default_factory=lambda: [0, 0])

    @property
    def precision(self) -> float:
        return 1 - len(self.wrong) / self.matches if self.matches else 1.0

    @property
    def recall(self) -> float:
        wanted = sum(row[0] for row in self.by_kind.values())
        return sum(row[1] for row in self.by_kind.values()) / wanted if wanted else 1.0


def score(truth: Path, found: Path, suggestions: Path | None = None) -> Score:
    """Compare the output of `trial_match` with the answer key of `simulate`."""
    groups = [json.loads(text) for text in truth.read_text().splitlines()]
    group_of = {f"L:{each}": n for n, group in enumerate(groups) for each in group["lines"]}
    group_of |= {f"I:{each}": n for n, group in enumerate(groups) for each in group["items"]}
    result, right = Score(), set()
    for row in _rows(found):
        members = {f"L:{each}" for each in _ids(row["line_ids"])} | {
            f"I:{each}" for each in _ids(row["item_ids"])
        }
        touched = {group_of[member] for member in members}
        whole = {
            *(f"L:{each}" for n in touched for each in groups[n]["lines"]),
            *(f"I:{each}" for n in touched for each in groups[n]["items"]),
        }
        result.matches += 1
        result.by_pass[row["pass"]] += 1
        if members == whole:
            right |= {member for member in members if member.startswith("L:")}
        else:
            said = sorted({f"{groups[n]['kind']}/{groups[n]['planted']}" for n in touched})
            result.wrong.append(
                f"{row['pass']}: {' + '.join(said)}: {' '.join(sorted(members))[:200]} | {row['reasons']}"
            )
            result.wrong_minor += abs(sum(groups[n]["amount_minor"] for n in touched))
    for group in groups:
        if group["lines"] and group["items"]:
            row = result.by_kind[group["kind"], group["planted"]]
            row[0] += len(group["lines"])
            row[1] += sum(f"L:{each}" in right for each in group["lines"])
    if suggestions is not None:
        _count_suggestions(result, suggestions, groups, group_of, right)
    return result


def _count_suggestions(
    result: Score, path: Path, groups: list[dict], group_of: dict[str, int], right: set
) -> None:
    first: dict[str, str] = {}
    for row in _rows(path):
        first.setdefault(unguarded(row["line_id"]), row["item_ids"])
    for group in groups:
        if not (group["lines"] and group["items"]):
            continue
        for line in group["lines"]:
            if f"L:{line}" not in right:
                result.top_one[0] += 1
                said = _ids(first.get(line, ""))
                result.top_one[1] += bool(said) and all(each in group["items"] for each in said)


def _ids(text: str) -> list[str]:
    return [each for each in unguarded(text).split(";") if each]


def _rows(path: Path):
    with path.open(newline="") as source:
        yield from csv.DictReader(source)


def report(result: Score) -> str:
    """The score as a table for people."""
    wanted = sum(row[0] for row in result.by_kind.values())
    lines = [
        f"matches {result.matches:,}  wrong {len(result.wrong)} ({result.wrong_minor / 100:,.2f})",
        f"precision {result.precision:.6f}  recall {result.recall:.4f} of {wanted:,} lines with an answer",
    ]
    if result.top_one[0]:
        lines.append(f"first suggestion right for {result.top_one[1]:,} of {result.top_one[0]:,} of the rest")
    lines += ["", f"{'kind':<16}{'planted':<22}{'lines':>8}{'right':>8}{'recall':>8}"]
    for (kind, planted), (total, good) in sorted(result.by_kind.items()):
        lines.append(f"{kind:<16}{planted:<22}{total:>8,}{good:>8,}{good / total:>8.3f}")
    lines += ["", *(f"{name:<28}{count:>10,}" for name, count in result.by_pass.most_common())]
    return "\n".join([*lines, "", *result.wrong])
