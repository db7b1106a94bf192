"""Contact data for eyes that need not see all of them."""


def masked(text: str) -> str:
    """Enough to compare ("ends in 34"), not enough to use; empty stays empty."""
    if not text:
        return ""
    return f"••••{text[-2:]}" if text[-2:].isdigit() and len(text) > 5 else "••••"
