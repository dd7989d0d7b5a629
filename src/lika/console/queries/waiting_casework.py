"""What waits for somebody in casework: numbers to split, batches, signatures, objections, notices, screenings."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lika.accounts.queries import UserActor
from lika.casework.queries import days as calendar
from lika.casework.queries import desk, quotas
from lika.casework.queries import listing as batches
from lika.casework.queries.desk import Part, Places
from lika.casework.queries.listing import Going
from lika.core.language import chosen
from lika.core.permissions import Permission
from lika.engine.amounts import date_words
from lika.policy.choices import StageKind
from lika.reports.waiting import Task


def of_casework(by: UserActor) -> list[Task]:
    """The tasks, as a case comes to them. At most sixteen queries; four where nothing is under way."""
    if not by.has(Permission.CASEWORK_VIEW):
        return []
    going = batches.going_on(by)
    return [
        *_calendar(by),
        *_quotas(by),
        *_batches(by, going),
        *_signatures(by, going),
        *_to_hang(by, going),
        *_over(by, going),
        *_objections(by, going),
        *_outdated(by, going),
    ]


def _calendar(by: UserActor) -> Iterator[Task]:
    """A year whose holidays are published and not yet confirmed here, for whoever keeps the calendar."""
    if not by.has(Permission.WORKDAYS_KEEP):
        return
    place = next(post.division for post in by.posts if by.area_for(Permission.WORKDAYS_KEEP).covers(post.division_id))
    year = calendar.year_to_confirm(place.code, timezone.localdate())
    if year is not None:
        yield Task(
            "calendar-due",
            _("The work days of %(year)s are to be confirmed") % {"year": year},
            _("Until then no period of working days that reaches into it ends."),
            _("Open"),
            f"{reverse('casework:workdays')}?{urlencode({'year': year})}",
        )


def _quotas(by: UserActor) -> Iterator[Task]:
    """Numbers of persons that the own office has to split among the divisions below."""
    found = quotas.waiting(by)
    if found:
        title = ngettext("%(n)s quota of persons to split", "%(n)s quotas of persons to split", len(found))
        due = found[0].campaign.due_on
        told = _("Propose the shares, change them where the meeting decided so, publish them downward.")
        if due is not None:
            told = _("Every village has its number by %(day)s.") % {"day": chosen(*date_words(due))}
        first = found[0]
        url = f"{reverse('casework:campaign', args=[first.campaign_id])}?{urlencode({'division': first.division_id})}"
        yield Task("scale", title % {"n": len(found)}, told, _("Split it"), url)


def _batches(by: UserActor, going: Going) -> Iterator[Task]:
    """Batches of cases at a stage where the reader's posts act; what is late is said."""
    found = batches.waiting(by, going)
    if found.batches:
        title = ngettext("%(n)s batch of cases waits for you", "%(n)s batches of cases wait for you", found.batches)
        late = _("Late: %(n)s.") % {"n": found.late} if found.late else _("None is late.")
        url = f"{reverse('casework:batches')}?{urlencode({'show': 'mine'})}"
        yield Task("folder", title % {"n": f"{found.batches:,}"}, late, _("Open"), url)


def _signatures(by: UserActor, going: Going) -> Iterator[Task]:
    """Slots in which it is the reader's turn to sign, on cases and on rosters."""
    found = desk.signatures_open(by, going)
    if found is None:
        return
    if found.batches.count:
        title = ngettext(
            "%(n)s batch waits for your signature", "%(n)s batches wait for your signature", found.batches.count
        )
        told = _("All who sign before you have signed; one signature holds for all cases of a batch.")
        url = _batch_or_list("casework:batch", found.batches, StageKind.SIGNATURES)
        yield Task("signature", title % {"n": f"{found.batches.count:,}"}, told, _("Open"), url)
    if found.rosters:
        many = found.rosters
        title = ngettext("%(n)s roster waits for your signature", "%(n)s rosters wait for your signature", many)
        told = _("One signature is given over all its cases.")
        url = reverse("casework:roster", args=[found.roster])
        yield Task("signature", title % {"n": f"{found.rosters:,}"}, told, _("Open"), url)


def _to_hang(by: UserActor, going: Going) -> Iterator[Task]:
    found = desk.notices_to_hang(by, going)
    if found.count:
        title = ngettext("%(n)s notice to post", "%(n)s notices to post", found.count) % {"n": f"{found.count:,}"}
        told = _("Its period begins when it hangs at every place and each posting is entered.")
        url = _batch_or_list("casework:notices", found, StageKind.PUBLIC_NOTICE)
        yield Task("speakerphone", title, told, _("Open"), url)


def _over(by: UserActor, going: Going) -> Iterator[Task]:
    found = desk.notices_over(by, going)
    if found.count:
        title = ngettext("The period of %(n)s notice is over", "The periods of %(n)s notices are over", found.count) % {
            "n": f"{found.count:,}"
        }
        told = _("Pass the batch on; who is stopped by an objection stays behind.")
        url = _batch_or_list("casework:notices", found, StageKind.PUBLIC_NOTICE)
        yield Task("hourglass", title, told, _("Open"), url)


def _objections(by: UserActor, going: Going) -> Iterator[Task]:
    """Objections by what the reader does next on them, with their first deadline."""
    found = desk.objections_waiting(by, going)
    if found is None:
        return
    page = reverse("casework:objections")
    when = _when(found)
    for part, many in found.parts.items():
        if many:
            titles = {
                Part.OWN: ngettext("%(n)s objection to investigate", "%(n)s objections to investigate", many),
                Part.CONFIRM: ngettext(
                    "%(n)s objection to confirm or give on", "%(n)s objections to confirm or give on", many
                ),
                Part.DECIDE: ngettext("%(n)s objection to decide on", "%(n)s objections to decide on", many),
            }
            url = f"{page}?{urlencode({'show': part})}"
            yield Task("message-circle", titles[part] % {"n": f"{many:,}"}, when, _("Open"), url)


def _when(found: desk.ObjectionsWaiting) -> str:
    if found.late:
        return _("Late: %(n)s.") % {"n": found.late}
    if found.due is None or found.due < timezone.localdate():
        return _("The case stands still until it is decided.")
    return _("The stage of the case is to be passed by %(day)s.") % {"day": chosen(*date_words(found.due))}


def _outdated(by: UserActor, going: Going) -> Iterator[Task]:
    found = desk.batches_outdated(by, going)
    if found.count:
        title = ngettext(
            "%(n)s batch rests on an older screening", "%(n)s batches rest on an older screening", found.count
        )
        told = _("A newer one is current: look at what changed and have the cases screened again.")
        url = _batch_or_list("casework:batch", found)
        yield Task("refresh", title % {"n": f"{found.count:,}"}, told, _("Open"), url)


def _batch_or_list(page: str, found: Places, kind: StageKind | None = None) -> str:
    """The page of the one batch, or the list in which all of them are."""
    if found.count == 1:
        return reverse(page, args=[found.batch])
    asked = {"kind": kind.value} if kind else {"show": "mine"}
    return f"{reverse('casework:batches')}?{urlencode(asked)}"
