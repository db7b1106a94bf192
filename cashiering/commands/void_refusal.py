"""Why a payment is not voided."""

from hms_ach.refusal import Refusal


class PaymentVoided(Refusal):
    code = "payment_voided"
    sentence = "Receipt {receipt} is voided already."


class VoidNotPossible(Refusal):
    code = "void_not_possible"
    sentence = "Receipt {receipt} was not taken at a register, so it cannot be voided. Ask for a refund."


class VoidReasonMissing(Refusal):
    code = "void_reason_missing"
    status = 422
    sentence = "Say why the payment is voided."


class VoidNeedsSecondPerson(Refusal):
    code = "void_needs_second_person"
    sentence = "Receipt {receipt} is above {limit}: ask a head cashier to approve the void."


class VoidNotRequested(Refusal):
    code = "void_not_requested"
    sentence = "Nobody asked to void receipt {receipt}. The cashier asks first, then another person approves."


class VoidByRequester(Refusal):
    code = "void_by_requester"
    status = 403
    sentence = "You asked to void receipt {receipt}; another person must approve it."


class PaymentRefunded(Refusal):
    code = "payment_refunded"
    sentence = (
        "A refund of receipt {receipt} is {state}; a receipt is voided or refunded, not both. "
        "Cancel the refund first, if the money is still here."
    )


class PaymentReturned(Refusal):
    code = "payment_returned"
    sentence = (
        "The cheque of receipt {receipt} came back unpaid, so it is not voided: its invoices are open again."
    )


class CardSaleStands(Refusal):
    code = "card_sale_stands"
    sentence = "The card sale of receipt {receipt} still stands at the terminal. Void it there first."


class TransferConfirmed(Refusal):
    code = "transfer_confirmed"
    sentence = (
        "The bank has paid the transfer of receipt {receipt}, so it cannot be voided. Ask for a refund."
    )
