"""Tree heads of RFC 6962, section 2.1, over a stream of leaves; memory grows with the depth only."""

import hashlib

EMPTY = hashlib.sha256(b"").digest()


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """Takes leaves one by one; keeps one hash for each complete subtree on the right edge."""

    def __init__(self) -> None:
        self.count = 0
        self._edge: list[tuple[int, bytes]] = []

    def add(self, data: bytes) -> None:
        self.count += 1
        size, hashed = 1, leaf(data)
        while self._edge and self._edge[-1][0] == size:
            _, left = self._edge.pop()
            size, hashed = size * 2, node(left, hashed)
        self._edge.append((size, hashed))

    def root(self) -> bytes:
        """The head of everything added so far; the hash of nothing for an empty tree."""
        if not self._edge:
            return EMPTY
        hashed = self._edge[-1][1]
        for _, left in reversed(self._edge[:-1]):
            hashed = node(left, hashed)
        return hashed
