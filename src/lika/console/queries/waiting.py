"""What waits for somebody wherever they look: posts that end, changes to check, accounts, an unsealed audit log."""

import datetime as dt
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lika.accounts import keeping
from lika.accounts.choices import AccountState, Role
from lika.accounts.queries import UserActor
from lika.assistance.queries import proposals
from lika.collection.exporting import queries as exports
from lika.collection.rounds import queries as collecting
from lika.collection.rounds.models import Submission
from lika.console.names import place_name
from lika.console.queries.waiting_casework import of_casework
from lika.core import sealing
from lika.core.language import chosen
from lika.core.permissions import Permission
from lika.engine.amounts import date_words
from lika.governance.queries import duties, requests, surveys
from lika.monitoring.choices import LeadState
from lika.monitoring.queries.faults import waiting_faults
from lika.monitoring.queries.leads import waiting_leads
from lika.register import queries as register
from lika.reports.waiting import Task, given_tasks

# From here the end of a post is told to its holder; how long it takes to arrange the next is the office's matter.
POST_ENDS_SOON = dt.timedelta(days=30)


def of_the_office(by: UserActor) -> list[Task]:
    """The tasks, those with a day first. At most thirty-six queries."""
    return [
        *_ending_posts(by),
        *_requests(by),
        *_surveys(by),
        *_pairings(by),
        *_vacant_duties(by),
        *_rounds(by),
        *_county_years(by),
        *of_casework(by),
        *given_tasks(by),
        *_changes(by),
        *_faults(by),
        *_leads(by),
        *_unsealed(by),
        *_expired_passwords(by),
        *_exports(by),
    ]


def _rounds(by: UserActor) -> Iterator[Task]:
    """Of the yearly collection: a village fills by a day, a township audits, the county locks."""
    if not by.has(Permission.ROUND_VIEW):
        return
    found = collecting.waiting_rounds(by, fills=any(post.role == Role.VILLAGE for post in by.posts))
    if found.fill and found.due is not None:
        many = ngettext(
            "%(n)s household to fill for %(year)s", "%(n)s households to fill for %(year)s", found.households
        )
        title = many % {"n": found.households, "year": found.fill[0].round.data_year}
        late = found.due < timezone.localdate()
        told = _("They were due on %(day)s.") if late else _("The village hands in by %(day)s.")
        words = told % {"day": chosen(*date_words(found.due))}
        yield Task("calendar-due", title, words, _("Fill"), reverse("rounds:village", args=[found.fill[0].pk]))
    if found.audit:
        count = len(found.audit)
        title = ngettext("%(n)s village waits for your audit", "%(n)s villages wait for your audit", count)
        told = _("Look through what differs from last year; pass it, or return it with remarks.")
        yield Task("checklist", title % {"n": count}, told, _("Look through"), _where(found.audit))
    if found.stand_in:
        count = len(found.stand_in)
        title = ngettext(
            "%(n)s village handed in where nobody audits for the township",
            "%(n)s villages handed in where nobody audits for the township",
            count,
        )
        told = _("Appoint somebody there, or pass it in the township's place, with a reason.")
        yield Task("checklist", title % {"n": count}, told, _("Open"), _where(found.stand_in))
    if found.lock:
        count = len(found.lock)
        title = ngettext(
            "%(n)s village is passed and waits to be locked", "%(n)s villages are passed and wait to be locked", count
        )
        told = _("With the last village locked the year becomes the figures of the area.")
        yield Task("lock", title % {"n": count}, told, _("Open"), _where(found.lock))


def _county_years(by: UserActor) -> Iterator[Task]:
    """The figures of the county itself: of a year that is being collected, and drafts of a colleague."""
    found = register.county_years_waiting(by=by)
    for county, year in found.enter:
        told = _("The villages' figures are being collected; those of the county are entered by the county.")
        url = reverse("console:county-year", args=[f"{county:012d}", year])
        yield Task(
            "calendar-due", _("Figures of the county for %(year)s to enter") % {"year": year}, told, _("Fill"), url
        )
    for county, year in found.confirm:
        told = _("A colleague entered them; look through them and confirm them.")
        url = reverse("console:area-years", args=[f"{county:012d}"])
        yield Task(
            "checklist", _("Figures of the county for %(year)s to confirm") % {"year": year}, told, _("Open"), url
        )


def _where(waiting: Sequence[Submission]) -> str:
    """The page of the one village, or that of the round."""
    if len(waiting) == 1:
        return reverse("rounds:village", args=[waiting[0].pk])
    return reverse("rounds:progress", args=[waiting[0].round_id])


