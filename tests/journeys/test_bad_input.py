"""What comes in broken, twice, late or far too big: refused with its place, and nothing is half-done."""

import json
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from cashiering.models import Count, Payment, Session
from tests.journeys.hospital import DAY, Hospital
from tests.journeys.test_hospital_day import open_the_register
from tests.make import billing as bill
from tests.make import reconciliation as bank
from tests.make.program import Answer, Program, money

# The original of a refused file is kept, with its event, for whoever asks the bank about it.
KEPT = frozenset({"files.Chunk", "files.StoredFile", "audit.Event"})
# What may change although nothing is done: sign-ins, and what the till begins before money moves.
FREE = {"sessions.Session", "oauth2_provider.AccessToken", "access.User", "axes.AccessLog"}
STATEMENT = "/api/ach/bank-statements/NORTH-OP/S1"
TWO_HUNDRED_MB = 200 * 1024 * 1024
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><Document>&c;</Document>'
)
FOREIGN = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>'
)


@pytest.fixture
def engine(site, hospital) -> Program:
    return Program(site, "engine")


def rows(but: frozenset[str]) -> dict[str, int]:
    """How many rows each table has, but some."""
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.managed and model._meta.label not in FREE | but
    }


@contextmanager
def nothing_changes(but: frozenset[str] = frozenset()) -> Iterator[None]:
    before = rows(but)
    yield
    assert rows(but) == before


def invoice(amount: str = "60.00") -> dict:
    return {
        "facility": "NORTH",
        "kind": "PATIENT",
        "patient": {"mrn": "N1", "family_name": "Okafor", "given_name": "Maya"},
        "lines": [{"service": "99213", "service_on": DAY.isoformat(), "unit_price": money(amount)}],
    }


@pytest.mark.parametrize(
    "body, status, where",
    [
        (b'{"facility": "NORTH",\n  "kind": }', 400, "line 2, column 11"),
        (b'{"facility": "NORTH", "facility": "LAKE"}', 400, "'facility' stands twice"),
        (json.dumps(invoice("60.0")).encode(), 422, "/lines/0/unit_price"),
        (json.dumps(invoice("60.000")).encode(), 422, "/lines/0/unit_price"),
        (json.dumps(invoice("-60.00")).encode(), 422, "/lines/0/unit_price"),
        (json.dumps(invoice() | {"facility": "NOWHERE"}).encode(), 422, "/facility"),
        (json.dumps(invoice() | {"discount": "5%"}).encode(), 422, "/discount"),
        (b"[" * 5_000, 400, "nested deeper"),
    ],
    ids=[
        "malformed",
        "name-twice",
        "digit-missing",
        "digit-too-many",
        "negative",
        "facility",
        "member",
        "deep",
    ],
)
def test_a_broken_invoice_is_refused_at_its_place(engine, body, status, where):
    with nothing_changes():
        answer = engine.post("/api/ach/invoices", body, key="broken-invoice-1")

    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert where in answer.content.decode()


@pytest.mark.parametrize("content", [BOMB, FOREIGN], ids=["bomb", "external-entity"])
def test_a_statement_with_entities_is_refused_unread(engine, content):
    with nothing_changes(but=KEPT):
        answer = engine.put(STATEMENT, content)

    assert answer.status == 422
    assert "document type" in answer.content.decode()
    assert "root:" not in answer.content.decode()


