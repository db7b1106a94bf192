"""Secrets of second factors: sealed hex text inside the JSON of django-allauth's authenticators."""

from hms_ach.vault.sealing import key_number, seal, unseal

TABLE = "mfa_authenticator"
_PLACE = (TABLE, "data")
# Of an authenticator app, of recovery codes: `migrated_codes` is a list.
_MEMBERS = ("secret", "seed", "migrated_codes")


def seal_secret(text: str) -> str:
    """The secret under the primary key. allauth seals before there is a row, so no row is named in it."""
    return seal(text, place=_PLACE).hex()


def unseal_secret(sealed: str) -> str:
    return unseal(bytes.fromhex(sealed), place=_PLACE)


def keys_needed(data: dict) -> set[int]:
    """The numbers of the keys that an authenticator's data needs."""
    return {key_number(bytes.fromhex(each)) for name in _MEMBERS for each in _values(data, name)}


def sealed_again(data: dict) -> dict:
    """The data with every secret under the primary key."""
    fresh = {name: [seal_secret(unseal_secret(each)) for each in _values(data, name)] for name in _MEMBERS}
    return data | {
        name: values if isinstance(data[name], list) else values[0]
        for name, values in fresh.items()
        if name in data
    }


def _values(data: dict, name: str) -> list[str]:
    value = data.get(name, [])
    return value if isinstance(value, list) else [value]
