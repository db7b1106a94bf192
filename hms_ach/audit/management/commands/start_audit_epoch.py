"""manage.py start_audit_epoch: after a restore into another cluster."""

from django.core.management.base import BaseCommand

from hms_ach import clock
from hms_ach.audit.commands import start_epoch


class Command(BaseCommand):
    help = "Begin a new count of transaction ids: once after each restore into another cluster."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--reason", required=True, help="which backup was restored, and why")

    def handle(self, *, reason: str, **_) -> None:
        self.stdout.write(f"Epoch {start_epoch(reason=reason, now=clock.now()).number} has begun.")
