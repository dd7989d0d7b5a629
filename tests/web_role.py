"""Acting as the role that serves pages.

Tests make their rows as the owner, in a transaction that no other connection sees. So a page is asked over the same
connection with the role set: PostgreSQL holds rights and policies to the role that is current.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test.utils import CaptureQueriesContext
from psycopg import sql


@contextmanager
def web_role() -> Iterator[None]:
    """Inside, the connection has the rights of the web role and no more; a page that asks nothing needs no database."""
    role = _Role()
    if connection.connection is not None:
        role.take()
    with connection.execute_wrapper(role):
        try:
            yield
        finally:
            role.leave()


class _Role:
    """Taken at once, or before the first statement of a connection yet to be made; not counted among the queries."""

    def __init__(self) -> None:
        self._is_set = False

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        if not self._is_set:
            self.take()
        return execute(*statement)

    def take(self) -> None:
        role = sql.Identifier(settings.WEB_DATABASE.user)
        connection.connection.execute(sql.SQL("SET ROLE {}").format(role))
        self._is_set = True

    def leave(self) -> None:
        if self._is_set:
            connection.connection.execute("RESET ROLE")


def as_the_web_role(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The outermost middleware of the test run."""

    def answer(request: HttpRequest) -> HttpResponse:
        with web_role():
            return get_response(request)

    return answer


def statements(captured: CaptureQueriesContext) -> list[str]:
    """The statements that asked the database something, the bounds told among them; not where transactions begin."""
    return [query["sql"] for query in captured.captured_queries if query["sql"] not in ("BEGIN", "COMMIT")]
