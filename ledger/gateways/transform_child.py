"""The inside of the limited child: reads one request from stdin, writes the output, and is gone.

Started by transform.py as a script of its own; it imports nothing of ours. Ends with os._exit, because the
JavaScript engine may hang at an ordinary exit after a hostile script. Exit 2: the transform's own fault,
with the words for it on stdout.
"""

import json
import os
import re
import resource
import sys
from collections.abc import Callable

_MEGABYTE = 1 << 20
CPU_SECONDS = 5
MEMORY_MEGABYTES = 256
OUTPUT_MEGABYTES = 32
TOO_MUCH_MEMORY = f"needs more than the {MEMORY_MEGABYTES} MB of memory it may use"
SCRIPT_SECONDS = 4
_SCRIPT_MEGABYTES = 128
# The kernel refuses memory only at three times what a transform may use. What grows by doubling passes the
# limit before that, so that the child sees it in its own peak and says so: an engine that is refused memory
# says something else, or leaves out the rest. V8 reserves far more addresses than it uses: the data segment
# is bounded, not the address space. Without another descriptor there is no file and no network.
_LIMITS = {
    resource.RLIMIT_DATA: (3 * MEMORY_MEGABYTES * _MEGABYTE,) * 2,
    resource.RLIMIT_CPU: (CPU_SECONDS, CPU_SECONDS + 1),
    resource.RLIMIT_FSIZE: (0, 0),
    resource.RLIMIT_NOFILE: (0, 0),
    resource.RLIMIT_CORE: (0, 0),
}
_XSL = "{http://www.w3.org/1999/XSL/Transform}"
# The same batch gives the same file on any day: a script has no clock and no chance.
_STANDS_STILL = """{
    const never = what => () => { throw new Error('a transform has no ' + what) };
    const Real = Date, clock = never('clock');
    Math.random = never('chance');
    globalThis.Date = new Proxy(Real, {
        apply: clock, construct: (of, given) => given.length ? Reflect.construct(of, given) : clock() });
    Real.now = clock;
    Real.prototype.constructor = Date;
    delete Intl.DateTimeFormat;
}"""
_FILES, _NETWORK = "no files and no modules", "no network"
_ABSENT = {
    "require": _FILES,
    "process": _FILES,
    "importScripts": _FILES,
    "Deno": _FILES,
    "fetch": _NETWORK,
    "XMLHttpRequest": _NETWORK,
    "WebSocket": _NETWORK,
}


_REFUSED_MEMORY = ("could not allocate memory", "allocation failed", "Invalid string length")


class Fault(Exception):
    """What is wrong with the transform, in words that go on from "The transform"."""


