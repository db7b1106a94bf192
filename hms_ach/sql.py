"""What Django's schema cannot express: SQL files, append-only tables, gap-free numbers."""

import re
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.operations.base import Operation


def _filled(sql: str) -> str:
    app = '"' + settings.DATABASE_APP_ROLE.replace('"', '""') + '"'
    return sql.replace("{app}", app)


class RunSql(Operation):
    """Runs SQL text whose {app} stands for the application's database role.

    Unlike RunPython it never asks for the historical models: rendering all of them
    for each operation made a migration of the whole schema several times slower.

    down  the way back; None when there is none, and Django then refuses to go back
    """

    reduces_to_sql = True

    def __init__(self, up: str, down: str | None) -> None:
        self.up = up
        self.down = down
        self.reversible = down is not None  # type: ignore[misc]

    def state_forwards(self, app_label, state) -> None:
        """The models stay as they are."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        schema_editor.execute(_filled(self.up), params=None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        assert self.down is not None
        schema_editor.execute(_filled(self.down), params=None)

    def describe(self) -> str:
        return "Run SQL"


_FUNCTION_OF = re.compile(r"^\{function (\w+) of (\w+)\}$", re.MULTILINE)


def run_sql_file(up: Path) -> RunSql:
    """Run `<name>.up.sql`, and its `<name>.down.sql` to go back; `<noun>.sql` has no way back.

    A line `{function f of entry}` in the way back stands for f as `entry.sql` has it, and
    `{function f of 0002_names}` for f as `0002_names.up.sql` has it.
    """
    if not up.name.endswith(".up.sql"):
        return RunSql(up.read_text(), None)
    down = up.with_name(up.name.replace(".up.sql", ".down.sql"))
    restored = _FUNCTION_OF.sub(lambda found: _function(found[1], _source(up, found[2])), down.read_text())
    return RunSql(up.read_text(), restored)


def _source(beside: Path, name: str) -> Path:
    source = beside.with_name(f"{name}.sql")
    return source if source.exists() else beside.with_name(f"{name}.up.sql")


def _function(name: str, source: Path) -> str:
    found = re.search(
        rf"^CREATE (?:OR REPLACE )?(FUNCTION {name}\(.*?\$\$.*?\$\$;)$",
        source.read_text(),
        re.DOTALL | re.MULTILINE,
    )
    if found is None:
        raise ValueError(f"{source.name} has no function {name}")
    return f"CREATE OR REPLACE {found[1]}"


def append_only(table: str) -> RunSql:
    """Let rows of a table be written once: no update, delete or truncate, by trigger and by role."""
    name = f"{table}_append_only"
    up = f"""
        CREATE OR REPLACE FUNCTION hms_ach_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation';
        END $$;
        CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION hms_ach_refuse_change();
        CREATE TRIGGER {name}_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION hms_ach_refuse_change();
        REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {{app}};
    """
    down = f"""
        DROP TRIGGER {name} ON {table};
        DROP TRIGGER {name}_truncate ON {table};
        GRANT UPDATE, DELETE ON {table} TO {{app}};
    """
    return RunSql(up, down)


def written_once(table: str, *columns: str) -> RunSql:
    """Let each of these columns be filled once and then stay: who did what and when, what a document says.

    What is empty (null or '') may be filled later.
    """
    rewritten = " OR ".join(
        f"(OLD.{column}::text <> '' AND NEW.{column} IS DISTINCT FROM OLD.{column})" for column in columns
    )
    named = ", ".join(f"'{column}'" for column in columns)
    function = """
        CREATE OR REPLACE FUNCTION hms_ach_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'of % this is written once: %', TG_TABLE_NAME, (
                SELECT string_agg(name, ', ') FROM unnest(TG_ARGV) AS name
                WHERE to_jsonb(OLD) -> name IS DISTINCT FROM to_jsonb(NEW) -> name)
                USING ERRCODE = 'restrict_violation';
        END $$;
    """
    trigger = f"""
        CREATE TRIGGER {table}_written_once BEFORE UPDATE OF {", ".join(columns)} ON {table}
            FOR EACH ROW WHEN ({rewritten}) EXECUTE FUNCTION hms_ach_refuse_rewriting({named});
    """
    return RunSql(function + trigger, f"DROP TRIGGER {table}_written_once ON {table};")


def next_number(*, series: str, facility_id: int, year: int) -> int:
    """The next number of a series, starting at 1, without gaps.

    The counter row stays locked until the surrounding transaction ends, so that a rolled-back
    document gives its number back. One statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO access_numberseries AS counter (series, facility_id, year, last_number)
            VALUES (%s, %s, %s, 1)
            ON CONFLICT (series, facility_id, year)
            DO UPDATE SET last_number = counter.last_number + 1
            RETURNING last_number
            """,
            [series, facility_id, year],
        )
        return cursor.fetchone()[0]
