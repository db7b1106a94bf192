"""manage.py rotate_vault_keys: after a new key was put first in VAULT_KEYS."""

from django.core.management.base import BaseCommand

from hms_ach import audit
from hms_ach.vault import key_ring
from hms_ach.vault.commands import rotate


class Command(BaseCommand):
    help = "Seal every encrypted value under the first key of VAULT_KEYS. Safe to stop and run again."

    def handle(self, **_) -> None:
        done = rotate()
        for column in done:
            self.stdout.write(f"{column.column}: {column.moved} moved, {column.left} left")
        left = sum(column.left for column in done)
        audit.record(
            "vault.rotate_keys",
            actor=None,
            subject="vault",
            after={"key": key_ring.primary(), "moved": sum(column.moved for column in done), "left": left},
        )
        if left:
            self.stdout.write(f"Keep the older keys: {left} values of append-only tables still need them.")
        else:
            self.stdout.write("No value needs an older key any more.")
