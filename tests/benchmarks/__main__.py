"""`bin/bench`: runs tests/benchmarks/bench_<name>.py, each in a process and a database of its own.

A benchmark module has `def run(place: Place) -> Iterator[Figure]`; Django is set up when it is imported.
Without --full (or HMS_ACH_BENCH_FULL=1) it chooses sizes that end in a few minutes.
"""

import argparse
import importlib
import os
import subprocess
import sys
from pathlib import Path

import django

from tests.benchmarks.place import ROOT, cluster, environment, fresh_database, place

NAMES = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))


def main() -> int:
    asked = _arguments()
    if asked.full:
        os.environ["HMS_ACH_BENCH_FULL"] = "1"
    if asked.alone:
        return _run_alone(asked.names[0], as_json=asked.json)
    failed = False
    with cluster() as services:
        for name in _chosen(asked.names):
            command = [sys.executable, "-m", "tests.benchmarks", "--alone", name]
            command += ["--json"] if asked.json else []
            surroundings = environment(services, fresh_database(services, name))
            failed |= subprocess.run(command, cwd=ROOT, env=surroundings).returncode != 0
    return int(failed)


def _chosen(asked: list[str]) -> list[str]:
    """The benchmarks asked for, in that order: `ledger` is every ledger_…; all when none is asked for."""
    return list(dict.fromkeys(name for word in asked for name in NAMES if _is_called(name, word))) or NAMES


def _is_called(name: str, word: str) -> bool:
    return name == word or name.startswith(f"{word}_")


def _run_alone(name: str, *, as_json: bool) -> int:
    """One benchmark, so that none warms another's caches."""
    django.setup()
    module = importlib.import_module(f"tests.benchmarks.bench_{name}")
    with place() as prepared:
        for figure in module.run(prepared):
            print(figure.as_json() if as_json else figure.as_line(), flush=True)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description="Figures beside a peer of the same run.")
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"which: {', '.join(NAMES)}, or how several begin; all when none",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--full", action="store_true", help="the large sizes: an hour in all")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if unknown := [word for word in asked.names if not any(_is_called(name, word) for name in NAMES)]:
        parser.error(f"there is no benchmark {unknown[0]}; choose from {', '.join(NAMES)}")
    return asked


if __name__ == "__main__":
    sys.exit(main())
