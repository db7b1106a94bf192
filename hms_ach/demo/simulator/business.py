"""One hospital's banking day: what truly happened, before anybody makes a mistake."""

import random
from collections.abc import Iterator
from datetime import date

from hms_ach.demo.simulator.records import Group, Item, Line
from hms_ach.demo.simulator.world import Hospital, Payer, Terminal, World

COPAYS = (20_00, 25_00, 30_00, 40_00, 50_00, 75_00, 100_00)
RECEIPTS_A_DAY = 220
# A foreign currency, and its minor units for a usual receipt: one without decimals, and one with three.
_FOREIGN = {"JPY": 48_000, "KWD": 95_000}


class Business:
    """Makes the true groups of a day; numbers run on from day to day."""

    def __init__(self, world: World, rng: random.Random, *, foreign: float) -> None:
        """foreign: the share of receipts that are in a foreign currency."""
        self.world, self.rng, self.foreign = world, rng, foreign
        self.numbers = {"item": 0, "line": 0}

    def day(self, hospital: Hospital, on: date, span: list[date]) -> Iterator[Group]:
        """Everything the bank books on a day; span: the days that it settles, this one included."""
        rng = self.rng
        weights = [payer.weight for payer in self.world.payers]
        for payer in rng.choices(self.world.payers, weights, k=rng.randint(60, 80)):
            yield self._remittance(hospital, payer, on, self._large(payer.mean, 1.3))
        if on.day <= 3:
            for payer in self.world.payers:
                if payer.is_capitation:
                    yield self._remittance(hospital, payer, on, 12_500_00)
        for _ in range(3):
            yield self._lockbox(hospital, on)
        for day in span:
            for _ in range(rng.randint(2, 4)):
                yield self._bag(hospital, day, on)
        for _ in range(2):
            yield self._cheques(hospital, on)
        yield from self._cards(hospital, span, on)
        yield self._payout(hospital, on)
        yield self._ach(hospital, on)
        for _ in range(rng.randint(3, 7)):
            yield self._refund(hospital, on)
        for _ in range(rng.randint(0, 2)):
            yield self._wire(hospital, on)
        yield self._sweep(hospital, on)
        for _ in range(RECEIPTS_A_DAY):
            if rng.random() < self.foreign:
                yield self._foreign(hospital, on)
        yield from self._strangers(hospital, on)

    def _large(self, mean: float, sigma: float) -> int:
        return max(5_00, round(self.rng.lognormvariate(mean, sigma) * 100))

    def receipt(self) -> int:
        pick = self.rng.random()
        if pick < 0.6:
            return self.rng.choice(COPAYS)
        return self._large(4.94 if pick < 0.9 else 6.4, 0.7)

    def item(self, account: str, kind: str, on: date, amount: int, **more) -> Item:
        self.numbers["item"] += 1
        return Item(f"I{self.numbers['item']:08d}", account, kind, on, amount, **more)

    def line(self, account: str, kind: str, on: date, amount: int, **more) -> Line:
        self.numbers["line"] += 1
        return Line(
            f"L{self.numbers['line']:08d}",
            account,
            kind,
            on,
            amount,
            f"{on:%y%m%d}{self.rng.randrange(10**9):09d}",
            **more,
        )

    def _remittance(self, hospital: Hospital, payer: Payer, on: date, amount: int) -> Group:
        trace = payer.trace()
        item = self.item(
            hospital.operating, "remittance", on, amount, payer=payer.name, references=[trace, payer.tax_id]
        )
        line = self.line(
            hospital.operating, "ach_credit", on, amount, references=[trace],
            counterparty=self.rng.choice(payer.variants), description=f"TRN*1*{trace}*{payer.tax_id}\\",
        )  # fmt: skip
        return Group("remittance", lines=[line], items=[item])

    def _lockbox(self, hospital: Hospital, on: date) -> Group:
        hospital.next_lockbox = hospital.next_lockbox % 999 + 1
        batch = f"LBX{hospital.next_lockbox:03d}"
        items = [
            self.item(hospital.deposits, "lockbox_cheque", on, self._large(5.5, 1.2), batch=batch,
                      references=[f"CHK{self.rng.randrange(10**6):06d}"])
            for _ in range(self.rng.randint(4, 14))
        ]  # fmt: skip
        line = self.line(
            hospital.deposits, "lockbox", on, sum(each.amount_minor for each in items),
            references=[batch], description=f"LOCKBOX DEPOSIT {batch} {len(items)} ITEMS",
        )  # fmt: skip
        return Group("lockbox", lines=[line], items=items)

    def _bag(self, hospital: Hospital, day: date, on: date) -> Group:
        hospital.next_bag += self.rng.randint(1, 3)
        bag = f"BAG{hospital.next_bag:07d}"
        items = [
            self.item(hospital.deposits, "cash", day, self.rng.randint(40, 900) * 1_00,
                      batch=bag, references=[bag])
            for _ in range(self.rng.randint(1, 4))
        ]  # fmt: skip
        line = self.line(
            hospital.deposits,
            "deposit",
            on,
            sum(each.amount_minor for each in items),
            references=[bag],
            description=f"CASH DEPOSIT {bag}",
        )
        return Group("bag", lines=[line], items=items)

    def _cheques(self, hospital: Hospital, on: date) -> Group:
        hospital.next_slip += 1
        slip = f"SLIP{hospital.next_slip:06d}"
        items = [
            self.item(hospital.deposits, "cheque", on, self.receipt(), batch=slip, references=[slip])
            for _ in range(self.rng.randint(3, 8))
        ]  # fmt: skip
        line = self.line(
            hospital.deposits,
            "deposit",
            on,
            sum(each.amount_minor for each in items),
            references=[slip],
            description=f"DEPOSIT {slip}",
        )
        return Group("cheque_deposit", lines=[line], items=items)

    def _cards(self, hospital: Hospital, span: list[date], on: date) -> Iterator[Group]:
        """Each terminal's batch of each day; paid by batch, or by merchant for all days at once."""
        by_merchant: dict[str, list[Item]] = {}
        for day in span:
            for terminal in hospital.terminals:
                items = self._batch(hospital, terminal, day)
                if hospital.pays_by_day:
                    by_merchant.setdefault(terminal.merchant, []).extend(items)
                else:
                    yield self._settled(
                        hospital,
                        terminal.merchant,
                        items,
                        on,
                        f"TID {terminal.number} BATCH {items[0].batch}",
                    )
        for merchant, items in by_merchant.items():
            yield self._settled(hospital, merchant, items, on, f"{on:%m%d}")

    def _batch(self, hospital: Hospital, terminal: Terminal, day: date) -> list[Item]:
        terminal.next_batch = terminal.next_batch % 999 + 1
        items = []
        for _ in range(self.rng.randint(2, 9)):
            amount = self.receipt()
            items.append(
                self.item(
                    hospital.deposits,
                    "card",
                    day,
                    amount,
                    payer=terminal.merchant,
                    terminal=terminal.number,
                    batch=f"{terminal.next_batch:03d}",
                    fee_minor=round(amount * hospital.merchant_fee),
                )
            )
        return items

    def _settled(self, hospital: Hospital, merchant: str, items: list[Item], on: date, text: str) -> Group:
        fee = sum(each.fee_minor for each in items) if hospital.is_net else 0
        line = self.line(
            hospital.deposits, "merchant_credit", on, sum(each.amount_minor for each in items) - fee,
            counterparty="MERCHANT BANKCARD", references=[merchant], description=f"MID {merchant} {text}",
        )  # fmt: skip
        return Group("card", lines=[line], items=items)

    def _payout(self, hospital: Hospital, on: date) -> Group:
        payout = f"PO-{self.rng.randrange(16**10):010X}"
        items = []
        for _ in range(self.rng.randint(10, 40)):
            amount = self.receipt()
            items.append(
                self.item(
                    hospital.operating,
                    "portal",
                    on,
                    amount,
                    fee_minor=round(amount * 0.029) + 30,
                    batch=payout,
                    payer="PAYPORTAL",
                )
            )
        net = sum(each.amount_minor - each.fee_minor for each in items)
        line = self.line(
            hospital.operating,
            "ach_credit",
            on,
            net,
            counterparty="PAYPORTAL INC",
            references=[payout],
            description=f"PAYOUT {payout}",
        )
        return Group("payout", lines=[line], items=items)

    def _ach(self, hospital: Hospital, on: date) -> Group:
        file = f"ACHF{self.rng.randrange(10**8):08d}"
        amount = sum(self.receipt() for _ in range(25))
        item = self.item(hospital.operating, "ach_file", on, amount, references=[file])
        line = self.line(
            hospital.operating,
            "ach_credit",
            on,
            amount,
            counterparty="ACH SETTLEMENT",
            references=[file],
            description=f"ACH ORIGINATION {file}",
        )
        return Group("ach", lines=[line], items=[item])

    def _refund(self, hospital: Hospital, on: date) -> Group:
        number = f"{self.rng.randrange(10**6, 10**7)}"
        amount = -self.receipt()
        item = self.item(hospital.operating, "refund", on, amount, references=[number])
        line = self.line(
            hospital.operating,
            "cheque_paid",
            on,
            amount,
            references=[number],
            description=f"CHECK PAID {number}",
        )
        return Group("refund", lines=[line], items=[item])

    def _wire(self, hospital: Hospital, on: date) -> Group:
        number = self._wire_number()
        return self._transfer(hospital.operating, on, self._large(8, 0.8), number, "USD")

    def _foreign(self, hospital: Hospital, on: date) -> Group:
        """A transfer to the account for patients from abroad, in yen or dinars."""
        currency = self.rng.choice(list(_FOREIGN))
        number = self._wire_number()
        amount = max(500, round(_FOREIGN[currency] * self.rng.lognormvariate(0, 0.8)))
        group = self._transfer(f"{hospital.code}-{currency}", on, amount, number, currency)
        group.planted = "foreign"
        return group

    def _wire_number(self) -> str:
        return f"INTL{self.rng.randrange(10**7):07d}"

    def _transfer(self, account: str, on: date, amount: int, number: str, currency: str) -> Group:
        item = self.item(
            account, "wire", on, amount, payer="International desk", references=[number], currency=currency
        )
        line = self.line(
            account, "wire_in", on, amount, counterparty="FOREIGN PATIENT", references=[number],
            description=f"WIRE IN {number}", currency=currency,
        )  # fmt: skip
        return Group("wire", lines=[line], items=[item])

    def _sweep(self, hospital: Hospital, on: date) -> Group:
        number = f"ZBA{on:%y%m%d}{hospital.code}"
        amount = -self._large(10, 0.5)
        item = self.item(hospital.deposits, "sweep", on, amount, references=[number])
        line = self.line(
            hospital.deposits,
            "zba_debit",
            on,
            amount,
            references=[number],
            description=f"ZBA TRANSFER {number}",
        )
        return Group("sweep", lines=[line], items=[item])

    def _strangers(self, hospital: Hospital, on: date) -> Iterator[Group]:
        """What only the bank knows: charges, interest, estates, copays that came by wire."""
        for _ in range(self.rng.randint(0, 2)):
            amount = self.rng.choice([-self.rng.randint(5, 90) * 1_00, self.receipt(), self._large(6, 1.5)])
            kind = "fee" if amount < 0 else self.rng.choice(["ach_credit", "wire_in", "deposit"])
            account = self.rng.choice([hospital.operating, hospital.deposits])
            line = self.line(
                account,
                kind,
                on,
                amount,
                counterparty=self.rng.choice(["ESTATE", "VENDOR CREDIT", ""]),
                description="MISC",
            )
            yield Group("stranger", lines=[line])
