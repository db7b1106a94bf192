"""What an entry of camt hands on of its transactions: parties, references, texts, charges, card batches."""

import pytest

from hms_ach.refusal import FileRejected
from reconciliation.formats.camt import read_all
from reconciliation.formats.statement import Detail, Entry
from tests.reconciliation.formats.test_camt import document, entry, statement


def details(*transactions: str, before: str = "") -> str:
    return f"<NtryDtls>{before}{''.join(f'<TxDtls>{each}</TxDtls>' for each in transactions)}</NtryDtls>"


def party(role: str, name: str) -> str:
    return f"<{role}><Pty><Nm>{name}</Nm></Pty></{role}>"


def parties(*said: str) -> str:
    return f"<RltdPties>{''.join(said)}</RltdPties>"


def read_one(more: str, *, side: str = "CRDT", amount: str = "1.00") -> Entry:
    [found], _ = read_all(document(statement(entry(amount, side=side, more=more))))
    return found.entries[0]


def test_a_credit_comes_from_its_debtor_and_a_debit_goes_to_its_creditor():
    both = details(parties(party("Dbtr", "Acme"), party("Cdtr", "County Hospital")))

    assert read_one(both).counterparty == "Acme"
    assert read_one(both, side="DBIT").counterparty == "County Hospital"


def test_in_whose_name_a_party_acts_is_told():
    agent = parties(party("Dbtr", "Clearing House"), party("UltmtDbtr", "Acme Health Plan"))

    found = read_one(details(agent))

    assert found.counterparty == "Clearing House"
    assert found.description == "Ultimate debtor Acme Health Plan."
    assert read_one(details(parties(party("UltmtDbtr", "Acme")))).counterparty == "Acme"


def test_a_bank_that_pays_is_a_party():
    bank = "<Dbtr><Agt><FinInstnId><Nm>First Bank</Nm></FinInstnId></Agt></Dbtr>"

    assert read_one(details(parties(bank))).counterparty == "First Bank"


def test_a_batch_of_many_payers_is_from_nobody_in_particular():
    batch = details(*(f"<Amt Ccy='USD'>1.00</Amt>{parties(party('Dbtr', name))}" for name in ("Ana", "Ben")))

    found = read_one(batch, amount="2.00")

    assert found.counterparty == ""
    assert [each.counterparty for each in found.details] == ["Ana", "Ben"]


def test_a_batch_of_one_payer_is_from_that_payer():
    batch = details(*[parties(party("Dbtr", "Acme"))] * 2)

    assert read_one(batch).counterparty == "Acme"


def test_a_return_names_whoever_it_names_and_why():
    returned = details(
        "<Refs><EndToEndId>E2E-7</EndToEndId></Refs>"
        + parties(party("Cdtr", "Patient"))
        + "<RtrInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>Account closed in May</AddtlInf></RtrInf>"
    )

    found = read_one(f"<RvslInd>true</RvslInd>{returned}")

    assert (found.counterparty, found.is_reversal, found.references) == ("Patient", True, ("E2E-7",))
    assert found.description == "Account closed in May Return reason AC04."


@pytest.mark.parametrize(
    "charges, told",
    [
        ("<Chrgs><Amt Ccy='USD'>2.50</Amt></Chrgs>", "Charge 2.50 USD."),
        (
            "<Chrgs><TtlChrgsAndTaxAmt Ccy='USD'>3</TtlChrgsAndTaxAmt><Rcrd><Amt>3</Amt></Rcrd></Chrgs>",
            "Charges 3 USD.",
        ),
        ("<Chrgs><TtlChrgsAndTaxAmt Ccy='USD'>0.00</TtlChrgsAndTaxAmt></Chrgs>", ""),
    ],
)
def test_charges_of_an_entry_or_its_transaction_are_told(charges, told):
    assert read_one(charges).description == told
    assert read_one(details(charges)).description == told


def test_what_was_instructed_is_told_where_it_is_not_what_was_booked():
    def instructed(amount: str, currency: str) -> str:
        return details(f"<AmtDtls><InstdAmt><Amt Ccy='{currency}'>{amount}</Amt></InstdAmt></AmtDtls>")

    assert read_one(instructed("1.0", "USD")).description == ""
    assert read_one(instructed("1.00", "EUR")).description == "Instructed 1.00 EUR."
    assert read_one(instructed("101.00", "USD")).description == "Instructed 101.00 USD."


