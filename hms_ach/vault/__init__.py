"""Encrypted fields: AES-256-GCM under a ring of keys, bound to their place; blind indexes to search them.

from hms_ach import vault
phone = vault.EncryptedTextField(blank=True)
phone_index = models.CharField(max_length=32, blank=True, db_index=True)
patient.phone_index = vault.blind_index(phone, column="billing_patient.phone")
"""

from hms_ach.vault.blind_index import blind_index
from hms_ach.vault.field import EncryptedTextField, Sealed

__all__ = ["EncryptedTextField", "Sealed", "blind_index"]
