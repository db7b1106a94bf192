"""Changes: seal old values under the primary key."""

from hms_ach.vault.commands.rotation import Rotated, encrypted_fields, rotate

__all__ = ["Rotated", "encrypted_fields", "rotate"]
