"""Why a refund is not asked for, or not decided."""

from hms_ach.refusal import Refusal


class RefundReasonMissing(Refusal):
    code = "refund_reason_missing"
    status = 422
    sentence = "Say why the money goes back, or why not."


class RefundNotPositive(Refusal):
    code = "refund_not_positive"
    status = 422
    sentence = "{amount} cannot go back. Ask for more than zero."


class RefundTenderWrong(Refusal):
    code = "refund_tender_wrong"
    status = 422
    sentence = "Money goes back the way it came, by one tender of receipt {receipt}. Name one of its tenders."


class RefundStateWrong(Refusal):
    code = "refund_state_wrong"
    sentence = "This refund is {state}; this step is not next. Refresh the page."


class RefundBySamePerson(Refusal):
    code = "refund_by_same_person"
    status = 403
    sentence = "You {did} this refund; another person must take this step."


class RefundNeedsFinance(Refusal):
    code = "refund_needs_finance"
    status = 403
    sentence = (
        "{amount} of this receipt would go back, beyond a head cashier's limit of {limit}. "
        "Finance must approve it."
    )


class RefundKeyReused(Refusal):
    code = "refund_key_reused"
    sentence = "This refund was already asked for, with other content. Start it again."


class CardRefundAsked(Refusal):
    code = "card_refund_asked"
    sentence = (
        "The terminal was asked to give {amount} back to the card and may have done so. "
        "Ask it what became of it first."
    )
