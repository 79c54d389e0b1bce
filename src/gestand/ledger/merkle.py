"""The Merkle tree of RFC 6962 section 2.1 as pure functions: hashes, proofs, and their verification.

``Subtree`` gives the hash of the leaves ``lo <= i < hi``; a caller answers it from memory, from files, from anywhere.
The functions ask only for ranges that are subtrees of the whole: O(log size) of them for one proof.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

HASH = 32
"""Bytes in a hash."""
EMPTY = sha256(b"").digest()
"""The root of a tree without leaves."""

Subtree = Callable[[int, int], bytes]


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256 of 0x00 and its bytes."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node: SHA-256 of 0x01 and its two children."""
    return sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """Return the largest power of two smaller than ``size`` (``size`` > 1): where RFC 6962 divides a tree."""
    return 1 << ((size - 1).bit_length() - 1)


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over the hashes of leaves, or of complete subtrees of one size of which the last may be less."""
    if not hashes:
        return EMPTY
    row = list(hashes)
    while len(row) > 1:
        odd = row.pop() if len(row) % 2 else None
        pairs = iter(row)
        row = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
        if odd is not None:
            row.append(odd)
    return row[0]


def inclusion(index: int, size: int, subtree: Subtree) -> tuple[bytes, ...]:
    """Return the audit path of leaf ``index`` in the tree of ``size`` leaves, the leaf's sibling first (2.1.1).

    :raises ValueError: unless 0 <= index < size.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path: list[bytes] = []
    lo, hi = 0, size
    while hi - lo > 1:
        middle = lo + split(hi - lo)
        if index < middle:
            path.append(subtree(middle, hi))
            hi = middle
        else:
            path.append(subtree(lo, middle))
            lo = middle
    return tuple(reversed(path))


def consistency(first: int, second: int, subtree: Subtree) -> tuple[bytes, ...]:
    """Return the proof that the tree of ``first`` leaves is a prefix of the tree of ``second`` (2.1.2).

    :raises ValueError: unless 0 < first <= second.
    """
    if not 0 < first <= second:
        raise ValueError(f"no consistency proof from {first} to {second}")
    path: list[bytes] = []
    lo, hi, known = 0, second, True
    while first != hi:
        middle = lo + split(hi - lo)
        if first <= middle:
            path.append(subtree(middle, hi))
            hi = middle
        else:
            path.append(subtree(lo, middle))
            lo, known = middle, False
    if not known:
        path.append(subtree(lo, hi))
    return tuple(reversed(path))


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Say whether ``path`` proves that the leaf with hash ``leaf`` stands at ``index`` of the tree (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    found = leaf
    sides = _sides(index, size - 1)
    if len(sides) != len(path):
        return False
    for left, sibling in zip(sides, path, strict=True):
        found = node_hash(sibling, found) if left else node_hash(found, sibling)
    return found == root


def consistent(first: int, second: int, first_root: bytes, second_root: bytes, path: Sequence[bytes]) -> bool:
    """Say whether ``path`` proves that the second tree only appended to the first (RFC 9162, 2.1.4.2).

    The empty tree is a prefix of every tree, by the empty proof.
    """
    if not 0 <= first <= second:
        return False
    if first == second:
        return not path and first_root == second_root and (first > 0 or first_root == EMPTY)
    if first == 0:
        return not path and first_root == EMPTY
    steps = [first_root, *path] if first & (first - 1) == 0 else list(path)
    whole = (first & -first).bit_length() - 1  # levels below the largest complete subtree that ends at first
    sides = _sides((first - 1) >> whole, (second - 1) >> whole)
    if len(sides) + 1 != len(steps):
        return False
    before = after = steps[0]
    for left, step in zip(sides, steps[1:], strict=True):
        if left:
            before = node_hash(step, before)
            after = node_hash(step, after)
        else:
            after = node_hash(after, step)
    return before == first_root and after == second_root


def _sides(position: int, last: int) -> list[bool]:
    """Return for each step from node ``position`` up to the root whether the sibling stands on the left.

    ``last`` is the last node of that row. A node without sibling is carried up: it costs no step.
    """
    sides: list[bool] = []
    while last:
        if position % 2 or position < last:
            sides.append(position % 2 == 1)
        position >>= 1
        last >>= 1
    return sides
