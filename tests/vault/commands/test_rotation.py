"""Rotation: afterwards the old key is not needed."""

import base64

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import decrypt
from django.core.management import call_command
from django.db import connection

from hms_ach import clock
from hms_ach.outbox.models import Endpoint
from hms_ach.vault import key_ring
from hms_ach.vault.commands import encrypted_fields, rotate
from hms_ach.vault.sealing import key_number
from tests.make import trust as make


def under_a_new_key(settings) -> str:
    """Put a new key first; the entry of it alone."""
    number, key = next(iter(key_ring.ring().items()))
    new = f"{number + 1}:{base64.b64encode(bytes(range(32))).decode()}"
    settings.VAULT_KEYS = [new, f"{number}:{base64.b64encode(key).decode()}"]
    return new


@pytest.mark.django_db
def test_after_a_rotation_the_old_key_may_go(settings, capsys):
    ana = make.person()
    for number in range(3):
        Endpoint.objects.create(
            url="https://a.example.com/", secret=f"s{number}", owner=ana, created_at=clock.now()
        )
    new = under_a_new_key(settings)

    call_command("rotate_vault_keys")
    settings.VAULT_KEYS = [new]

    assert [row.secret for row in Endpoint.objects.order_by("id")] == ["s0", "s1", "s2"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM outbox_endpoint")
        numbers = {key_number(bytes(value)) for (value,) in cursor.fetchall()}
    assert numbers == {key_ring.primary()}
    assert "outbox_endpoint.secret: 3 moved, 0 left" in capsys.readouterr().out


@pytest.mark.django_db
def test_after_a_rotation_second_factors_work_without_the_old_key(settings):
    ana = make.person()
    TOTP.activate(ana, "JBSWY3DPEHPK3PXP")
    codes = RecoveryCodes.activate(ana).get_unused_codes()
    new = under_a_new_key(settings)

    moved = {column.column: column.moved for column in rotate()}
    settings.VAULT_KEYS = [new]

    assert moved["mfa_authenticator.data"] == 2
    totp = Authenticator.objects.get(user=ana, type=Authenticator.Type.TOTP)
    assert decrypt(totp.data["secret"]) == "JBSWY3DPEHPK3PXP"
    recovery = Authenticator.objects.get(user=ana, type=Authenticator.Type.RECOVERY_CODES)
    assert RecoveryCodes(recovery).get_unused_codes() == codes


@pytest.mark.django_db
def test_a_second_rotation_moves_nothing(settings):
    Endpoint.objects.create(
        url="https://a.example.com/", secret="s", owner=make.person(), created_at=clock.now()
    )
    under_a_new_key(settings)
    rotate()

    assert sum(column.moved for column in rotate()) == 0


def test_every_encrypted_field_is_bound_to_a_field_of_its_table():
    fields = list(encrypted_fields())

    assert fields
    for model, field in fields:
        assert model._meta.get_field(field.bound_to).get_internal_type(), f"{model}.{field.name}"
