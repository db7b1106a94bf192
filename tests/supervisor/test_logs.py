"""The logs carry ids and nothing else."""

import io
import json
import logging
import logging.config

import pytest
import structlog

from hms_ach.logs import logging_settings, redacted


@pytest.fixture
def lines():
    """What has been logged, one parsed object a line."""
    stream = io.StringIO()
    formatter = logging_settings("INFO")["formatters"]["json"]
    made = logging.config.DictConfigurator({"version": 1}).configure_formatter(dict(formatter))
    handler = logging.StreamHandler(stream)
    handler.setFormatter(made)
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)


def test_a_key_nobody_allowed_is_dropped(lines):
    structlog.get_logger("t").warning("patient found", subject="pat_01", name="Adela Ashgrove")

    assert lines()[-1] | {"timestamp": ""} == {
        "event": "patient found",
        "subject": "pat_01",
        "level": "warning",
        "logger": "t",
        "timestamp": "",
    }


def test_an_exception_shows_its_place_but_not_its_values(lines):
    try:
        raise ValueError("Key (phone)=(555-0100 Adela)")
    except ValueError:
        logging.getLogger("t").exception("failed")

    logged = lines()[-1]
    assert logged["exception"]["type"] == "builtins.ValueError"
    assert "test_logs.py" in logged["exception"]["at"][0]
    assert "Adela" not in json.dumps(logged)


def test_an_injected_line_stays_one_line(lines):
    logging.getLogger("t").warning('x\n{"event": "forged"}\r\u2028y')

    assert len(lines()) == 1
    assert lines()[0]["event"].startswith("x ")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("mail to ana.f@example.org failed", "mail to [e-mail] failed"),
        ("account GB33 BUKB 2020 1555 5555 55 unknown", "account [account] unknown"),
        ("card 4242 4242 4242 4242", "card [number]"),
        ("password=hunter2 given", "password=[secret] given"),
        ("GET /patients?q=Adela", "GET /patients?[query]"),
        ("redis://:pw123@/run/x", "redis://[secret]@/run/x"),
        ("inv_01JQ8Y6ZK3M2N4P5R6S7T8V9WX is paid", "inv_01JQ8Y6ZK3M2N4P5R6S7T8V9WX is paid"),
    ],
)
def test_free_text_loses_what_identifies(said, kept):
    assert redacted(said) == kept