def test_transactions_that_a_charge_explains_are_no_contradiction():
    one = "<Amt Ccy='USD'>1.00</Amt>"
    charged = f"{one}<Chrgs><Amt Ccy='USD'>0.50</Amt></Chrgs>"

    _, explained = read_all(document(statement(entry("1.50", more=details(one, charged)), closing="1.50")))
    _, unexplained = read_all(document(statement(entry("1.50", more=details(one, one)), closing="1.50")))

    assert not explained
    assert [finding.field for finding in unexplained] == ["Ntry/TxDtls"]


def test_a_card_batch_names_its_terminal_and_number():
    batch = "<Tx><Aggtd><SaleRcncltnId>071</SaleRcncltnId></Aggtd></Tx>"

    found = read_one(details(f"<CardTx><POI><Id><Id>T-12345</Id></Id></POI>{batch}</CardTx>"))

    assert found.references == ("T-12345",)
    assert found.description == "Card batch 071."


def test_texts_and_references_of_every_kind_are_kept():
    said = (
        "<Refs><AcctOwnrTxId>OWN-1</AcctOwnrTxId><UETR>u-2</UETR><ChqNb>1044</ChqNb></Refs>"
        "<RmtInf><Ustrd>Inv\n   7</Ustrd>"
        "<Strd><RfrdDocInf><Nb>INV-8</Nb></RfrdDocInf><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf>"
        "<AddtlRmtInf>less discount</AddtlRmtInf></Strd></RmtInf><AddtlTxInf>by wire</AddtlTxInf>"
    )

    found = read_one(details(said))

    assert found.references == ("OWN-1", "u-2", "1044", "INV-8", "RF18539007547034")
    assert found.description == "Inv 7 less discount by wire"


def test_each_transaction_of_a_batch_keeps_its_own_words():
    batch = details(
        "<Amt Ccy='USD'>1.00</Amt><RmtInf><Ustrd>Invoice 4711</Ustrd></RmtInf>",
        "<Amt Ccy='USD'>2.00</Amt><RmtInf><Ustrd>Invoice 4712</Ustrd></RmtInf>",
    )

    found = read_one(batch, amount="3.00")

    assert found.details == (
        Detail(amount_minor=100, description="Invoice 4711"),
        Detail(amount_minor=200, description="Invoice 4712"),
    )


def test_how_many_transactions_a_batch_has_is_told_where_they_are_not_listed():
    counted = "<Btch><NbOfTxs>20</NbOfTxs></Btch>"

    assert read_one(details(before=counted)).description == "Batch of 20 transactions."
    assert read_one(details(*[""] * 20, before=counted)).description == ""


def test_the_code_of_the_only_transaction_stands_in_for_the_entrys():
    code = "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"

    assert read_one(details(code)).code == "PMNT-RCDT-ESCT"
    assert read_one(f"<BkTxCd><Prtry><Cd>NTRF</Cd></Prtry></BkTxCd>{details(code)}").code == "NTRF"


def test_a_statement_that_calls_itself_a_duplicate_is_a_warning():
    again = statement().replace("<Acct>", "<CpyDplctInd>DUPL</CpyDplctInd><Acct>")

    _, findings = read_all(document(again))

    assert [(finding.field, finding.is_fatal) for finding in findings] == [("CpyDplctInd", False)]


@pytest.mark.parametrize(
    "more, field",
    [
        ("<Amt Ccy='USD'>99.00</Amt>", "Ntry/Amt"),
        ("<Amt Ccy='EUR'>1.00</Amt>", "Ntry/Amt/@Ccy"),
        ("<CdtDbtInd>DBIT</CdtDbtInd>", "Ntry/CdtDbtInd"),
    ],
)
def test_an_entry_that_contradicts_itself_is_refused(more, field):
    _, findings = read_all(document(statement(entry(more=more))))

    assert field in [finding.field for finding in findings if finding.is_fatal]


def test_a_statement_of_two_accounts_is_refused():
    two = statement().replace("<Othr>", "<IBAN>DE1</IBAN><Othr>")

    _, findings = read_all(document(two))

    assert [(finding.field, finding.is_fatal) for finding in findings] == [("Acct/Id", True)]


def test_an_element_inside_an_amount_is_refused():
    with pytest.raises(FileRejected, match="inside a value"):
        read_all(document(statement(entry("1.0<b>5</b>0"))))


def test_an_amount_beyond_every_account_and_a_day_of_another_age_are_refused():
    old = entry().replace("2026-03-12", "0026-03-12")

    _, findings = read_all(document(statement(entry("9" * 18 + ".99") + old)))

    assert [finding.field for finding in findings if finding.is_fatal] == ["Ntry/Amt", "Ntry/BookgDt"]
