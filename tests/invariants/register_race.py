"""Many registers and programs that pay the same invoices at the same moment, over real HTTP.

Each thread is a cashier in front of a browser, or a program, and knows only what the server told it.
Every payment is sent twice at once, as a double Enter or a second tab sends it.
"""

import itertools
import random
import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from threading import Barrier

import httpx
from django.conf import settings
from django.test import Client

from hms_ach.money import Money
from tests.make import access
from tests.make import cashiering as make
from tests.make.program import Program, money

TOKEN = "a" * 32
PIECES = (3_00, 7_05, 10_00)
_SEEN = re.compile(r'name="seen-(\d+)"\s+value="([0-9.]+)"')
_numbers = itertools.count(1)


@dataclass
class Told:
    """What one thread was told that it did, in cents."""

    payments: list[str] = field(default_factory=list)
    by_invoice: Counter = field(default_factory=Counter)
    by_tender: Counter = field(default_factory=Counter)
    refused: int = 0

    def add(self, payment: str, invoice: int, tenders: dict[str, int]) -> None:
        self.payments.append(payment)
        self.by_invoice[invoice] += sum(tenders.values())
        self.by_tender.update(tenders)


class Desk:
    """A register's browser in which its cashier is signed in, with an open drawer."""

    def __init__(self, site: str, given: make.Till) -> None:
        place = make.register(given.facility, actor=given.gil)
        person = access.user("CASHIER", facilities=[given.facility])
        self.session = make.opened(given, cashier=person, place=place)
        self.patient, self.told = given.patient.pk, Told()
        browser = Client()
        browser.force_login(person)
        cookies = {name: kept.value for name, kept in browser.cookies.items()}
        cookies[settings.CSRF_COOKIE_NAME] = TOKEN
        self.tab = httpx.Client(base_url=site, cookies=cookies, headers={"Origin": site}, timeout=60)

    def pay(self, owed: dict[int, int], luck: random.Random) -> None:
        """Pay pieces of any invoice until the register shows nothing that is due."""
        owed = dict(owed)
        while owed:
            invoice = luck.choice(sorted(owed))
            minor = min(owed[invoice], luck.choice(PIECES))
            tenders, typed = _tenders(minor, luck)
            answers = _twice(partial(self._sent, self._form(invoice, minor, owed[invoice], typed)))
            assert answers[0].status_code == answers[1].status_code
            if answers[0].status_code == 302:
                assert answers[0].headers["Location"] == answers[1].headers["Location"]
                payment = re.search(r"receipt=(pay_\w+)", answers[0].headers["Location"])[1]
                self.told.add(payment, invoice, tenders)
                owed[invoice] -= minor
            else:
                assert answers[0].status_code == 422, answers[0].text
                self.told.refused += 1
                owed = {
                    int(pk): Money.parse(text, "USD").minor for pk, text in _SEEN.findall(answers[0].text)
                }
            owed = {pk: left for pk, left in owed.items() if left}

    def _form(self, invoice: int, minor: int, seen: int, typed: dict[str, str]) -> dict[str, str]:
        return {
            "csrfmiddlewaretoken": TOKEN,
            "key": f"race{next(_numbers)}",
            "patient": str(self.patient),
            "invoice": str(invoice),
            f"amount-{invoice}": _text(minor),
            f"seen-{invoice}": _text(seen),
            **typed,
        }

    def _sent(self, form: dict[str, str]) -> httpx.Response:
        return self.tab.post("/cashiering/register/payment/", data=form)


class Machine:
    """A program that records transfers, until an invoice takes no more."""

    def __init__(self, site: str, given: make.Till) -> None:
        client = access.api_client("payments:write", facilities=[given.facility])
        self.program, self.facility, self.told = Program(site, str(client)), given.facility.code, Told()

    def pay(self, owed: dict[int, str], luck: random.Random) -> None:
        open_still = dict(owed)
        while open_still:
            invoice = luck.choice(sorted(open_still))
            minor, key = luck.choice(PIECES), f"race-{next(_numbers):06d}"
            body = {
                "facility": self.facility,
                "method": "transfer",
                "amount": money(_text(minor)),
                "allocations": [{"invoice": open_still[invoice], "amount": money(_text(minor))}],
                "reference": key,
            }
            answers = _twice(partial(self.program.post, "/api/ach/payments", body, key=key))
            done = [answer for answer in answers if answer.status == 201]
            assert len({answer.content for answer in done}) <= 1
            assert {answer.status for answer in answers} <= {201, 409, 422}
            if done:
                self.told.add(done[0].json()["id"], invoice, {"TRANSFER": minor})
            else:
                self.told.refused += 1
                del open_still[invoice]


def _tenders(minor: int, luck: random.Random) -> tuple[dict[str, int], dict[str, str]]:
    """What each kind of tender comes to, and what the cashier types for it."""
    kind = luck.choice(["CASH", "CHEQUE", "CARD"])
    if kind == "CHEQUE":
        return {kind: minor}, {"cheque": _text(minor), "cheque_number": "1001", "cheque_bank": "First"}
    if kind == "CARD" and minor > 1:
        card = minor // 2
        return {kind: card, "CASH": minor - card}, {"card": _text(card), "cash": _text(minor)}
    return {"CASH": minor}, {"cash": _text(minor + 5_00)}


def _text(minor: int) -> str:
    return str(Money(minor, "USD"))


def _twice(send: Callable) -> list:
    """The same request from two connections at the same moment."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda _: send(), range(2)))


def race(
    site: str, given: make.Till, *, desks: int, machines: int, bills: list, seed: int
) -> list[Desk | Machine]:
    """Everybody starts together and pays until all is paid; each with what it was told."""
    people = [Desk(site, given) for _ in range(desks)]
    programs = [Machine(site, given) for _ in range(machines)]
    gate = Barrier(desks + machines)
    by_pk = {bill.pk: bill.total_minor for bill in bills}
    by_id = {bill.pk: bill.public_id for bill in bills}

    def play(number: int) -> None:
        luck = random.Random(f"{seed}:{number}")
        gate.wait()
        if number < desks:
            people[number].pay(by_pk, luck)
        else:
            programs[number - desks].pay(by_id, luck)

    with ThreadPoolExecutor(desks + machines) as pool:
        list(pool.map(play, range(desks + machines)))
    return [*people, *programs]
