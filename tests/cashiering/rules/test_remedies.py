"""Each remedy that is not possible says why, and what to do instead where another one is."""

from cashiering.rules.remedies import Standing, remedies


def elsewhere(**standing: bool) -> str:
    return next(one.not_now for one in remedies(Standing(**standing)) if one.tool == "REALLOCATION")


def test_money_on_account_is_told_what_to_do_instead():
    said = elsewhere(pays_invoice=False)

    assert "void or refund it" in said


def test_money_of_an_invoice_is_laid_elsewhere():
    assert elsewhere(pays_invoice=True) == ""
