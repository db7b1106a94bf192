"""The mapping workshop over HTTP."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ledger.commands import build_gl_batch, remove_rule
from ledger.models import GlSetting, MappingVersion
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def facility():
    return make.book(code="NORTH")


@pytest.fixture
def controller(facility):
    return access.signed_in(access.user("CONTROLLER", facilities=[facility]))


@pytest.fixture
def approver(facility):
    return access.signed_in(access.user("FINANCE_APPROVER", facilities=[facility]))


def address(name, *args):
    return reverse(f"ledger:{name}", args=args)


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def shown(client, name, *args, **query):
    response = client.get(address(name, *args), query)
    assert response.status_code == 200
    return response.content.decode()


def test_a_map_is_drafted_uploaded_decided_tried_submitted_and_approved(facility, controller, approver):
    sound = make.draft_map(facility)
    table = shown(controller, "mapping-csv", sound.public_id).encode()
    make.entry(facility)
    build_gl_batch(facility=facility, business_on=make.DAY, actor=None)
    controller.post(
        address("mapping-drafting"),
        {
            "entity": facility.legal_entity.code,
            "effective_from": "2026-02-01",
            "segments": "Account, Cost centre",
            "account_segment": "Account",
            "reason": "New general ledger",
        },
    )
    version = MappingVersion.objects.get(number=2)

    controller.post(address("mapping-upload", version.public_id), {"file": upload("map.csv", table)})
    note = {"note-category": "cash.drawer", "note-body": "Imprest?"}
    controller.post(address("mapping-note", version.public_id), note)
    early = controller.post(address("mapping-submission", version.public_id), follow=True)
    controller.post(
        address("mapping-note", version.public_id), note | {"note-body": "Imprest.", "note-is_decision": "on"}
    )
    tried = shown(controller, "mapping-simulation", version.public_id)
    controller.post(address("mapping-submission", version.public_id))
    assert "so another person approves it" in shown(controller, "mapping-detail", version.public_id)
    own = controller.post(address("mapping-approval", version.public_id), follow=True)
    approver.post(address("mapping-approval", version.public_id), {"comment": "Agreed"})

    assert "not decided yet" in early.content.decode()
    assert "61005-0000" in tried
    assert "another person must approve" in own.content.decode()
    assert "In force" in shown(controller, "mapping-list")
    assert "Agreed" in shown(controller, "mapping-detail", version.public_id)


def test_a_new_version_begins_with_the_approved_rules_and_not_with_a_draft_that_awaits(facility, controller):
    asked = {
        "entity": facility.legal_entity.code,
        "effective_from": "2026-02-01",
        "segments": "Account, Cost centre",
        "account_segment": "Account",
        "copies": "on",
        "reason": "New general ledger",
    }
    approved = make.approved_map(facility)
    half = make.draft_map(facility)
    gap = half.rules.get(category="cash.safe")
    remove_rule(version=half, rule_id=gap.pk, actor=half.created_by)

    controller.post(address("mapping-drafting"), asked)

    version = MappingVersion.objects.order_by("-number").first()
    assert (version.number, version.rules.count()) == (half.number + 1, approved.rules.count())


def test_a_rule_is_set_and_removed_on_screen(facility, controller):
    version = make.draft_map(facility)
    rule = {
        "rule-category": "cash.drawer",
        "rule-tender": "cash",
        "rule-code": "61004, 17",
        "rule-valid_from": "2026-01-01",
    }

    controller.post(address("mapping-rule", version.public_id), rule)
    short = controller.post(address("mapping-rule", version.public_id), rule | {"rule-code": "61004"})
    made = version.rules.get(tender="CASH")
    controller.post(address("mapping-rule-removal", version.public_id, made.pk))

    assert made.segments == ["61004", "17"]
    assert (short.status_code, "Give 2 parts" in short.content.decode()) == (422, True)
    assert not version.rules.filter(tender="CASH").exists()


def test_a_map_is_offered_for_approval_once_nothing_is_wrong_or_undecided(facility, controller):
    version = make.draft_map(facility)
    assert "Submit for approval" in shown(controller, "mapping-detail", version.public_id)

    note = {"note-category": "cash.drawer", "note-body": "Imprest?"}
    controller.post(address("mapping-note", version.public_id), note)
    rule = version.rules.get(category="cash.drawer")
    controller.post(address("mapping-rule-removal", version.public_id, rule.pk))

    page = shown(controller, "mapping-detail", version.public_id)
    assert "Submit for approval" not in page
    assert "mend 1 problem, and decide what is asked about cash.drawer" in page


def test_a_submitted_map_is_withdrawn_with_a_reason_by_who_drafts(facility, controller, approver):
    version = make.draft_map(facility)
    controller.post(address("mapping-submission", version.public_id))
    assert ">Withdraw<" not in shown(approver, "mapping-detail", version.public_id)
    assert ">Withdraw<" in shown(controller, "mapping-detail", version.public_id)

    where = address("mapping-withdrawal", version.public_id)
    silent = controller.post(where, follow=True).content.decode()
    told = controller.post(where, {"comment": "Not this year"}, follow=True).content.decode()

    assert "Say why the map is withdrawn" in silent
    assert "Withdrawn" in told
    assert "Not this year" in told
    assert ">Withdraw<" not in told


def test_a_wrong_file_keeps_the_rules_and_lists_each_line(facility, controller):
    version = make.draft_map(facility)
    before = version.rules.count()
    content = b"category,account,cost_centre,valid_from\n,1,2,\ncash.drawer,1,2,soon\n"

    answer = controller.post(
        address("mapping-upload", version.public_id), {"file": upload("map.csv", content)}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "the category is missing" in page
    assert "valid_from is no date" in page
    assert version.rules.count() == before


def test_the_chart_is_uploaded_and_names_are_set(facility, controller):
    entity = facility.legal_entity
    chart = b"code,name,class\n61005,Cash in drawers,ASSET\n"

    controller.post(address("gl-account-upload", entity.code), {"file": upload("chart.csv", chart)})
    controller.post(address("gl-setting", entity.code), {"oracle_ledger_id": "300000047"})

    assert "61005" in shown(controller, "gl-account-list")
    assert GlSetting.objects.get(name="oracle_ledger_id").value == "300000047"


@pytest.mark.parametrize("until", ["2026-03-12", "2026-01-01"])
def test_a_rule_that_ends_before_it_begins_is_refused(facility, controller, until):
    version = make.draft_map(facility)
    before = list(version.rules.values_list("id", flat=True).order_by("id"))
    rule = {"category": "cash.drawer", "code": "61005,0000", "valid_from": "2026-03-12", "valid_until": until}

    where = address("mapping-rule", version.public_id)
    refused = controller.post(where, {f"rule-{name}": value for name, value in rule.items()})

    assert refused.status_code == 422
    assert "so that no day is left" in refused.content.decode()
    assert list(version.rules.values_list("id", flat=True).order_by("id")) == before


@pytest.mark.parametrize("wrong", ["NORTH", "12.5", "-3", "1234567890123456789", "٣٠٠"])
def test_an_oracle_ledger_id_that_is_no_number_is_refused(facility, controller, wrong):
    answer = controller.post(address("gl-setting", facility.legal_entity.code), {"oracle_ledger_id": wrong})

    assert answer.status_code == 422
    assert f"{wrong} is no Oracle ledger id" in answer.content.decode()
    assert not GlSetting.objects.exists()


def test_others_see_nothing_of_it_and_an_auditor_changes_nothing(facility):
    version = make.draft_map(facility)
    foreign = access.signed_in(access.user("CONTROLLER", facilities=[make.book()]))
    auditor = access.signed_in(access.user("AUDITOR", facilities=[facility]))

    for name in ["mapping-detail", "mapping-csv", "mapping-simulation"]:
        assert foreign.get(address(name, version.public_id)).status_code == 404
        assert auditor.get(address(name, version.public_id)).status_code == 200
    for name in ["mapping-upload", "mapping-rule", "mapping-submission", "mapping-approval"]:
        assert auditor.post(address(name, version.public_id)).status_code == 403


def test_a_batch_is_built_approved_exported_rejected_and_rebuilt_on_screen(facility, controller, approver):
    make.entry(facility)
    controller.post(address("gl-batch-building"), {"facility": "NORTH", "business_on": "2026-03-12"})
    batch = facility.glbatch_set.get()
    where = batch.public_id

    own = controller.post(address("gl-batch-approval", where), follow=True).content.decode()
    approver.post(address("gl-batch-approval", where))
    approver.post(address("gl-batch-export", where), {"layout": "workday"})
    without = approver.post(address("gl-batch-rejection", where), {"reason": ""})
    approver.post(address("gl-batch-rejection", where), {"reason": "Wrong ledger"})
    again = controller.post(address("gl-batch-rebuilding", where), follow=True).content.decode()

    assert "another person must approve" in own
    assert without.status_code == 422
    states = batch.steps.order_by("sequence").values_list("state", flat=True)
    assert list(states) == ["BUILT", "VALIDATED", "APPROVED", "EXPORTED", "REJECTED", "REBUILT"]
    assert "It holds the entries of" in again


def test_the_list_of_batches_shows_what_is_in_none_yet(facility, controller):
    make.entry(facility)

    assert "Next batch of NORTH" in shown(controller, "gl-batch-list", until="2026-03-31")
