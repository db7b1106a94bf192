"""Every part of a running hub may be killed, and so may the hub itself."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
from itertools import takewhile
from pathlib import Path

import psutil
import pytest

from tests.crash.hub import ROOT, RunningHub

pytestmark = pytest.mark.crash

# What a copy of the interpreter can do without.
_UNUSED = ("test", "tests", "idlelib", "site-packages", "__pycache__", "*.a", "share", "include")


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A directory that everybody may enter."""
    directory = tmp_path_factory.mktemp("hub")
    everybodys = Path(tempfile.gettempdir())
    for closed in takewhile(lambda path: path != everybodys, (directory, *directory.parents)):
        closed.chmod(0o755)
    return directory


@pytest.fixture(scope="module")
def prepared(place) -> Path:
    """The data of a hub that was started once and stopped: nothing left to migrate."""
    assert RunningHub(place / "prepared").wait_until_ready().stop() == 0
    return place / "prepared"


@pytest.fixture(scope="module")
def hub(place, prepared):
    started = RunningHub(_copy_of(prepared, place / "data")).wait_until_ready()
    yield started
    assert started.stop() == 0


def test_a_second_start_is_refused_kindly(hub):
    second = RunningHub(hub.data)

    assert second.process.wait(30) == 1
    assert f"already runs on {hub.data}, at http://127.0.0.1:{hub.port}" in second.said()


def test_a_taken_port_is_refused_before_anything_starts(hub, place):
    second = subprocess.run(
        [*hub.process.args[:3], "--data", str(place / "other"), "--port", str(hub.port)],
        capture_output=True,
        text=True,
        timeout=30,
        cwd=Path(__file__).parents[2],
    )

    assert second.returncode == 1
    assert f"Port {hub.port}" in second.stderr
    assert not (place / "other" / "postgres").exists()


@pytest.mark.parametrize(
    "word", ["bin/postgres", "redis-server", "gunicorn", "celery -A hms_ach worker", "beat"]
)
def test_a_killed_part_runs_again_and_all_is_well(hub, word):
    victim = hub.part(word)

    victim.kill()

    hub.wait_for(lambda: hub.part(word) not in (None, victim))
    hub.wait_for(hub.is_healthy)


def test_the_secrets_are_private_and_nothing_listens_but_the_web(hub):
    listening = []
    for process in hub.everything():
        # A database's backend may end meanwhile.
        with contextlib.suppress(psutil.NoSuchProcess):
            sockets = process.net_connections("inet")
            listening += [each.laddr.port for each in sockets if each.status == psutil.CONN_LISTEN]

    assert (hub.data / "secrets.env").stat().st_mode & 0o777 == 0o600
    assert set(listening) == {hub.port}


def test_a_killed_hub_takes_all_with_it_and_starts_again(place, prepared):
    data = _copy_of(prepared, place / "killed")
    first = RunningHub(data).wait_until_ready()
    children = first.everything()
    assert len(children) >= 8

    first.process.kill()
    first.process.wait()
    second = RunningHub(data).wait_until_ready()

    assert not [child for child in children if child.is_running()]
    assert second.stop() == 0


def test_a_stale_lock_file_naming_a_stranger_leaves_the_stranger_alone(place, prepared):
    data = _copy_of(prepared, place / "stale")
    stranger = subprocess.Popen(["sleep", "600"])
    lock = data / "postgres" / "postmaster.pid"
    lock.write_text(f"{stranger.pid}\n{data}/postgres\n")
    os.chown(lock, data.joinpath("postgres").stat().st_uid, -1)
    (data / "running.json").write_text(f'{{"{stranger.pid}": 1.0}}')

    again = RunningHub(data).wait_until_ready()

    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()
    assert again.stop() == 0


def test_an_interrupt_during_the_start_stops_cleanly(place, prepared):
    starting = RunningHub(_copy_of(prepared, place / "interrupted"))
    starting.wait_for(lambda: (starting.data / "running.json").exists())

    starting.process.send_signal(signal.SIGINT)

    assert starting.process.wait(60) == 0
    assert "Traceback" not in starting.said()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_it_runs_as_an_ordinary_user(place, prepared):
    somebody = {"user": 65534, "group": 65534, "extra_groups": []}
    root = _readable(ROOT, place / "checkout", without=("var", ".git", ".venv"))
    packages = _readable(Path(sysconfig.get_path("purelib")), place / "packages")
    python = _readable(Path(sys.base_prefix), place / "python", without=_UNUSED)
    environment = {"PYTHONPATH": str(packages), "LD_LIBRARY_PATH": str(python / "lib")}
    data = _copy_of(prepared, place / "ordinary")
    for path in (data, *data.rglob("*")):
        os.chown(path, 65534, 65534)

    program = str(python / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}")
    ordinary = RunningHub(
        data, python=program, root=root, popen_options=somebody, HOME=str(data), **environment
    ).wait_until_ready()

    assert {child.uids().real for child in ordinary.everything()} == {65534}
    assert ordinary.stop() == 0


def _readable(source: Path, copy: Path, *, without: tuple[str, ...] = ()) -> Path:
    """The directory itself where everybody may go there, else a copy where they may."""
    if all(parent.stat().st_mode & 0o001 for parent in (source, *source.parents)):
        return source
    return shutil.copytree(source, copy, ignore=shutil.ignore_patterns(*without), symlinks=True)


def _copy_of(source: Path, target: Path) -> Path:
    """A copy of a stopped hub's data, with its owners."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)
    return target
