"""What templates may not do."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "templates"
# These filters write elements, which end an attribute where they stand in one.
ELEMENT_IN_LABEL = re.compile(r'\baria-[a-z]+="[^"]*\|(?:day|moment|state|document)\b')

# The base says "Error:" wherever the form has errors; a page that said it too would say it twice.
SAID_TWICE = re.compile(r"block title %}{% if (?:form\.errors|has_errors)\b")


def test_no_title_says_error_twice():
    wrong = [str(path) for path in TEMPLATES.rglob("*.html") if SAID_TWICE.search(path.read_text())]

    assert wrong == []


def test_no_label_holds_an_element():
    files = list(TEMPLATES.rglob("*.html"))

    wrong = [str(path) for path in files if ELEMENT_IN_LABEL.search(path.read_text())]

    assert files
    assert wrong == []


def test_no_comment_is_longer_than_its_line():
    files = list(TEMPLATES.rglob("*.html"))

    # Django ends such a comment at its line; a longer one is shown to whoever reads the page.
    wrong = [
        str(path)
        for path in files
        for line in path.read_text().splitlines()
        if line.count("{#") != line.count("#}")
    ]

    assert wrong == []
