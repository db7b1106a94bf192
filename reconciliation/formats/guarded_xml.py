"""A hardened XML stream: only named paths are kept, everything hostile is refused."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from xml.parsers import expat

from hms_ach.refusal import FileRejected
from reconciliation.formats.text import utf8_of

MAX_DEPTH = 64
MAX_ATTRIBUTES = 32
MAX_TEXT = 10_000
MAX_PIECE = 256 * 1024
_XINCLUDE = "http://www.w3.org/2001/XInclude"
_TOO_LONG = f"a field has more than {MAX_TEXT:,} characters"

Frame = list[tuple[str, str]]


class Node(dict):
    """One element of the paths that are read, as its children by name; `parent` leads back up.

    A leaf has a field, a container a name of its own. A container whose name starts with "+" stays
    inside the one around it, between the marks "+name" and "-name".
    """

    __slots__ = ("container", "depth", "field", "parent")

    def __init__(self, parent: "Node | None" = None, field: str = "", container: str = "") -> None:
        super().__init__()
        self.parent, self.field, self.container = parent, field, container
        self.depth: int = parent.depth + 1 if parent is not None else 1


def tree_of(leaves: dict[str, str], containers: dict[str, str]) -> dict[str, Any]:
    """Paths such as "Ntry/Amt" as nested dictionaries with local names."""
    tree: dict[str, Any] = {}
    for kind, table in (("field", leaves), ("container", containers)):
        for path, name in table.items():
            spot = tree
            for step in path.split("/"):
                spot = spot.setdefault(step, {})
            spot[f"#{kind}"] = name
    return tree


def _node(tree: dict[str, Any], prefix: str, parent: Node | None = None) -> Node:
    node = Node(parent, tree.get("#field", ""), tree.get("#container", ""))
    node.update({prefix + step: _node(sub, prefix, node) for step, sub in tree.items() if step[0] != "#"})
    return node


class GuardedXml:
    """Feeds expat and hands out complete containers.

    A document type, an entity, a processing instruction, XInclude, an encoding that is none of
    UTF-8, UTF-16, windows-1252 and ISO 8859-1 or -15, more than 64 levels, 32 attributes or 10,000
    characters in a field, or one piece of more than 256 kB raise FileRejected with the line.
    Memory does not grow with the file.
    """

    def __init__(self, tree: dict[str, Any], root_of: Callable[[str, str, int], None]) -> None:
        """root_of is called with the root's namespace, local name and line; it may raise."""
        self._tree, self._root_of = tree, root_of
        self._done: list[tuple[str, Frame, int]] = []
        self._text: list[str] = []
        self._parser = parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.ordered_attributes = True
        parser.buffer_size = MAX_TEXT * 2
        parser.StartElementHandler = self._begin
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.EntityDeclHandler = self._refuse_doctype
        parser.ProcessingInstructionHandler = self._refuse_instruction

    @property
    def line(self) -> int:
        return self._parser.CurrentLineNumber

    def containers(self, chunks: Iterable[bytes]) -> Iterator[tuple[str, Frame, int]]:
        """(name, fields in file order, first line) of each container as it ends."""
        fed, done = 0, self._done
        for chunk in utf8_of(chunks):
            self._feed(chunk, is_final=False)
            fed += len(chunk)
            if fed - self._parser.CurrentByteIndex > MAX_PIECE:
                raise FileRejected(self.line, "one tag or comment of the file is longer than 256 kB")
            if len(self._text) > 1 and sum(map(len, self._text)) > MAX_TEXT:
                raise FileRejected(self.line, _TOO_LONG)
            yield from done
            done.clear()
        self._feed(b"", is_final=True)
        yield from done

    def _feed(self, chunk: bytes, *, is_final: bool) -> None:
        try:
            self._parser.Parse(chunk, is_final)
        except expat.ExpatError as broken:
            reason = expat.errors.messages.get(broken.code, "malformed")
            raise FileRejected(broken.lineno, f"this is not well-formed XML ({reason})") from None

    def _begin(self, name: str, attributes: list[str]) -> None:
        """The root element: from here on the handlers know its namespace."""
        namespace, _, local = name.rpartition(" ")
        self._root_of(namespace, local, self.line)
        root = _node(self._tree, f"{namespace} " if namespace else "")
        parser = self._parser
        parser.StartElementHandler, parser.EndElementHandler = _handlers(parser, root, self._text, self._done)

    def _refuse_doctype(self, *_: object) -> None:
        raise FileRejected(self.line, "a document type or entity is not allowed in a bank file")

    def _refuse_instruction(self, *_: object) -> None:
        raise FileRejected(self.line, "a processing instruction is not allowed in a bank file")


def _handlers(parser, root: Node, text: list[str], done: list) -> tuple[Callable, Callable]:
    """The two callbacks that run for every element: closures, since they are nine tenths of the time."""
    node: Any = root
    leaf = root
    frame: Frame = []
    outer: list[tuple[Frame, int]] = []
    keep, clear, joined = text.append, text.clear, "".join

    def start(name: str, attributes: list[str]) -> None:
        nonlocal node, leaf, frame
        above = node
        node = above.get(name)
        if node is None:
            node = _unknown(parser, above, name)
        field = node.field
        if attributes:
            _check_attributes(parser, attributes)
            names = attributes[::2]
            if field and "Ccy" in names:
                frame.append((f"{field}.currency", attributes[2 * names.index("Ccy") + 1][:10]))
        if field:
            leaf = node
            clear()
            parser.CharacterDataHandler = keep
        elif node.container:
            if node.container[0] == "+":
                frame.append((node.container, ""))
            else:
                outer.append((frame, parser.CurrentLineNumber))
                frame = []

    def end(name: str) -> None:
        nonlocal node, leaf, frame
        ended, node = node, node.parent
        if ended is leaf:
            leaf, parser.CharacterDataHandler = root, None
            value = joined(text).strip()
            if value:
                if len(value) > MAX_TEXT:
                    raise FileRejected(parser.CurrentLineNumber, _TOO_LONG)
                frame.append((ended.field, " ".join(value.split()) if "\n" in value else value))
        elif ended.container:
            if ended.container[0] == "+":
                frame.append((f"-{ended.container[1:]}", ""))
            else:
                around, line = outer.pop()
                done.append((ended.container, frame, line))
                frame = around

    return start, end


def _check_attributes(parser, attributes: list[str]) -> None:
    """Names and values in turns."""
    if len(attributes) > 2 * MAX_ATTRIBUTES:
        raise FileRejected(parser.CurrentLineNumber, f"an element has more than {MAX_ATTRIBUTES} attributes")


def _unknown(parser, above: Node, name: str) -> Node:
    """Known paths are short by themselves; only unknown elements can be deep or of another kind."""
    node = Node(above)
    if above.field and not above:
        raise FileRejected(parser.CurrentLineNumber, "an element stands inside a value")
    if node.depth > MAX_DEPTH:
        raise FileRejected(parser.CurrentLineNumber, f"elements are nested deeper than {MAX_DEPTH} levels")
    if name.startswith(_XINCLUDE):
        raise FileRejected(parser.CurrentLineNumber, "XInclude is not allowed in a bank file")
    return node
