"""Officials, changes of the register with the history of a household, and the audit chains."""

from collections.abc import Iterator, Sequence

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lika.accounts import keeping
from lika.accounts.choices import AccountState
from lika.accounts.queries import UserActor
from lika.console.leaving.reading import code_of, id_of, words_of
from lika.console.names import path_name
from lika.console.official_forms import OfficialFilterForm
from lika.console.queries import changes as words
from lika.console.queries.chains import chain_lines
from lika.console.queries.changes import Told
from lika.console.queries.focus import last_of
from lika.console.queries.keeping import kept_divisions, kept_focus
from lika.core.language import listed
from lika.core.leaving import Field, Kind, Personal, Row
from lika.core.permissions import Permission
from lika.core.privacy import mask_name
from lika.register import queries as register
from lika.reports.leaving import LeavingList, Reading

_STATE = Field("state", gettext_lazy("State"))
_OFFICIAL = (
    Field("name", gettext_lazy("Name")),
    Field("organisation", gettext_lazy("Organisation"), width=24),
    Field("posts", gettext_lazy("Posts"), width=48),
    Field("username", gettext_lazy("User name")),
    Field("account", gettext_lazy("Account")),
    Field("last_sign_in", gettext_lazy("Last sign-in"), Kind.MOMENT),
)
_CHANGE = (
    Field("change", gettext_lazy("Change")),
    Field("reason_code", gettext_lazy("Reason")),
    Field("head", gettext_lazy("Head"), personal=Personal.NAME),
    Field("number", gettext_lazy("Household number"), width=22),
    Field("village", gettext_lazy("Village")),
    Field("holds_from", gettext_lazy("Holds from"), Kind.DAY),
    Field("recorded_by", gettext_lazy("Recorded by")),
    Field("recorded_at", gettext_lazy("When"), Kind.MOMENT),
    Field("checked_by", gettext_lazy("Checked by")),
    _STATE,
)
_HISTORY = (
    *_CHANGE,
    Field("person", gettext_lazy("Name"), personal=Personal.NAME),
    Field("record", gettext_lazy("Record")),
    Field("field", gettext_lazy("Field")),
    Field("before", gettext_lazy("Before"), width=24),
    Field("after", gettext_lazy("After"), width=24),
)
_CHAIN = (
    Field("of", gettext_lazy("Of"), width=24),
    Field("sealed", gettext_lazy("Rows sealed"), Kind.WHOLE),
    Field("last_sealed", gettext_lazy("Last sealed"), Kind.MOMENT),
    Field("signature", gettext_lazy("Signature of the end")),
    Field("unsealed", gettext_lazy("Not sealed yet"), Kind.WHOLE),
    Field("verified", gettext_lazy("Last verification"), Kind.MOMENT),
)


def _officials(who: UserActor, given: QueryDict) -> Reading:
    focus = kept_focus(who, kept_divisions(who), last_of(given.getlist("division")))
    form = OfficialFilterForm(given)
    wanted = form.wanted(focus.division.code)
    return Reading(
        fields=_OFFICIAL,
        total=keeping.count_officials(by=who, wanted=wanted),
        rows=lambda _personal: _official_rows(who, wanted),
        division=focus.division.code,
        filters=words_of(form),
        asked={"role": wanted.role, "state": wanted.state, "searched": bool(wanted.text), "sort": wanted.sort},
    )


def _official_rows(who: UserActor, wanted: keeping.OfficialFilter) -> Iterator[Row]:
    for block in keeping.official_blocks(by=who, wanted=wanted):
        for line in block:
            posts = [f"{post.role.label} {path_name(post.place)}" for post in line.posts if post.is_open]
            yield {
                "name": line.name,
                "organisation": line.organisation,
                "posts": listed(posts),
                "username": line.username,
                "account": str(AccountState(line.state).label),
                "last_sign_in": line.last_login,
            }


def _changes(who: UserActor, _given: QueryDict) -> Reading:
    """What waits for the reader, and what of the reader's own waits for others."""
    found = register.waiting_changes(by=who)
    lines = words.told([*found.to_check, *found.to_accept, *found.own])
    return Reading(fields=_CHANGE, total=len(lines), rows=lambda _personal: map(_change, lines))


def _change(told: Told) -> Row:
    view = told.view
    return {
        "change": told.kind,
        "reason_code": told.reason_code,
        "head": view.head,
        "number": view.number,
        "village": f"{told.place} → {told.destination}" if told.is_move else told.place,
        "holds_from": view.effective_on,
        "recorded_by": view.recorder,
        "recorded_at": view.recorded_at,
        "checked_by": view.checker,
        "state": told.state,
    }


def _history(who: UserActor, given: QueryDict) -> Reading:
    """All changes of a household, field by field."""
    household = register.household_detail(by=who, household=id_of(given))
    lines = words.told(register.household_changes(by=who, household=household.id))
    return Reading(
        fields=_HISTORY,
        total=sum(max(1, sum(len(block.rows) for block in told.blocks)) for told in lines),
        rows=lambda personal: _history_rows(lines, personal=personal),
        division=code_of(household.village),
        filters=[household.number],
        asked={"household": str(household.id)},
    )


def _history_rows(lines: Sequence[Told], *, personal: bool) -> Iterator[Row]:
    for told in lines:
        change = _change(told)
        if not any(block.rows for block in told.blocks):
            yield change
        for block in told.blocks:
            for row in block.rows:
                before, after = (
                    mask_name(value) if row.names and value and not personal else value for value in (row.old, row.new)
                )
                yield {
                    **change,
                    "person": block.person,
                    "record": block.subject,
                    "field": str(row.label),
                    "before": before,
                    "after": after,
                }


def _audit(who: UserActor, _given: QueryDict) -> Reading:
    lines = chain_lines(who)
    return Reading(
        fields=_CHAIN,
        total=len(lines),
        rows=lambda _personal: (
            {
                "of": line["name"],
                "sealed": line["chain"].head.position if line["chain"].head else 0,
                "last_sealed": line["chain"].head.sealed_at if line["chain"].head else None,
                "signature": _signature(line["chain"].signed, has_head=bool(line["chain"].head)),
                "unsealed": line["chain"].unsealed,
                "verified": line["check"].finished_at if line["check"] else None,
            }
            for line in lines
        ),
    )


def _signature(signed: bool, *, has_head: bool) -> str:
    return (_("Signature valid") if signed else _("Signature not valid")) if has_head else ""


OFFICIALS = LeavingList(gettext_lazy("Officials and accounts"), Permission.ACCOUNTS_MANAGE, _officials)
CHANGES = LeavingList(gettext_lazy("Record changes"), Permission.REGISTER_CHANGE, _changes, personal=True)
HISTORY = LeavingList(gettext_lazy("Changes and history"), Permission.REGISTER_VIEW, _history, personal=True)
AUDIT = LeavingList(gettext_lazy("Audit chain"), Permission.AUDIT_VIEW, _audit)
