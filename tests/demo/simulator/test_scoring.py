"""The engine against the simulator's answer key."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from hms_ach.demo.simulator.knobs import Knobs
from hms_ach.demo.simulator.scoring import Score, report, score
from hms_ach.demo.simulator.writing import write_files

pytestmark = pytest.mark.django_db


def _scored(folder: Path, **knobs) -> Score:
    write_files(Knobs(**knobs), folder, only_tables=True)
    names = [str(folder / name) for name in ("lines.csv", "expectations.csv", "out.csv")]
    call_command(
        "trial_match", *names, suggestions=folder / "rest.csv", verbosity=0, stdout=(folder / "log").open("w")
    )
    return score(folder / "truth.jsonl", folder / "out.csv", folder / "rest.csv")


def test_a_month_of_one_hospital_is_matched_without_a_mistake(tmp_path):
    result = _scored(tmp_path, seed=5, days=21)

    assert result.wrong == []
    assert result.recall >= 0.965
    assert result.top_one[1] >= 0.62 * result.top_one[0]


def test_hostile_data_leave_more_to_people_and_no_mistakes(tmp_path):
    result = _scored(tmp_path, seed=6, days=21, noise="hostile")

    assert result.wrong == []
    assert result.recall >= 0.7


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(1, 11))
@pytest.mark.parametrize("noise", ["clean", "base"])
def test_ten_seeds(tmp_path, seed, noise):
    result = _scored(tmp_path, seed=seed, days=60, noise=noise)

    assert result.precision >= 0.9999, report(result)
    assert result.recall >= 0.965, report(result)


def test_a_match_is_right_only_as_a_union_of_true_groups(tmp_path):
    truth, out = tmp_path / "truth.jsonl", tmp_path / "out.csv"
    facts = [
        {"kind": "a", "planted": "", "lines": ["L1"], "items": ["I1", "I2"], "amount_minor": 5},
        {"kind": "a", "planted": "", "lines": ["L2"], "items": ["I3"], "amount_minor": 7},
    ]
    truth.write_text("\n".join(json.dumps(fact) for fact in facts))
    out.write_text("match_id,pass,line_ids,item_ids,reasons\nM1,x,L1,I1,\nM2,x,L2,I3,\n")

    result = score(truth, out)

    assert (result.precision, result.recall) == (0.5, 0.5)
    assert "M1" not in report(result)
    assert "L:L1" in result.wrong[0]


def test_what_belongs_to_nothing_is_never_matched_rightly(tmp_path):
    truth, out = tmp_path / "truth.jsonl", tmp_path / "out.csv"
    facts = [
        {"kind": "a", "planted": "missing_item", "lines": ["L1"], "items": [], "amount_minor": 5},
        {"kind": "a", "planted": "missing_line", "lines": [], "items": ["I1"], "amount_minor": 0},
        {"kind": "b", "planted": "corrected", "lines": ["L2", "L3"], "items": [], "amount_minor": 0},
    ]
    truth.write_text("\n".join(json.dumps(fact) for fact in facts))
    out.write_text("match_id,pass,line_ids,item_ids,reasons\nM1,x,L1,I1,\nM2,x,L2;L3,,\n")

    result = score(truth, out)

    assert result.precision == 0.5
    assert "L:L1" in result.wrong[0]


def test_money_duplicates_and_strangers_are_scored_too(tmp_path):
    truth, out, left = tmp_path / "truth.jsonl", tmp_path / "out.csv", tmp_path / "left.csv"
    paid = {"kind": "wire", "planted": "", "lines": ["L1"], "items": ["I1"], "amount_minor": 500}
    facts = [
        paid | {"currency": "JPY"},
        {"kind": "wire", "planted": "duplicate_line", "lines": ["L2"], "items": [], "amount_minor": 500},
        {
            "kind": "claim",
            "planted": "underpaid",
            "lines": [],
            "items": [],
            "amount_minor": 0,
            "about": ["C1"],
        },
    ]
    truth.write_text("\n".join(json.dumps(fact) for fact in facts))
    out.write_text("match_id,pass,line_ids,item_ids,reasons\nM1,x,L1,I1,\n")
    left.write_text("line_id,verdict,reason\nL2,duplicate,repeats L1\n")

    said = report(score(truth, out, left=left))

    assert "JPY: 500 of 500 that have an answer matched rightly, 0 wrongly" in said
    assert "booked twice 1, told as such 1" in said
    assert "automatic 0.5000 of all 2 lines" in said


def test_a_result_of_other_data_is_refused(tmp_path):
    truth, out = tmp_path / "truth.jsonl", tmp_path / "out.csv"
    truth.write_text('{"kind": "a", "planted": "", "lines": ["L1"], "items": ["I1"], "amount_minor": 5}')
    out.write_text("match_id,pass,line_ids,item_ids,reasons\nM1,x,L9,I1,\n")

    with pytest.raises(CommandError, match=r"Line 2: 'L9' is in no group of the answer key"):
        call_command("score_matches", str(truth), str(out))


def test_what_two_matches_take_is_refused(tmp_path):
    truth, out = tmp_path / "truth.jsonl", tmp_path / "out.csv"
    truth.write_text('{"kind": "a", "planted": "", "lines": ["L1"], "items": ["I1"], "amount_minor": 5}')
    out.write_text("match_id,pass,line_ids,item_ids,reasons\nM1,x,L1,I1,\nM2,x,L1,I1,\n")

    with pytest.raises(CommandError, match=r"Line 3: 'I1' is in an earlier match too"):
        call_command("score_matches", str(truth), str(out))


def test_an_id_that_was_guarded_for_spreadsheets_is_known(tmp_path):
    truth, out = tmp_path / "truth.jsonl", tmp_path / "out.csv"
    fact = {"kind": "a", "planted": "", "lines": ["=L1"], "items": ["-5", "=I2"], "amount_minor": 5}
    truth.write_text(json.dumps(fact))
    out.write_text("match_id,pass,line_ids,item_ids,reasons\nM1,x,'=L1,-5;=I2,\n")

    assert score(truth, out).precision == 1
