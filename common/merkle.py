"""The Merkle tree of RFC 6962 and 9162: roots, proofs that an entry is in it, proofs that one tree
is the beginning of another; pure.

Hashes are SHA-256, 32 bytes. An entry is hashed by `leaf_hash` before it comes here.
"""

import hashlib
from collections.abc import Sequence

EMPTY = hashlib.sha256().digest()
LENGTH = 32


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\0" + entry).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


class Edge:
    """What is needed of a tree to let it grow: the roots of its complete subtrees, the largest
    first; at most one a power of two."""

    def __init__(self, size: int = 0, roots: bytes = b"") -> None:
        """`roots` as `bytes(edge)` gave them. ValueError: they are not those of a tree of this
        size."""
        if size < 0 or len(roots) != LENGTH * size.bit_count():
            raise ValueError("not the edge of a tree of this size")
        self.size = size
        self._roots = [roots[place : place + LENGTH] for place in range(0, len(roots), LENGTH)]

    def __bytes__(self) -> bytes:
        return b"".join(self._roots)

    def add(self, leaf: bytes) -> None:
        """One more entry: it closes as many subtrees as the size so far ends in ones."""
        root, left = leaf, self.size
        while left & 1:
            root, left = _node(self._roots.pop(), root), left >> 1
        self._roots.append(root)
        self.size += 1

    @property
    def root(self) -> bytes:
        if not self._roots:
            return EMPTY
        root = self._roots[-1]
        for left in self._roots[-2::-1]:
            root = _node(left, root)
        return root


def root_of(leaves: Sequence[bytes]) -> bytes:
    edge = Edge()
    for leaf in leaves:
        edge.add(leaf)
    return edge.root


def _split(size: int) -> int:
    """The largest power of two below a size of two or more (RFC 9162, 2.1.1)."""
    return 1 << (size - 1).bit_length() - 1


def inclusion(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """That leaf `index` is in the tree of these leaves (RFC 9162, 2.1.3.1). IndexError: it is
    not."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    proof, begin, end = [], 0, len(leaves)
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            proof.append(root_of(leaves[middle:end]))
            end = middle
        else:
            proof.append(root_of(leaves[begin:middle]))
            begin = middle
    return proof[::-1]


def consistency(leaves: Sequence[bytes], old: int) -> list[bytes]:
    """That the tree of the first `old` leaves is the beginning of this one (RFC 9162, 2.1.4.1).
    ValueError: it has none of this size."""
    if not 0 < old <= len(leaves):
        raise ValueError(old)
    proof, begin, end = [], 0, len(leaves)
    while end != old:
        middle = begin + _split(end - begin)
        if old <= middle:
            proof.append(root_of(leaves[middle:end]))
            end = middle
        else:
            proof.append(root_of(leaves[begin:middle]))
            begin = middle
    if begin:
        proof.append(root_of(leaves[begin:end]))
    return proof[::-1]


def consistency_from(edge: Edge, news: Sequence[bytes]) -> list[bytes]:
    """The same, of the tree that grew by `news` from one of which only the edge is known.
    ValueError: that was empty."""
    old, size = edge.size, edge.size + len(news)
    if not old:
        raise ValueError(old)
    kept, begin = {}, 0
    for place, bit in enumerate(
        bit for bit in range(old.bit_length() - 1, -1, -1) if old >> bit & 1
    ):
        kept[begin, begin + (1 << bit)] = bytes(edge)[place * LENGTH : (place + 1) * LENGTH]
        begin += 1 << bit
    proof, begin, end = [], 0, size
    while end != old:
        middle = begin + _split(end - begin)
        if old <= middle:
            proof.append(root_of(news[middle - old : end - old]))
            end = middle
        else:
            proof.append(kept[begin, middle])
            begin = middle
    if begin:
        proof.append(kept[begin, end])
    return proof[::-1]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2."""
    if not 0 <= index < size:
        return False
    place, last, value = index, size - 1, leaf
    for other in proof:
        if not last:
            return False
        if place & 1 or place == last:
            value = _node(other, value)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            value = _node(value, other)
        place, last = place >> 1, last >> 1
    return not last and value == root


def is_consistent(
    old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> bool:
    """RFC 9162, 2.1.4.2. Of an empty tree nothing can be said: it is refused."""
    if 0 < old == size:
        return not proof and old_root == root
    if not 0 < old < size or not proof:
        return False
    path = [*proof] if old & (old - 1) else [old_root, *proof]
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = now = path[0]
    for other in path[1:]:
        if not last:
            return False
        if place & 1 or place == last:
            before, now = _node(other, before), _node(other, now)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            now = _node(now, other)
        place, last = place >> 1, last >> 1
    return not last and before == old_root and now == root