def test_a_statement_of_an_unknown_account_out_of_order_or_cut_off_leaves_nothing(engine):
    first = engine.put(STATEMENT, bank.statement_file(bank.line(10_00), sequence=5))
    late = bank.statement_file(statement_id="S2", sequence=4, opening=10_00, on=DAY + timedelta(days=1))
    next_one = STATEMENT.replace("S1", "S2")

    with nothing_changes(but=KEPT):
        unknown = engine.put(STATEMENT.replace("NORTH-OP", "NORTH-XX"), late)
        out_of_order = engine.put(next_one, late)
        cut_off = engine.put(next_one, late[: len(late) // 2])

    assert first.status == 201
    assert unknown.status == 404
    assert (out_of_order.status, cut_off.status) == (422, 422)
    assert "out of order" in out_of_order.content.decode()
    assert cut_off.json()["findings"][0]["line"] > 0


def test_a_replay_answers_the_same_bytes_and_another_body_is_refused(engine):
    first = engine.post("/api/ach/invoices", invoice(), key="same-key-0001")

    with nothing_changes():
        again = engine.post("/api/ach/invoices", invoice(), key="same-key-0001")
        other = engine.post("/api/ach/invoices", invoice("61.00"), key="same-key-0001")
        without = engine.post("/api/ach/invoices", invoice())

    assert (first.status, again.status, again.content) == (201, 201, first.content)
    assert (other.status, without.status) == (422, 400)
    assert "Idempotency-Key" in without.json()["detail"]


def test_200_mb_by_put_are_refused_at_their_first_byte(site, engine):
    """The length is announced and the answer comes before the body: nothing is read into memory."""
    place = urlsplit(site)
    head = (
        f"PUT {STATEMENT} HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Type: application/xml\r\n"
        f"Content-Length: {TWO_HUNDRED_MB}\r\nAuthorization: {engine.bearer['Authorization']}\r\n\r\n"
    )

    with (
        nothing_changes(),
        memory_stays_flat(),
        socket.create_connection((place.hostname, place.port)) as wire,
    ):
        wire.sendall(head.encode())
        status = wire.makefile("rb").readline()

    assert b" 413 " in status


def test_200_mb_on_the_upload_screen_are_refused_and_memory_stays_flat(site, hospital):
    browser = Client()
    browser.force_login(hospital.people["eve"])
    cookie = f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"
    # What the first visit loads is no part of the file.
    assert browser.get("/reconciliation/statements/upload/", headers={"host": "localhost"}).status_code == 200

    with nothing_changes(), memory_stays_flat():
        answer = send_multipart(site, "/reconciliation/statements/upload/", cookie)

    assert answer.status == 413
    assert "larger than" in answer.content.decode() or "too large" in answer.content.decode()


@contextmanager
def memory_stays_flat() -> Iterator[None]:
    """The peak of this process, which is also the server's, grows by less than a tenth of the file."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < TWO_HUNDRED_MB // 1024 // 10


def send_multipart(site: str, path: str, cookie: str) -> Answer:
    """A form with one file of 200 MB, written piece by piece; what the server says meanwhile."""
    place = urlsplit(site)
    token = "a" * 32
    opening = (
        f'--cut\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
        '--cut\r\nContent-Disposition: form-data; name="file"; filename="big.xml"\r\n'
        "Content-Type: application/xml\r\n\r\n"
    ).encode()
    closing = b"\r\n--cut--\r\n"
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {place.netloc}\r\nOrigin: {site}\r\nConnection: close\r\n"
        f"Cookie: {cookie}; {settings.CSRF_COOKIE_NAME}={token}\r\n"
        "Content-Type: multipart/form-data; boundary=cut\r\n"
        f"Content-Length: {len(opening) + TWO_HUNDRED_MB + len(closing)}\r\n\r\n"
    ).encode()
    piece = b" " * 1024 * 1024
    with socket.create_connection((place.hostname, place.port)) as wire:
        try:
            wire.sendall(head + opening)
            for _ in range(TWO_HUNDRED_MB // len(piece)):
                wire.sendall(piece)
            wire.sendall(closing)
        except (BrokenPipeError, ConnectionResetError):
            """The server refused without waiting for the rest."""
        said = wire.makefile("rb").read()
    head_said, _, content = said.partition(b"\r\n\r\n")
    return Answer(int(head_said.split()[1]), {}, content)


def issued(hospital: Hospital, minor: int = 60_00):
    dan = hospital.people["dan"]
    return bill.issued(hospital.facility, bill.patient(hospital.facility, dan), dan, minor)


def typed_in(page: Page, number: str) -> None:
    """The payment of one invoice, filled in and not sent."""
    page.goto("/cashiering/register/")
    page.locator("#q").fill(number)
    page.keyboard.press("Enter")
    page.wait_for_selector("hms-till:defined .till__form")
    page.locator("#cash").fill("60")


def test_an_expired_session_says_that_nothing_was_taken_and_leads_back(hospital, desk, clock_hand):
    made = issued(hospital)
    ana = desk("ana")
    open_the_register(ana)
    typed_in(ana, made.number)
    register = ana.url

    clock_hand.shift(timedelta(minutes=20))
    with nothing_changes():
        ana.locator("#cash").press("Enter")
        expect(ana.get_by_text("15 minutes without activity")).to_be_visible()
        expect(ana.get_by_text("What you sent last was not done")).to_be_visible()
    ana.get_by_label("User name").fill("ana")
    ana.get_by_label("Password").fill("a long enough passphrase")
    ana.get_by_role("button", name="Sign in").click()

    expect(ana.locator(".till__form")).to_be_visible()
    assert ana.url == register
    assert not Payment.objects.exists()


def test_two_tabs_on_one_register_take_the_money_once(hospital, desk):
    made = issued(hospital)
    first = desk("ana")
    open_the_register(first)
    second = first.context.new_page()
    typed_in(first, made.number)
    typed_in(second, made.number)

    first.locator("#cash").press("Enter")
    expect(first.get_by_role("heading", name="Receipt")).to_be_visible()
    with nothing_changes():
        second.locator("#cash").press("Enter")
        expect(second.get_by_text("Nothing was taken.")).to_be_visible()

    assert second.locator("#cash").input_value() in ("60", "60.00")
    assert Payment.objects.count() == 1


def test_a_negative_count_is_refused_with_its_denomination_and_keeps_what_was_typed(hospital, desk):
    ana = desk("ana")
    open_the_register(ana)
    ana.goto("/cashiering/my-session/")
    ana.get_by_role("button", name="Count and close").click()
    ana.locator("#pieces-10000").fill("2")
    ana.locator("#pieces-2000").fill("-1")

    with nothing_changes():
        ana.get_by_role("button", name="Commit the count").click()
        expect(ana.get_by_text("'-1' is not a number of pieces of $20.00")).to_be_visible()

    assert ana.locator("#pieces-10000").input_value() == "2"
    assert Session.objects.get().state == "COUNTING"
    assert not Count.objects.filter(kind="CLOSING").exists()
