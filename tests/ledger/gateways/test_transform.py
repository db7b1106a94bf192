"""Transforms in their child process: what they make, and that hostile ones reach nothing."""

import threading
import time
from pathlib import Path
from socket import create_server

import pytest

from ledger.formats.batch_document import batch_json, batch_xml
from ledger.formats.sample_batch import HEADER, TRAILER, lines
from ledger.gateways.transform import TransformFailed, run_transform

PROFILES = Path(__file__).parent / "profiles"
JSON = batch_json(HEADER, lines(), TRAILER)
XML = batch_xml(HEADER, lines(), TRAILER)


def js(source: str, **more) -> bytes:
    return run_transform(language="JS", source=source, document=JSON, **more)


def xslt(body: str, **more) -> bytes:
    sheet = f"""<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
        xmlns:exsl="http://exslt.org/common" extension-element-prefixes="exsl">{body}</xsl:stylesheet>"""
    return run_transform(language="XSLT", source=sheet, document=XML, **more)


@pytest.mark.parametrize("name, language", [("fixed_width.js", "JS"), ("journal.xsl", "XSLT")])
def test_a_profile_gives_its_golden_file(name, language):
    document = JSON if language == "JS" else XML
    source = (PROFILES / name).read_text()

    made = run_transform(language=language, source=source, document=document)

    assert made == (PROFILES / f"{name}.golden").read_bytes()


HOSTILE_JS = {
    "loops": "function transform() { while (true) {} }",
    "catastrophic pattern": "function transform() { return /^(a+)+$/.test('a'.repeat(40) + 'b') }",
    "eats memory": "function transform() { const held = []; while (true) held.push(new Array(1e6).fill(1)) }",
    "grows text": "function transform() { let text = 'a'; while (true) text += text }",
    "takes buffers": """function transform() {
        const held = []; while (true) held.push(new Uint8Array(1e8).fill(1)) }""",
    "takes pages": """function transform() {
        new Uint8Array(new WebAssembly.Memory({ initial: 60000 }).buffer).fill(1); return '' }""",
    "answers too much": "function transform() { return 'x'.repeat(2 ** 27) }",
    "answers a promise": "async function transform() { return import('fs') }",
    "answers nothing": "function transform() {}",
    "reads a file": "function transform() { return require('fs').readFileSync('/etc/passwd') }",
    "asks the network": "function transform() { return fetch('http://127.0.0.1:1/') }",
    "asks the process": "function transform() { return process.env.PATH }",
    "is broken": "function transform( {",
    "throws": "function transform() { throw new Error('no') }",
    "is no transform": "const answer = 42",
}


@pytest.mark.parametrize("source", HOSTILE_JS.values(), ids=HOSTILE_JS.keys())
def test_a_hostile_script_is_ended_and_gives_nothing(source):
    begun = time.monotonic()

    with pytest.raises(TransformFailed):
        js(source, wall_seconds=3)

    assert time.monotonic() - begun < 60, "the wall timeout of the child did not end it"


HOSTILE_XSLT = {
    "loops": """<xsl:template match="/"><xsl:call-template name="x"/></xsl:template>
        <xsl:template name="x"><xsl:call-template name="x"/></xsl:template>""",
    "grows text": """<xsl:template match="/"><xsl:call-template name="x">
        <xsl:with-param name="t" select="'aaaa'"/></xsl:call-template></xsl:template>
        <xsl:template name="x"><xsl:param name="t"/>
        <xsl:call-template name="x"><xsl:with-param name="t" select="concat($t, $t)"/></xsl:call-template>
        </xsl:template>""",
    "multiplies": """<xsl:template match="/"><xsl:for-each select="//@*"><xsl:for-each select="//@*">
        <xsl:for-each select="//@*"><xsl:for-each select="//@*"><xsl:value-of select="//@*"/>
        </xsl:for-each></xsl:for-each></xsl:for-each></xsl:for-each></xsl:template>""",
    "includes a file": '<xsl:include href="/etc/passwd"/>',
    "imports a file": '<xsl:import href="file:///etc/passwd"/>',
    "writes a file": """<xsl:template match="/"><exsl:document href="written.txt">x</exsl:document>
        </xsl:template>""",
}


@pytest.mark.parametrize("body", HOSTILE_XSLT.values(), ids=HOSTILE_XSLT.keys())
def test_a_hostile_stylesheet_is_ended_and_gives_nothing(body):
    with pytest.raises(TransformFailed):
        xslt(body, wall_seconds=3)

    assert not Path("written.txt").exists()


def test_a_document_is_not_read_from_a_file(tmp_path):
    secret = tmp_path / "secret.xml"
    secret.write_text("<secret>treasure</secret>")
    body = f'<xsl:template match="/"><out><xsl:copy-of select="document(\'{secret}\')"/></out></xsl:template>'

    try:
        made = xslt(body)
    except TransformFailed:
        return
    assert b"treasure" not in made


@pytest.mark.parametrize("scheme", ["http", "ftp"])
def test_the_network_is_not_reached(scheme):
    heard = threading.Event()
    with create_server(("127.0.0.1", 0)) as server:
        server.settimeout(8)
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
        ("function transform(d) { while (true) {} }", "The transform ran longer than 4 seconds."),
        ("function transform(d) { return 1 }", "The transform does not answer text."),
        ("\nfunction transform(d) { return fetch('x') }", "line 2: ReferenceError: fetch is not defined."),
        ("function transform(d) {", "SyntaxError: Unexpected end of input."),
    ],
)
def test_what_is_wrong_with_a_script_is_said_in_words_without_the_engines_own(source, words):
    with pytest.raises(TransformFailed) as refused:
        js(source)

    assert words in str(refused.value)
    assert "Exception" not in str(refused.value)
    assert "built_at" not in str(refused.value)
