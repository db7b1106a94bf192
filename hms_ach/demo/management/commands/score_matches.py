"""`manage.py score_matches TRUTH.jsonl OUT.csv`: how right an engine was."""

from pathlib import Path

from django.core.management.base import BaseCommand

from hms_ach.demo.simulator.scoring import report, score


class Command(BaseCommand):
    """Prints precision, recall by kind, the top-1 hit rate of suggestions, and every wrong match."""

    help = "Compare what trial_match wrote with the answer key of simulate."

    def add_arguments(self, parser) -> None:
        parser.add_argument("truth", type=Path)
        parser.add_argument("found", type=Path)
        parser.add_argument("--suggestions", type=Path, help="the suggestions that trial_match wrote")

    def handle(self, *, truth: Path, found: Path, suggestions: Path | None, **options) -> None:
        self.stdout.write(report(score(truth, found, suggestions)))
