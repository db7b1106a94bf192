"""manage.py verify_audit: check the whole trail."""

from django.conf import settings
from django.core.management.base import BaseCommand

from hms_ach.audit.keys import public_keys, read_anchors
from hms_ach.audit.reports import verify


class Command(BaseCommand):
    help = "Check every event and seal of the audit trail. Leaves with 1 when anything is found."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--anchors", default=settings.AUDIT_ANCHOR_FILE, help="the anchor file")

    def handle(self, *, anchors: str, **_) -> None:
        kept = read_anchors(anchors)
        result = verify(public_keys=public_keys(), anchors=kept)
        for finding in result.findings:
            self.stderr.write(f"{finding.where}: {finding.problem}")
        self.stdout.write(
            f"{result.events} events under {result.seals} seals, {result.unsealed} not yet sealed, "
            f"{len(kept)} anchors: {len(result.findings)} findings"
        )
        if result.findings:
            raise SystemExit(1)
