"""Why a discrepancy ends: a cause, words, or for a match the evidence."""

from reconciliation.models import Proposal
from reconciliation.rules.cause import ALL, CAUSES, reason_of


def test_every_ending_has_its_causes_and_no_cause_belongs_to_two():
    assert set(CAUSES) == set(Proposal.Action)
    assert len(ALL) == sum(len(causes) for causes in CAUSES.values())
    assert all(len(code) <= 20 for code in ALL)


def test_the_evidence_is_reason_enough_for_a_match_and_for_nothing_else():
    assert reason_of("MATCH", cause="", words="", evidence="reference equal") == "reference equal"
    assert reason_of("WRITE_OFF", cause="", words="", evidence="reference equal") == ""


def test_a_cause_and_words_stand_together():
    assert reason_of("SUSPENSE", cause="BANK_ERROR", words="see letter") == (
        "The bank's error; it will take it back: see letter"
    )
