"""`manage.py demo`: build the demo hospital in an empty database."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from hms_ach.access.models import Facility
from hms_ach.demo.past import past_told
from hms_ach.demo.story import tell_story

SEED = 20


class Command(BaseCommand):
    """Reproducible from its seed: the same seed on the same day makes the same hospital."""

    help = "Build a network of three facilities with thirty days of business, and today left open."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--seed", type=int, default=SEED, help="what chance starts from")
        parser.add_argument("--folder", type=Path, default=settings.DEMO_FOLDER, help="where bank files go")

    def handle(self, *, seed: int, folder: Path, **options) -> None:
        if Facility.objects.exists():
            raise CommandError("This database already has facilities; the demo needs an empty one.")
        with past_told():
            tell_story(seed=seed, folder=folder, say=self.stdout.write)
        self.stdout.write(f"The bank's files and their answer key are in {folder}.")
