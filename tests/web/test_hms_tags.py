"""How values look to people."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from hms_ach.money import Money
from hms_ach.web.states import SHAPES, Tone, tone_of
from hms_ach.web.templatetags.hms import accounting, day, minor, moment, money, percent, state

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (Money(125_000, "USD"), "$1,250.00"),
        (Money(-5, "USD"), "−$0.05"),
        (Money(1_250_500, "KWD"), "KWD\N{NO-BREAK SPACE}1,250.500"),
        (Money(500, "JPY"), "¥500"),
        (Money(100, "CAD"), "CA$1.00"),
        (Money(90_071_992_547_409_93, "USD"), "$90,071,992,547,409.93"),
    ],
)
def test_money_is_written_with_its_currency_and_its_digits(amount, written):
    assert money(amount) == written
    assert minor(amount.minor, amount.currency) == written


def test_unknown_money_is_never_zero():
    assert "unknown" in money(None)
    assert "unknown" in minor(None, "USD")


def test_a_difference_carries_its_sign():
    assert accounting(Money(300, "USD")) == "+$3.00"
    assert accounting(Money(0, "USD")) == "$0.00"


def test_a_state_is_a_word_and_a_shape():
    badge = state("IN_TRANSIT")
    assert "In transit" in badge
    assert "<svg" in badge


def test_a_state_is_escaped():
    assert "<script>" not in state("<script>")


def test_every_tone_has_its_own_shape():
    assert len({SHAPES[tone] for tone in Tone}) == len(Tone)
    assert tone_of("a word nobody knows") == Tone.PLAIN


def test_moments_stand_on_the_facility_clock():
    late = datetime(2026, 11, 23, 3, 4, tzinfo=UTC)
    assert "Nov 22, 2026 22:04" in moment(late, "America/New_York")
    assert "Nov 2, 2026" in day(date(2026, 11, 2))


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_ink_can_be_read_on_every_paper(theme):
    lines = (ROOT / "static/css/tokens.css").read_text().splitlines()
    pairs = [line.strip().split(": light-dark(") for line in lines if "light-dark(#" in line]
    colour = {name[2:]: value.rstrip(");").split(", ")[theme] for name, value in pairs}
    papers = ("canvas", "surface", "sunken", "hover", "select")
    asked = [(ink, paper) for ink in ("ink", "ink-soft", "ink-faint", "link", "stop") for paper in papers]
    asked += [(str(tone), f"{tone}-wash") for tone in Tone]
    asked += [("on-accent", "accent"), ("on-accent", "accent-strong")]
    asked += [("rail-ink", "rail"), ("rail-faint", "rail")]

    weak = {}
    for ink, paper in asked:
        light, dark = sorted((_luminance(colour[ink]), _luminance(colour[paper])), reverse=True)
        if (light + 0.05) / (dark + 0.05) < 4.5:
            weak[ink, paper] = round((light + 0.05) / (dark + 0.05), 2)

    assert weak == {}


def test_a_share_is_cut_so_that_only_all_is_all():
    assert percent(0.99999) == "99.99 %"
    assert percent(1 - 1e-16) == percent(1.0) == "100.00 %"
    assert "unknown" in percent(None)