def _changes(by: UserActor) -> Iterator[Task]:
    if not by.has(Permission.REGISTER_CHANGE):
        return
    yield from _income(by)
    checks, handovers = register.count_waiting(by=by)
    if checks:
        title = ngettext("%(n)s change of the register to check", "%(n)s changes of the register to check", checks)
        told = _("Somebody else recorded them; nothing holds until you agree.")
        yield Task("clipboard-check", title % {"n": checks}, told, _("Open"), reverse("console:changes"))
    if lacking := register.count_lacking_evidence(by=by):
        title = ngettext("%(n)s change of yours lacks its evidence", "%(n)s changes of yours lack evidence", lacking)
        told = _("Nobody can check it before a photograph or paper is there.")
        yield Task("camera", title % {"n": lacking}, told, _("Open"), reverse("console:changes"))
    if handovers:
        title = ngettext("%(n)s household moves to your village", "%(n)s households move to your villages", handovers)
        told = _("Until you accept, it belongs to the village it comes from.")
        yield Task("home", title % {"n": handovers}, told, _("Open"), reverse("console:changes"))


def _faults(by: UserActor) -> Iterator[Task]:
    """What of the data somebody gave the reader to mend; what is late first of all."""
    found = waiting_faults(by)
    if not found.count:
        return
    title = ngettext("%(n)s fault of data assigned to you", "%(n)s faults of data assigned to you", found.count)
    told = _("Mend the record, then have it rechecked.")
    if found.late:
        many = ngettext("%(n)s of them is late.", "%(n)s of them are late.", found.late)
        told = f"{many % {'n': found.late}}{chosen('', ' ')}{told}"
    elif found.due is not None:
        told = _("The first by %(day)s. Mend the record, then have it rechecked.") % {
            "day": chosen(*date_words(found.due))
        }
    url = f"{reverse('monitoring:faults')}?{urlencode({'mine': '1'})}"
    yield Task("list-check", title % {"n": f"{found.count:,}"}, told, _("Open"), url)


def _leads(by: UserActor) -> Iterator[Task]:
    found = waiting_leads(by)
    page = reverse("monitoring:leads")
    if found.decide:
        title = ngettext(
            "%(n)s lead to duplicates or evasion to look into",
            "%(n)s leads to duplicates or evasion to look into",
            found.decide,
        )
        told = _("Look into it on the spot, then confirm it, clear it or refer it upward.")
        yield Task(
            "users",
            title % {"n": f"{found.decide:,}"},
            told,
            _("Open"),
            f"{page}?{urlencode({'state': LeadState.OPEN})}",
        )
    if found.referred:
        title = ngettext("%(n)s lead was referred to you", "%(n)s leads were referred to you", found.referred)
        told = _("Whoever referred it does not decide on it: look at the reason, then decide.")
        url = f"{page}?{urlencode({'state': LeadState.REFERRED})}"
        yield Task("users", title % {"n": f"{found.referred:,}"}, told, _("Open"), url)
    if found.check:
        title = ngettext(
            "%(n)s lead that a colleague would clear", "%(n)s leads that colleagues would clear", found.check
        )
        told = _("Nothing is cleared until a second person agrees.")
        url = f"{page}?{urlencode({'state': LeadState.CLEARING})}"
        yield Task("checks", title % {"n": f"{found.check:,}"}, told, _("Open"), url)


def _income(by: UserActor) -> Iterator[Task]:
    if not by.has(Permission.REGISTER_CONFIRM):
        return
    count, oldest = register.entries_to_confirm(by=by)
    if oldest is not None:
        title = ngettext("%(n)s entry of income to confirm", "%(n)s entries of income to confirm", count) % {"n": count}
        told = _("Somebody else entered them; they count once you agree.")
        yield Task("coin", title, told, _("Open"), reverse("console:household-income", args=oldest))


def _ending_posts(by: UserActor) -> Iterator[Task]:
    last = timezone.localdate() + POST_ENDS_SOON
    ending = [post for post in by.posts if post.valid_to is not None and post.valid_to <= last]
    for post in sorted(ending, key=lambda post: post.valid_to or last):
        if post.valid_to is None:
            continue
        yield Task(
            "calendar-due",
            _("Your post at %(place)s ends on %(day)s")
            % {"place": place_name(post.division.name), "day": chosen(*date_words(post.valid_to))},
            _("Ask your administrator whether it goes on."),
        )


