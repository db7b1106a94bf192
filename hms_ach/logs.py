"""What the logs may say: one JSON object a line, ids only, known keys only, no values of exceptions."""

import re
import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

# Everything else that is handed to a logger is dropped: a new key is a decision, made here.
KNOWN_KEYS = frozenset(
    {
        "event", "level", "logger", "timestamp", "exception", "request_id", "user_id", "client_id",
        "facility_id", "method", "route", "status", "duration_ms", "task", "task_id", "queue", "subject",
        "code", "count", "endpoint_id", "delivery_id", "attempt", "statement_id", "line", "sha256", "size",
    }
)  # fmt: skip

_SECRETS = (
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "[e-mail]"),
    (re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b"), "[account]"),
    (re.compile(r"(?<![\w-])\d(?:[ -]?\d){8,}(?![\w-])"), "[number]"),
    (
        re.compile(r"(?i)\b(password|secret|token|authorization|api[_-]?key)\b(\s*[=:]\s*)\S+"),
        r"\1\2[secret]",
    ),
    (re.compile(r"://[^/\s:@]*:[^/\s@]+@"), "://[secret]@"),
    (re.compile(r"\?\S+"), "?[query]"),
)


def _only_known_keys(logger, method: str, event: EventDict) -> EventDict:
    return {key: value for key, value in event.items() if key in KNOWN_KEYS or key.startswith("_")}


def _without_values(logger, method: str, event: EventDict) -> EventDict:
    """An exception becomes its type and where it happened: its message may quote a row."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    if isinstance(found, BaseException):
        found = (type(found), found, found.__traceback__)
    if isinstance(found, tuple) and found[0]:
        frames = traceback.extract_tb(found[2])
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        event["exception"] = {"type": f"{found[0].__module__}.{found[0].__qualname__}", "at": places}
    return event


def redacted(text: str) -> str:
    """The text without e-mail addresses, account numbers, secrets, queries and control characters."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return "".join(character if character.isprintable() else " " for character in text)


def _redact_event(logger: Any, method: str, event: EventDict) -> EventDict:
    return {key: redacted(value) if isinstance(value, str) else value for key, value in event.items()}


_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _without_values,
    _only_known_keys,
]

structlog.configure(
    processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)


def logging_settings(level: str) -> dict[str, Any]:
    """Django's LOGGING: all to the standard error stream, for the supervisor or the container to keep."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    _redact_event,
                    structlog.processors.JSONRenderer(ensure_ascii=True),
                ],
            }
        },
        "handlers": {
            "out": {"class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": "json"}
        },
        "root": {"handlers": ["out"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.db.backends": {"level": "WARNING"},
            "celery": {"level": "INFO"},
            "axes": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},
            "fontTools": {"level": "ERROR"},
            "weasyprint": {"level": "ERROR"},
        },
    }
