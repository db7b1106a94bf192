"""Sending: to the checked address, in time, reading little, following nothing."""

import socket
import ssl
from time import monotonic, sleep
from types import SimpleNamespace

import pytest
import trustme

from hms_ach.outbox.gateways import http
from hms_ach.outbox.gateways.http import post, resolved
from hms_ach.outbox.rules.address import AddressRefused, Target, checked
from tests.make.listener import listener


def target_of(url: str) -> Target:
    return checked(url, allow_loopback=True)


def names(monkeypatch, *addresses: str) -> None:
    """Let every name lead to these addresses: a name server in the attacker's hands."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
    resolver = SimpleNamespace(getaddrinfo=lambda *_, **__: found, SOCK_STREAM=socket.SOCK_STREAM)
    monkeypatch.setattr(http, "socket", resolver)


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["64:ff9b::7f00:1"], ["2002:7f00:1::"], []]
)
def test_a_name_that_leads_inside_is_not_connected_to(monkeypatch, addresses):
    names(monkeypatch, *addresses)

    with pytest.raises(AddressRefused):
        resolved(Target("https", "rebind.example.com", 443, "/"))
    answer = post(Target("https", "rebind.example.com", 443, "/"), content=b"{}", headers={})
    assert answer.status is None
    assert "cannot be sent" in answer.problem


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status):
    with listener() as other, listener() as heard:

        def redirect(request) -> None:
            request.send_response(status)
            request.send_header("Location", other.url)
            request.send_header("Content-Length", "0")
            request.end_headers()

        heard.answering = redirect

        answer = post(target_of(heard.url), content=b"{}", headers={})

    assert (answer.status, answer.is_accepted) == (status, False)
    assert other.received == []


def test_a_proxy_of_the_environment_is_not_used(monkeypatch):
    with listener() as heard, listener() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)

        answer = post(target_of(heard.url), content=b"{}", headers={})

    assert answer.is_accepted
    assert proxy.received == []


def test_a_receiver_that_trickles_is_left_after_the_total_time():
    """Half a second of waiting: each piece comes in time, the whole never does."""

    def trickle(request) -> None:
        request.send_response(200)
        request.end_headers()
        for _ in range(50):
            request.wfile.write(b"x")
            sleep(0.1)

    with listener() as heard:
        heard.answering = trickle
        started = monotonic()

        answer = post(target_of(heard.url), content=b"{}", headers={}, total_seconds=0.4)

    assert monotonic() - started < 1.5
    assert answer.status is None
    assert "within 0.4 seconds" in answer.problem


def test_an_endless_answer_is_read_no_further_than_64_kib():
    def flood(request) -> None:
        request.send_response(200)
        request.end_headers()
        try:
            for _ in range(10_000):
                request.wfile.write(b"x" * 65536)
        except OSError:
            flooded.append("stopped")

    flooded: list[str] = []
    with listener() as heard:
        heard.answering = flood

        answer = post(target_of(heard.url), content=b"{}", headers={})
        sleep(0.1)

    assert answer.is_accepted
    assert flooded == ["stopped"]


def test_a_closed_port_is_a_problem_not_a_crash():
    answer = post(target_of("http://127.0.0.1:1/"), content=b"{}", headers={})

    assert answer.status is None
    assert "nothing answers at this address and port" in answer.problem


@pytest.mark.parametrize("name, is_accepted", [("hooks.example.com", True), ("other.example.com", False)])
def test_tls_checks_the_name_at_the_pinned_address(monkeypatch, tmp_path, name, is_accepted):
    """The certificate must be for the name that was given, although we connect to a number."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    trusted = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(trusted)
    monkeypatch.setattr(http, "is_public", lambda _: True)
    names(monkeypatch, "127.0.0.1")
    with listener(context) as heard:
        port = target_of(heard.url).port

        answer = post(
            Target("https", "hooks.example.com", port, "/"),
            content=b"{}",
            headers={},
            authorities=str(trusted),
        )

    assert answer.is_accepted == is_accepted
    assert [headers["Host"] for headers, _ in heard.received] == (
        [f"hooks.example.com:{port}"] if is_accepted else []
    )
