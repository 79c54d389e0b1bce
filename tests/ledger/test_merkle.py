from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gestand.ledger.frontier import Frontier
from gestand.ledger.merkle import (
    EMPTY,
    consistency,
    consistent,
    included,
    inclusion,
    leaf_hash,
    node_hash,
    root_of,
    split,
)

# The leaves and roots that the Certificate Transparency project publishes for RFC 6962.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATH_0_OF_8 = [
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
]


def by_definition(hashes):
    """Return the root as RFC 6962 section 2.1 writes it, word for word."""
    if not hashes:
        return EMPTY
    if len(hashes) == 1:
        return hashes[0]
    k = split(len(hashes))
    return node_hash(by_definition(hashes[:k]), by_definition(hashes[k:]))


def numbered(count):
    return [leaf_hash(b"%d" % number) for number in range(count)]


def subtree_of(hashes):
    return lambda lo, hi: by_definition(hashes[lo:hi])


@pytest.mark.parametrize("size", range(1, 9))
def test_published_roots(size):
    hashes = [leaf_hash(leaf) for leaf in LEAVES[:size]]
    assert root_of(hashes).hex() == ROOTS[size - 1]
    frontier = Frontier()
    frontier.extend(hashes)
    assert frontier.root().hex() == ROOTS[size - 1]


def test_published_path():
    hashes = [leaf_hash(leaf) for leaf in LEAVES]
    assert [step.hex() for step in inclusion(0, 8, subtree_of(hashes))] == PATH_0_OF_8


def test_the_empty_tree():
    assert root_of([]) == EMPTY == sha256(b"").digest() == Frontier().root()


@given(st.lists(st.integers(0, 700), min_size=1, max_size=6))
@settings(max_examples=30, deadline=None)
def test_the_frontier_is_the_tree_however_it_grows(steps):
    hashes = numbered(sum(steps))
    frontier = Frontier()
    stored: dict[int, list[bytes]] = {}
    at = 0
    for step in steps:
        for level, nodes in enumerate(frontier.extend(hashes[at : at + step])):
            stored.setdefault(level, []).extend(nodes)
        at += step
        assert frontier.root() == by_definition(hashes[:at])
    assert stored.get(0, []) == hashes
    assert stored.get(1, []) == [by_definition(hashes[i : i + 256]) for i in range(0, at // 256 * 256, 256)]


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_every_inclusion_proof_holds_and_only_for_its_own_leaf(data):
    size = data.draw(st.integers(1, 70))
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1))
    hashes = numbered(size)
    root = by_definition(hashes)
    path = inclusion(index, size, subtree_of(hashes))
    assert included(hashes[index], index, size, path, root)
    if other != index:
        assert not included(hashes[other], index, size, path, root)
        assert not included(hashes[index], other, size, path, root)
    assert not included(hashes[index], index, size, (*path, EMPTY), root)
    assert not path or not included(hashes[index], index, size, path[:-1], root)
    for at in range(len(path)):
        bent = list(path)
        bent[at] = EMPTY
        assert not included(hashes[index], index, size, bent, root)
    assert not included(hashes[index], size, size, path, root)


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_every_consistency_proof_holds_and_none_for_a_fork(data):
    second = data.draw(st.integers(1, 70))
    first = data.draw(st.integers(1, second))
    hashes = numbered(second)
    roots = by_definition(hashes[:first]), by_definition(hashes)
    path = consistency(first, second, subtree_of(hashes))
    assert consistent(first, second, *roots, path)
    forked = [*hashes[: first - 1], leaf_hash(b"another"), *hashes[first:]]
    assert not consistent(first, second, by_definition(forked[:first]), roots[1], path)
    if first < second:
        assert not consistent(first, second, roots[0], by_definition(forked), path)
        assert not consistent(first, second, *roots, path[:-1])
    assert not consistent(first, second, *roots, (*path, EMPTY))
    assert consistent(0, second, EMPTY, roots[1], ())
    assert not consistent(0, second, roots[1], roots[1], ())
    assert not consistent(second + 1, second, *roots, path)


def test_proofs_that_cannot_be_asked_for():
    with pytest.raises(ValueError, match="no leaf 3"):
        inclusion(3, 3, subtree_of(numbered(3)))
    with pytest.raises(ValueError, match="from 0"):
        consistency(0, 3, subtree_of(numbered(3)))
    assert not included(EMPTY, 0, 0, (), EMPTY)
