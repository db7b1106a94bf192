"""A general ledger's own layout, from its trial to the file of a batch."""

import json

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.urls import reverse

from ledger.commands import approve_profile, write_profile, write_profile_file
from ledger.commands.export_profile import (
    GoldenFileDiffers,
    ProfileApprovedAlready,
    ProfileByWriter,
    ProfileNotApproved,
    TableUnfit,
)
from ledger.gateways.transform import TransformFailed
from ledger.models import ExportProfile, ExportProfileApproval
from ledger.queries import file_bytes, profiles_in_force
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
TOTALS = "function transform(d) { return d.batch.number + ' ' + d.trailer.functional_debit + '\\n' }"


@pytest.fixture
def facility():
    return make.book(code="NORTH")


@pytest.fixture
def ann():
    return make.person("ann")


@pytest.fixture
def ben():
    return make.person("ben")


def written(facility, actor, source=TOTALS, language="JS") -> ExportProfile:
    return write_profile(
        legal_entity=facility.legal_entity,
        code="totals",
        language=language,
        source=source,
        media_type="text/plain",
        extension="txt",
        reason="The old system",
        actor=actor,
    )


def test_an_approved_profile_writes_a_batch_once(facility, ann, ben):
    make.entry(facility)
    batch = make.released_batch(facility)
    profile = written(facility, ann)
    with pytest.raises(ProfileNotApproved):
        write_profile_file(batch=batch, profile=profile, actor=ann)

    approve_profile(profile=profile, actor=ben)
    first = write_profile_file(batch=batch, profile=profile, actor=ann)
    again = write_profile_file(batch=batch, profile=profile, actor=ann)

    assert first == again
    assert b"".join(file_bytes(first)) == f"{batch.number} 125.00\n".encode()
    assert bytes(profile.golden) == b"NORTH-GL-2026-000042 129.06\n"


def test_the_latest_approved_version_counts(facility, ann, ben):
    first, second = written(facility, ann), written(facility, ann)
    approve_profile(profile=first, actor=ben)

    assert [profile.version for profile in profiles_in_force(legal_entity=facility.legal_entity)] == [1]
    approve_profile(profile=second, actor=ben)
    assert [profile.version for profile in profiles_in_force(legal_entity=facility.legal_entity)] == [2]
    with pytest.raises(ProfileApprovedAlready):
        approve_profile(profile=second, actor=ben)


def test_whoever_wrote_it_never_approves_it(facility, ann):
    profile = written(facility, ann)

    with pytest.raises(ProfileByWriter):
        approve_profile(profile=profile, actor=ann)
    with pytest.raises(DatabaseError, match="did not write it"), transaction.atomic():
        ExportProfileApproval.objects.create(profile=profile, approved_by=ann, approved_at=profile.written_at)


def test_a_transform_that_makes_something_else_by_now_is_not_approved(facility, ann, ben):
    profile = written(facility, ann)
    profile.pk, profile.public_id, profile.version, profile.golden = None, "xpf_other", 2, b"other"
    profile.save(force_insert=True)

    with pytest.raises(GoldenFileDiffers):
        approve_profile(profile=profile, actor=ben)


def test_a_broken_transform_is_not_kept(facility, ann):
    with pytest.raises(TransformFailed):
        written(facility, ann, "function transform() { throw new Error('no') }")

    assert not ExportProfile.objects.exists()


@pytest.mark.parametrize(
    "verb", ["UPDATE ledger_exportprofile SET source = ''", "DELETE FROM ledger_exportprofile"]
)
def test_the_database_keeps_a_profile(facility, ann, verb):
    written(facility, ann)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb)


def test_a_profile_is_tried_written_approved_and_used_on_screen(facility):
    controller = access.signed_in(access.user("CONTROLLER", facilities=[facility]))
    approver = access.signed_in(access.user("FINANCE_APPROVER", facilities=[facility]))
    make.entry(facility)
    batch = make.released_batch(facility)
    form = {
        "entity": facility.legal_entity.code,
        "code": "totals",
        "language": "JS",
        "media_type": "text/plain",
        "extension": "txt",
        "source": TOTALS,
        "reason": "The old system",
    }
    drafting = reverse("ledger:export-profile-drafting")

    tried = controller.post(drafting, form | {"then": "try"})
    broken = controller.post(drafting, form | {"then": "write", "source": "function transform( {"})
    assert not ExportProfile.objects.exists()
    controller.post(drafting, form | {"then": "write"})
    profile = ExportProfile.objects.get()
    approver.post(reverse("ledger:export-profile-approval", args=[profile.public_id]))
    used = controller.post(
        reverse("ledger:gl-batch-profile-file", args=[batch.public_id]),
        {"profile": profile.public_id},
        follow=True,
    )

    assert "129.06" in tried.content.decode()
    assert broken.status_code == 422
    assert "Profile totals 1" in used.content.decode()
    assert "totals 1" in controller.get(reverse("ledger:export-profile-list")).content.decode()
    client = access.api("gl:read", facilities=[facility])
    fetched = client.get(f"/api/ach/gl-batches/{batch.public_id}", {"layout": profile.public_id})
    assert fetched.getvalue() == f"{batch.number} 125.00\n".encode()


COLUMNS = """
last = [["{rows}", "{functional_debit}"]]
[[column]]
name = "Account"
value = "{segment Account}"
[[column]]
name = "Amount"
value = "{signed}"
"""


def test_a_table_of_columns_is_approved_and_used_without_a_script(facility, ann, ben):
    make.entry(facility)
    batch = make.released_batch(facility)
    profile = written(facility, ann, COLUMNS, language="TABLE")
    approve_profile(profile=profile, actor=ben)

    file = write_profile_file(batch=batch, profile=profile, actor=ann)

    assert b"".join(file_bytes(file)) == b"1005,125.00\r\n1022,-125.00\r\n2,125.00\r\n"
    assert bytes(profile.golden).endswith(b"61005,-1.250\r\n5,129.06\r\n")


def test_a_table_that_is_none_or_that_the_batch_cannot_fill_writes_nothing(facility, ann, ben):
    with pytest.raises(TableUnfit, match=r"The table says in .*amont"):
        written(facility, ann, COLUMNS.replace("signed", "amont"), language="TABLE")
    make.entry(facility)
    batch = make.released_batch(facility)
    profile = written(facility, ann, COLUMNS.replace("segment Account", "segment Fund"), language="TABLE")
    approve_profile(profile=profile, actor=ben)

    with pytest.raises(TableUnfit, match="the part Fund of the code, which the map of this batch has not"):
        write_profile_file(batch=batch, profile=profile, actor=ann)

    assert not batch.files.filter(layout=profile.public_id).exists()


def test_the_document_says_what_the_json_layout_says(facility, ann):
    profile = written(facility, ann, "function transform(d) { return JSON.stringify(d.lines[0].segments) }")

    assert json.loads(bytes(profile.golden)) == ["61005", "0000"]
