"""What decisions teach: who a name stands for, what a processor keeps, how a bank cuts references.

Pure arithmetic on decisions; `agrees` says whether a decision is as a rule says, `lessons_of` finds rules.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

# So many decisions must agree, and none may speak against it.
ENOUGH = 3
SHORTEST_NAME, SHORTEST_KEY = 4, 5
MOST_BASIS_POINTS = 1_000


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """A bank line of a decision. who: the counterparty as the engine compares it."""

    id: int
    who: str
    keys: tuple[str, ...]
    amount_minor: int


@dataclass(frozen=True, slots=True)
class DecidedItem:
    """An expected item of a decision. fee_minor: what its contract lets the bank keep."""

    id: int
    kind: str
    payer: str
    keys: tuple[str, ...]
    amount_minor: int
    fee_minor: int = 0


@dataclass(frozen=True, slots=True)
class Decided:
    """Lines and items that belong together, as people decided or a pass found. id: whatever names it."""

    id: int
    lines: tuple[DecidedLine, ...]
    items: tuple[DecidedItem, ...]

    @property
    def shown_minor(self) -> int:
        return sum(line.amount_minor for line in self.lines)

    @property
    def gross_minor(self) -> int:
        return sum(item.amount_minor for item in self.items)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A rule, and the decisions that teach it.

    PAYER      subject: a name; says {"payer": …}
    FEE        subject: who pays; says {"kind": …, "basis_points": …, "fixed_minor": …}, for each item
    REFERENCE  subject: kind of item; says {"end": "last" or "first", "length": …}: what the bank keeps of
               its references; or {"prefix": …}: what the bank writes before them
    """

    kind: str
    subject: str
    says: dict[str, Any]
    evidence: tuple[int, ...] = ()


def fee_of(says: dict[str, Any], amount_minor: int) -> int:
    """The fee of one item by a fee pattern, rounded half up to the minor unit."""
    return (amount_minor * int(says["basis_points"]) + 5_000) // 10_000 + int(says["fixed_minor"])


def cut(says: dict[str, Any], key: str) -> str:
    """What a bank leaves of a key, made comparable; "" where nothing is missing or too little is left."""
    length = int(says["length"])
    if len(key) <= length:
        return ""
    left = key[-length:] if says["end"] == "last" else key[:length]
    return bare if len(bare := left.lstrip("0")) >= SHORTEST_KEY else ""


def agrees(rule: Lesson, decided: Decided) -> bool | None:
    """Whether a decision is as the rule says; None where the rule does not speak of it."""
    return _AGREES[rule.kind](rule, decided)


def _agrees_payer(rule: Lesson, decided: Decided) -> bool | None:
    payers = {item.payer for item in decided.items} - {""}
    if not payers or all(line.who != rule.subject for line in decided.lines):
        return None
    return payers == {rule.says["payer"]}


def _agrees_fee(rule: Lesson, decided: Decided) -> bool | None:
    if not decided.lines or {(item.payer, item.kind) for item in decided.items} != {
        (rule.subject, rule.says["kind"])
    }:
        return None
    fee = sum(fee_of(rule.says, item.amount_minor) for item in decided.items)
    return decided.shown_minor == decided.gross_minor - fee


def _agrees_reference(rule: Lesson, decided: Decided) -> bool | None:
    said = {key for line in decided.lines for key in line.keys}
    kept = {key for item in decided.items if item.kind == rule.subject for key in item.keys}
    if "prefix" in rule.says:
        prefix = rule.says["prefix"]
        bare = {key.removeprefix(prefix) for key in said if key.startswith(prefix) and key != prefix}
        return bool(bare & kept) if bare and kept else None
    parts = {part for key in kept if (part := cut(rule.says, key))}
    if not parts or said & kept:
        return None
    if said & parts:
        return True
    return False if any(len(key) == rule.says["length"] for key in said) else None


_AGREES: dict[str, Callable[[Lesson, Decided], bool | None]] = {
    "PAYER": _agrees_payer,
    "FEE": _agrees_fee,
    "REFERENCE": _agrees_reference,
}


