"""The gateway of the demo takes, delays and refuses messages as it says."""

from threading import Thread

import pytest

from cashiering.gateways.text_message import is_final, send_text
from cashiering.gateways.text_simulator import TextGateway


@pytest.fixture
def said(settings):
    heard: list[str] = []
    with TextGateway(0, say=heard.append) as gateway:
        Thread(target=gateway.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        settings.SMS_URL = f"http://127.0.0.1:{gateway.server_address[1]}/"
        settings.SMS_ALLOW_LOOPBACK = True
        yield heard
        gateway.shutdown()


def test_a_message_is_said_once_by_its_key_and_without_its_number(said):
    answers = [send_text(number="+12125550142", text="Your receipt: x", key="k1") for _ in range(2)]

    assert [one.is_accepted for one in answers] == [True, True]
    assert said == ["Text message to •••• 42: Your receipt: x"]


@pytest.mark.parametrize(
    ("token", "problem"), [("", ""), ("a\nb", "SMS_TOKEN holds what no header may hold")]
)
def test_a_token_is_optional_and_one_that_fits_no_header_is_told_without_it(said, settings, token, problem):
    settings.SMS_TOKEN = token

    answer = send_text(number="+12125550142", text="Your receipt: x", key="k1")

    assert (answer.problem, len(said)) == (problem, 0 if problem else 1)


@pytest.mark.parametrize(
    ("number", "status", "is_over"), [("+12125550103", 503, False), ("+12125550122", 422, True)]
)
def test_numbers_that_are_busy_or_refused_are_so(said, number, status, is_over):
    answer = send_text(number=number, text="Your receipt: x", key="k1")

    assert (answer.status, is_final(answer), said) == (status, is_over, [])