def _requests(by: UserActor) -> Iterator[Task]:
    """At the service window: what is assigned to the reader, to be assigned, to be closed."""
    found = requests.waiting(by)
    here = reverse("governance:requests")
    late = _("Late: %(n)s.") % {"n": found.late} if found.late else _("None is late.")
    if found.own:
        title = ngettext("%(n)s resident waits for your answer", "%(n)s residents wait for your answer", found.own)
        yield Task("inbox", title % {"n": found.own}, late, _("Open"), f"{here}?{urlencode({'mine': 1})}")
    if found.to_assign:
        title = ngettext("%(n)s request to assign", "%(n)s requests to assign", found.to_assign)
        yield Task("inbox", title % {"n": found.to_assign}, late, _("Open"), f"{here}?state=registered")
    if found.to_close:
        title = ngettext("%(n)s reply to tell the applicant", "%(n)s replies to tell the applicants", found.to_close)
        told = _("When they know it, close the request.")
        yield Task("inbox", title % {"n": found.to_close}, told, _("Open"), f"{here}?state=replied")


def _surveys(by: UserActor) -> Iterator[Task]:
    """The own list of a survey, with what is still to be visited or signed."""
    found = surveys.waiting(by)
    if found.task is None:
        return
    here = reverse("governance:survey-task", args=[found.task])
    if found.households:
        title = ngettext("%(n)s household to survey", "%(n)s households to survey", found.households)
        told = _("Mark each visit, also on the telephone; the list can be printed.")
        yield Task("clipboard-check", title % {"n": found.households}, told, _("Open"), here)
    else:
        title = ngettext("%(n)s survey list to sign", "%(n)s survey lists to sign", found.to_sign)
        told = _("All households are visited.")
        yield Task("signature", title % {"n": found.to_sign}, told, _("Open"), here)


def _pairings(by: UserActor) -> Iterator[Task]:
    """Proposals of pairings that the township passes and the county agrees to."""
    found = proposals.waiting(by)
    here = reverse("assistance:proposals")
    if found.to_pass:
        title = ngettext("%(n)s proposal of pairings to pass", "%(n)s proposals of pairings to pass", found.to_pass)
        yield Task("user-check", title % {"n": found.to_pass}, _("A village asks for other helpers."), _("Open"), here)
    if found.to_agree:
        title = ngettext(
            "%(n)s proposal of pairings to agree to", "%(n)s proposals of pairings to agree to", found.to_agree
        )
        told = _("Pairings change when the county headquarters agrees, not before.")
        yield Task("user-check", title % {"n": found.to_agree}, told, _("Open"), here)


def _vacant_duties(by: UserActor) -> Iterator[Task]:
    year = timezone.localdate().year
    vacant = duties.vacancies(by, year)
    if vacant:
        yield Task(
            "users",
            ngettext("%(n)s duty of %(year)s has no holder", "%(n)s duties of %(year)s have no holder", vacant)
            % {"n": f"{vacant:,}", "year": year},
            _("Each township and village names who is answerable, every year."),
            _("Open"),
            f"{reverse('governance:duties')}?{urlencode({'vacant': 1})}",
        )


def _unsealed(by: UserActor) -> Iterator[Task]:
    if not by.has(Permission.AUDIT_VIEW):
        return
    tail = sealing.tail(by=by)
    if tail.overdue_since is None:
        return
    since = timezone.localtime(tail.overdue_since)
    yield Task(
        "shield",
        ngettext("%(n)s audit row is not sealed", "%(n)s audit rows are not sealed", tail.unsealed)
        % {"n": f"{tail.unsealed:,}"},
        _("The oldest waits since %(day)s %(time)s. Ask the operator whether the sealer runs.")
        % {"day": chosen(*date_words(since.date())), "time": f"{since:%H:%M}"},
    )


def _expired_passwords(by: UserActor) -> Iterator[Task]:
    if not by.has(Permission.ACCOUNTS_MANAGE):
        return
    expired = keeping.count_officials(by=by, wanted=keeping.OfficialFilter(state=AccountState.EXPIRED))
    if expired:
        yield Task(
            "key",
            ngettext("%(n)s one-time password expired unused", "%(n)s one-time passwords expired unused", expired)
            % {"n": expired},
            _("Give a new one to whoever still needs the account; lock the others."),
            _("Open"),
            f"{reverse('console:officials')}?{urlencode({'state': AccountState.EXPIRED})}",
        )


def _exports(by: UserActor) -> Iterator[Task]:
    waiting = exports.waiting_for(by)
    if waiting:
        yield Task(
            "download",
            ngettext(
                "%(n)s export with personal data waits for your word",
                "%(n)s exports with personal data wait for your word",
                waiting,
            )
            % {"n": waiting},
            _("Whoever asked cannot agree: look at the purpose, then agree or refuse."),
            _("Open"),
            reverse("collection:exports"),
        )
