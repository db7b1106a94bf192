"""Taking a file out: the bytes, by whoever may, as a download only."""

import pytest

from hms_ach import files
from hms_ach.access.roles import Role
from hms_ach.audit.models import Event
from tests.make import access as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def north():
    return make.facility("NORTH")


@pytest.fixture
def kept(north):
    return files.store(
        b"<script>alert(1)</script>",
        name='day"\r\nX: y.html',
        media_type="text/html",
        kind="camt053",
        facility=north,
        actor=None,
    )


def test_the_bytes_come_as_a_download_that_no_browser_runs(kept, north):
    browser = make.signed_in(make.user(Role.AUDITOR, facilities=[north]))

    answer = browser.get(f"/files/{kept.public_id}/")

    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "\n" not in answer["Content-Disposition"]
    assert "X" not in answer.headers
    assert Event.objects.get(action="files.open_file").subject == kept.public_id


def test_a_file_of_another_facility_is_not_there(kept):
    foreign = make.signed_in(make.user(Role.AUDITOR, facilities=[make.facility("LAKE")]))

    assert foreign.get(f"/files/{kept.public_id}/").status_code == 404


def test_a_cashier_takes_no_files(kept, north):
    cashier = make.signed_in(make.user(Role.CASHIER, facilities=[north]))

    assert cashier.get(f"/files/{kept.public_id}/").status_code == 403
