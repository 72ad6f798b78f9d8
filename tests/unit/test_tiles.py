"""A log as tiles: who reads them by the rules of C2SP's tlog-tiles alone comes to the same entries
and the same root, at every size."""

import pytest

from common import merkle
from common.tiles import WIDTH, path_of, tiles


@pytest.mark.parametrize(
    ("number", "path"),
    [
        (0, "000"),
        (7, "007"),
        (999, "999"),
        (1_000, "x001/000"),
        (1_234_067, "x001/x234/067"),
        (70_000_000, "x070/x000/000"),
    ],
)
def test_a_number_is_written_in_groups_of_three_digits(number: int, path: str) -> None:
    assert path_of("0", number) == f"tile/0/{path}"
    assert path_of("entries", number, 3) == f"tile/entries/{path}.p/3"


def read_entries(files: dict[str, bytes], size: int) -> list[bytes]:
    """By the rules of the format, knowing nothing of ours but the size."""
    found = []
    for number in range((size + WIDTH - 1) // WIDTH):
        content = files[path_of("entries", number, min(WIDTH, size - WIDTH * number))]
        while content:
            length = int.from_bytes(content[:2])
            found.append(content[2 : 2 + length])
            content = content[2 + length :]
    return found


def hashes_of(files: dict[str, bytes], size: int, level: int) -> list[bytes]:
    count, found = size // WIDTH**level, b""
    for number in range((count + WIDTH - 1) // WIDTH):
        content = files[path_of(str(level), number, min(WIDTH, count - WIDTH * number))]
        assert len(content) == 32 * min(WIDTH, count - WIDTH * number)
        found += content
    return [found[place : place + 32] for place in range(0, len(found), 32)]


@pytest.mark.parametrize(
    "size", [1, 2, 255, 256, 257, 511, 512, 700, 65_535, 65_536, 65_537, 66_000]
)
def test_who_reads_the_files_comes_to_the_same_tree(size: int) -> None:
    entries = [b"%d" % n * (n % 5) for n in range(size)]
    files = dict(tiles(entries))
    assert read_entries(files, size) == entries
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    assert hashes_of(files, size, 0) == leaves
    for level in (1, 2):
        above = hashes_of(files, size, level)
        below = hashes_of(files, size, level - 1)
        assert above == [
            merkle.root_of(below[WIDTH * n : WIDTH * (n + 1)]) for n in range(len(above))
        ]
    expected = {
        path_of("entries", n, min(WIDTH, size - WIDTH * n))
        for n in range((size + WIDTH - 1) // WIDTH)
    }
    for level in range(3):
        count = size // WIDTH**level
        expected |= {
            path_of(str(level), n, min(WIDTH, count - WIDTH * n))
            for n in range((count + WIDTH - 1) // WIDTH)
        }
    assert files.keys() == expected, "these and no other"


def test_nothing_has_no_files_and_an_entry_that_does_not_fit_is_none() -> None:
    assert list(tiles([])) == []
    with pytest.raises(ValueError, match="65536"):
        list(tiles([bytes(65_536)]))
