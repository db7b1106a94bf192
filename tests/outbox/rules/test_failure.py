"""What a connection's failure says to people: what to do, and nothing of a library's own words."""

import errno
import socket
import ssl

import httpcore
import pytest

from hms_ach.outbox.rules.failure import words_of


def because(outer: Exception, inner: Exception) -> Exception:
    outer.__cause__ = inner
    return outer


def certificate(code: int) -> ssl.SSLCertVerificationError:
    failed = ssl.SSLCertVerificationError(1, "certificate verify failed (_ssl.c:1006)")
    failed.verify_code = code
    return failed


def alert(reason: str) -> ssl.SSLError:
    failed = ssl.SSLError(1, f"[SSL: {reason}]")
    failed.reason = reason
    return failed


@pytest.mark.parametrize(
    ("failed", "says"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), "nothing answers at this address"),
        (because(httpcore.ConnectError("x"), OSError(errno.ENETUNREACH, "x")), "no way to its network"),
        (PermissionError(errno.EACCES, "Permission denied"), "we may not"),
        (FileNotFoundError(errno.ENOENT, "No such file"), "it is not there; check the path"),
        (OSError("Failure"), "the other side could not do it"),
        (TimeoutError("timed out"), "did not answer in time"),
        (httpcore.ReadTimeout("the time is over"), "did not answer in time"),
        (httpcore.RemoteProtocolError("illegal status line"), "does not answer as agreed"),
        (because(httpcore.ConnectError("x"), certificate(10)), "its certificate has expired"),
        (because(httpcore.ConnectError("x"), certificate(20)), "of no authority that we trust"),
        (because(httpcore.ConnectError("x"), certificate(64)), "for another name"),
        (because(httpcore.ConnectError("x"), certificate(26)), "proves nothing"),
        (
            because(httpcore.ReadError("x"), alert("TLSV13_ALERT_CERTIFICATE_REQUIRED")),
            "take our certificate",
        ),
        (because(httpcore.ConnectError("x"), alert("WRONG_VERSION_NUMBER")), "speaks no TLS"),
        (EOFError(), "the connection broke"),
        (socket.gaierror(socket.EAI_NONAME, "x"), "the connection broke"),
    ],
)
def test_each_failure_has_words_and_a_way_on(failed, says):
    words = words_of(failed)

    assert says in words
    assert not any(raw in words for raw in ("[", "Errno", "Error", "_ssl", "status line"))
