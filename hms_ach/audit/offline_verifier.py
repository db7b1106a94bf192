"""Checks an exported audit trail with Python's standard library alone.

    python verify.py DIRECTORY [--anchors FILE] [--keys FILE]

It shares no code with the system that sealed the trail. The public keys and the anchors should
come from their keepers, not from the export. It leaves with 1 when anything is found.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

# Ed25519, RFC 8032 section 5.1: the field, the curve, the base point.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]


def recovered_x(y: int, sign: int) -> int | None:
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def decoded(text: bytes) -> Point | None:
    number = int.from_bytes(text, "little")
    y = number & ((1 << 255) - 1)
    x = recovered_x(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % P)


def added(a: Point, b: Point) -> Point:
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, d - c, d + c, f + e
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(count: int, point: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    while count:
        if count & 1:
            result = added(result, point)
        point, count = added(point, point), count >> 1
    return result


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = decoded(BASE_Y.to_bytes(32, "little"))


def signature_is_valid(public: bytes, message: bytes, signature: bytes) -> bool:
    if len(public) != 32 or len(signature) != 64 or BASE is None:
        return False
    key, commitment = decoded(public), decoded(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or scalar >= L:
        return False
    challenge = hashlib.sha512(signature[:32] + public + message).digest()
    left = times(scalar, BASE)
    right = added(commitment, times(int.from_bytes(challenge, "little") % L, key))
    same_x = (left[0] * right[2] - right[0] * left[2]) % P == 0
    same_y = (left[1] * right[2] - right[1] * left[2]) % P == 0
    return same_x and same_y


def head(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, as the standard words it."""
    if len(leaves) <= 1:
        return hashlib.sha256(b"\x00" + leaves[0] if leaves else b"").digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + head(leaves[:split]) + head(leaves[split:])).digest()


def fields(frozen: str) -> list[str | None]:
    """The fields of frozen text: each is its length in bytes, a colon, itself and a comma, or "-,"."""
    content, position = frozen.encode(), 0
    found: list[str | None] = []
    while position < len(content):
        if content[position : position + 2] == b"-,":
            found.append(None)
            position += 2
            continue
        colon = content.index(b":", position)
        end = colon + 1 + int(content[position:colon])
        if content[end : end + 1] != b",":
            raise ValueError("a field without its end")
        found.append(content[colon + 1 : end].decode())
        position = end + 1
    return found


def lines(path: Path) -> Iterator[dict]:
    with path.open() as file:
        for line in file:
            yield json.loads(line)


class Events:
    """The exported events in order, each checked against its digest when it is taken."""

    def __init__(self, path: Path, findings: list[str]) -> None:
        self.lines, self.findings = lines(path), findings
        self.place: tuple[int, int] | None = None
        self.seen: set[str] = set()
        self.count = 0
        self.advance()

    def advance(self) -> None:
        row = next(self.lines, None)
        if row is None:
            self.place = None
            return
        self.count += 1
        frozen = fields(row["frozen"])
        name, place = str(frozen[1]), (int(frozen[2] or 0), int(frozen[3] or 0))
        self.digest = bytes.fromhex(row["digest"])
        if hashlib.sha256(bytes.fromhex(row["salt"]) + row["frozen"].encode()).digest() != self.digest:
            self.findings.append(f"event {name}: its frozen text, salt or digest was changed")
        if self.place and place < self.place:
            self.findings.append(f"event {name}: is out of order")
        if name in self.seen:
            self.findings.append(f"event {name}: is there twice")
        self.seen.add(name)
        self.place = place

    def up_to(self, epoch: int, high: int) -> list[bytes]:
        digests = []
        while self.place and self.place < (epoch, high):
            digests.append(self.digest)
            self.advance()
        return digests


def check(directory: Path, keys: dict[str, str], anchors: dict[int, str]) -> tuple[list[str], int, int]:
    """The findings, and how many events and seals were read."""
    findings: list[str] = []
    events = Events(directory / "events.jsonl", findings)
    number, epoch, high, previous = 0, 0, 0, bytes(32).hex()
    digests: dict[int, str] = {}
    for row in lines(directory / "seals.jsonl"):
        header = [value or "" for value in fields(row["header"])]
        where = f"seal {header[1]}"
        if int(header[1]) != number + 1:
            findings.append(f"{where}: a seal before it is missing")
        if header[7] != previous:
            findings.append(f"{where}: does not continue the seal before it")
        if int(header[2]) < epoch or int(header[3]) != (high if int(header[2]) == epoch else 0):
            findings.append(f"{where}: its range does not begin where the one before ends")
        if hashlib.sha256(row["header"].encode()).hexdigest() != row["digest"]:
            findings.append(f"{where}: its header was changed")
        findings += [f"{where}: {problem}" for problem in signature_problems(row, header[9], keys)]
        number, epoch, high = int(header[1]), int(header[2]), int(header[4])
        leaves = events.up_to(epoch, high)
        if len(leaves) != int(header[5]):
            findings.append(f"{where}: sealed {header[5]} events, {len(leaves)} are there")
        elif head(leaves).hex() != header[6]:
            findings.append(f"{where}: its events are not those that were sealed, or not in that order")
        previous = digests[number] = row["digest"]
    events.up_to(sys.maxsize, sys.maxsize)
    for sealed, digest in anchors.items():
        if digests.get(sealed) != digest:
            findings.append(f"seal {sealed}: differs from its anchor, or is gone")
    return findings, events.count, len(digests)


def signature_problems(row: dict, key_id: str, keys: dict[str, str]) -> list[str]:
    if not key_id:
        return ["is not signed"] if keys else []
    public = bytes.fromhex(keys.get(key_id, ""))
    if not public or hashlib.sha256(public).hexdigest()[:16] != key_id:
        return [f"is signed by key {key_id}, which is not known"]
    if signature_is_valid(public, row["header"].encode(), bytes.fromhex(row["signature"])):
        return []
    return ["its signature is wrong"]


def main() -> int:
    parser = argparse.ArgumentParser(description="Check an exported audit trail.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--anchors", type=Path, help="lines of seal number and digest, from their keeper")
    parser.add_argument("--keys", type=Path, help="public keys from their keeper; keys.json when omitted")
    asked = parser.parse_args()
    anchors = {}
    if asked.anchors:
        pairs = (line.split() for line in asked.anchors.read_text().splitlines() if line.strip())
        anchors = {int(number): digest for number, digest in pairs}
    keys = json.loads((asked.keys or asked.directory / "keys.json").read_text())
    findings, events, seals = check(asked.directory, keys, anchors)
    sys.stdout.write("".join(f"{finding}\n" for finding in findings))
    sys.stdout.write(f"{events} events under {seals} seals: {len(findings)} findings\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
