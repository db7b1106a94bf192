"""Transforms in their child process: what they make, and that hostile ones reach nothing."""

import signal
import subprocess
import sys
import threading
from pathlib import Path
from socket import create_server

import pytest

from ledger.formats.batch_document import batch_json, batch_xml
from ledger.formats.sample_batch import HEADER, TRAILER, lines
from ledger.gateways import transform_child
from ledger.gateways.transform import TransformFailed, run_transform
from tests.ledger.gateways.hostile import HOSTILE

PROFILES = Path(__file__).parent / "profiles"
CHILD = Path(transform_child.__file__)
JSON = batch_json(HEADER, lines(), TRAILER)
XML = batch_xml(HEADER, lines(), TRAILER)


def js(source: str, **more) -> bytes:
    return run_transform(language="JS", source=source, document=JSON, **more)


def xslt(body: str, **more) -> bytes:
    sheet = f"""<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
        xmlns:exsl="http://exslt.org/common" xmlns:str="http://exslt.org/strings"
        extension-element-prefixes="exsl">{body}</xsl:stylesheet>"""
    return run_transform(language="XSLT", source=sheet, document=XML, **more)


@pytest.mark.parametrize("name, language", [("fixed_width.js", "JS"), ("journal.xsl", "XSLT")])
def test_a_profile_gives_its_golden_file(name, language):
    document = JSON if language == "JS" else XML
    source = (PROFILES / name).read_text()

    made = run_transform(language=language, source=source, document=document)

    assert made == (PROFILES / f"{name}.golden").read_bytes()


@pytest.mark.parametrize(
    "language, source, limit",
    [(language, source, limit) for language, _name, source, limit in HOSTILE],
    ids=[f"{language} {name}" for language, name, _source, _limit in HOSTILE],
)
def test_a_hostile_transform_is_ended_gives_nothing_and_is_told_which_limit(language, source, limit):
    with pytest.raises(TransformFailed, match=limit):
        js(source) if language == "JS" else xslt(source)

    assert not Path("written.txt").exists()


@pytest.mark.parametrize("source", ["while (true) {}", "throw new Error('no')", "const answer = 42", "f( {"])
def test_a_script_that_is_no_transform_gives_nothing(source):
    with pytest.raises(TransformFailed):
        js(source, wall_seconds=3)


def test_the_clock_of_a_parent_that_waits_ends_what_the_child_does_not():
    with pytest.raises(TransformFailed, match="took longer than 1 seconds"):
        js("function transform() { while (true) {} }", wall_seconds=1)


def test_the_clock_of_a_stylesheet_stands_still():
    made = xslt(
        """<xsl:output method="text"/><xsl:template match="/"><xsl:value-of select="date:date-time()"
        xmlns:date="http://exslt.org/dates-and-times"/></xsl:template>"""
    )

    assert made == b"1970-01-01T00:00:00Z"


@pytest.mark.parametrize(
    "attempt, said",
    [
        ("open('/etc/passwd')", "Too many open files"),
        ("__import__('_socket').socket()", "Too many open files"),
        ("os.write(written, b'x')", "SIGXFSZ"),
        ("bytearray(800 << 20)", "MemoryError"),
        ("while True: pass", "SIGXCPU"),
    ],
    ids=["file", "network", "growing a file", "memory", "processor"],
)
def test_the_kernel_holds_each_limit_though_an_engine_had_a_hole(attempt, said, tmp_path):
    """What an engine's own refusals would let through fails in the child all the same."""
    given = f"""if True:
        import os, signal, socket, sys
        sys.path.insert(0, {str(CHILD.parent)!r})
        import transform_child
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        written = os.open({str(tmp_path / "file")!r}, os.O_CREAT | os.O_WRONLY)
        transform_child.limit()
        {attempt}"""

    ended = subprocess.run([sys.executable, "-c", given], capture_output=True, text=True, check=False)

    how = signal.Signals(-ended.returncode).name if ended.returncode < 0 else ended.stderr
    assert said in how


@pytest.mark.parametrize("scheme", ["http", "ftp"])
def test_the_network_is_not_reached(scheme):
    heard = threading.Event()
    with create_server(("127.0.0.1", 0)) as server:
        server.settimeout(3)
        port = server.getsockname()[1]

        def listen():
            try:
                server.accept()
                heard.set()
            except OSError:
                return

        listener = threading.Thread(target=listen)
        listener.start()
        address = f"{scheme}://127.0.0.1:{port}/x"
        select = f'<xsl:template match="/"><xsl:copy-of select="document(\'{address}\')"/></xsl:template>'
        for body in [select, f'<xsl:include href="{address}"/>']:
            try:
                xslt(body)
            except TransformFailed:
                continue
        server.close()
        listener.join()

    assert not heard.is_set()


def test_a_doctype_is_refused():
    bomb = '<!DOCTYPE x [<!ENTITY a "b">]><x/>'

    with pytest.raises(TransformFailed, match="DOCTYPE"):
        run_transform(language="XSLT", source=bomb, document=XML)


def test_the_child_sees_no_environment(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "treasure")

    with pytest.raises(TransformFailed) as refused:
        js("function transform() { return globalThis.process.env.SECRET_KEY }")

    assert "treasure" not in str(refused.value)


@pytest.mark.parametrize(
    "source, words",
    [
        ("function transform(d) { return 1 }", "The transform does not answer text."),
        ("\nfunction transform(d) { return fetched }", "line 2: ReferenceError: fetched is not defined."),
        ("\nfunction transform(d) { return fetch('x') }", "asks for fetch (line 2), but a transform has no"),
        ("function transform(d) {", "SyntaxError: Unexpected end of input."),
    ],
)
def test_what_is_wrong_with_a_script_is_said_in_words_without_the_engines_own(source, words):
    with pytest.raises(TransformFailed) as refused:
        js(source)

    assert words in str(refused.value)
    assert "Exception" not in str(refused.value)
    assert "built_at" not in str(refused.value)
