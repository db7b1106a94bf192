"""Runs a general ledger's own transform, XSLT 1.0 or JavaScript, in a child process with nothing in reach.

The child has no environment, an empty directory that is not its own to write, no descriptor to open a file or
a connection with, bounded memory, processor time and output, and is killed with its whole group when it takes
too long. A refusal says which limit it was. See transform_child.py for its inside.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from hms_ach.refusal import Refusal
from ledger.gateways.transform_child import CPU_SECONDS, TOO_MUCH_MEMORY

LANGUAGES = ("XSLT", "JS")
WALL_SECONDS = 10
_CHILD = Path(__file__).parent / "transform_child.py"
_MOST_SAID = 300


class TransformFailed(Refusal):
    code = "transform_failed"
    status = 422
    sentence = "The transform {problem}. Nothing was written; correct the transform and try it again."


def run_transform(
    *, language: str, source: str, document: bytes, wall_seconds: float = WALL_SECONDS
) -> bytes:
    """What the transform makes of a document.

    language  "XSLT": the document is XML, the source a stylesheet of XSLT 1.0
              "JS": the document is JSON, the source defines a function transform(batch) that answers text
    Raises TransformFailed, with what the child said of it.
    """
    assert language in LANGUAGES
    asked = json.dumps({"language": language, "source": source, "document": document.decode()}).encode()
    with tempfile.TemporaryDirectory(prefix="hms-ach-transform-") as empty:
        os.chmod(empty, 0o555)  # noqa: S103
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-S", str(_CHILD), *_library_paths()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=empty,
            # The clock of XSLT's date functions stands still: the same batch gives the same file on any day.
            env={"PATH": "/nonexistent", "SOURCE_DATE_EPOCH": "0"},
            start_new_session=True,
            close_fds=True,
        )
        try:
            output, _noise = process.communicate(asked, timeout=wall_seconds)
        except subprocess.TimeoutExpired:
            raise TransformFailed(problem=f"took longer than {wall_seconds:g} seconds") from None
        finally:
            _kill_group(process)
    if process.returncode == 0:
        return output
    raise TransformFailed(problem=_problem(process.returncode, output))


def _library_paths() -> list[str]:
    """Where lxml and mini-racer are; the child imports nothing else from there."""
    return [path for path in sys.path if path.endswith("site-packages")]


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it may have started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _problem(returncode: int, said: bytes) -> str:
    """In words: what the child said, or the limit that ended it."""
    if returncode == 2:
        text = " ".join(said.decode(errors="replace").split())[:_MOST_SAID]
        return text.rstrip(".")
    if returncode == -signal.SIGXCPU:
        return f"used more than {CPU_SECONDS} seconds of processor time"
    if returncode == -signal.SIGXFSZ:
        return "wrote into a file, but a transform has no files"
    # An engine that is refused memory in its middle ends itself by one of several signals.
    return TOO_MUCH_MEMORY
