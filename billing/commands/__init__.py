"""Changes of the bill; the only code that writes.

settlements    settle_invoice, unsettle_invoice
"""

from billing.commands.settlement import Settled, settle_invoice, unsettle_invoice

__all__ = ["Settled", "settle_invoice", "unsettle_invoice"]
