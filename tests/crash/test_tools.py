"""`bin/manage` on data that nobody has started, and on those of a running hub."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash.hub import ROOT, RunningHub

pytestmark = pytest.mark.crash

LINES = "ID;Date;Amount;Reference\nL1;2026-03-12;12500;EFT 0012345\n"
ITEMS = "id,date,amount,reference,kind\nI1,2026-03-11,12500,12345,eft\n"


@pytest.fixture
def folder(tmp_path) -> Path:
    """Where the person stands, with a bank's lines and a hospital's expectations."""
    (tmp_path / "lines.csv").write_text(LINES)
    (tmp_path / "items.csv").write_text(ITEMS)
    return tmp_path


def _tried(folder: Path, data: Path) -> subprocess.CompletedProcess:
    command = [
        sys.executable,
        "-m",
        "hms_ach.supervisor.tools",
        "trial_match",
        "lines.csv",
        "items.csv",
        "out.csv",
    ]
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "HMS_ACH_DATA": str(data),
        "HMS_ACH_HTTPS": "0",
    }
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=400)


def test_a_trial_runs_from_nothing_then_beside_a_hub(folder, tmp_path_factory):
    data = tmp_path_factory.mktemp("tools") / "data"

    alone = _tried(folder, data)

    assert (alone.returncode, alone.stderr) == (0, "")
    assert "1 matches take 1 of 1 lines" in alone.stdout
    assert "reference_normalised,96,L1,I1" in (folder / "out.csv").read_text()
    assert not (data / "running.json").exists()

    hub = RunningHub(data).wait_until_ready()
    beside = _tried(folder, data)

    assert (beside.returncode, beside.stderr) == (0, "")
    assert hub.is_healthy()
    assert hub.stop() == 0
