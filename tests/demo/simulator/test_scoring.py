"""The engine against the simulator's answer key."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from hms_ach.demo.simulator.knobs import Knobs
from hms_ach.demo.simulator.network import true_groups
from hms_ach.demo.simulator.scoring import Score, report, score
from hms_ach.demo.simulator.writing import write_files

pytestmark = pytest.mark.django_db


def _scored(folder: Path, **knobs) -> Score:
    write_files(true_groups(Knobs(**knobs)), folder, with_statements=False)
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


def test_the_same_knobs_write_the_same_files(tmp_path):
    for name in ("one", "two"):
        write_files(true_groups(Knobs(seed=3, days=5)), tmp_path / name)

    for path in (tmp_path / "one").rglob("*.csv"):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
    assert (tmp_path / "one" / "truth.jsonl").read_bytes() == (tmp_path / "two" / "truth.jsonl").read_bytes()


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


def test_an_id_that_was_guarded_for_spreadsheets_is_known(tmp_path):
    truth, out = tmp_path / "truth.jsonl", tmp_path / "out.csv"
    fact = {"kind": "a", "planted": "", "lines": ["=L1"], "items": ["-5", "=I2"], "amount_minor": 5}
    truth.write_text(json.dumps(fact))
    out.write_text("match_id,pass,line_ids,item_ids,reasons\nM1,x,'=L1,-5;=I2,\n")

    assert score(truth, out).precision == 1
