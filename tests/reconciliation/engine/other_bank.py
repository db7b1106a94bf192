"""A small generator of bank data with an answer key, written apart from the demo's simulator.

It differs from it where another author would: how references are rewritten, how days shift, what is
netted, split and merged, and what the bank corrects by some cents. Amounts follow no nice distribution.
"""

import csv
import io
import random
from dataclasses import dataclass, field
from datetime import date, timedelta

PAYERS = [
    f"{word} Benefit {n}" for n, word in enumerate(("Aster", "Birch", "Cobalt", "Dune", "Ember", "Fjord"))
]
START = date(2025, 2, 3)


@dataclass
class OtherBank:
    """groups: (case, lines, items) that truly belong together; a right match is a union of them."""

    seed: int
    size: int = 400
    lines: list[dict] = field(default_factory=list)
    items: list[dict] = field(default_factory=list)
    groups: list[tuple[str, list[str], list[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.number = self.random.randint(10**6, 9 * 10**6)
        for _ in range(self.size):
            case, weight = list(CASES), list(CASES.values())
            getattr(self, self.random.choices(case, weight)[0])()
        self.random.shuffle(self.lines)
        self.random.shuffle(self.items)

    # Parts

    def fresh_reference(self) -> str:
        self.number += self.random.randint(1, 4)
        style = self.random.choice(("EFT{:09d}", "{:012d}", "RA-{}-{:03d}", "CLM{}X"))
        if style == "RA-{}-{:03d}":
            return style.format(self.number, self.random.randint(1, 999))
        return style.format(self.number)

    def rewritten(self, reference: str) -> str:
        ways = (
            lambda text: text.lower(),
            lambda text: text.replace("-", ""),
            lambda text: " ".join(text[n : n + 4] for n in range(0, len(text), 4)),
            lambda text: f"REF:{text}",
            lambda text: f"TRN*1*{text}*1999999999",
            lambda text: "000" + text if text[0].isdigit() else text,
            lambda text: text,
        )
        return self.random.choice(ways)(reference)

    def amount(self) -> int:
        return self.random.choice((self.random.randint(900, 90_000), self.random.randint(90_000, 9_000_000)))

    def day(self) -> date:
        return START + timedelta(days=self.random.randint(0, 55))

    def later(self, day: date) -> date:
        on = day + timedelta(days=self.random.choice((0, 0, 1, 1, 1, 2, 3, 5)))
        while on.weekday() > 4:
            on += timedelta(days=1)
        return on

    def add_line(self, on: date, minor: int, references: str = "", name: str = "", text: str = "") -> str:
        line = f"B{len(self.lines) * 7 + 13}"
        self.lines.append({"id": line, "date": on, "amount": minor, "reference": references,
                           "counterparty": name, "description": text, "currency": "USD"})  # fmt: skip
        return line

    def add_item(self, on: date, minor: int, references: str = "", kind: str = "payer_eft", **more) -> str:
        item = f"X{len(self.items) * 3 + 5}"
        self.items.append({"id": item, "date": on, "amount": minor, "reference": references, "kind": kind,
                           "currency": "USD", "payer": "", "fee": 0, "batch": "", **more})  # fmt: skip
        return item

    # Cases

    def plain(self) -> None:
        on, minor, said, payer = self.day(), self.amount(), self.fresh_reference(), self.random.choice(PAYERS)
        item = self.add_item(on, minor, said, payer=payer)
        written = self.rewritten(said)
        parts = {"text": f"ACH CREDIT {written}"} if self.random.random() < 0.3 else {"references": written}
        line = self.add_line(self.later(on), minor, name=payer.upper(), **parts)
        self.groups.append(("plain", [line], [item]))

    def truncated(self) -> None:
        on, minor, said = self.day(), self.amount(), self.fresh_reference()
        item = self.add_item(on, minor, said)
        line = self.add_line(self.later(on), minor, said[: self.random.randint(5, len(said) - 1)])
        self.groups.append(("truncated", [line], [item]))

    def nameless(self) -> None:
        on, minor = self.day(), self.amount()
        item, line = self.add_item(on, minor, self.fresh_reference()), self.add_line(self.later(on), minor)
        self.groups.append(("nameless", [line], [item]))

    def batch_less_fees(self) -> None:
        on, said = self.day(), self.fresh_reference()
        parts = [self.amount() for _ in range(self.random.randint(2, 6))]
        items = [
            self.add_item(on, minor, kind="terminal", batch=said, fee=minor * 2 // 100) for minor in parts
        ]
        line = self.add_line(self.later(on), sum(parts) - sum(minor * 2 // 100 for minor in parts), said)
        self.groups.append(("batch_less_fees", [line], items))

    def chargeback_netted(self) -> None:
        on, said, minor = self.day(), self.fresh_reference(), self.random.randint(100_000, 900_000)
        item = self.add_item(on, minor, said, kind="terminal")
        line = self.add_line(self.later(on), minor - self.random.randint(2_000, 90_000), said)
        self.groups.append(("chargeback_netted", [line], [item]))

    def chargeback_announced(self) -> None:
        """The processor told of it, so it is expected too; the line names the batch, perhaps the case."""
        on, said, merchant = self.day(), self.fresh_reference(), str(self.random.randint(10**7, 10**8))
        minor, back = self.random.randint(100_000, 900_000), self.random.randint(2_000, 90_000)
        case, fee = f"CB{self.random.randint(10**6, 10**7)}", minor * 2 // 100
        items = [self.add_item(on, minor, said, kind="terminal", payer=merchant, fee=fee),
                 self.add_item(on, -back, case, kind="dispute", payer=merchant)]  # fmt: skip
        named = self.random.choice((said, f"{said};{case}", merchant))
        line = self.add_line(self.later(on), minor - back - self.random.choice((0, fee)), named)
        self.groups.append(("chargeback_announced", [line], items))

    def split(self) -> None:
        on, said, minor = self.day(), self.fresh_reference(), self.random.randint(50_000, 900_000)
        item, cut = self.add_item(on, minor, said), self.random.randint(20_000, 45_000)
        lines = [self.add_line(self.later(on), each, said) for each in (cut, minor - cut)]
        self.groups.append(("split", lines, [item]))

    def merged(self) -> None:
        on, payer = self.day(), self.random.choice(PAYERS)
        said = [self.fresh_reference() for _ in range(self.random.randint(2, 4))]
        amounts = [self.amount() for _ in said]
        items = [self.add_item(on, minor, one, payer=payer) for one, minor in zip(said, amounts, strict=True)]
        line = self.add_line(self.later(on), sum(amounts), ";".join(said), name=payer.upper())
        self.groups.append(("merged", [line], items))

    def cents_off(self) -> None:
        on, said, minor = self.day(), self.fresh_reference(), self.amount()
        item = self.add_item(on, minor, said)
        line = self.add_line(self.later(on), minor + self.random.choice((-2, -1, 1, 2)), said)
        self.groups.append(("cents_off", [line], [item]))

    def refund(self) -> None:
        on, said, minor = self.day(), self.fresh_reference(), self.amount()
        item = self.add_item(on, -minor, said, kind="refund")
        self.groups.append(("refund", [self.add_line(self.later(on), -minor, self.rewritten(said))], [item]))

    def came_back(self) -> None:
        """Paid, and taken back two days later: the return quotes the original, and nobody expected it."""
        on, said, minor = self.day(), self.fresh_reference(), self.amount()
        item = self.add_item(on, minor, said)
        paid = self.later(on)
        self.groups.append(("came_back", [self.add_line(paid, minor, said)], [item]))
        back = self.add_line(paid + timedelta(days=2), -minor, said, text="RETURN R01")
        self.groups.append(("return", [back], []))

    def equal_twins(self) -> None:
        on, said, minor = self.day(), self.fresh_reference(), self.amount()
        paid = self.later(on)
        lines = [self.add_line(paid, minor, said) for _ in range(2)]
        self.groups += [("twin", lines[:1], [self.add_item(on, minor, said)]), ("twin", lines[1:], [])]

    def stranger(self) -> None:
        self.groups.append(
            ("stranger", [self.add_line(self.day(), self.amount(), self.fresh_reference())], [])
        )

    def missing(self) -> None:
        self.groups.append(
            ("missing", [], [self.add_item(self.day(), self.amount(), self.fresh_reference())])
        )

    def bait(self) -> None:
        """The amount of one item and the reference of another that never came."""
        on, minor = self.day(), self.amount()
        other = self.fresh_reference()
        self.groups.append(("missing", [], [self.add_item(on, minor, self.fresh_reference())]))
        self.groups.append(("missing", [], [self.add_item(on, minor + 7_919, other)]))
        self.groups.append(("bait", [self.add_line(self.later(on), minor, other)], []))

    def copay(self) -> None:
        on, minor = self.day(), self.random.choice((2_000, 2_500, 5_000))
        items, lines = [self.add_item(on, minor, kind="copay")], [self.add_line(self.later(on), minor)]
        self.groups.append(("copay", lines, items))

    # Tables

    def table(self, rows: list[dict]) -> list[str]:
        out = io.StringIO()
        writer = csv.DictWriter(out, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue().splitlines(keepends=True)


CASES = {
    "plain": 60, "truncated": 4, "nameless": 6, "batch_less_fees": 8, "chargeback_netted": 2,
    "chargeback_announced": 3, "split": 2,
    "merged": 4, "cents_off": 2, "refund": 4, "came_back": 2, "equal_twins": 1, "stranger": 3, "missing": 3,
    "bait": 2, "copay": 6,
}  # fmt: skip
