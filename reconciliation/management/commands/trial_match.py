"""`manage.py trial_match LINES.csv EXPECTATIONS.csv OUT.csv`: try a bank before it goes live."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from hms_ach.refusal import FileRejected
from reconciliation.commands import trial_match


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

    def handle(
        self, *, lines: Path, expectations: Path, out: Path, suggestions: Path | None, **options
    ) -> None:
        try:
            trial = _run(lines, expectations, out, suggestions)
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


def _run(lines: Path, expectations: Path, out: Path, suggestions: Path | None):
    """The result is written beside its place and moved there, so that a refusal leaves nothing behind."""
    said = suggestions or out.with_suffix(".unused")
    unfinished, rest = out.with_name(out.name + ".part"), said.with_name(said.name + ".part")
    try:
        with (
            lines.open(encoding="utf-8-sig", newline="") as line_rows,
            expectations.open(encoding="utf-8-sig", newline="") as item_rows,
            unfinished.open("w", encoding="utf-8", newline="") as target,
            rest.open("w", encoding="utf-8", newline="") as other,
        ):
            trial = trial_match(
                lines=line_rows,
                expectations=item_rows,
                out=target,
                suggestions=other if suggestions else None,
            )
        unfinished.replace(out)
        if suggestions:
            rest.replace(suggestions)
        return trial
    finally:
        unfinished.unlink(missing_ok=True)
        rest.unlink(missing_ok=True)
