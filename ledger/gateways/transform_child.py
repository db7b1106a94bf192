"""The inside of the limited child: reads one request from stdin, writes the output, and is gone.

Started by transform.py as a script of its own; it imports nothing of ours. Ends with os._exit, because the
JavaScript engine may hang at an ordinary exit after a hostile script. Exit 2: the transform's own fault.
"""

import json
import os
import resource
import sys

_MEGABYTE = 1 << 20
# V8 reserves far more addresses than it uses, so the data segment is bounded, not the address space.
_LIMITS = {
    resource.RLIMIT_DATA: 768 * _MEGABYTE,
    resource.RLIMIT_CPU: 5,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
}
_MOST_OUTPUT = 64 * _MEGABYTE
_JS_MEMORY = 128 * _MEGABYTE
_JS_MILLISECONDS = 4000


class Fault(Exception):
    """What is wrong with the transform, in words that go on from "The transform"."""


def limit() -> None:
    for kind, most in _LIMITS.items():
        hard = resource.getrlimit(kind)[1]
        wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (wanted, wanted))


def xslt(source: str, document: str) -> bytes:
    from lxml import etree

    class Refusing(etree.Resolver):
        """DENY_ALL does not stop xsl:include and document() from reading files; this does."""

        def resolve(self, url, public_id, context):
            raise Fault(f"reads another file ({url[:80]}), which a transform may not")

    if "<!DOCTYPE" in source:
        raise Fault("has a DOCTYPE, which a transform may not")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    parser.resolvers.add(Refusing())
    stylesheet = etree.fromstring(source.encode(), parser)
    run = etree.XSLT(stylesheet, access_control=etree.XSLTAccessControl.DENY_ALL)
    made = run(etree.fromstring(document.encode(), parser))
    return bytes(made)


def javascript(source: str, document: str) -> bytes:
    from py_mini_racer import MiniRacer

    engine = MiniRacer()
    engine.set_hard_memory_limit(_JS_MEMORY)
    call = f"{source}\n;transform(JSON.parse({json.dumps(document)}))"
    made = engine.eval(call, timeout=_JS_MILLISECONDS, max_memory=_JS_MEMORY)
    if not isinstance(made, str):
        raise Fault("does not answer text")
    return made.encode()


def in_words(error: Exception) -> str:
    """What went wrong, in words that go on from "The transform"; where a line is known, with its number."""
    said = str(error).strip()
    match type(error).__name__:
        case "Fault":
            return said
        case "JSTimeoutException":
            return f"ran longer than {_JS_MILLISECONDS // 1000} seconds"
        case "JSOOMException":
            return "used more memory than it may"
        case "XSLTApplyError" if "read rights for" in said:
            return "reads another file or address, which a transform may not"
        case "XSLTApplyError" if said == "unknown error":
            return "was stopped: a template calls itself without end, or breaks a limit of the processor"
    first = said.splitlines()[0] if said else type(error).__name__
    return f"is wrong: {first.replace('<anonymous>:', 'line ')}"


def main() -> int:
    sys.path.extend(sys.argv[1:])
    asked = json.load(sys.stdin)
    engines = {"XSLT": xslt, "JS": javascript}
    try:
        # The libraries are loaded before the limits, so that the limits are the transform's alone.
        if asked["language"] == "XSLT":
            import lxml.etree  # noqa: F401
        else:
            import py_mini_racer  # noqa: F401
        limit()
        output = engines[asked["language"]](asked["source"], asked["document"])
    except MemoryError:
        return 3
    except Exception as error:
        # On stdout, because the engines' own threads write to stderr what nobody asked for.
        sys.stdout.buffer.write(in_words(error).encode(errors="replace"))
        sys.stdout.buffer.flush()
        return 2
    if len(output) > _MOST_OUTPUT:
        return 3
    sys.stdout.buffer.write(output)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    os._exit(main())
