"""The offline verifier: standard library only, and it finds what was done to an export."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command

from hms_ach.audit import offline_verifier
from hms_ach.audit.offline_verifier import check, signature_is_valid
from tests.make.trail import SEED, sealed_trail


@pytest.fixture
def export(own_database, settings, tmp_path):
    """(directory, anchors) of three signed seals over five events each."""
    settings.AUDIT_SIGNING_KEY = SEED
    settings.AUDIT_ANCHOR_FILE = str(tmp_path / "anchors")
    sealed_trail()
    call_command("export_audit", str(tmp_path / "export"), verbosity=0)
    return tmp_path / "export", tmp_path / "anchors"


def run(directory: Path, *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-I", "-S", str(directory / "verify.py"), str(directory), *arguments]
    return subprocess.run(command, capture_output=True, text=True)


def findings(directory: Path) -> list[str]:
    return check(directory, json.loads((directory / "keys.json").read_text()), {})[0]


def test_it_imports_nothing_but_the_standard_library():
    tree = ast.parse(Path(offline_verifier.__file__).read_text())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_an_honest_export_passes_alone(export):
    directory, anchors = export

    done = run(directory, "--anchors", str(anchors))

    assert (done.returncode, done.stdout) == (0, "15 events under 3 seals: 0 findings\n")


def test_every_changed_line_is_found(export):
    """Every line of both files dropped, doubled, and swapped with the next: 100 % found."""
    directory, _ = export
    missed = []
    for name in ("events.jsonl", "seals.jsonl"):
        path = directory / name
        honest = path.read_text().splitlines(keepends=True)
        for at in range(len(honest) - 1):
            swapped = [*honest[:at], honest[at + 1], honest[at], *honest[at + 2 :]]
            doubled = [*honest[: at + 1], *honest[at:]]
            dropped = [*honest[:at], *honest[at + 1 :]]
            for kind, lines in {"swapped": swapped, "doubled": doubled, "dropped": dropped}.items():
                path.write_text("".join(lines))
                if not findings(directory):
                    missed.append((name, at, kind))
        path.write_text("".join(honest))

    assert missed == []
    assert findings(directory) == []


def test_a_cut_tail_is_found_by_the_anchors(export):
    directory, anchors = export
    for name, kept in (("events.jsonl", 10), ("seals.jsonl", 2)):
        lines = (directory / name).read_text().splitlines(keepends=True)
        (directory / name).write_text("".join(lines[:kept]))

    assert run(directory).returncode == 0
    done = run(directory, "--anchors", str(anchors))
    assert done.returncode == 1
    assert "seal 3: differs from its anchor" in done.stdout


def test_signatures_are_judged_like_the_library_does():
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public, message = key.public_key().public_bytes_raw(), b"a header"
    signature = key.sign(message)

    assert signature_is_valid(public, message, signature)
    for at in range(0, 64, 7):
        forged = bytearray(signature)
        forged[at] ^= 1
        assert not signature_is_valid(public, message, bytes(forged))
    assert not signature_is_valid(public, b"another", signature)
    assert not signature_is_valid(public, message, b"")
    assert not signature_is_valid(b"", message, signature)
