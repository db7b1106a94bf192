"""What Enter does in a field: a form's first submit button, by the rules of HTML."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
FORM = re.compile(r"<(c-form|form)\b.*?</\1>", re.DOTALL)
BUTTON = re.compile(r"<(?:c-button|button)\b[^>]*>[^<{]*")
WHY = re.compile(r"<c-(?:input|field)\b[^>]*(?:name=\"(?:reason|note|comment)\"|form\.(?:reason|comment))")
AGREES = re.compile(r"value=\"(?:approve|confirm|right)\"|>\s*(?:Approve|Confirm)")


def enter_agrees(template: str) -> list[str]:
    """The first buttons of forms with a field for reasons, where they approve although others refuse."""
    found = []
    for form in FORM.finditer(template):
        buttons = [each for each in BUTTON.findall(form[0]) if "href=" not in each and "form=" not in each]
        if WHY.search(form[0]) and len(buttons) > 1 and AGREES.search(buttons[0]):
            found.append(buttons[0])
    return found


@pytest.mark.parametrize("folder", sorted(each.name for each in TEMPLATES.iterdir() if each.is_dir()))
def test_enter_after_a_reason_never_approves(folder):
    """Who writes why something goes back and presses Enter has not approved it."""
    found = {
        str(path.relative_to(TEMPLATES)): wrong
        for path in (TEMPLATES / folder).rglob("*.html")
        if (wrong := enter_agrees(path.read_text()))
    }
    assert found == {}


def test_the_rule_can_see_an_approval_behind_enter():
    form = (
        '<c-form><c-input name="reason" label="Why" />'
        '<c-button name="verdict" value="approve">Approve</c-button><c-button>Send back</c-button></c-form>'
    )
    assert enter_agrees(form)
