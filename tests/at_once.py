"""Several acts at the same moment, each on a connection of its own."""

from collections.abc import Callable
from threading import Thread

from django.db import connection

from lika.core.errors import UserError


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What each of several acts came to, each on a connection of its own: "done" or the code of its refusal."""
    told: list[str] = []

    def one(act: Callable[[], object]) -> None:
        try:
            act()
            told.append("done")
        except UserError as error:
            told.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=one, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)
