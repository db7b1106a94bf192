"""`manage.py score_matches TRUTH.jsonl OUT.csv`: how right an engine was."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from hms_ach.demo.simulator.scoring import report, score
from hms_ach.refusal import FileRejected


class Command(BaseCommand):
    """Prints precision, recall by kind, the top-1 hit rate of suggestions, and every wrong match."""

    help = "Compare what trial_match wrote with the answer key of simulate."

    def add_arguments(self, parser) -> None:
        parser.add_argument("truth", type=Path)
        parser.add_argument("found", type=Path)
        parser.add_argument("--suggestions", type=Path, help="the suggestions that trial_match wrote")
        parser.add_argument("--left", type=Path, help="the lines left that trial_match wrote")

    def handle(
        self, *, truth: Path, found: Path, suggestions: Path | None, left: Path | None, **options
    ) -> None:
        try:
            self.stdout.write(report(score(truth, found, suggestions, left)))
        except FileRejected as refused:
            raise CommandError(str(refused)) from None
        except OSError as problem:
            raise CommandError(f"{problem.filename}: {problem.strerror}") from None
        except (KeyError, ValueError) as problem:
            raise CommandError(f"This is no answer key, or no result of trial_match: {problem}.") from None
