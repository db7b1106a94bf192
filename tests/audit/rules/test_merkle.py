"""Tree heads: the stream gives what RFC 6962 words recursively."""

import hashlib

import pytest

from hms_ach.audit.offline_verifier import head
from hms_ach.audit.rules.merkle import Tree

# The leaves and heads of the test vectors in the certificate-transparency reference code.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
HEADS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def tree_of(leaves) -> Tree:
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree


@pytest.mark.parametrize("size", HEADS)
def test_the_published_heads(size):
    assert tree_of(bytes.fromhex(leaf) for leaf in LEAVES[:size]).root().hex() == HEADS[size]


def test_the_stream_and_the_recursion_agree_for_every_size():
    leaves = [hashlib.sha256(bytes([n])).digest() for n in range(130)]

    for size in range(130):
        assert tree_of(leaves[:size]).root() == head(leaves[:size])
