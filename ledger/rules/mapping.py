"""Where a posting leads under a map, and what is wrong with a map. The one place that knows the order.

A rule that names the facility goes before one that does not; among those, one that names the payer class;
then one that names the tender. Two rules that fit and name the same things are the same key, and the
database keeps those apart in time: so there is one target or none.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from types import MappingProxyType

from ledger.rules.calendar import is_within

# {department|0000} in a segment stands for the posting's own department, or 0000 when it has none.
_DIMENSION = re.compile(r"\{(facility|department|payer_class|tender)(?:\|([^{}]*))?\}")


@dataclass(frozen=True, slots=True)
class Key:
    """What a posting is to the map. Empty text means that it has none."""

    category: str
    facility: str
    payer_class: str = ""
    tender: str = ""


def account_category(number: str) -> str:
    """The category of what is posted on an account by hand where the account plays no role, or several."""
    return f"account.{number}"


@dataclass(frozen=True, slots=True)
class Rule:
    """An empty dimension fits everything. valid_until is the first day it no longer counts."""

    id: int
    category: str
    facility: str
    payer_class: str
    tender: str
    segments: tuple[str, ...]
    valid_from: date
    valid_until: date | None = None

    @property
    def key(self) -> tuple[str, str, str, str]:
        return (self.category, self.facility, self.payer_class, self.tender)

    @property
    def words(self) -> str:
        named = [self.facility, self.payer_class, self.tender]
        return " ".join([self.category, *filter(None, named)])

    @property
    def rank(self) -> tuple[bool, bool, bool]:
        return (bool(self.facility), bool(self.payer_class), bool(self.tender))

    def fits(self, key: Key, on: date) -> bool:
        return (
            self.category == key.category
            and self.facility in ("", key.facility)
            and self.payer_class in ("", key.payer_class)
            and self.tender in ("", key.tender)
            and is_within(on, self.valid_from, self.valid_until)
        )


class Map:
    """The rules of one version, found by category."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._by_category: dict[str, list[Rule]] = defaultdict(list)
        for rule in sorted(rules, key=lambda rule: rule.rank, reverse=True):
            self._by_category[rule.category].append(rule)

    def rule_for(self, key: Key, *, on: date) -> Rule | None:
        """The most specific rule for a posting of a day; None when the map has a gap there."""
        return next((rule for rule in self._by_category[key.category] if rule.fits(key, on)), None)


def filled(segments: Sequence[str], dimensions: Mapping[str, str]) -> tuple[str, ...]:
    """The segments with the posting's own dimensions in the place of {facility}, {department|0000}, …"""

    def value(found: re.Match) -> str:
        return dimensions.get(found[1], "") or found[2] or ""

    return tuple(_DIMENSION.sub(value, segment) for segment in segments)


def unknown_names(segments: Sequence[str]) -> list[str]:
    """What stands in braces and is no dimension."""
    return [left for segment in segments for left in re.findall(r"[{}]", _DIMENSION.sub("", segment))]


