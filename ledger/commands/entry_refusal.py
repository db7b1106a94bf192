"""Why the book does not take an entry."""

from hms_ach.refusal import Refusal


class PeriodClosed(Refusal):
    code = "period_closed"
    sentence = (
        "{day} lies in a period of {entity} that is {state}. "
        "Use a day of an open period, or ask the controller to open that one."
    )


class AccountInactive(Refusal):
    code = "account_inactive"
    sentence = (
        "Account {accounts} of {entity} does not take this amount on {day}: it is not in use that day, "
        "or holds another currency. Ask the controller to assign the role to another account."
    )


class RoleUnassigned(Refusal):
    code = "role_unassigned"
    sentence = (
        "{entity} has no account for {roles} on {day}. "
        "Ask the controller to assign one in its chart of accounts."
    )


class RateMissing(Refusal):
    code = "rate_missing"
    sentence = (
        "There is no exchange rate from {currencies} to {functional} on or before {day}. Record one first."
    )


class EntryKeyReused(Refusal):
    code = "entry_key_reused"
    sentence = (
        "Entry key {key} was used before for other content. "
        "Use a new key for a new entry, or send the same content again."
    )


class EntryAlreadyReversed(Refusal):
    code = "entry_already_reversed"
    sentence = "Entry {entry} was reversed already. An entry is reversed once; post a new entry instead."


class EntryUnknown(Refusal):
    code = "entry_unknown"
    status = 404
    sentence = "There is no entry with the key {key}. Nothing was reversed."


class EntryRefused(Refusal):
    code = "entry_refused"
    sentence = "The book refused this entry: {problem}. Nothing was posted."


class EntryOfSetRefused(Refusal):
    """One entry of many is refused, for the reason of `cause`; none of them was posted."""

    code = "entry_of_set_refused"
    status = 422
    sentence = "Entry {number} of the set, {key}: {problem} None of the set was posted."

    def __init__(self, *, number: int, key: str, cause: Refusal) -> None:
        super().__init__(number=number, key=key, problem=str(cause))
        self.cause = cause
