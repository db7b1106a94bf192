"""How values look to people: money, states, days, moments, icons. Load with `{% load hms %}`."""

import math
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import lucide
from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from hms_ach.money import CURRENCIES, Money, as_read
from hms_ach.web.names import Name, name_of
from hms_ach.web.states import SHAPES, Tone, tone_of, word_of

register = template.Library()

_ABBREVIATIONS = {"gl": "GL", "api": "API", "totp": "TOTP"}
UNKNOWN = mark_safe('<span class="unknown">unknown</span>')


@register.filter
def money(amount: Money | None) -> str:
    """`{{ invoice.balance|money }}`: "$1,250.00". What is not known says so; it is never zero."""
    return UNKNOWN if amount is None or amount == "" else amount.in_words()


@register.filter
def minor(amount_minor: int | None, currency: str) -> str:
    """`{{ row.total_minor|minor:row.currency }}`: whole minor units as people write them."""
    return money(None if amount_minor is None else Money(amount_minor, currency))


@register.filter
def minor_as_read(amount_minor: int | None, currency: str) -> str:
    """As `minor`, of a file that is only looked at: it may name no currency that we know."""
    if amount_minor is None or currency in CURRENCIES:
        return minor(amount_minor, currency)
    return as_read(amount_minor, currency)


@register.filter
def accounting(amount: Money | None) -> str:
    """`{{ difference|accounting }}`: as `money`, with a plus before what is above zero."""
    text = money(amount)
    return f"+{text}" if isinstance(amount, Money) and amount.minor > 0 else text


@register.filter
def percent(share: float | None) -> str:
    """`{{ precision.low|percent }}`: "99.97 %", cut and not rounded, so that only all is 100 %."""
    return UNKNOWN if share is None else f"{math.floor(round(share * 10_000, 6)) / 100:.2f} %"


@register.filter
def state(value: str, label: str = "") -> SafeString:
    """`{{ invoice.state|state }}`: a badge of word, shape and colour."""
    return badge(tone_of(value), label or word_of(value))


def badge(tone: str, label: str) -> SafeString:
    return format_html(
        '<span class="state" data-state="{}"><svg class="state__shape" viewBox="0 0 10 10" width="10"'
        ' height="10" aria-hidden="true">{}</svg>{}</span>',
        str(tone),
        mark_safe(SHAPES[Tone(tone)]),  # noqa: S308 our own constant drawing
        label,
    )


@register.simple_tag
def state_badge(value: str, label: str = "", tone: str = "") -> SafeString:
    """What the `<c-state>` component draws; `tone` overrules the table of states."""
    return badge(tone or tone_of(value), label or word_of(value))


@register.filter
def day(value: date | None) -> str:
    """`{{ invoice.due_on|day }}`: "Nov 22, 2026"."""
    if not value:
        return UNKNOWN
    return format_html(
        '<time datetime="{}">{}</time>', f"{value:%Y-%m-%d}", f"{value:%b} {value.day}, {value.year}"
    )


@register.filter
def moment(value: datetime | None, where: Any = None) -> str:
    """`{{ payment.taken_at|moment:facility }}`: "Nov 22, 2026 15:04" on the facility's clock.

    where  a facility, an IANA zone name, or nothing for the zone of the request
    """
    if not value:
        return UNKNOWN
    name = getattr(where, "timezone", where)
    zone = ZoneInfo(name) if name else timezone.get_current_timezone()
    local = value.astimezone(zone)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        f"{local:%A, %H:%M:%S %Z}",
        f"{local:%b} {local.day}, {local.year} {local:%H:%M}",
    )


@register.filter
def hour(value: datetime, facility: Any) -> str:
    """`{{ visit.expected_at|hour:facility }}`: "15:04" on the facility's clock."""
    local = value.astimezone(ZoneInfo(facility.timezone))
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), f"{local:%H:%M}")


@register.filter
def document(subject: str | Name) -> SafeString | str:
    """`{{ entry.source_id|document }}`: "Invoice NORTH-2026-000123", linked to its page if it has one.

    subject  a public id, for at most one SQL query; in lists, the name that `names_of` gave
    """
    name = name_of(subject) if isinstance(subject, str) else subject
    return format_html('<a href="{}">{}</a>', name.url, name) if name.url else str(name)


@register.filter
def words(code: str) -> str:
    """`{{ line.payer_class|words }}`: "SELF_PAY" becomes "Self pay", "person.match" "Person: match"."""
    return word_of(str(code).replace(".", ": "))


@register.filter
def deed(action: str) -> str:
    """`{{ event.action|deed }}`: "billing.issue_invoice" in words, "Issue invoice"."""
    words = [_ABBREVIATIONS.get(word, word) for word in action.rpartition(".")[2].split("_")]
    return f"{words[0][:1].upper()}{' '.join(words)[1:]}"


@lru_cache(maxsize=512)
def _drawing(name: str, size: int) -> str:
    return lucide._render_icon(name, size, **{"class": "icon", "aria-hidden": "true", "focusable": "false"})


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """`{% icon "receipt" %}`: a Lucide drawing, hidden from screen readers."""
    return mark_safe(_drawing(str(name), size))  # noqa: S308 drawings of the lucide package