@dataclass(frozen=True, slots=True)
class Target:
    """An account of the general ledger's own chart."""

    natural_class: str
    active_from: date
    active_until: date | None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps a map from being approved. kind is gap, overlap, target, type or collision."""

    kind: str
    category: str
    sentence: str


def problems_of(
    rules: Sequence[Rule],
    *,
    since: date,
    categories: Mapping[str, str],
    facilities: Sequence[str],
    targets: Mapping[str, Target],
    account_index: int,
    is_strict: bool,
    accounts: Mapping[str, str] = MappingProxyType({}),
) -> list[Problem]:
    """All that is wrong with a map that counts from a day on; empty when it may be approved.

    categories  every category that may be posted, with the natural class its target must have
    facilities  the codes of the entity's facilities; each needs a target for whatever comes
    targets     the general ledger's chart by account code
    accounts    categories of single accounts with their classes: they may have rules, and need none
    is_strict   two categories leading to one code are a problem too (one-to-one)
    """
    known = {**accounts, **categories}
    found = [
        *_unknown(rules, known),
        *_overlaps(rules),
        *_gaps(rules, since=since, categories=categories, facilities=facilities),
        *_dead(rules, since=since, categories=known, targets=targets, account_index=account_index),
    ]
    if is_strict:
        found += [
            Problem("collision", hit[0], f"{' and '.join(hit)} lead to {'-'.join(code)}")
            for code, hit in collisions(rules).items()
        ]
    return found


def collisions(rules: Iterable[Rule]) -> dict[tuple[str, ...], list[str]]:
    """The codes that more than one category leads to, with those categories in order."""
    leading: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for rule in rules:
        leading[rule.segments].add(rule.category)
    return {code: sorted(hit) for code, hit in sorted(leading.items()) if len(hit) > 1}


def _unknown(rules: Sequence[Rule], categories: Mapping[str, str]) -> list[Problem]:
    return [
        Problem("target", rule.category, f"{rule.category} is not a category of the book")
        for rule in rules
        if rule.category not in categories
    ]


def _overlaps(rules: Sequence[Rule]) -> list[Problem]:
    by_key: dict[tuple[str, str, str, str], list[Rule]] = defaultdict(list)
    for rule in rules:
        by_key[rule.key].append(rule)
    found = []
    for same in by_key.values():
        ordered = sorted(same, key=lambda rule: rule.valid_from)
        for before, after in pairwise(ordered):
            if before.valid_until is None or before.valid_until > after.valid_from:
                sentence = f"{after.words} has two rules from {after.valid_from.isoformat()} on"
                found.append(Problem("overlap", after.category, sentence))
    return found


def _gaps(
    rules: Sequence[Rule], *, since: date, categories: Mapping[str, str], facilities: Sequence[str]
) -> list[Problem]:
    """Every category needs, at every facility and on every day, a rule for any payer class and tender."""
    catch_all: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        if not rule.payer_class and not rule.tender:
            catch_all[rule.category].append(rule)
    found = []
    for category in sorted(categories):
        for facility in sorted(facilities):
            fitting = [rule for rule in catch_all[category] if rule.facility in ("", facility)]
            if missing := _first_day_without(fitting, since):
                sentence = f"{category} has no rule for {facility} from {missing.isoformat()} on"
                found.append(Problem("gap", category, sentence))
    return found


def _first_day_without(rules: Sequence[Rule], since: date) -> date | None:
    day = since
    for rule in sorted(rules, key=lambda rule: rule.valid_from):
        if rule.valid_from > day:
            return day
        if rule.valid_until is None:
            return None
        day = max(day, rule.valid_until)
    return day


def _dead(
    rules: Sequence[Rule],
    *,
    since: date,
    categories: Mapping[str, str],
    targets: Mapping[str, Target],
    account_index: int,
) -> list[Problem]:
    found = []
    for rule in rules:
        if rule.valid_until and rule.valid_until <= since:
            continue
        code = rule.segments[account_index]
        target = targets.get(code)
        wanted = categories.get(rule.category, "")
        if unknown_names(rule.segments):
            problem = ("target", "has braces that name no dimension")
        elif target is None:
            problem = (
                "target",
                f"leads to {code or 'nothing'}, which the general ledger's chart does not have",
            )
        elif target.active_from > max(rule.valid_from, since) or (
            target.active_until and (rule.valid_until is None or rule.valid_until > target.active_until)
        ):
            problem = ("target", f"leads to {code}, which is not in use on all its days")
        elif wanted and target.natural_class != wanted:
            problem = (
                "type",
                f"leads to {code}, which is not of the class {wanted.lower().replace('_', ' ')}",
            )
        else:
            continue
        found.append(Problem(problem[0], rule.category, f"{rule.words} {problem[1]}"))
    return found
