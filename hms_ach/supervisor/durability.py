"""Whether the database keeps what it has confirmed through a power cut."""

from django.db.backends.base.base import BaseDatabaseWrapper

_MUST_BE = {"fsync": ("on",), "full_page_writes": ("on",), "data_checksums": ("on",)}
_SYNCHRONOUS = ("on", "remote_write", "remote_apply")


def unsafe_settings(connection: BaseDatabaseWrapper) -> list[str]:
    """What is wrong, one sentence each; empty when money may be written. One SQL query."""
    required = _MUST_BE | {"synchronous_commit": _SYNCHRONOUS}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(required)])
        found = dict(cursor.fetchall())
    return [
        f"PostgreSQL runs with {name} = {found.get(name)}; it must be {allowed[0]}."
        for name, allowed in sorted(required.items())
        if found.get(name) not in allowed
    ]
