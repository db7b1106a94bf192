"""Delivery profiles and deliveries on screen."""

import pytest
from django.urls import reverse

from ledger.commands import build_gl_batch, deliver
from ledger.models import DeliveryProfile, GlBatchDelivery
from ledger.queries import deliveries_owed
from ledger.tasks import deliver_one, sweep_deliveries
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.GL_FOLDERS = str(tmp_path)
    (tmp_path / "oracle").mkdir()
    return tmp_path / "oracle"


@pytest.fixture
def facility():
    return make.book(code="NORTH")


@pytest.fixture
def gil(facility):
    return access.signed_in(access.user("CONTROLLER", facilities=[facility]))


@pytest.fixture
def finn(facility):
    return access.signed_in(access.user("FINANCE_APPROVER", facilities=[facility]))


@pytest.fixture
def batch(facility):
    make.entry(facility)
    return make.released_batch(facility)


def told(browser, name, args=(), sent=None):
    answer = browser.post(reverse(f"ledger:{name}", args=args), sent or {}, follow=True)
    return answer.content.decode()


def said(facility, **more) -> dict:
    values = {"entity": facility.legal_entity.code, "code": "live", "way": "FOLDER", "place": "oracle"}
    values |= {"layout": "workday", "name_pattern": "{number}.{extension}", "reason": "Go-live"}
    return values | more


def test_a_way_is_written_tried_approved_used_and_retired(facility, gil, finn, batch, folder):
    assert "Another person must approve it" in told(gil, "delivery-profile-drafting", sent=said(facility))
    profile = DeliveryProfile.objects.get()
    assert "you wrote it" in told(gil, "delivery-profile-approval", [profile.public_id])
    assert "counts from now on" in told(finn, "delivery-profile-approval", [profile.public_id])
    assert "we are let in" in told(finn, "delivery-profile-trial", [profile.public_id])
    assert "In force" in gil.get(reverse("ledger:delivery-profile-list")).content.decode()

    page = told(finn, "gl-batch-delivery", [batch.public_id], {"profile": profile.public_id})
    assert "is on its way to live" in page
    deliver(delivery_id=GlBatchDelivery.objects.get().pk)
    shown = finn.get(reverse("ledger:gl-batch-detail", args=[batch.public_id])).content.decode()
    assert "Send to live again" in shown
    assert f"{batch.number}.csv" in gil.get(reverse("ledger:delivery-list") + "?state=SENT").content.decode()
    assert [path.name for path in folder.iterdir()] == [f"{batch.number}.csv"]

    again = {"profile": profile.public_id, "reason": "They lost it"}
    assert "Say why it goes again" in told(
        finn, "gl-batch-delivery", [batch.public_id], again | {"reason": ""}
    )
    assert f"{batch.number}-2.csv" in told(finn, "gl-batch-delivery", [batch.public_id], again)
    assert "is retired" in told(gil, "delivery-profile-retirement", [profile.public_id])


def test_a_profile_that_cannot_work_keeps_what_was_typed(facility, gil):
    sent = said(facility, place="../etc")

    answer = gil.post(reverse("ledger:delivery-profile-drafting"), sent)

    assert answer.status_code == 422
    assert "below the folder for general ledgers" in answer.content.decode()
    assert 'value="../etc"' in answer.content.decode()


def test_a_new_version_starts_from_another_without_its_secret(facility, gil):
    told(gil, "delivery-profile-drafting", sent=said(facility))
    like = DeliveryProfile.objects.get().public_id

    page = gil.get(reverse("ledger:delivery-profile-drafting") + f"?like={like}").content.decode()

    assert 'value="live"' in page


def test_the_sweep_sends_what_goes_by_itself(facility, gil, finn, folder):
    told(gil, "delivery-profile-drafting", sent=said(facility, is_automatic="on"))
    told(finn, "delivery-profile-approval", [DeliveryProfile.objects.get().public_id])
    make.entry(facility)
    batch = build_gl_batch(facility=facility, business_on=make.DAY, actor=None)
    told(finn, "gl-batch-approval", [batch.public_id])

    sweep_deliveries()
    for delivery_id in deliveries_owed():
        deliver_one(delivery_id=delivery_id)

    assert [path.name for path in folder.iterdir()] == [f"{batch.number}.csv"]


def test_others_see_and_send_nothing(facility, gil, batch):
    told(gil, "delivery-profile-drafting", sent=said(facility))
    profile = DeliveryProfile.objects.get()
    foreign = access.signed_in(access.user("CONTROLLER", facilities=[make.book()]))
    auditor = access.signed_in(access.user("AUDITOR", facilities=[facility]))

    detail = reverse("ledger:delivery-profile-detail", args=[profile.public_id])
    assert foreign.get(detail).status_code == 404
    assert auditor.get(detail).status_code == 200
    address = reverse("ledger:gl-batch-delivery", args=[batch.public_id])
    assert auditor.post(address, {"profile": profile.public_id}).status_code == 403
    assert foreign.post(address, {"profile": profile.public_id}).status_code == 404
