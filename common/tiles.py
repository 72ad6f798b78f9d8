"""A log as files that anybody may serve and check: C2SP's tlog-tiles, of height 8; pure.

`tile/<L>/<N>` holds up to 256 hashes: of level 0 the leaves, of level L the roots of complete
subtrees of 256**L leaves. `tile/entries/<N>` holds the entries themselves, each behind its length.
What is not full yet says how many it holds (`.p/<W>`), and is replaced by what is.
"""

from collections.abc import Iterable, Iterator

from common.merkle import leaf_hash, root_of

WIDTH = 256
MOST = 0xFFFF  # bytes of an entry


def path_of(level: str, number: int, width: int = WIDTH) -> str:
    """`level`: a number, or "entries". 1234067 is x001/x234/067."""
    groups = [f"{number % 1_000:03}"]
    while number := number // 1_000:
        groups.insert(0, f"x{number % 1_000:03}")
    return f"tile/{level}/{'/'.join(groups)}" + (f".p/{width}" if width < WIDTH else "")


def tiles(entries: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    """Path and content of each file, full ones as soon as they are, then what is not full.
    ValueError: an entry is too long."""
    bundle: list[bytes] = []
    levels: list[list[bytes]] = [[]]
    done: list[int] = [0]
    for entry in entries:
        if len(entry) > MOST:
            raise ValueError(len(entry))
        bundle.append(len(entry).to_bytes(2) + entry)
        levels[0].append(leaf_hash(entry))
        if len(bundle) == WIDTH:
            yield path_of("entries", done[0]), b"".join(bundle)
            bundle = []
        level = 0
        while len(levels[level]) == WIDTH:
            yield path_of(str(level), done[level]), b"".join(levels[level])
            if level + 1 == len(levels):
                levels.append([])
                done.append(0)
            levels[level + 1].append(root_of(levels[level]))
            levels[level] = []
            done[level] += 1
            level += 1
    if bundle:
        yield path_of("entries", done[0], len(bundle)), b"".join(bundle)
    for level, hashes in enumerate(levels):
        if hashes:
            yield path_of(str(level), done[level], len(hashes)), b"".join(hashes)
