"""Delivery profiles and deliveries on screen."""

from datetime import timedelta

import pytest
from django.urls import reverse

from hms_ach import clock
from ledger.commands import build_gl_batch, deliver
from ledger.models import DeliveryProfile, GlBatchDelivery
from ledger.queries import deliveries_owed, waiting
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


def failed_delivery(facility, gil, finn, batch, folder) -> GlBatchDelivery:
    """One that failed because another file has its name there."""
    told(gil, "delivery-profile-drafting", sent=said(facility))
    profile = DeliveryProfile.objects.get().public_id
    told(finn, "delivery-profile-approval", [profile])
    (folder / f"{batch.number}.csv").write_text("theirs")
    told(finn, "gl-batch-delivery", [batch.public_id], {"profile": profile})
    delivery = GlBatchDelivery.objects.get()
    deliver(delivery_id=delivery.pk)
    return GlBatchDelivery.objects.get(state="FAILED")


def failing(facility) -> int:
    finn = access.user("FINANCE_APPROVER", facilities=[facility])
    return sum(row.count for row in waiting(finn, [facility.pk]) if "delivery fails" in row.title)


def test_a_delivery_that_fails_is_told_and_tried_at_once_when_somebody_says_so(
    facility, gil, finn, batch, folder
):
    delivery = failed_delivery(facility, gil, finn, batch, folder)
    shown = finn.get(reverse("ledger:delivery-list") + "?state=FAILED").content.decode()
    assert (failing(facility), "another file of that name" in shown) == (1, True)
    assert f"Try {delivery.remote_name} now" in shown
    assert "A later version" not in shown
    told(gil, "delivery-profile-drafting", sent=said(facility))
    told(finn, "delivery-profile-approval", [DeliveryProfile.objects.get(version=2).public_id])
    detail = finn.get(reverse("ledger:gl-batch-detail", args=[batch.public_id])).content.decode()
    assert ("A later version of live counts now" in detail, "Send the batch" in detail) == (True, False)

    (folder / delivery.remote_name).unlink()
    assert deliver(delivery_id=delivery.pk) is None
    assert "is tried now" in told(finn, "delivery-try", [delivery.public_id])
    assert deliver(delivery_id=delivery.pk).state == "SENT"

    assert failing(facility) == 0
    assert "is sent already" in told(finn, "delivery-try", [delivery.public_id])


def test_a_delivery_that_fails_is_ended_with_a_reason_and_sent_another_way(
    facility, gil, finn, batch, folder
):
    delivery = failed_delivery(facility, gil, finn, batch, folder)
    end = [delivery.public_id]

    assert "Say why" in told(finn, "delivery-end", end)
    assert "is tried no more" in told(finn, "delivery-end", end, {"reason": "They renamed the folder"})
    assert deliver(delivery_id=delivery.pk) is None
    assert "is dropped already" in told(finn, "delivery-end", end, {"reason": "Again"})

    delivery.refresh_from_db()
    assert (delivery.state, delivery.problem) == ("DROPPED", "They renamed the folder")
    again = {"profile": delivery.profile.public_id, "reason": "The folder is right now"}
    assert f"{batch.number}-2.csv is on its way" in told(finn, "gl-batch-delivery", [batch.public_id], again)


def test_a_delivery_that_is_tried_this_moment_is_left_alone(facility, gil, finn, batch, folder):
    delivery = failed_delivery(facility, gil, finn, batch, folder)
    lease = delivery.next_try_at + timedelta(minutes=15)
    GlBatchDelivery.objects.filter(pk=delivery.pk).update(tries=2, next_try_at=lease)

    assert "this moment" in told(finn, "delivery-try", [delivery.public_id])
    assert "this moment" in told(finn, "delivery-end", [delivery.public_id], {"reason": "Wrong"})


def test_a_delivery_whose_worker_died_once_is_taken_in_hand_after_its_next_try(
    facility, gil, finn, batch, folder
):
    delivery = failed_delivery(facility, gil, finn, batch, folder)
    GlBatchDelivery.objects.filter(pk=delivery.pk).update(tries=2, next_try_at=clock.now())
    deliver(delivery_id=delivery.pk)
    assert [each.number for each in delivery.attempts.order_by("number")] == [1, 3]

    assert "is tried now" in told(finn, "delivery-try", [delivery.public_id])
    assert "is tried no more" in told(finn, "delivery-end", [delivery.public_id], {"reason": "Wrong"})


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


def test_whoever_sends_nothing_takes_no_delivery_in_hand(facility, gil, finn, batch, folder):
    delivery = failed_delivery(facility, gil, finn, batch, folder)
    auditor = access.signed_in(access.user("AUDITOR", facilities=[facility]))
    foreign = access.signed_in(access.user("CONTROLLER", facilities=[make.book()]))

    for name in ("delivery-try", "delivery-end"):
        where = reverse(f"ledger:{name}", args=[delivery.public_id])
        assert (auditor.post(where).status_code, foreign.post(where).status_code) == (403, 404)
    shown = auditor.get(reverse("ledger:delivery-list")).content.decode()
    assert f"Try {delivery.remote_name}" not in shown
