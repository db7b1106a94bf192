"""A batch as the document that a general ledger's own transform reads: JSON for JavaScript, XML for XSLT.

Both say the same: batch, lines and trailer, the lines without the ids of their entries.
"""

import json
from collections.abc import Iterable
from xml.etree import ElementTree

from ledger.formats.gl_batch import BatchHeader, BatchLine, BatchTrailer


def batch_json(header: BatchHeader, lines: Iterable[BatchLine], trailer: BatchTrailer) -> bytes:
    """{"batch": …, "lines": […], "trailer": …} with sorted keys."""
    whole = {
        "batch": header.as_json(),
        "lines": [line.as_json() for line in lines],
        "trailer": trailer.as_json(),
    }
    return json.dumps(whole, ensure_ascii=False, sort_keys=True).encode()


def batch_xml(header: BatchHeader, lines: Iterable[BatchLine], trailer: BatchTrailer) -> bytes:
    """<gl-batch> with <batch>, <line>… and <trailer>; a value is an attribute, a segment an element."""
    root = ElementTree.Element("gl-batch")
    head = ElementTree.SubElement(root, "batch", _attributes(header.as_json()))
    for name in header.segment_names:
        ElementTree.SubElement(head, "segment-name").text = name
    for line in lines:
        row = ElementTree.SubElement(root, "line", _attributes(line.as_json()))
        for segment in line.segments:
            ElementTree.SubElement(row, "segment").text = segment
    ElementTree.SubElement(root, "trailer", _attributes(trailer.as_json()))
    return ElementTree.tostring(root, encoding="utf-8")


def _attributes(values: dict) -> dict[str, str]:
    return {name: str(value) for name, value in sorted(values.items()) if not isinstance(value, list)}
