"""A text column that the database only ever sees encrypted."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from hms_ach.vault.sealing import seal, unseal


@dataclass(frozen=True, slots=True)
class Sealed:
    """What the database holds. Only the row it belongs to can read it."""

    content: bytes

    def __str__(self) -> str:
        return "(sealed)"

    __repr__ = __str__


class _Unsealing(DeferredAttribute):
    """Decrypts when the attribute is read, so that a list of rows that shows none decrypts none."""

    field: "EncryptedTextField"

    def __get__(self, instance, cls=None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = unseal(value.content, place=self.field.place(instance))
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance, value: Any) -> None:
        """Present so that reading always passes through `__get__`, also when the row holds the value."""
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):
    """Text under AES-256-GCM, bound to its table, column and row.

    bound_to  the field whose value names the row: known before the row is inserted, unique and
              never changed. A value copied to another row, column or table cannot be read there.

    Written through instances only (save, create, bulk_create): `update` and `bulk_update` do not
    know the row and are refused. `values()` gives Sealed. Lookups other than isnull are refused;
    search with a blind index.
    """

    descriptor_class = _Unsealing

    def __init__(self, *args, bound_to: str = "public_id", **kwargs) -> None:
        self.bound_to = bound_to
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "bound_to": self.bound_to}

    def db_type(self, connection) -> str:
        return "bytea"

    def place(self, instance: models.Model) -> tuple[str, str, str]:
        row = getattr(instance, self.bound_to)
        if row in (None, ""):
            raise ValueError(f"{self.bound_to} must be set before {self.name} is encrypted")
        assert self.column is not None
        return (instance._meta.db_table, self.column, str(row))

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:
        """The value as stored; one that was never read keeps its ciphertext."""
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Sealed):
            return value
        return Sealed(seal(value, place=self.place(model_instance)))

    def get_prep_value(self, value: Any) -> bytes | None:
        if value is not None and not isinstance(value, Sealed):
            raise TypeError(f"{self.name} is encrypted for its row: save the instance, search a blind index")
        return None if value is None else value.content

    def from_db_value(self, value, expression, connection) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))
