"""Each layout is tried on screen with the entity's own names."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from ledger.commands import set_gl_settings
from ledger.formats.layouts import LAYOUTS
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def facility():
    return make.book(code="NORTH")


@pytest.fixture
def gil(facility):
    return access.user("CONTROLLER", facilities=[facility])


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_is_tried(facility, gil, name):
    asked = {"entity": facility.legal_entity.code, "layout": name}
    set_gl_settings(legal_entity=facility.legal_entity, values={"oracle_ledger_id": "3"}, actor=gil)

    answer = access.signed_in(gil).get(reverse("ledger:layout-trial"), asked)

    assert answer.status_code == 200
    assert escape(LAYOUTS[name].label) in answer.content.decode()
    assert "125.00" in answer.content.decode()


def test_the_entitys_names_stand_in_it(facility, gil):
    names = {"oracle_ledger_id": "300000046975971"}
    set_gl_settings(legal_entity=facility.legal_entity, values=names, actor=gil)

    answer = access.signed_in(gil).get(reverse("ledger:layout-trial"), {"layout": "fbdi"})

    assert answer.content.decode().count("300000046975971") > 1


def test_oracles_is_not_written_without_its_ledger_id(gil):
    shown = access.signed_in(gil).get(reverse("ledger:layout-trial"), {"layout": "fbdi"}).content.decode()

    assert "has no Oracle ledger id yet" in shown
    assert "125.00" not in shown


def test_an_unknown_layout_is_told(gil):
    answer = access.signed_in(gil).get(reverse("ledger:layout-trial"), {"layout": "edifact"})

    assert answer.status_code == 422
    assert "Select a valid choice" in answer.content.decode()
