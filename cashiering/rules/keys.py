"""The keys of the register: what each does, which key it has, and the one beside it that no browser owns."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from hms_ach.refusal import Refusal


class KeyMalformed(Refusal):
    code = "key_malformed"
    status = 422
    sentence = "{key} cannot be a key of {action}. Use F1 to F12, or Ctrl or Alt with a letter or digit."


class KeyTaken(Refusal):
    code = "key_taken"
    status = 422
    sentence = "{key} is the key of {action} already. Give each action a key of its own."


@dataclass(frozen=True, slots=True)
class Key:
    """One action of the register: its words, its key, and its alternative."""

    action: str
    label: str
    key: str
    alt: str


KEYS = (
    Key("find", "Find a patient", "F1", "Alt+1"),
    Key("cash", "Cash", "F2", "Alt+2"),
    Key("card", "Card", "F3", "Alt+3"),
    Key("cheque", "Cheque", "F4", "Alt+4"),
    Key("transfer", "Transfer (ACH)", "F6", "Alt+6"),
    Key("wallet", "Wallet: telephone or watch", "F7", "Alt+7"),
    Key("account", "Money on account", "F8", "Alt+8"),
    Key("keep", "Keep on account: a prepayment", "Ctrl+K", "Alt+K"),
    Key("split", "Split: take this part, go on with the rest", "F9", "Alt+9"),
    Key("spread", "Part payment: lay what is typed against the oldest first", "Ctrl+E", "Alt+5"),
    Key("finish", "Take the payment and print", "F10", "Alt+0"),
    Key("mail", "Send the receipt: e-mail, text message", "F11", "Alt+M"),
    Key("print", "Print the receipt again", "Ctrl+P", "Alt+P"),
    Key("void", "Details of the receipt, void", "Ctrl+Z", "Alt+Z"),
    Key("drop", "Drop to the safe, paid-in, paid-out", "Ctrl+D", "Alt+D"),
    Key("no_sale", "Open the drawer without a sale", "Ctrl+N", "Alt+N"),
    Key("lock", "Lock the register", "Ctrl+L", "Alt+L"),
    Key("not_collected", "Not collected, with a reason", "Ctrl+U", "Alt+U"),
    Key("terminal", "Ask the card terminal what became of the sale", "Ctrl+Q", "Alt+Q"),
    Key("session", "My session", "Ctrl+S", "Alt+S"),
)

_ALLOWED = re.compile(r"F([1-9]|1[0-2])|(Ctrl|Alt|Ctrl\+Alt|Alt\+Shift)\+[A-Z0-9]")


def keys_with(chosen: Mapping[str, str]) -> dict[str, Key]:
    """Every action's key, by action, with those that a site chose instead; alternatives stay.

    An alternative that another action was given as its key is left out.
    """
    keys = {one.action: replace(one, key=chosen.get(one.action, one.key)) for one in KEYS}
    taken = {one.key for one in keys.values()}
    return {
        action: replace(one, alt="" if one.alt in taken and one.alt != one.key else one.alt)
        for action, one in keys.items()
    }


def check_keys(chosen: Mapping[str, str]) -> dict[str, str]:
    """What a site chose, without what is the default anyway. Raises KeyMalformed or KeyTaken."""
    labels = {one.action: one.label for one in KEYS}
    for action, key in chosen.items():
        if action not in labels or not _ALLOWED.fullmatch(key):
            raise KeyMalformed(key=key[:20] or "Nothing", action=labels.get(action, action[:20]))
    owner: dict[str, str] = {}
    for one in keys_with(chosen).values():
        if one.key in owner:
            raise KeyTaken(key=one.key, action=owner[one.key])
        owner[one.key] = one.label
    defaults = {one.action: one.key for one in KEYS}
    return {action: key for action, key in chosen.items() if key != defaults[action]}
