"""How a processor's report names what we have."""

import re


def batch_number_of(text: str, terminal: str) -> int | None:
    """The batch's number, from "12", "000012" or our own "TERM-000012"; None where it is none."""
    bare = text.strip().removeprefix(f"{terminal}-") if terminal else text.strip()
    return int(bare) if re.fullmatch(r"[0-9]{1,9}", bare, re.ASCII) else None


def same_case(ours: str, theirs: str) -> bool:
    """Whether two numbers of a case are one, whatever their case, spaces and dashes."""
    bare = [re.sub(r"[^0-9A-Z]", "", text.upper()) for text in (ours, theirs)]
    return bare[0] != "" and bare[0] == bare[1]
