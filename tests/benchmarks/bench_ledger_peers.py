"""The same entries by post_entry, django-hordak and django-ledger, in turns, by one client to eight."""

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks import book, together
from tests.benchmarks.figures import Figure, beside, interleaved_medians
from tests.benchmarks.place import ROOT

PINS = Path(__file__).parent / "peers.txt"
ENVIRONMENT = ROOT / "var" / "bench-peers"
AIMS = {"hordak": 4, "django_ledger": 25}
SECONDS = 2
CLIENTS = (1, 2, 4, 8)
REPETITIONS = {False: 3, True: 5}


def run(place: Any) -> Iterator[Figure]:
    """Skipped, with a sentence, where the peers cannot be installed."""
    python = ENVIRONMENT / "bin" / "python"
    if problem := _install(python):
        sys.stdout.write(f"ledger         peers are skipped: {problem}\n")
        return
    peers = [peer for peer in AIMS if _is_prepared(python, peer)]
    facility = book.make()
    for n_postings in (2, 5):
        for clients in CLIENTS:
            yield from _beside_peers(python, peers, facility, n_postings, clients, REPETITIONS[place.is_full])


def _is_prepared(python: Path, peer: str) -> bool:
    try:
        _peer(python, peer, "prepare")
    except PeerFailed as failure:
        sys.stdout.write(f"ledger         {_name(peer)} failed to start: {failure}\n")
        return False
    return True


def _beside_peers(
    python: Path, peers: list[str], facility: Any, n_postings: int, clients: int, repetitions: int
) -> Iterator[Figure]:
    lines = book.postings(n_postings)

    def ours() -> float:
        return together.rate(lambda key: book.post(facility, key, lines), clients=clients, seconds=SECONDS)

    failed: dict[str, PeerFailed] = {}
    contestants = {"ours": ours}
    for peer in peers:
        contestants[peer] = partial(_rate, python, peer, clients, n_postings, failed)
    taken = interleaved_medians(contestants, repetitions=repetitions)
    entries = f"entries of {n_postings} postings, {clients} client{'s' * (clients > 1)}"
    for peer in peers:
        if peer in failed:
            sys.stdout.write(f"ledger         {entries}: {_name(peer)} failed: {failed[peer]}\n")
            continue
        yield beside(
            "ledger",
            entries,
            value=taken["ours"],
            unit="1/s",
            against=_name(peer),
            against_value=taken[peer],
            ratio_at_least=AIMS[peer],
        )


def _name(peer: str) -> str:
    return f"django-{peer.removeprefix('django_')}"


def _rate(python: Path, peer: str, clients: int, n_postings: int, failed: dict[str, "PeerFailed"]) -> float:
    """Nothing once the peer has failed, so that the others go on."""
    if peer in failed:
        return 0.0
    try:
        return float(_peer(python, peer, str(clients), str(SECONDS), str(n_postings)))
    except PeerFailed as failure:
        failed[peer] = failure
        return 0.0


class PeerFailed(Exception):
    """A peer's own error, by its name."""


def _peer(python: Path, *arguments: str) -> str:
    command = [str(python), "-m", "tests.benchmarks.peer", *arguments]
    surroundings = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PeerFailed((done.stderr.strip().splitlines() or ["it said nothing"])[-1])
    return done.stdout


def _install(python: Path) -> str:
    """An environment with what peers.txt pins, made once; why it could not be made, or nothing."""
    marker = ENVIRONMENT / "peers.txt"
    if marker.exists() and marker.read_text() == PINS.read_text():
        return ""
    steps = [
        [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)],
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(PINS)],
    ]
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, check=False)
        if done.returncode:
            return (done.stderr.strip().splitlines() or ["their installation failed"])[-1]
    marker.write_text(PINS.read_text())
    return ""
