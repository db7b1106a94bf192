"""`manage.py trial_match LINES.csv EXPECTATIONS.csv OUT.csv`: try a bank before it goes live."""

from contextlib import ExitStack
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from hms_ach.refusal import FileRejected
from reconciliation.commands import Trial, trial_match


class Command(BaseCommand):
    """Runs the live engine on a bank's past lines and a hospital's expectations; stores nothing."""

    help = (
        "Match a bank's past lines with a hospital's expectations in tables that vanish (docs/matching.md)."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("lines", type=Path, help="the bank's lines as CSV")
        parser.add_argument("expectations", type=Path, help="what the hospital expected, as CSV")
        parser.add_argument("out", type=Path, help="where the matches go, as CSV")
        parser.add_argument("--suggestions", type=Path, help="where suggestions for the rest go, as CSV")
        parser.add_argument("--left", type=Path, help="where the lines that no match took go, as CSV")
        parser.add_argument(
            "--nights",
            action="store_true",
            help="match night by night, as if live: each night knows only what was there by then",
        )

    def handle(self, *, lines: Path, expectations: Path, nights: bool, **options) -> None:
        try:
            trial = _run(
                lines,
                expectations,
                {name: options[name] for name in ("out", "suggestions", "left")},
                by_night=nights,
            )
        except FileRejected as refused:
            raise CommandError(str(refused)) from None
        except OSError as problem:
            raise CommandError(f"{problem.filename}: {problem.strerror}") from None
        for sentence in trial.warnings:
            self.stderr.write(sentence)
        for each in trial.passes:
            self.stdout.write(f"{each['pass']:<16}{each['count']:>12,}{each['milliseconds']:>10,} ms")
        share = trial.matched_lines / trial.lines if trial.lines else 0
        self.stdout.write(
            f"{trial.matches:,} matches take {trial.matched_lines:,} of {trial.lines:,} lines ({share:.1%}); "
            f"{trial.items:,} items were expected."
        )


def _run(lines: Path, expectations: Path, results: dict[str, Path | None], *, by_night: bool) -> Trial:
    """Results are written beside their places and moved there, so that a refusal leaves nothing behind."""
    asked = {name: path for name, path in results.items() if path}
    _refuse_one_file_twice([lines, expectations, *asked.values()])
    parts = {name: path.with_name(path.name + ".part") for name, path in asked.items()}
    try:
        with ExitStack() as files:
            given = [
                files.enter_context(path.open(encoding="utf-8-sig", newline=""))
                for path in (lines, expectations)
            ]
            made = {
                name: files.enter_context(part.open("w", encoding="utf-8", newline=""))
                for name, part in parts.items()
            }
            trial = trial_match(lines=given[0], expectations=given[1], by_night=by_night, **made)
        for name, part in parts.items():
            part.replace(asked[name])
        return trial
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def _refuse_one_file_twice(paths: list[Path]) -> None:
    """A result in the place of a table, or of another result, would be the end of it."""
    seen: set[Path] = set()
    for path in paths:
        if path.is_dir():
            raise CommandError(f"{path} is a folder; name a file.")
        if path.resolve() in seen:
            raise CommandError(f"{path} is named twice; each table and each result is a file of its own.")
        seen.add(path.resolve())
