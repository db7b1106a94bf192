"""Guards read the tables that they mean, whatever a session calls by the same name."""

from django.db import migrations

from hms_ach.sql import RunSql

# Those that read tables. A temporary table comes first in a session's search path, unless the function says otherwise.
READERS = (
    "reconciliation_bankaccount_by_two",
    "reconciliation_check_matches",
    "reconciliation_check_part_counts",
    "reconciliation_final_day_by_two",
    "reconciliation_only_decide_day_correction",
    "reconciliation_only_decide_rule",
    "reconciliation_only_decide_tolerance",
    "reconciliation_only_undo",
    "reconciliation_sweep_opposite",
    "reconciliation_sweep_undone_whole",
    "reconciliation_takes_back_once",
)


def _each(change: str) -> str:
    return "".join(f"ALTER FUNCTION {name}() {change};\n" for name in READERS)


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0027_written_in_a_row")]

    operations = [RunSql(_each("SET search_path = pg_catalog, public, pg_temp"), _each("RESET search_path"))]
