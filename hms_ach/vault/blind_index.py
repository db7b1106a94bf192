"""Finding an encrypted value by equality without storing it readably."""

import hmac
import unicodedata

from hms_ach.vault import key_ring


def blind_index(value: str, column: str) -> str:
    """32 hex letters that are equal for equal values of one column, or "" for an empty value.

    The value is compared without case, surrounding or repeated spaces (Unicode NFKC). Each column
    (`table.column`) has its own key derived from VAULT_INDEX_KEY, so that two columns cannot be
    joined. Never index what has few possible values, such as a government number.
    """
    words = unicodedata.normalize("NFKC", value).casefold().split()
    if not words:
        return ""
    column_key = hmac.digest(key_ring.index_key(), b"blind index:" + column.encode(), "sha256")
    return hmac.digest(column_key, " ".join(words).encode(), "sha256")[:16].hex()
