"""PostgreSQL's 64-bit transaction ids as a column."""

from django.db import models


class TransactionIdField(models.Field):
    """An `xid8`: the transaction that wrote the row. Sorts by number, never wraps around."""

    def db_type(self, connection) -> str:
        return "xid8"

    def from_db_value(self, value, expression, connection) -> int | None:
        return None if value is None else int(value)

    def get_prep_value(self, value) -> str | None:
        return None if value is None else str(int(value))
