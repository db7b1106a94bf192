"""The committed description of the API is the one that the views give."""

from io import StringIO
from pathlib import Path

from django.core.management import call_command

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"


def test_the_committed_description_is_up_to_date():
    made = StringIO()
    call_command("spectacular", stdout=made)

    assert made.getvalue().strip() == COMMITTED.read_text().strip(), (
        "the API changed: run `python manage.py spectacular --file docs/openapi.yaml` and read its diff"
    )
