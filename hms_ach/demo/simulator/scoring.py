"""How right an engine was: its matches against the answer key."""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hms_ach.money import Money
from hms_ach.refusal import FileRejected
from reconciliation.formats.trial_table import unguarded

# Planted lines that an engine should tell for what they are.
_DUPLICATES = ("duplicate_line", "duplicate_corrected")


@dataclass
class Score:
    """What was right, by kind of group. A match is right when it is exactly a union of whole true groups.

    Whole is a group with both sides, or of lines that sum to zero: a stranger is never matched rightly.

    wrong       every wrong match: pass, kinds and ids
    by_kind     (kind, what was planted) to [lines that have an answer, lines matched rightly]
    top_one     suggestions for lines that have an answer and no match: [lines, first suggestion right]
    lines       [all lines, lines that a match took]
    minor       currency to [what has an answer, what was matched rightly, what wrong matches moved]
    duplicates  [lines that the bank booked twice, those that were told or corrected]; None if not asked
    """

    matches: int = 0
    wrong: list[str] = field(default_factory=list)
    by_kind: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    by_pass: Counter = field(default_factory=Counter)
    top_one: list[int] = field(default_factory=lambda: [0, 0])
    lines: list[int] = field(default_factory=lambda: [0, 0])
    minor: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    duplicates: list[int] | None = None

    @property
    def precision(self) -> float:
        return 1 - len(self.wrong) / self.matches if self.matches else 1.0

    @property
    def recall(self) -> float:
        wanted = sum(row[0] for row in self.by_kind.values())
        return sum(row[1] for row in self.by_kind.values()) / wanted if wanted else 1.0


class _Key:
    """The answer key, and which group each line and item belongs to."""

    def __init__(self, truth: Path) -> None:
        rows = (json.loads(text) for text in truth.read_text().splitlines())
        self.groups = [row for row in rows if row["lines"] or row["items"]]
        self._of = {member: n for n, group in enumerate(self.groups) for member in _members(group)}

    def touched(self, members: Iterable[str], *, at: int) -> list[dict]:
        """The groups with a part in a match. Raises FileRejected for an id that the key does not know."""
        unknown = [member for member in members if member not in self._of]
        if unknown:
            raise FileRejected(
                at, f"{unknown[0][2:]!r} is in no group of the answer key: is it of other data?"
            )
        return [self.groups[n] for n in sorted({self._of[member] for member in members})]


def score(truth: Path, found: Path, suggestions: Path | None = None, left: Path | None = None) -> Score:
    """Compare the output of `trial_match` with the answer key of `simulate`."""
    key, result = _Key(truth), Score()
    right: set[str] = set()
    taken: set[str] = set()
    for at, row in enumerate(_rows(found), start=2):
        members = _parts(row["line_ids"], row["item_ids"])
        groups = key.touched(members, at=at)
        _refuse_again(members & taken, at=at)
        taken |= members
        result.matches += 1
        result.by_pass[row["pass"]] += 1
        result.lines[1] += sum(member.startswith("L:") for member in members)
        if all(map(_is_whole, groups)) and members == {part for group in groups for part in _members(group)}:
            right |= members
        else:
            _count_wrong(result, row, members, groups)
    _count_right(result, key.groups, right)
    if suggestions is not None:
        _count_suggestions(result, suggestions, key.groups, right)
    if left is not None:
        _count_duplicates(result, left, key.groups, right)
    return result


def _refuse_again(again: set[str], *, at: int) -> None:
    """A line or item in two matches would be counted twice. Raises FileRejected."""
    if again:
        raise FileRejected(
            at, f"{min(again)[2:]!r} is in an earlier match too: a match takes it or none does"
        )


def _is_whole(group: dict) -> bool:
    return bool(group["lines"]) and (bool(group["items"]) or group["amount_minor"] == 0)


def _parts(line_ids: str, item_ids: str) -> set[str]:
    return {f"L:{each}" for each in _ids(line_ids)} | {f"I:{each}" for each in _ids(item_ids)}


def _members(group: dict) -> Iterator[str]:
    yield from (f"L:{each}" for each in group["lines"])
    yield from (f"I:{each}" for each in group["items"])


def _count_wrong(result: Score, row: dict[str, str], members: set[str], groups: list[dict]) -> None:
    said = sorted({f"{group['kind']}/{group['planted']}" for group in groups})
    shown = " ".join(sorted(members))[:200]
    result.wrong.append(f"{row['pass']}: {' + '.join(said)}: {shown} | {row['reasons']}")
    for group in groups:
        result.minor[group.get("currency", "USD")][2] += abs(group["amount_minor"])


def _count_right(result: Score, groups: list[dict], right: set[str]) -> None:
    for group in groups:
        result.lines[0] += len(group["lines"])
        if group["lines"] and group["items"]:
            matched = sum(f"L:{line}" in right for line in group["lines"])
            row = result.by_kind[group["kind"], group["planted"]]
            row[0] += len(group["lines"])
            row[1] += matched
            minor = result.minor[group.get("currency", "USD")]
            minor[0] += abs(group["amount_minor"])
            minor[1] += abs(group["amount_minor"]) if matched == len(group["lines"]) else 0


def _count_suggestions(result: Score, path: Path, groups: list[dict], right: set[str]) -> None:
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


def _count_duplicates(result: Score, path: Path, groups: list[dict], right: set[str]) -> None:
    told = {
        unguarded(row["line_id"])
        for row in _rows(path)
        if row["verdict"] == "duplicate" or "equal to" in row["reason"]
    }
    twice = [
        line
        for group in groups
        if group["planted"] in _DUPLICATES and not group["items"]
        for line in group["lines"]
    ]
    result.duplicates = [len(twice), sum(line in told or f"L:{line}" in right for line in twice)]


def _ids(text: str) -> list[str]:
    return [each for each in unguarded(text).split(";") if each]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(newline="") as source:
        yield from csv.DictReader(source)


def report(result: Score) -> str:
    """The score as a table for people."""
    wanted = sum(row[0] for row in result.by_kind.values())
    taken = result.lines[1] / result.lines[0] if result.lines[0] else 0.0
    lines = [
        f"matches {result.matches:,}  wrong {len(result.wrong)}",
        f"precision {result.precision:.6f}  recall {result.recall:.4f} of {wanted:,} lines with an answer",
        f"automatic {taken:.4f} of all {result.lines[0]:,} lines",
    ]
    for currency, (answered, matched, wrong) in sorted(result.minor.items()):
        of, right, off = (Money(minor, currency) for minor in (answered, matched, wrong))
        lines.append(f"{currency}: {right} of {of} that have an answer matched rightly, {off} wrongly")
    if result.top_one[0]:
        lines.append(f"first suggestion right for {result.top_one[1]:,} of {result.top_one[0]:,} of the rest")
    if result.duplicates is not None:
        lines.append(f"booked twice {result.duplicates[0]:,}, told as such {result.duplicates[1]:,}")
    lines += ["", f"{'kind':<16}{'planted':<22}{'lines':>8}{'right':>8}{'recall':>8}"]
    for (kind, planted), (total, good) in sorted(result.by_kind.items()):
        lines.append(f"{kind:<16}{planted:<22}{total:>8,}{good:>8,}{good / total:>8.3f}")
    lines += ["", *(f"{name:<28}{count:>10,}" for name, count in result.by_pass.most_common())]
    return "\n".join([*lines, "", *result.wrong])
