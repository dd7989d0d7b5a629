"""What waits for somebody on the home page, said by an app beside the console.

The console puts the home page together and names what waits in the apps below it. An app beside it, which it does not
import, gives its own when it is ready (`give`), as apps give their lists (`lika.reports.leaving`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lika.accounts.queries import UserActor


@dataclass(frozen=True)
class Task:
    """Something that waits for the user, and the way to do it."""

    icon: str
    title: str
    explanation: str
    verb: str = ""
    url: str = ""


Asked = Callable[[UserActor], Iterator[Task]]
_given: list[Asked] = []


def give(asked: Asked) -> None:
    """Let the home page ask for what waits for its reader: one query or few, whatever there is."""
    _given.append(asked)


def given_tasks(by: UserActor) -> list[Task]:
    """What waits for somebody in the apps beside the console."""
    return [task for asked in _given for task in asked(by)]
