"""What an installation must set before it may serve, beyond what the settings themselves refuse."""

from django.conf import settings

_KEYS = {
    "VAULT_KEYS": "the keys of encrypted columns",
    "VAULT_INDEX_KEY": "the key that finds encrypted values",
}


def missing_settings() -> list[str]:
    """What is missing, one sentence each; empty when personal data may be kept."""
    return [
        f"{name} is not set: {meaning}. docs/operations.md says how to make it."
        for name, meaning in _KEYS.items()
        if not getattr(settings, name)
    ]
