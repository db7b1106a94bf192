"""What goes wrong between the till and the bank, each with its name in the answer key."""

import random
from collections.abc import Callable
from copy import deepcopy

from hms_ach import calendars
from hms_ach.demo.simulator.damage import damaged
from hms_ach.demo.simulator.knobs import Knobs
from hms_ach.demo.simulator.records import Group
from hms_ach.demo.simulator.remittance_mistakes import PAYERS_WAYS, merged

# A cheque deposit has a slip; a merchant's sum names the merchant anyway.
_NAMED = ("remittance", "lockbox", "bag", "cheque_deposit", "payout", "ach", "refund", "wire")
_TILL = ("bag", "cheque_deposit")
# How often payers' banks give each reason for returning a debit (DOMAIN 5.6).
RETURN_REASONS = {"R01": 60, "R02": 9, "R03": 8, "R04": 8, "R10": 8, "R16": 4, "R29": 3}


class Mistakes:
    """Spoils groups at the knobs' rates. At most one mistake a group, so that its cause is plain."""

    def __init__(self, knobs: Knobs, rng: random.Random, new_line: Callable) -> None:
        self.knobs, self.rng, self.new_line = knobs, rng, new_line

    def spoil(self, groups: list[Group]) -> list[Group]:
        """The day's groups as bank and till show them: merged where they merge, otherwise one by one."""
        spoiled: list[Group] = []
        for group in self._merge(groups):
            spoiled += self._one(group) if not group.planted else [group]
        return spoiled

    def _merge(self, groups: list[Group]) -> list[Group]:
        """Two to four remittances of one payer in one transfer; two bags in one credit."""
        result: list[Group] = []
        waiting: dict[tuple, list[Group]] = {}
        for group in groups:
            if group.planted or group.kind not in ("remittance", *_TILL):
                result.append(group)
                continue
            key = (group.kind, group.items[0].account, group.items[0].payer)
            waiting.setdefault(key, []).append(group)
        for (kind, *_), same in waiting.items():
            name, most = ("merged", 4) if kind == "remittance" else ("merged_bags", 2)
            while same:
                size = self.rng.randint(2, most) if self.knobs.happens(name, self.rng) else 1
                taken, same = same[:size], same[size:]
                result.append(merged(taken, name, self.rng) if len(taken) > 1 else taken[0])
        return result

    def _one(self, group: Group) -> list[Group]:
        for name, applies, act in self._catalogue():
            if applies(group) and self.knobs.happens(name, self.rng):
                return act(group, name)
        return [group]

    def _catalogue(self) -> list[tuple[str, Callable, Callable]]:
        named = lambda group: group.kind in _NAMED and group.has_answer  # noqa: E731
        answered = lambda group: group.has_answer  # noqa: E731
        unannounced = lambda group: group.has_answer and group.kind != "remittance"  # noqa: E731
        of = lambda *kinds: lambda group: group.kind in kinds and group.has_answer  # noqa: E731
        return [
            ("missing_line", answered, self._missing_line),
            ("missing_item", unannounced, self._missing_item),
            ("notice_never", of("remittance"), self._missing_item),
            ("wrong_account", of("bag", "remittance"), self._wrong_account),
            ("duplicate_line", answered, self._duplicate),
            ("duplicate_corrected", answered, self._corrected),
            ("item_twice", of("remittance"), self._item_twice),
            ("bag_difference", of("bag"), self._bag_difference),
            ("fee_difference", of("card", "payout"), self._fee_difference),
            ("chargeback", of("card"), self._chargeback),
            ("wire_charge", of("wire"), self._wire_charge),
            ("transposed", of(*_TILL), self._transposed),
            ("split", of("remittance"), self._split),
            *((name, of("remittance"), self._as_payers_do) for name in PAYERS_WAYS),
            ("late", of(*_TILL, "remittance", "card"), self._late),
            ("returned", of("ach"), self._returned),
            ("cheque_unpaid", of("cheque_deposit"), self._returned),
            ("no_reference", named, self._no_reference),
            ("damaged_reference", named, self._damaged),
        ]

    def _as_payers_do(self, group: Group, name: str) -> list[Group]:
        PAYERS_WAYS[name](group, self.rng)
        group.planted = name
        return [group]

    def _missing_line(self, group: Group, name: str) -> list[Group]:
        return [Group(group.kind, name, [], group.items)]

    def _missing_item(self, group: Group, name: str) -> list[Group]:
        return [Group(group.kind, name, group.lines, [])]

    def _wrong_account(self, group: Group, name: str) -> list[Group]:
        account = group.items[0].account
        for item in group.items:
            code, _, use = account.partition("-")
            item.account = f"{code}-{'DEP' if use == 'OPER' else 'OPER'}"
        return [Group(group.kind, name, group.lines, []), Group(group.kind, name, [], group.items)]

    def _copy(self, group: Group, days: int, *, sign: int = 1):
        line = deepcopy(group.lines[0])
        line.on = calendars.add_banking_days(line.on, days) if days else line.on
        fresh = self.new_line(line.account, line.kind, line.on, sign * line.amount_minor)
        line.id, line.amount_minor = fresh.id, sign * line.amount_minor
        if self.rng.random() < 0.5 or sign < 0:
            line.bank_reference = fresh.bank_reference
        return line

    def _duplicate(self, group: Group, name: str) -> list[Group]:
        twice = self._copy(group, self.rng.randint(0, 2))
        return [group, Group(group.kind, name, [twice], [])]

    def _corrected(self, group: Group, name: str) -> list[Group]:
        twice, back = self._copy(group, 1), self._copy(group, 2, sign=-1)
        back.kind, back.description = "reversal", f"REVERSAL {back.description}"
        return [group, Group(group.kind, name, [twice, back], [])]

    def _item_twice(self, group: Group, name: str) -> list[Group]:
        twice = deepcopy(group.items[0])
        twice.id += "B"
        return [group, Group(group.kind, name, [], [twice])]

    def _bag_difference(self, group: Group, name: str) -> list[Group]:
        group.lines[0].amount_minor += self.rng.choice(
            [-20_00, -10_00, -5_00, -1_00, 1_00, 5_00, 10_00, 20_00]
        )
        group.planted = name
        return [group]

    def _fee_difference(self, group: Group, name: str) -> list[Group]:
        line = group.lines[0]
        line.amount_minor -= max(1, round(line.amount_minor * self.rng.uniform(0.001, 0.008)))
        group.planted = name
        return [group]

    def _chargeback(self, group: Group, name: str) -> list[Group]:
        line = group.lines[0]
        back = self.rng.choice([25_00, 50_00, 75_00, 140_00])
        if line.amount_minor > back:
            line.amount_minor -= back
            group.planted = name
        return [group]

    def _wire_charge(self, group: Group, name: str) -> list[Group]:
        group.lines[0].amount_minor -= self.rng.choice([10_00, 15_00, 25_00])
        group.planted = name
        return [group]

    def _transposed(self, group: Group, name: str) -> list[Group]:
        item = group.items[0]
        digits = list(str(item.amount_minor // 100))
        for n in range(len(digits) - 1):
            if digits[n] != digits[n + 1]:
                digits[n], digits[n + 1] = digits[n + 1], digits[n]
                item.amount_minor = int("".join(digits)) * 100 + item.amount_minor % 100
                group.planted = name
                break
        return [group]

    def _split(self, group: Group, name: str) -> list[Group]:
        line = group.lines[0]
        part = round(line.amount_minor * self.rng.uniform(0.2, 0.8))
        other = self._copy(group, self.rng.randint(0, 1))
        other.amount_minor, line.amount_minor = line.amount_minor - part, part
        return [Group(group.kind, name, [line, other], group.items)]

    def _late(self, group: Group, name: str) -> list[Group]:
        line = group.lines[0]
        line.on = calendars.add_banking_days(line.on, self.rng.choice([1, 1, 1, 2, 3]))
        group.planted = name
        return [group]

    def _returned(self, group: Group, name: str) -> list[Group]:
        """One receipt of it comes back, as the bank's return file also says (`ach_files.py`)."""
        part = deepcopy(self.rng.choice(group.items))
        part.id, part.kind, part.batch = f"{part.id}R", "return", ""
        part.amount_minor = -min(part.amount_minor, self.rng.choice([45_00, 120_00, 88_50]))
        part.on = calendars.add_banking_days(group.lines[0].on, 2)
        part.references = [f"{self.rng.randrange(10**14, 10**15)}"]
        reason = self._reason() if name == "returned" else "NSF"
        back = self._copy(group, 2, sign=-1)
        back.kind, back.amount_minor, back.counterparty = "return", part.amount_minor, ""
        back.references = list(part.references)
        back.description = f"RETURNED ITEM {reason} {part.references[0]}"
        return [group, Group("return", name, [back], [part])]

    def _reason(self) -> str:
        return self.rng.choices(list(RETURN_REASONS), list(RETURN_REASONS.values()))[0]

    def _no_reference(self, group: Group, name: str) -> list[Group]:
        line = group.lines[0]
        line.references = []
        line.description = {"remittance": "HCCLAIMPMT", "wire": "WIRE IN"}.get(group.kind, "DEPOSIT")
        group.planted = name
        return [group]

    def _damaged(self, group: Group, name: str) -> list[Group]:
        line = group.lines[0]
        right = line.references[0]
        wrong = damaged(right, self.rng)
        line.references, line.description = [wrong], line.description.replace(right, wrong)
        group.planted = name
        return [group]
