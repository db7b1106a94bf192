"""A suspect note: logged by its cashier, read by who answers for the cash, handed over with a form."""

import pytest

from cashiering.models import SuspectNote
from hms_ach.access.roles import Role
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db

TYPED = {"face": "USD:2000", "serial": "MB1", "handed_to": "Officer Lee", "remarks": "No thread", "key": "k"}


def test_a_note_is_logged_and_leads_to_its_hand_over_form():
    given = make.till()
    session = make.opened(given)
    ana = access.signed_in(given.ana)

    taken = ana.post("/cashiering/my-session/suspect-note/", TYPED | {"mrn": given.patient.mrn})
    note = SuspectNote.objects.get()
    address = f"/cashiering/suspect-notes/{note.public_id}/"
    form = ana.get(f"{address}form.pdf")

    assert taken.url == address
    assert form.content.startswith(b"%PDF")
    for said in ("MB1", "Officer Lee", "No thread", given.patient.mrn, "$20.00"):
        assert said in ana.get(address).content.decode()
    assert address in ana.get(f"/cashiering/sessions/{session.public_id}/").content.decode()
    assert address in access.signed_in(given.cora).get("/cashiering/suspect-notes/").content.decode()


def test_a_number_of_nobody_is_refused_beside_its_field():
    given = make.till()
    make.opened(given)

    answer = access.signed_in(given.ana).post("/cashiering/my-session/suspect-note/", TYPED | {"mrn": "N0"})

    assert answer.status_code == 422
    assert "There is no patient N0 here" in answer.content.decode().split('id="id_mrn_error"')[1]
    assert not SuspectNote.objects.exists()


def test_a_note_is_nobodys_business_elsewhere():
    given = make.till()
    make.opened(given)
    access.signed_in(given.ana).post("/cashiering/my-session/suspect-note/", TYPED)
    address = f"/cashiering/suspect-notes/{SuspectNote.objects.get().public_id}/"
    stranger = access.user(Role.HEAD_CASHIER, facilities=[make.till().facility])
    admin = access.user(Role.ADMINISTRATOR, facilities=[given.facility])

    assert access.signed_in(stranger).get(address).status_code == 404
    assert access.signed_in(admin).get(address).status_code == 403
