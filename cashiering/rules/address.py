"""E-mail addresses for eyes that need not see all of them."""


def masked_address(address: str) -> str:
    """Enough to ask "is it this one?": the first letter and the domain. Empty stays empty."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}••••@{domain}" if at else ""
