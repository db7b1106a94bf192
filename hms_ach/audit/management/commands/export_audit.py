"""manage.py export_audit: the trail as files that prove themselves."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand

from hms_ach.audit.keys import public_keys
from hms_ach.audit.models import Event, Seal


class Command(BaseCommand):
    help = (
        "Write events.jsonl, seals.jsonl, keys.json and verify.py to a directory. The anchors travel by "
        "another route: python verify.py DIRECTORY --anchors FILE"
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("directory", type=Path)

    def handle(self, *, directory: Path, **_) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        events = Event.objects.order_by("epoch", "transaction", "id")
        with (directory / "events.jsonl").open("w") as file:
            for event in events.iterator(chunk_size=2000):
                file.write(json.dumps(_event(event), ensure_ascii=False) + "\n")
        with (directory / "seals.jsonl").open("w") as file:
            for seal in Seal.objects.order_by("number").iterator(chunk_size=2000):
                file.write(json.dumps(_seal(seal)) + "\n")
        keys = {name: key.hex() for name, key in public_keys().items()}
        (directory / "keys.json").write_text(json.dumps(keys, indent=1) + "\n")
        verifier = Path(__file__).parents[2] / "offline_verifier.py"
        (directory / "verify.py").write_text(verifier.read_text())
        self.stdout.write(f"Written to {directory}. Check it with: python verify.py {directory}")


def _event(event: Event) -> dict[str, str]:
    return {"frozen": event.frozen, "salt": bytes(event.salt).hex(), "digest": bytes(event.digest).hex()}


def _seal(seal: Seal) -> dict[str, str]:
    signature = bytes(seal.signature).hex()
    return {"header": seal.header, "digest": bytes(seal.digest).hex(), "signature": signature}