class Answer:
    """The output as it is written, up to its limit."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.size = 0

    def write(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.is_above_limit():
            raise Fault(f"answered more than the {OUTPUT_MEGABYTES} MB it may")
        self.pieces.append(piece)

    def is_above_limit(self) -> bool:
        return self.size > OUTPUT_MEGABYTES * _MEGABYTE


class Memory:
    """What the process held at most, counted from when its limits began."""

    def __init__(self) -> None:
        self._status = os.open("/proc/self/status", os.O_RDONLY)
        self._before = self._peak()

    def is_above_limit(self) -> bool:
        return self._peak() - self._before > MEMORY_MEGABYTES * _MEGABYTE

    def _peak(self) -> int:
        said = os.pread(self._status, 8192, 0)
        return int(said.split(b"VmHWM:")[1].split()[0]) * 1024


def limit() -> None:
    for kind, (soft, hard) in _LIMITS.items():
        most = resource.getrlimit(kind)[1]
        if most != resource.RLIM_INFINITY:
            soft, hard = min(soft, most), min(hard, most)
        resource.setrlimit(kind, (soft, hard))


Engine = Callable[[str, str, Answer], None]


def xslt_engine() -> Engine:
    from lxml import etree

    class Refusing(etree.Resolver):
        """DENY_ALL does not stop xsl:include and document() from reading files; this does."""

        def resolve(self, url, public_id, context):
            raise Fault(outside("reads", url))

    def run(source: str, document: str, answer: Answer) -> None:
        if "<!DOCTYPE" in source:
            raise Fault("has a DOCTYPE, which a transform may not")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        parser.resolvers.add(Refusing())
        stylesheet = etree.fromstring(source.encode(), parser)
        if stylesheet.tag not in (f"{_XSL}stylesheet", f"{_XSL}transform"):
            raise Fault("is no stylesheet: its outermost element is not xsl:stylesheet")
        # An xsl:output of its own comes later and so goes before this one. Imports must stay first.
        first = len(stylesheet.findall(f"{_XSL}import"))
        stylesheet.insert(first, stylesheet.makeelement(f"{_XSL}output", encoding="UTF-8"))
        transform = etree.XSLT(stylesheet, access_control=etree.XSLTAccessControl.DENY_ALL)
        transform(etree.fromstring(document.encode(), parser)).write_output(answer)

    return run


def script_engine() -> Engine:
    from py_mini_racer import MiniRacer

    engine = MiniRacer()
    engine.set_hard_memory_limit(_SCRIPT_MEGABYTES * _MEGABYTE)
    engine.eval(_STANDS_STILL)

    def run(source: str, document: str, answer: Answer) -> None:
        call = f"{source}\n;transform(JSON.parse({json.dumps(document)}))"
        made = engine.eval(call, timeout=SCRIPT_SECONDS * 1000, max_memory=_SCRIPT_MEGABYTES * _MEGABYTE)
        if not isinstance(made, str):
            raise Fault("does not answer text")
        answer.write(made.encode())

    return run


# Made before the limits begin, because they open files of their own.
ENGINES = {"XSLT": xslt_engine, "JS": script_engine}


def outside(does: str, where: str) -> str:
    """In words: a transform has neither files nor network."""
    has_address = "//" in where and not where.startswith("file:")
    return f"{does} {where[:80]}, but a transform has {_NETWORK if has_address else 'no files'}"


def in_words(error: Exception) -> str:
    """What went wrong, in words that go on from "The transform"; where a line is known, with its number."""
    said = str(error).strip()
    match type(error).__name__:
        case "Fault":
            return said
        case "MemoryError" | "JSOOMException":
            return TOO_MUCH_MEMORY
        case "JSTimeoutException":
            return f"ran longer than {SCRIPT_SECONDS} seconds"
        case "XSLTApplyError":
            return _in_words_of_xslt(error)
    first = said.splitlines()[0].replace("<anonymous>:", "line ") if said else type(error).__name__
    if any(words in first for words in _REFUSED_MEMORY):
        return TOO_MUCH_MEMORY
    absent = re.search(r"ReferenceError: (\w+) is not defined", first)
    if absent and absent[1] in _ABSENT:
        return f"asks for {absent[1]} ({first.split(':')[0]}), but a transform has {_ABSENT[absent[1]]}"
    return f"is wrong: {first}"


def _in_words_of_xslt(error: Exception) -> str:
    """The processor's first word that means something; the error's own text is its last, and seldom does."""
    entries = [(entry.line, entry.message) for entry in error.error_log]  # type: ignore[attr-defined]
    for _line, message in entries:
        for verb, right in {"reads": "read", "writes": "write"}.items():
            denied = re.search(rf"{right} rights for (?:string://__STRING__XSLT__)?(\S+) denied", message)
            if denied:
                return outside(verb, denied[1])
    meant = [message for _line, message in entries if not message.startswith(("runtime error", "unknown"))]
    if not meant or "infinite template recursion" in meant[0]:
        return "was stopped: its templates call each other without end, or too deep"
    lines = [line for line, _message in entries if line > 0]
    return f"is wrong: {f'line {lines[0]}: ' if lines else ''}{meant[0]}"


def main() -> int:
    sys.path.extend(sys.argv[1:])
    asked = json.load(sys.stdin)
    run, answer, fault = ENGINES[asked["language"]](), Answer(), ""
    memory = Memory()
    limit()
    try:
        run(asked["source"], asked["document"], answer)
    except Exception as error:
        fault = in_words(error)
    if memory.is_above_limit() and not answer.is_above_limit():
        fault = TOO_MUCH_MEMORY
    # On stdout, because the engines' own threads write to stderr what nobody asked for.
    for piece in [fault.encode(errors="replace")] if fault else answer.pieces:
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()
    return 2 if fault else 0


if __name__ == "__main__":
    os._exit(main())
