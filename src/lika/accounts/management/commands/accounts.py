"""`lika accounts`: officials, their posts and accounts from the command line, by the same actions as the page."""

import datetime as dt
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts import actions, keeping
from lika.accounts.choices import Role, Sector
from lika.accounts.models import Official, Post
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.arguments import day
from lika.core.errors import NotFound
from lika.core.permissions import Permission


class Command(BaseCommand):
    help = _("Keep officials, their posts and their accounts.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        add = commands.add_parser("add", help=_("add an official with an account and a post"))
        add.add_argument("username", help=_("the name to sign in with"))
        add.add_argument("--name", required=True, help=_("the official's name"))
        add.add_argument("--organisation", default="", help=_("where the official works"))
        _post_arguments(add)
        commands.add_parser("list", help=_("list the officials, their accounts and posts"))
        post = commands.add_parser("post", help=_("give an official another post"))
        _who(post)
        _post_arguments(post)
        end = commands.add_parser("end-post", help=_("end a post"))
        _who(end)
        end.add_argument("--role", required=True, choices=list(map(str, Role)), help=_("role of the post"))
        end.add_argument("--division", required=True, help=_("12-digit code of the post's division"))
        end.add_argument("--last-day", type=day, help=_("its last day (default: today)"))
        _who(commands.add_parser("reset-password", help=_("give a new one-time password")))
        _who(commands.add_parser("lock", help=_("lock an account")))
        _who(commands.add_parser("unlock", help=_("unlock an account")))

    def handle(self, *args: Any, **options: Any) -> None:
        by = SystemActor("command-line", [Permission.ACCOUNTS_MANAGE], area=EVERYWHERE)
        commands: Mapping[str, Callable[[SystemActor, Mapping[str, Any]], None]] = {
            "add": self._add,
            "list": self._list,
            "post": self._post,
            "end-post": self._end_post,
            "reset-password": self._reset,
            "lock": self._lock,
            "unlock": self._unlock,
        }
        commands[options["command"]](by, options)

    def _add(self, by: SystemActor, options: Mapping[str, Any]) -> None:
        appointed = actions.appoint(
            by=by,
            name=options["name"],
            organisation=options["organisation"],
            username=options["username"],
            **_post_of(options),
        )
        self.stdout.write(_("Added: %(username)s") % {"username": options["username"]})
        self._show(appointed.password)

    def _list(self, by: SystemActor, _options: Mapping[str, Any]) -> None:
        page, pages = 1, 1
        while page <= pages:
            found = keeping.list_officials(by=by, wanted=keeping.OfficialFilter(sort="username"), page=page)
            for line in found.rows:
                posts = "; ".join(f"{post.role.label} {post.place}" for post in line.posts if post.is_open)
                self.stdout.write("\t".join((line.username or "-", str(line.state.label), line.name, posts)))
            page, pages = page + 1, found.pages

    def _post(self, by: SystemActor, options: Mapping[str, Any]) -> None:
        actions.give_post(by=by, official=_official(options["username"]), **_post_of(options))
        self.stdout.write(_("The post is given."))

    def _end_post(self, by: SystemActor, options: Mapping[str, Any]) -> None:
        today = timezone.localdate()
        held = Post.objects.filter(
            official=_official(options["username"]), role=options["role"], division_id=options["division"]
        )
        post = next((each for each in held if each.valid_to is None or each.valid_to >= today), None)
        if post is None:
            raise NotFound(
                "ACC-020", _("The official holds no such post."), remedy=_("`lika accounts list` shows them.")
            )
        actions.end_post(by=by, post=post, last_day=options["last_day"] or today)
        self.stdout.write(_("The post is ended."))

    def _reset(self, by: SystemActor, options: Mapping[str, Any]) -> None:
        self._show(actions.reset_password(by=by, official=_official(options["username"])))

    def _lock(self, by: SystemActor, options: Mapping[str, Any]) -> None:
        actions.lock_account(by=by, official=_official(options["username"]))
        self.stdout.write(_("Locked: %(username)s") % {"username": options["username"]})

    def _unlock(self, by: SystemActor, options: Mapping[str, Any]) -> None:
        actions.unlock_account(by=by, official=_official(options["username"]))
        self.stdout.write(_("Unlocked: %(username)s") % {"username": options["username"]})

    def _show(self, given: actions.OneTimePassword | None) -> None:
        """Once, here, and never again: the database keeps only its hash."""
        if given is None:
            return
        self.stdout.write(_("One-time password: %(password)s") % {"password": given.password})
        until = timezone.localtime(given.expires_at)
        self.stdout.write(
            _("It is shown this once, must be changed at the first sign-in, and expires at %(at)s.")
            % {"at": f"{until:%Y-%m-%d %H:%M}"}
        )


def _who(parser: ArgumentParser) -> None:
    parser.add_argument("username", help=_("the name to sign in with"))


def _post_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--role", required=True, choices=list(map(str, Role)), help=_("role of the post"))
    parser.add_argument("--division", required=True, help=_("12-digit code of the post's division"))
    parser.add_argument("--sector", default="", choices=list(map(str, Sector)), help=_("line of work"))
    parser.add_argument("--title", default="", help=_("the official name of the post"))
    parser.add_argument("--from", dest="valid_from", type=day, help=_("its first day (default: today)"))
    parser.add_argument("--to", dest="valid_to", type=day, help=_("its last day (default: open)"))


def _post_of(options: Mapping[str, Any]) -> dict[str, Any]:
    first: dt.date = options["valid_from"] or timezone.localdate()
    return {
        "role": Role(options["role"]),
        "division": options["division"],
        "sector": options["sector"],
        "title": options["title"],
        "valid_from": first,
        "valid_to": options["valid_to"],
    }


def _official(username: str) -> Official:
    found = Official.objects.filter(user__username=username).first()
    if found is None:
        raise NotFound(
            "ACC-021", _("There is no official with this user name."), remedy=_("`lika accounts list` shows them.")
        )
    return found