def lessons_of(decisions: Sequence[Decided]) -> list[Lesson]:
    """The rules that enough decisions teach and none contradicts, with their evidence; in a fixed order."""
    found = []
    for lesson in [*_payers(decisions), *_fees(decisions), *_references(decisions)]:
        judged = [(each.id, agrees(lesson, each)) for each in decisions]
        evidence = tuple(number for number, is_so in judged if is_so)
        if len(evidence) >= ENOUGH and all(is_so is not False for _number, is_so in judged):
            found.append(Lesson(lesson.kind, lesson.subject, lesson.says, evidence))
    return found


def _payers(decisions: Iterable[Decided]) -> list[Lesson]:
    pairs = Counter(
        pair
        for each in decisions
        for pair in {
            (line.who, item.payer)
            for line in each.lines
            for item in each.items
            if item.payer and len(line.who) >= SHORTEST_NAME
        }
    )
    often = sorted(pair for pair, count in pairs.items() if count >= ENOUGH)
    return [Lesson("PAYER", who, {"payer": payer}) for who, payer in often]


def _fees(decisions: Iterable[Decided]) -> list[Lesson]:
    seen: dict[tuple[str, str], list[Decided]] = defaultdict(list)
    for each in decisions:
        parties = {(item.payer, item.kind) for item in each.items}
        if len(parties) == 1 and each.lines and len(each.items) == 1 and each.gross_minor > 0:
            seen[parties.pop()].append(each)
    found = []
    for (payer, kind), rows in sorted(seen.items()):
        is_contract = all(row.shown_minor == row.gross_minor - row.items[0].fee_minor for row in rows)
        pattern = _fee_pattern([(row.gross_minor, row.gross_minor - row.shown_minor) for row in rows])
        if payer and pattern and not is_contract:
            said = {"kind": kind, "basis_points": pattern[0], "fixed_minor": pattern[1]}
            found.append(Lesson("FEE", payer, said))
    return found


def _fee_pattern(seen: list[tuple[int, int]]) -> tuple[int, int] | None:
    """The only rate in whole basis points and fixed part that give every (gross, fee), if there is one."""
    (low, low_fee), (high, high_fee) = min(seen), max(seen)
    if high == low or any(fee < 0 for _gross, fee in seen) or not any(fee for _gross, fee in seen):
        return None
    spread = high - low
    first = max(((high_fee - low_fee - 1) * 10_000) // spread, 0)
    last = -(-((high_fee - low_fee + 1) * 10_000) // spread)
    fit = []
    for rate in range(first, min(last, MOST_BASIS_POINTS) + 1):
        fixed = low_fee - (low * rate + 5_000) // 10_000
        said = {"basis_points": rate, "fixed_minor": fixed}
        if fixed >= 0 and all(fee_of(said, gross) == fee for gross, fee in seen):
            fit.append((rate, fixed))
    return fit[0] if len(fit) == 1 else None


def _references(decisions: Iterable[Decided]) -> list[Lesson]:
    ends: dict[tuple[str, str], set[int]] = defaultdict(set)
    prefixes: dict[str, set[str]] = defaultdict(set)
    for each in decisions:
        for kind, said, kept in _unequal_keys(each):
            if kept.endswith(said):
                ends[kind, "last"].add(len(said))
            elif kept.startswith(said):
                ends[kind, "first"].add(len(said))
            elif said.endswith(kept):
                prefixes[kind].add(said.removesuffix(kept))
    found = [
        Lesson("REFERENCE", kind, {"end": end, "length": max(lengths)})
        for (kind, end), lengths in sorted(ends.items())
    ]
    return found + [
        Lesson("REFERENCE", kind, {"prefix": prefix})
        for kind, said in sorted(prefixes.items())
        for prefix in sorted(said)
    ]


def _unequal_keys(each: Decided) -> Iterable[tuple[str, str, str]]:
    """(kind, the bank's key, the item's key) of a decision whose two sides name nothing alike."""
    said = {key for line in each.lines for key in line.keys if len(key) >= SHORTEST_KEY}
    kept = {(item.kind, key) for item in each.items for key in item.keys if len(key) >= SHORTEST_KEY}
    if said & {key for _kind, key in kept}:
        return
    for kind, key in kept:
        for other in said:
            yield kind, other, key
