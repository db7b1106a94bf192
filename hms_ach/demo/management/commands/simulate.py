"""`manage.py simulate FOLDER`: what a network's banks and payers would send, with the key."""

from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand

from hms_ach.demo.simulator.knobs import FORMATS, LEVELS, Knobs
from hms_ach.demo.simulator.network import true_groups
from hms_ach.demo.simulator.writing import write_files


class Command(BaseCommand):
    """The same knobs write the same files."""

    help = "Write lines.csv, expectations.csv, camt.053 statements and truth.jsonl for an invented network."

    def add_arguments(self, parser) -> None:
        parser.add_argument("folder", type=Path, help="where the files go")
        parser.add_argument("--seed", type=int, default=1, help="what chance starts from")
        parser.add_argument("--hospitals", type=int, default=1)
        parser.add_argument("--days", type=int, default=30, help="calendar days")
        parser.add_argument("--noise", choices=list(LEVELS), default="base", help="how much goes wrong")
        parser.add_argument(
            "--references", choices=FORMATS, default="mixed", help="how banks write references"
        )
        parser.add_argument("--first-on", type=date.fromisoformat, default=date(2026, 1, 1))
        parser.add_argument("--no-statements", action="store_true", help="no camt.053 files, only the tables")

    def handle(self, *, folder: Path, no_statements: bool, **options) -> None:
        names = ("seed", "hospitals", "days", "noise", "references", "first_on")
        knobs = Knobs(**{name: options[name] for name in names})
        counts = write_files(true_groups(knobs), folder, with_statements=not no_statements)
        said = ", ".join(f"{count:,} {name}" for name, count in counts.items())
        self.stdout.write(f"{said} are in {folder}.")
