"""What the shared components need besides values: widgets, page links, keys, icons of a tone."""

from django import template
from django.forms import BoundField
from django.template import Context
from django.utils.safestring import SafeString

from hms_ach.web.templatetags.hms import icon

register = template.Library()

_NOTICES = {"info": "info", "good": "circle-check", "warn": "triangle-alert", "stop": "octagon-x"}
_MESSAGE_TONES = {"success": "good", "warning": "warn", "error": "stop"}
_ARIA_KEYS = {"Ctrl": "Control", "Esc": "Escape", "?": "?"}


@register.simple_tag
def described(field: BoundField, help_text: str = "") -> SafeString:
    """The field's widget, tied to its help and its error also when the page wrote the help."""
    if not help_text or field.help_text:
        return field.as_widget()
    ids = [f"{field.auto_id}_helptext", f"{field.auto_id}_error" if field.errors else ""]
    return field.as_widget(attrs={"aria-describedby": " ".join(filter(None, ids))})


@register.simple_tag(takes_context=True)
def pager_url(context: Context, key: str, number: int) -> str:
    """The present address with another page number, all filters kept."""
    query = context["request"].GET.copy()
    query[key] = str(number)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def filled(context: Context, name: str, typed: str) -> str:
    """What a number's field holds: what was typed, else the digits that the page's address fills in."""
    given = context["request"].GET.get(name, "")[:6]
    return typed or (given if given.isascii() and given.isdigit() else "")


@register.filter
def times(count: str | int) -> range:
    return range(int(count))


@register.filter
def aria_key(key: str) -> str:
    """ "Ctrl+D" as aria-keyshortcuts wants it: "Control+D"."""
    return "+".join(_ARIA_KEYS.get(part, part) for part in key.split("+"))


@register.filter
def notice_tone(level_tag: str) -> str:
    return _MESSAGE_TONES.get(level_tag, "info")


@register.simple_tag
def notice_icon(tone: str) -> SafeString:
    return icon(_NOTICES.get(tone, "info"), 18)
