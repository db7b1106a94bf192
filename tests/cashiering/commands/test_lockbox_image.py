"""Pictures of lockbox cheques: kept with their cheque, seen where money in suspense is placed."""

import io
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from cashiering.commands import add_lockbox_images, take_lockbox_file
from cashiering.commands.lockbox_image import MAX_BYTES
from cashiering.models import LockboxImage
from hms_ach import clock, files
from hms_ach.refusal import FileRejected
from tests.cashiering.formats.lockbox_files import cheque, lockbox_file
from tests.cashiering.formats.test_lockbox_images import PNG, TIFF, packed
from tests.make import access
from tests.make import cashiering as make
from tests.make import reconciliation as bank

pytestmark = pytest.mark.django_db


@pytest.fixture
def till():
    with clock.at(datetime(2026, 3, 12, 17, tzinfo=UTC)):
        yield make.till()


def take(till, content: bytes):
    return take_lockbox_file(content=content, name="lbx", facility=till.facility, actor=till.gil)


def add(till, deposit, **files: bytes):
    return add_lockbox_images(content=packed(**files), name="all.zip", deposit=deposit, actor=till.gil)


@pytest.fixture
def deposit(till):
    return take(till, lockbox_file(cheque(1, 100_00), cheque(2, 70_00))).deposits[0]


def test_pictures_are_kept_with_their_cheques_and_only_once(till, deposit):
    added = add(till, deposit, **{"001-001-F_png": PNG, "7654321-001-002-S_tif": TIFF})
    again = add(till, deposit, **{"001-001-F_png": PNG})

    assert (added.added, again.added, again.known) == (2, 0, 1)
    images = LockboxImage.objects.order_by("cheque__item")
    assert [(one.cheque.item, one.side, one.file.is_picture) for one in images] == [
        ("001", "FRONT", True),
        ("002", "STUB", False),
    ]


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"001-009-F_png": PNG}, "shows no cheque of the deposit"),
        ({"7654322-001-001-F_png": PNG}, "shows no cheque of the deposit"),
        ({"001-002-F_png": PNG, "001-001-F_png": PNG + b"other"}, "is another picture than the one"),
        ({"001-002-F_png": PNG, "note_txt": b"hello"}, "A file in it is no picture"),
    ],
)
def test_one_picture_that_does_not_fit_refuses_all_of_them(till, deposit, files, says):
    add(till, deposit, **{"001-001-F_png": PNG})

    with pytest.raises(FileRejected, match=says):
        add(till, deposit, **files)

    assert LockboxImage.objects.count() == 1


def test_the_file_and_its_pictures_come_in_one_zip(till):
    text = lockbox_file(cheque(1, 100_00))
    content = packed(**{"file_txt": text, "001-001-F_png": PNG}).getvalue()

    taken, again = take(till, content), take(till, content)

    assert (len(taken.deposits), taken.images, again.known, again.images) == (1, 1, 1, 0)
    with pytest.raises(FileRejected, match="There are pictures only"):
        take(till, packed(**{"001-001-F_png": PNG}).getvalue())


def test_a_picture_is_seen_where_its_money_is_placed_and_by_nobody_without_permission(till, deposit):
    add(till, deposit, **{"001-001-F_png": PNG, "001-001-S_tif": TIFF})
    left = deposit.cheques.get(item="001")
    front, stub = left.images.order_by("id")
    address = reverse("cashiering:lockbox-image", args=[left.public_id, front.pk])
    place = reverse("reconciliation:suspense-detail", args=[till.facility.code, "USD", left.public_id])
    eve = access.signed_in(bank.reviewer(till.facility))

    shown, picture = eve.get(place).content.decode(), eve.get(address)
    taken_out = eve.get(reverse("cashiering:lockbox-image", args=[left.public_id, stub.pk]))

    assert f'src="{address}"' in shown
    assert b"".join(picture.streaming_content) == PNG
    assert (picture["Content-Type"], taken_out["Content-Type"]) == ("image/png", "application/octet-stream")
    assert "sandbox" in picture["Content-Security-Policy"]
    assert access.signed_in(till.ana).get(address).status_code == 403
    assert eve.get(reverse("cashiering:lockbox-image", args=["lbc_other", front.pk])).status_code == 404


def test_pictures_are_added_on_the_deposits_page_and_a_wrong_one_is_told(till, deposit):
    address = reverse("cashiering:lockbox-pictures", args=[deposit.public_id])
    gil = access.signed_in(till.gil)
    right, wrong = io.BytesIO(PNG), io.BytesIO(PNG)
    right.name, wrong.name = "001-001-F.png", "001-009-F.png"

    kept = gil.post(address, {"pictures": right}, follow=True).content.decode()
    refused = gil.post(address, {"pictures": wrong})

    assert "Pictures kept: 1; here before: 0." in kept
    assert "Front of the cheque" in kept
    assert refused.status_code == 422
    assert "shows no cheque of the deposit" in refused.content.decode()


def test_pictures_beyond_the_limit_are_refused_in_words(till, deposit):
    endless = io.BytesIO(bytes(MAX_BYTES + 1))

    with pytest.raises(files.FileTooLarge, match="larger than 64 MB"):
        add_lockbox_images(content=endless, name="all.zip", deposit=deposit, actor=till.gil)


def test_a_program_sends_pictures(till, deposit):
    client = access.api("advices:write", facilities=[till.facility])
    address = f"/api/ach/lockbox-images/{deposit.public_id}/001-001-F.png"

    sent = [client.put(address, PNG, content_type="image/png") for _ in range(2)]
    elsewhere = client.put("/api/ach/lockbox-images/lbx_other/001-001-F.png", PNG, content_type="image/png")

    assert [answer.status_code for answer in (*sent, elsewhere)] == [201, 200, 404]
    assert sent[0].json() == {"added": 1, "known": 0}


def test_the_database_keeps_a_picture_as_it_is(till, deposit):
    add(till, deposit, **{"001-001-F_png": PNG})

    with pytest.raises(DatabaseError), transaction.atomic():
        LockboxImage.objects.update(page=2)
    with pytest.raises(DatabaseError), transaction.atomic():
        LockboxImage.objects.all().delete()
