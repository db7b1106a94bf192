"""Moving values from older keys to the primary one, while others read and write."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models, transaction

from hms_ach.vault import key_ring, second_factor
from hms_ach.vault.field import EncryptedTextField, Sealed
from hms_ach.vault.sealing import key_number
from hms_ach.vault.second_factor import keys_needed, sealed_again

BATCH = 500


@dataclass(frozen=True, slots=True)
class Rotated:
    """One column: how many values moved, and how many still need an older key."""

    column: str
    moved: int
    left: int


def encrypted_fields() -> Iterator[tuple[type[models.Model], EncryptedTextField]]:
    """Every encrypted column of every table, in order of their names."""
    for model in sorted(apps.get_models(), key=lambda model: model._meta.db_table):
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedTextField):
                yield model, field


def rotate() -> list[Rotated]:
    """Seal again whatever is not under the primary key, in small transactions.

    Rows of append-only tables, such as histories, keep their old key: it stays in the ring to read
    them, and they are counted as left. Safe to stop and run again.
    """
    columns = [_rotate_column(model, field) for model, field in encrypted_fields()]
    return [*columns, _rotate_second_factors()]


def _rotate_column(model: type[models.Model], field: EncryptedTextField) -> Rotated:
    moved = left = last = 0
    may_change = _may_update(model._meta.db_table)
    while True:
        rows = model._base_manager.filter(pk__gt=last, **{f"{field.name}__isnull": False})
        batch = list(rows.order_by("pk").values_list("pk", field.name)[:BATCH])
        if not batch:
            return Rotated(f"{model._meta.db_table}.{field.column}", moved, left)
        last = batch[-1][0]
        old = [pk for pk, sealed in batch if key_number(sealed.content) != key_ring.primary()]
        if not may_change:
            left += len(old)
        elif old:
            moved += _reseal(model, field, old)


@transaction.atomic
def _reseal(model: type[models.Model], field: EncryptedTextField, keys: list[int]) -> int:
    """Read and write each row under its lock; one changed in the meantime is already under the new key."""
    rows = model._base_manager.select_for_update().filter(pk__in=keys).order_by("pk")
    for row in rows:
        # Reading unseals; what is then written is sealed under the primary key.
        setattr(row, field.attname, getattr(row, field.attname))
        sealed: Sealed | None = field.pre_save(row, add=False)
        model._base_manager.filter(pk=row.pk).update(**{field.name: sealed})
    return len(rows)


def _rotate_second_factors() -> Rotated:
    """The secrets of authenticator apps and recovery codes, a person at a time, each under its row's lock."""
    rows = apps.get_model("mfa", "Authenticator")._default_manager
    moved = 0
    for key, data in rows.order_by("pk").values_list("pk", "data"):
        if keys_needed(data) <= {key_ring.primary()}:
            continue
        with transaction.atomic():
            authenticator = rows.select_for_update().filter(pk=key).first()
            if authenticator is not None:
                authenticator.data = sealed_again(authenticator.data)
                authenticator.save(update_fields=["data"])
                moved += 1
    return Rotated(f"{second_factor.TABLE}.data", moved, 0)


def _may_update(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'UPDATE')", [table])
        return cursor.fetchone()[0]
