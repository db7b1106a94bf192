"""`manage.py simulate FOLDER`: what a network's banks, terminals and payers would send, with the key."""

from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand

from hms_ach.demo.simulator.knobs import FORMATS, LEVELS, RATES, STATEMENTS, Knobs
from hms_ach.demo.simulator.writing import write_files


class Command(BaseCommand):
    """The same knobs write the same files."""

    help = "Write bank lines, expectations, statements, 835s, payouts, ACH returns and truth.jsonl."

    def add_arguments(self, parser) -> None:
        parser.add_argument("folder", type=Path, help="where the files go")
        parser.add_argument("--seed", type=int, default=1, help="what chance starts from")
        parser.add_argument("--hospitals", type=_positive, default=1)
        parser.add_argument("--days", type=_positive, default=30, help="calendar days")
        parser.add_argument("--noise", choices=list(LEVELS), default="base", help="how much goes wrong")
        parser.add_argument(
            "--references", choices=FORMATS, default="mixed", help="how banks write references"
        )
        parser.add_argument("--statements", choices=STATEMENTS, default="mixed", help="format of statements")
        parser.add_argument(
            "--rate",
            type=_rate,
            action="append",
            default=[],
            metavar="NAME=SHARE",
            help=f"how often one thing happens, before the noise, 0.9 at most: {', '.join(RATES)}",
        )
        parser.add_argument("--first-on", type=_day, default=date(2026, 1, 1), metavar="YYYY-MM-DD")
        parser.add_argument("--only-tables", action="store_true", help="no files but the tables and the key")

    def handle(self, *, folder: Path, only_tables: bool, rate: list[tuple[str, float]], **options) -> None:
        names = ("seed", "hospitals", "days", "noise", "references", "statements", "first_on")
        knobs = Knobs(**{name: options[name] for name in names}, rates=dict(rate))
        counts = write_files(knobs, folder, only_tables=only_tables)
        said = ", ".join(f"{count:,} {name}" for name, count in counts.items())
        self.stdout.write(f"{said} are in {folder}.")


def _positive(text: str) -> int:
    if not (text.isdecimal() and text.isascii() and 0 < int(text) <= 100_000):
        raise ArgumentTypeError(f"{text!r} is not a number from 1 to 100,000")
    return int(text)


def _day(text: str) -> date:
    try:
        said = date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a day such as 2026-01-01") from None
    if not 2000 <= said.year <= 2100:
        raise ArgumentTypeError(f"{text} is not between 2000 and 2100")
    return said


def _rate(text: str) -> tuple[str, float]:
    name, _, share = text.partition("=")
    if name not in RATES:
        raise ArgumentTypeError(f"{name!r} is none of {', '.join(RATES)}")
    try:
        said = float(share)
    except ValueError:
        raise ArgumentTypeError(f"{share!r} is not a share such as 0.05") from None
    if not 0 <= said <= 0.9:
        raise ArgumentTypeError(f"{share} is not between 0 and 0.9")
    return name, said
