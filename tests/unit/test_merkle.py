"""The tree of RFC 6962: known answers, and every proof of every small tree, right and altered."""

import hashlib

import pytest

from common import merkle
from common.merkle import Edge
from tests.kit.chance import dice

#: Entries and roots that implementations of RFC 6962 agree on (certificate-transparency's test of
#: its tree).
ENTRIES = (
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
LEAVES = [merkle.leaf_hash(bytes([n % 256, n // 256])) for n in range(70)]


def test_known_answers() -> None:
    assert merkle.root_of([]) == hashlib.sha256().digest()
    leaves = [merkle.leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES]
    assert [merkle.root_of(leaves[: n + 1]).hex() for n in range(len(leaves))] == list(ROOTS)


def test_a_tree_grows_from_its_edge_as_from_its_entries() -> None:
    edge = Edge()
    for size, leaf in enumerate(LEAVES):
        again = Edge(size, bytes(edge))
        assert again.root == edge.root == merkle.root_of(LEAVES[:size])
        edge.add(leaf)
        again.add(leaf)
        assert bytes(again) == bytes(edge)
        assert len(bytes(edge)) == 32 * (size + 1).bit_count()


@pytest.mark.parametrize(
    ("size", "roots"), [(1, b""), (0, bytes(32)), (3, bytes(32)), (-1, bytes(32)), (2, bytes(31))]
)
def test_an_edge_of_another_size_is_refused(size: int, roots: bytes) -> None:
    with pytest.raises(ValueError, match="not the edge"):
        Edge(size, roots)


def test_every_entry_is_proven_and_nothing_else_is() -> None:
    for size in range(1, 40):
        leaves = LEAVES[:size]
        root = merkle.root_of(leaves)
        for index, leaf in enumerate(leaves):
            proof = merkle.inclusion(leaves, index)
            assert len(proof) <= (size - 1).bit_length()
            assert merkle.is_included(leaf, index, size, proof, root)
            assert not merkle.is_included(LEAVES[-1], index, size, proof, root)
            assert not merkle.is_included(leaf, index, size, [*proof, leaf], root)
            assert not merkle.is_included(
                leaf, index, size, proof, leaf if size > 1 else LEAVES[-1]
            )
            for other in {index - 1, index + 1, size, -1} - {index}:
                assert not merkle.is_included(leaf, other, size, proof, root)
            if proof:
                assert not merkle.is_included(leaf, index, size, proof[:-1], root)
                assert not merkle.is_included(leaf, index, size, [LEAVES[-1], *proof[1:]], root)


def test_every_beginning_is_proven_and_nothing_else_is() -> None:
    for size in range(1, 40):
        leaves = LEAVES[:size]
        root = merkle.root_of(leaves)
        for old in range(1, size + 1):
            before, proof = merkle.root_of(leaves[:old]), merkle.consistency(leaves, old)
            assert merkle.is_consistent(old, before, size, root, proof)
            assert not merkle.is_consistent(old, LEAVES[-1], size, root, proof)
            assert not merkle.is_consistent(old, before, size, LEAVES[-1], proof)
            assert not merkle.is_consistent(old, before, size, root, [*proof, root])
            if proof:
                assert not merkle.is_consistent(old, before, size, root, proof[:-1])
                assert not merkle.is_consistent(old, before, size, root, [*proof[:-1], LEAVES[-1]])
        assert not merkle.is_consistent(0, merkle.EMPTY, size, root, [])


def test_what_is_not_in_a_tree_has_no_proof() -> None:
    for index in (-1, 5):
        with pytest.raises(IndexError):
            merkle.inclusion(LEAVES[:5], index)
    for old in (0, 6):
        with pytest.raises(ValueError, match=str(old)):
            merkle.consistency(LEAVES[:5], old)


def test_a_large_tree_at_random() -> None:
    chance = dice("merkle")
    leaves = [merkle.leaf_hash(n.to_bytes(4, "big")) for n in range(3_000)]
    for _time in range(20):
        size = chance.randrange(2, len(leaves))
        index, old = chance.randrange(size), chance.randrange(1, size)
        root = merkle.root_of(leaves[:size])
        assert merkle.is_included(
            leaves[index], index, size, merkle.inclusion(leaves[:size], index), root
        )
        assert merkle.is_consistent(
            old, merkle.root_of(leaves[:old]), size, root, merkle.consistency(leaves[:size], old)
        )
