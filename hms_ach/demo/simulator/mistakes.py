"""What goes wrong between the till and the bank, each with its name in the answer key."""

import random
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta

from hms_ach import calendars
from hms_ach.demo.simulator.knobs import Knobs
from hms_ach.demo.simulator.records import Group

# A cheque deposit has a slip; a merchant's sum names the merchant anyway.
_NAMED = ("remittance", "lockbox", "bag", "cheque_deposit", "payout", "ach", "refund", "wire")
_TILL = ("bag", "cheque_deposit")


class Mistakes:
    """Spoils groups at the knobs' rates. At most one mistake a group, so that its cause is plain."""

    def __init__(self, knobs: Knobs, rng: random.Random, new_line: Callable) -> None:
        self.knobs, self.rng, self.new_line = knobs, rng, new_line
        self.last_traces: list[str] = []

    def spoil(self, groups: list[Group]) -> list[Group]:
        """The day's groups as bank and till show them: merged where they merge, otherwise one by one."""
        merged = self._merge(groups)
        spoiled: list[Group] = []
        for group in merged:
            spoiled += self._one(group) if not group.planted else [group]
        return spoiled

    def _happens(self, name: str) -> bool:
        return self.rng.random() < self.knobs.rate(name)

    def _merge(self, groups: list[Group]) -> list[Group]:
        """Two to four remittances of one payer in one transfer; two bags in one credit."""
        result: list[Group] = []
        waiting: dict[tuple, Group] = {}
        for group in groups:
            if group.kind not in ("remittance", "bag", "cheque_deposit"):
                result.append(group)
                continue
            key = (group.kind, group.items[0].account, group.items[0].payer)
            other = waiting.pop(key, None)
            if other is not None and self._happens("merged"):
                result.append(self._merged(other, group))
            elif other is not None:
                result.append(other)
                waiting[key] = group
            else:
                waiting[key] = group
        return result + list(waiting.values())

    def _merged(self, first: Group, second: Group) -> Group:
        line = first.lines[0]
        line.amount_minor += second.lines[0].amount_minor
        if self.rng.random() < 0.3:
            line.references += second.lines[0].references
        elif self.rng.random() < 0.5:
            line.references, line.description = [], "COMBINED"
        return Group(first.kind, "merged", [line], first.items + second.items)

    def _one(self, group: Group) -> list[Group]:
        for name, applies, act in self._catalogue():
            if applies(group) and self._happens(name):
                return act(group, name)
        return [group]

    def _catalogue(self) -> list[tuple[str, Callable, Callable]]:
        named = lambda group: group.kind in _NAMED and group.has_answer  # noqa: E731
        answered = lambda group: group.has_answer  # noqa: E731
        of = lambda *kinds: lambda group: group.kind in kinds and group.has_answer  # noqa: E731
        return [
            ("missing_line", answered, self._missing_line),
            ("missing_item", answered, self._missing_item),
            ("wrong_account", of("bag", "remittance"), self._wrong_account),
            ("duplicate_line", answered, self._duplicate),
            ("duplicate_corrected", answered, self._corrected),
            ("item_twice", of("remittance"), self._item_twice),
            ("bag_difference", of("bag"), self._bag_difference),
            ("fee_difference", of("card", "payout"), self._fee_difference),
            ("chargeback", of("card"), self._chargeback),
            ("takeback", of("remittance"), self._takeback),
            ("wire_charge", of("wire"), self._wire_charge),
            ("transposed", of("bag", "cheque_deposit"), self._transposed),
            ("split", of("remittance"), self._split),
            ("late", of(*_TILL, "remittance", "card"), self._late),
            ("returned", of("ach", "cheque_deposit"), self._returned),
            ("wrong_reference", of("remittance"), self._wrong_reference),
            ("no_reference", named, self._no_reference),
            ("damaged_reference", named, self._damaged),
        ]

    def _missing_line(self, group: Group, name: str) -> list[Group]:
        return [Group(group.kind, name, [], group.items)]

    def _missing_item(self, group: Group, name: str) -> list[Group]:
        return [Group(group.kind, name, group.lines, [])]

    def _wrong_account(self, group: Group, name: str) -> list[Group]:
        account = group.items[0].account
        for item in group.items:
            item.account = account[:4].replace("-", "") + ("-DEP" if account.endswith("-OPER") else "-OPER")
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

    def _takeback(self, group: Group, name: str) -> list[Group]:
        line = group.lines[0]
        line.amount_minor = max(1_00, line.amount_minor - self.rng.randint(5_00, 900_00))
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
        """One receipt of it comes back, as the return file also says."""
        part = deepcopy(self.rng.choice(group.items))
        amount = -min(part.amount_minor, self.rng.choice([45_00, 120_00, 88_50]))
        part.id, part.kind, part.amount_minor = part.id + "R", "return", amount
        part.on, part.batch = part.on + timedelta(days=3), ""
        part.references = [f"{self.rng.randrange(10**14, 10**15)}"]
        back = self._copy(group, 3, sign=-1)
        back.kind, back.amount_minor, back.description = (
            "return",
            amount,
            f"RETURNED ITEM R01 {part.references[0]}",
        )
        back.references = list(part.references)
        return [group, Group("return", name, [back], [part])]

    def _wrong_reference(self, group: Group, name: str) -> list[Group]:
        """The wire quotes the trace of another remittance of the payer."""
        line = group.lines[0]
        right = line.references[0]
        digits = "".join(letter for letter in right if letter.isdigit())
        wrong = right.replace(digits, str(int(digits) - 1).zfill(len(digits)))
        line.references, line.description = [wrong], line.description.replace(right, wrong)
        group.planted = name
        return [group]

    def _no_reference(self, group: Group, name: str) -> list[Group]:
        line = group.lines[0]
        line.references = []
        line.description = {"remittance": "HCCLAIMPMT", "wire": "WIRE IN"}.get(group.kind, "DEPOSIT")
        group.planted = name
        return [group]

    def _damaged(self, group: Group, name: str) -> list[Group]:
        line = group.lines[0]
        right = line.references[0]
        wrong = self.rng.choice([self._typo, self._cut, self._swapped])(right)
        line.references, line.description = [wrong], line.description.replace(right, wrong)
        group.planted = name
        return [group]

    def _typo(self, text: str) -> str:
        at = self.rng.randrange(len(text) // 2, len(text))
        return text[:at] + str((ord(text[at]) + self.rng.randint(1, 8)) % 10) + text[at + 1 :]

    def _cut(self, text: str) -> str:
        return text[self.rng.randint(1, 2) :]

    def _swapped(self, text: str) -> str:
        at = self.rng.randrange(len(text) // 2, len(text) - 1)
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
