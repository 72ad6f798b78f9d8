"""Microseconds of one completion and its delta, and of loading, after 11, 50, 200 and 600 user
tasks: python -m bench.step"""

import statistics
import time

from tests.kit.clock import NOW
from tests.kit.play import Play, looping, release


def main() -> None:
    built = release(looping())
    play = Play(built)
    spent: list[tuple[float, float, int]] = []
    for number in range(608):
        task = play.find("A" if number % 2 == 0 else "B")
        begin = time.perf_counter()
        play.live.complete(task, {"n": number, "ruta": "sala"}, NOW)
        done = time.perf_counter()
        delta = play.live.delta()
        spent.append((done - begin, time.perf_counter() - done, len(delta)))
        play.live.steps()
        if number + 1 in (11, 50, 200, 600):
            last = spent[-8:]
            complete, write = (statistics.median(row[i] for row in last) * 1e6 for i in (0, 1))
            copy = built.load("P", play.live.snapshot(), [])
            begin = time.perf_counter()
            built.load("P", copy.snapshot(), [])
            load = (time.perf_counter() - begin) * 1e6
            print(
                f"{number + 1:4} tasks: complete {complete:4.0f} µs, delta {write:3.0f} µs, {last[-1][2]} bytes; load {load:6.0f} µs"
            )


if __name__ == "__main__":
    main()
