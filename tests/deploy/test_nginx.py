"""The shipped nginx configuration, run: TLS, client certificates, headers, sizes, and the hub behind it."""

import json
import re
import ssl
import urllib.error
import urllib.request
from urllib.parse import unquote

import pytest

from tests.crash.hub import RunningHub
from tests.deploy import echo
from tests.deploy.nginx import RunningNginx

pytestmark = pytest.mark.crash


@pytest.fixture(scope="module")
def nginx(tmp_path_factory):
    """nginx before a server that tells what it was sent."""
    web = echo.started()
    running = RunningNginx(tmp_path_factory.mktemp("nginx"), web_port=web.server_address[1])
    yield running
    running.stop()
    web.shutdown()


def asked(nginx, path: str, *, tls: ssl.SSLContext | None = None, **request):
    """(status, headers, body) of an answer over TLS, the certificate checked."""
    context = tls or ssl.create_default_context(cafile=None)
    nginx.authority.configure_trust(context)
    wanted = urllib.request.Request(f"https://localhost:{nginx.port}{path}", **request)
    try:
        with urllib.request.urlopen(wanted, context=context, timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers, refused.read()


def passed_on(nginx, **request) -> dict[str, str]:
    return json.loads(asked(nginx, "/", **request)[2])["headers"]


def test_plain_http_leads_to_tls(nginx):
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *arguments) -> None:
            return None

    with pytest.raises(urllib.error.HTTPError) as moved:
        urllib.request.build_opener(Stay).open(f"http://127.0.0.1:{nginx.plain_port}/x?y=1", timeout=10)

    assert moved.value.code == 308
    assert moved.value.headers["Location"] == "https://127.0.0.1/x?y=1"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_present_tls_is_spoken_and_the_browser_told_to_keep_to_it(nginx, version):
    context = ssl.create_default_context()
    context.minimum_version = context.maximum_version = version

    status, headers, _ = asked(nginx, "/", tls=context)

    assert status == 200
    assert headers.get_all("Strict-Transport-Security") == ["max-age=31536000; includeSubDomains"]
    assert headers["Server"] == "nginx"


def test_what_a_client_says_of_its_connection_is_not_believed(nginx):
    lies = {
        "X-Forwarded-For": "10.0.0.1",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "elsewhere",
        "X-Real-IP": "10.0.0.1",
        "Forwarded": "for=10.0.0.1",
        "X-Client-Certificate": "mine",
    }

    headers = passed_on(nginx, headers=lies)

    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "https"
    assert headers["host"] == "localhost"
    assert not {"x-client-certificate", "x-forwarded-host", "x-real-ip", "forwarded"} & set(headers)


def test_a_client_certificate_is_passed_on_when_there_is_one(nginx):
    client = nginx.authority.issue_cert("integrator.test")
    context = ssl.create_default_context()
    client.configure_cert(context)

    told = unquote(passed_on(nginx, tls=context)["x-client-certificate"])

    assert told.strip() == client.cert_chain_pems[0].bytes().decode().strip()


@pytest.mark.parametrize(
    ("path", "megabytes", "status"),
    [
        ("/billing/", 1, 200),
        ("/billing/", 3, 413),
        ("/reconciliation/statements/upload/", 101, 200),
        ("/api/ach/bank-statements/A/1", 106, 413),
    ],
)
def test_uploads_are_bounded_where_they_come_in(nginx, path, megabytes, status):
    got, _, body = asked(nginx, path, data=bytes(megabytes << 20), method="POST")

    assert got == status
    assert b"too large" in body or status == 200


def test_a_web_server_that_is_away_is_said_in_words(tmp_path):
    web = echo.started()
    web.shutdown()
    web.server_close()
    running = RunningNginx(tmp_path, web_port=web.server_address[1])

    status, _, body = asked(running, "/")

    running.stop()
    assert status == 503
    assert b"Try again in a minute" in body


def test_people_sign_in_through_it(tmp_path):
    """The hub as in production: behind the proxy, cookies for TLS only, static files with their type."""
    directory = tmp_path / "hub"
    hub = RunningHub(directory, HMS_ACH_HTTPS="1", BEHIND_PROXY="1", ALLOWED_HOSTS="localhost,127.0.0.1")
    (tmp_path / "nginx").mkdir()
    hub.wait_until_ready()
    running = RunningNginx(tmp_path / "nginx", web_port=hub.port)

    status, headers, body = asked(running, "/accounts/login/")
    sheet = re.search(rb'href="(/static/[^"]+\.css)"', body)

    assert status == 200
    assert "__Host-csrf=" in headers["Set-Cookie"]
    assert "Secure" in headers["Set-Cookie"]
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert sheet
    assert asked(running, sheet[1].decode())[1]["Content-Type"].startswith("text/css")
    assert json.loads(asked(running, "/healthz")[2]) == {"database": "ok"}
    running.stop()
    assert hub.stop() == 0
