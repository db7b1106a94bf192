"""`manage.py check_map`: what is wrong with a map's file, and with the map in force; nothing kept."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from ledger.formats.mapping import write_rules
from ledger.models import GlAccount, MappingVersion
from ledger.rules.roles import CHART
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
SEGMENTS = ["Account", "Cost centre"]
DAY = "2026-03-12"


@pytest.fixture
def facility():
    facility = make.book(code="NORTH")
    make.gl_chart(facility, actor=make.person("gil"))
    return facility


def table(*left_out: str, **changed: str) -> bytes:
    rows = [
        make.rule(seed.role, changed.get(seed.role, f"6{seed.number}"), "{department|0000}")
        for seed in CHART
        if seed.role not in left_out
    ]
    return b"".join(write_rules(rows, segment_names=SEGMENTS))


def run(facility, *arguments: str) -> tuple[str, int]:
    """What it prints, and how it ends."""
    out = io.StringIO()
    try:
        call_command("check_map", facility.legal_entity.code, *arguments, "--since", DAY, stdout=out)
    except SystemExit as ended:
        return out.getvalue(), int(ended.code or 0)
    return out.getvalue(), 0


def of_file(facility, tmp_path, content: bytes) -> tuple[str, int]:
    path = tmp_path / "map.csv"
    path.write_bytes(content)
    return run(facility, str(path), "--segments", ", ".join(SEGMENTS))


def test_a_file_that_would_be_approved_ends_with_nothing_and_keeps_nothing(facility, tmp_path):
    words, ended = of_file(facility, tmp_path, table())

    assert (ended, f"{len(CHART)} rules for {len(CHART)} categories: no problems" in words) == (0, True)
    assert not MappingVersion.objects.exists()


def test_each_fault_of_a_file_is_told_and_it_ends_with_one(facility, tmp_path):
    words, ended = of_file(facility, tmp_path, table("cash.safe", **{"fee.merchant": "99999"}))

    assert ended == 1
    assert "gap        cash.safe has no rule for NORTH from 2026-03-12 on" in words
    assert "target     fee.merchant leads to 99999" in words
    assert words.endswith("2 problems\n")


def test_the_map_in_force_is_checked_against_the_chart_of_today(facility):
    make.approved_map(facility)
    assert run(facility)[1] == 0

    GlAccount.objects.filter(code="61004").update(active_until=date(2026, 3, 1))

    words, ended = run(facility)
    assert (ended, "61004, which is not in use on all its days" in words) == (1, True)


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe"])
def test_what_is_no_map_is_refused(facility, tmp_path, content):
    with pytest.raises(CommandError, match="Line 1"):
        of_file(facility, tmp_path, content)


def test_an_entity_or_part_that_is_none_is_said(facility, tmp_path):
    with pytest.raises(CommandError, match="no legal entity XX"):
        call_command("check_map", "XX")
    with pytest.raises(CommandError, match="has no approved map"):
        run(facility)
    with pytest.raises(CommandError, match="Fund is not one of the parts"):
        run(facility, str(tmp_path / "map.csv"), "--account", "Fund")
