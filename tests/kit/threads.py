"""Work that begins at the same moment on several threads."""

import threading
from collections.abc import Callable, Iterable


def at_once(works: Iterable[Callable[[], object]]) -> list[BaseException]:
    """Run each on a thread of its own, all from one gate; what they raised."""
    todo = list(works)
    gate, raised = threading.Barrier(len(todo)), list[BaseException]()

    def run(work: Callable[[], object]) -> None:
        gate.wait()
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - handed to the test
            raised.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in todo]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised
