"""pgbench running a statement of ours: the same text, the same values bound, rows really written."""

import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from django.db import connection

import ledger.commands


def transactions_a_second(programs: Path, *, values: dict[str, Any], clients: int, seconds: float) -> float:
    """How often post_plain_entry.sql runs in a second, each time with a new key, planned once as ours is.

    values  what the statement's names stand for, except key and public_id; arrays as PostgreSQL writes them
    """
    options = ["-n", "-M", "prepared", "-c", str(clients), "-j", "1", "-T", str(max(1, round(seconds)))]
    for name, value in values.items():
        options += [] if value is None else ["-D", f"{name}={value}"]
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "post.sql"
        script.write_text("\\set n random(1, 1000000000000000000)\n" + _statement(values))
        command = [str(programs / "pgbench"), *options, "-f", str(script), connection.settings_dict["NAME"]]
        done = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=True)
    return float(re.search(r"tps = ([0-9.]+) \(without", done.stdout).group(1))


def _statement(values: dict[str, Any]) -> str:
    """post_plain_entry.sql with a pgbench variable for each of its names."""
    holes = {name: f":{name}" for name in values}
    holes |= {name: "NULL" for name, value in values.items() if value is None}
    holes |= dict.fromkeys(("key", "public_id"), "('b' || :client_id || '_' || :n)")
    text = (Path(ledger.commands.__file__).parent / "sql" / "post_plain_entry.sql").read_text()
    without_comments = re.sub(r"--[^\n]*", "", text)
    return re.sub(r"%\((\w+)\)s", lambda found: holes[found[1]], without_comments) + ";\n"


def _environment() -> dict[str, str]:
    settings = connection.settings_dict
    return {
        "PGHOST": str(settings["HOST"] or settings["OPTIONS"].get("host", "")),
        "PGPORT": str(settings["PORT"]),
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGOPTIONS": settings["OPTIONS"]["options"],
    }
