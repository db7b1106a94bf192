"""Encrypted fields: readable in their own place, nowhere else, and not after any change."""

import base64

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from hms_ach import clock
from hms_ach.outbox.models import Endpoint
from hms_ach.vault import Sealed, blind_index, key_ring
from hms_ach.vault.sealing import SealBroken, key_number, seal, unseal
from tests.make import trust as make

PLACE = ("table", "column", "row")
ONE = "whsec_one"


def endpoint(secret: str = ONE) -> Endpoint:
    return Endpoint.objects.create(
        url="https://a.example.com/", secret=secret, owner=make.person(), created_at=clock.now()
    )


def stored(endpoint: Endpoint) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM outbox_endpoint WHERE id = %s", [endpoint.pk])
        return bytes(cursor.fetchone()[0])


@given(st.text(max_size=200))
@settings(max_examples=50, deadline=None)
def test_any_text_comes_back(text):
    assert unseal(seal(text, place=PLACE), place=PLACE) == text


def test_every_flipped_bit_is_noticed():
    sealed = seal("account 1234", place=PLACE)

    for bit in range(len(sealed) * 8):
        damaged = bytearray(sealed)
        damaged[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SealBroken):
            unseal(bytes(damaged), place=PLACE)


@pytest.mark.parametrize(
    "place",
    [
        ("other", "column", "row"),
        ("table", "other", "row"),
        ("table", "column", "r2"),
        ("tablec", "olumn", "row"),
    ],
)
def test_a_value_cannot_be_read_in_another_place(place):
    with pytest.raises(SealBroken):
        unseal(seal("x", place=PLACE), place=place)


def test_a_shortened_value_is_noticed():
    sealed = seal("x", place=PLACE)

    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            unseal(sealed[:length], place=PLACE)


def test_the_same_text_never_seals_alike():
    assert len({seal("x", place=PLACE) for _ in range(1000)}) == 1000


@pytest.mark.django_db
def test_the_database_sees_only_ciphertext():
    made = endpoint("whsec_one")

    assert b"whsec" not in stored(made)
    assert len(stored(made)) == len("whsec_one") + 31
    assert Endpoint.objects.get(pk=made.pk).secret == "whsec_one"


@pytest.mark.django_db
def test_a_value_moved_to_another_row_is_refused():
    one, two = endpoint("whsec_one"), endpoint("whsec_two")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE outbox_endpoint SET secret = %s WHERE id = %s", [stored(one), two.pk])

    with pytest.raises(SealBroken):
        _ = Endpoint.objects.get(pk=two.pk).secret


@pytest.mark.django_db
def test_a_save_that_read_nothing_keeps_the_ciphertext():
    made = endpoint()
    before = stored(made)

    Endpoint.objects.get(pk=made.pk).save()

    assert stored(made) == before


@pytest.mark.django_db
def test_bulk_created_rows_are_encrypted():
    ana = make.person()
    rows = [
        Endpoint(url="https://a.example.com/", secret=f"s{n}", owner=ana, created_at=clock.now())
        for n in range(3)
    ]

    Endpoint.objects.bulk_create(rows)

    assert [row.secret for row in Endpoint.objects.order_by("id")] == ["s0", "s1", "s2"]


@pytest.mark.django_db
def test_writing_or_searching_without_the_row_is_refused():
    endpoint()

    for attempt in (
        lambda: Endpoint.objects.update(secret="plain"),
        lambda: Endpoint.objects.filter(secret="plain").exists(),
    ):
        with pytest.raises(TypeError, match="encrypted for its row"):
            attempt()


@pytest.mark.django_db
def test_a_list_of_values_shows_nothing():
    endpoint()

    (value,) = Endpoint.objects.values_list("secret", flat=True)

    assert isinstance(value, Sealed)
    assert str(value) == repr(value) == "(sealed)"


def test_a_rotated_ring_reads_what_the_old_key_sealed(settings):
    old = seal("x", place=PLACE)
    number = key_number(old)
    entry = f"{number}:{_encoded(key_ring.ring()[number])}"
    settings.VAULT_KEYS = [f"{number + 1}:{_encoded(bytes(range(32)))}", entry]

    new = seal("x", place=PLACE)

    assert unseal(old, place=PLACE) == unseal(new, place=PLACE) == "x"
    assert key_number(new) == number + 1
    settings.VAULT_KEYS = settings.VAULT_KEYS[:1]
    with pytest.raises(SealBroken, match="no key number"):
        unseal(old, place=PLACE)


def test_a_blind_index_joins_equal_values_of_one_column_only():
    assert blind_index("  Ana  LOPEZ ", "t.name") == blind_index("ana lopez", "t.name")
    assert blind_index("ana", "t.name") != blind_index("ana", "t.other")
    assert blind_index("ana", "t.name") != blind_index("anb", "t.name")
    assert len(blind_index("ana", "t.name")) == 32
    assert blind_index("  ", "t.name") == ""


def _encoded(key: bytes) -> str:
    return base64.b64encode(key).decode()
