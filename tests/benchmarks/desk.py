"""A register's browser over one connection: as little of a browser as the server can tell."""

import http.client
import re
import time
from time import perf_counter
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from hms_ach.money import Money
from tests.make import access
from tests.make import cashiering as make

TOKEN = "a" * 32


class Desk:
    """An open drawer with its signed-in cashier, and one large invoice that only this register pays."""

    def __init__(self, site: str, given: make.Till) -> None:
        self.session = _opened(given)
        self.invoice = make.invoice(given, 9_000_000_00)
        self.left, self.patient, self.committed = self.invoice.total_minor, given.patient.pk, 0
        browser = Client()
        browser.force_login(self.session.cashier)
        key = browser.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = f"{settings.SESSION_COOKIE_NAME}={key}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
        self.headers = {"Cookie": cookie, "Origin": site}
        self.wire = http.client.HTTPConnection(site.removeprefix("http://"), timeout=60)

    def search(self, text: str) -> float:
        """Milliseconds until the people found are there, or the only one with what is due."""
        started = perf_counter()
        status, address = self._get(f"/cashiering/register/?{urlencode({'q': text})}")
        while status == 302:
            status, address = self._get(address)
        return _milliseconds(started)

    def person(self) -> float:
        started = perf_counter()
        self._get(f"/cashiering/register/?patient={self.patient}&invoice={self.invoice.pk}")
        return _milliseconds(started)

    def commit(self, minor: int = 10_00) -> tuple[float, str]:
        """Milliseconds until the receipt has its number, and where it is shown."""
        headers = {**self.headers, "Content-Type": "application/x-www-form-urlencoded"}
        started = perf_counter()
        self.wire.request("POST", "/cashiering/register/payment/", urlencode(self.form(minor)), headers)
        status, address = self._answer()
        took = _milliseconds(started)
        if status != 302 or not re.search("receipt=pay_", address):
            raise RuntimeError(f"the register answered {status}")
        self.left -= minor
        return took, address

    def form(self, minor: int) -> dict[str, str]:
        """A payment in cash of a part of the desk's own invoice, with its change and a key of its own."""
        self.committed += 1
        return {
            "csrfmiddlewaretoken": TOKEN,
            "key": f"{self.session.public_id}_{self.committed}",
            "patient": str(self.patient),
            "invoice": str(self.invoice.pk),
            f"amount-{self.invoice.pk}": str(Money(minor, "USD")),
            f"seen-{self.invoice.pk}": str(Money(self.left, "USD")),
            "cash": str(Money(minor + 5_00, "USD")),
        }

    def read_balance(self) -> None:
        """What is left of the invoice, when somebody else paid of it."""
        self.invoice.refresh_from_db()
        self.left = self.invoice.balance.minor

    def think(self, seconds: float) -> None:
        """As long as people do; the server does not hold a connection for so long."""
        self.wire.close()
        time.sleep(seconds)

    def show(self, address: str) -> float:
        started = perf_counter()
        self._get(address)
        return _milliseconds(started)

    def _get(self, address: str) -> tuple[int, str]:
        self.wire.request("GET", address, headers=self.headers)
        return self._answer()

    def _answer(self) -> tuple[int, str]:
        answer = self.wire.getresponse()
        answer.read()
        if answer.status not in (200, 302):
            raise RuntimeError(f"the register answered {answer.status}")
        return answer.status, answer.headers.get("Location", "")


def _opened(given: make.Till):
    place = make.register(given.facility, actor=given.gil)
    return make.opened(given, cashier=access.user("CASHIER", facilities=[given.facility]), place=place)


def _milliseconds(since: float) -> float:
    return (perf_counter() - since) * 1000
