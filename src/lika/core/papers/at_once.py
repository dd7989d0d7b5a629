"""Many papers, on all cores: Typst holds the interpreter while it sets one, so processes beside this one set them.

The processes begin anew (`spawn`) and touch neither database nor settings; they end with the one that began them,
however that ends.
"""

import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess

from lika.core.papers.printing import Prepared, set_as_pdf

# Each holds the faces in memory, some 100 MB: more of them than this would starve the rest of a machine.
MOST_PROCESSES = 4
_AHEAD = 4  # papers a process that wait to be set or to be fetched


class Setters:
    """Processes that set papers."""

    def __init__(self, pool: ProcessPoolExecutor, processes: int) -> None:
        self._pool = pool
        self._ahead = processes * _AHEAD

    def pdfs(self, papers: Iterable[Prepared]) -> Iterator[bytes]:
        """The PDF/A of each, in order. However many there are, some few are in memory."""
        waiting: deque[Future[bytes]] = deque()
        for each in papers:
            waiting.append(self._pool.submit(set_as_pdf, each))
            if len(waiting) > self._ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@contextmanager
def setters() -> Iterator[Setters]:
    """One process a core, gone when this is left."""
    processes = min(len(os.sched_getaffinity(0)), MOST_PROCESSES)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_end_with_parent) as pool:
        yield Setters(pool, processes)


def _end_with_parent() -> None:
    """A killed process tells nobody that it ends: without this its setters would wait for papers for ever."""
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
