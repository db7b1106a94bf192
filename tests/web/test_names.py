"""What people call a document, and where its page is."""

import pytest
from django.apps import apps
from django.urls import get_resolver

from hms_ach.ids import PublicIdField, new_id
from hms_ach.web.names import KINDS, name_of, names_of, subjects_called
from tests.make import billing as make

# The trail's own events and the outbox's are what names are looked up for, never what is named.
UNNAMED = {"aud", "evt"}


def test_every_public_id_has_a_kind_of_its_own_model():
    found = {
        field.prefix: model._meta.label
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, PublicIdField) and not model.__name__.startswith("Historical")
    }

    assert {prefix: kind.model for prefix, kind in KINDS.items() if "." not in prefix} == {
        prefix: label for prefix, label in found.items() if prefix not in UNNAMED
    }


@pytest.mark.parametrize("prefix", KINDS)
@pytest.mark.django_db
def test_every_kind_can_be_asked_for(prefix):
    subject = f"{prefix}:1" if "." in prefix else new_id(prefix)

    name = name_of(subject)

    assert name.word == KINDS[prefix].word
    assert name.url == "" or get_resolver().resolve(name.url)


def test_a_transfer_between_own_accounts_is_named_by_its_two_lines():
    assert str(name_of("swp_237_238")) == "Transfer between own accounts 237\N{EN DASH}238"
    assert str(name_of("E2E-1")) == "E2E-1"


@pytest.mark.django_db
def test_documents_are_named_as_people_know_them(django_assert_num_queries):
    north = make.hospital()
    person = make.clerk(north, name="ana")
    patient, other = make.patient(north, person), make.patient(north, person, name="Ben Ruiz")
    entry = new_id("ent")

    with django_assert_num_queries(2):
        names = names_of(
            [patient.public_id, other.public_id, entry, f"access.user:{person.pk}", "HCH-2026-11"]
        )

    assert str(names[patient.public_id]) == f"Patient {patient.mrn}"
    assert names[patient.public_id].url == f"/billing/patients/{patient.public_id}/"
    assert str(names[f"access.user:{person.pk}"]) == f"Person {person.name}"
    assert names[f"access.user:{person.pk}"].url == "/access/users/ana/"
    assert str(names[entry]) == f"Entry …{entry[-6:]}"
    assert str(names["HCH-2026-11"]) == "HCH-2026-11"


@pytest.mark.django_db
def test_a_number_leads_to_its_document_and_to_no_other():
    north = make.hospital()
    clerk = make.clerk(north)
    patient, _ = make.patient(north, clerk), make.patient(north, clerk, name="Ben Ruiz")

    assert subjects_called(patient.mrn) == [patient.public_id]
    assert subjects_called("no such number") == []
