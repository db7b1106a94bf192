"""Changes of the till; the only code that writes.

the bank   confirm_bank_receipt, reopen_bank_receipt
"""

from cashiering.commands.bank_receipt import confirm_bank_receipt, reopen_bank_receipt

__all__ = ["confirm_bank_receipt", "reopen_bank_receipt"]
