"""The wording of a notice and its places, from a batch: written once, in both languages, and frozen."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from lika.casework.actions.moving import Standing
from lika.casework.choices import LEVELS, NoticeKind
from lika.casework.notice_content import ANNOUNCED, PROPOSED, Content, Line
from lika.casework.queries.bases import basis_of
from lika.core.errors import UserError
from lika.core.language import Said
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.names import place_name
from lika.policy import queries as policy
from lika.policy.choices import Body, PostingPlace, ProcedureUnit, StageKind
from lika.register.queries import find_households, rows_of
from lika.register.queries.whole import natural_village_of_each

# How an office signs a notice, behind the name of its place; a village's committee has that name itself.
_OFFICES: Mapping[Body, str] = {
    Body.TOWNSHIP_GOVERNMENT: "人民政府",
    Body.COUNTY_OFFICE: "扶贫开发办公室",
    Body.COUNTY_GROUP: "扶贫开发领导小组",
    Body.COUNTY_GOVERNMENT: "人民政府",
    Body.COUNTY_HEADQUARTERS: "脱贫攻坚指挥部",
    Body.PREFECTURE_GOVERNMENT: "人民政府",
    Body.PROVINCE_GROUP: "扶贫开发领导小组",
}


def content_of(standing: Standing, phone: str) -> Content:
    """What the notice of a batch says of its cases under way, heads by their full names.

    Raises ACC-001, ACC-002 (full names), CAS-109 (a household stands elsewhere by now).
    """
    batch, stage, procedure = standing.batch, standing.stage, standing.procedure
    announces = stage.kind is StageKind.ANNOUNCEMENT
    place = place_name(batch.division.name)
    subject = procedure.title
    heading = (f"{batch.campaign.year}年度{subject.zh}", f"{batch.campaign.year}: {subject.en}")
    kind = ("公告", "announcement") if announces else ("公示", "public notice")
    return Content(
        kind=NoticeKind.ANNOUNCEMENT if announces else NoticeKind.NOTICE,
        round=_round(standing),
        title=Said(f"{place}{heading[0]}名单{kind[0]}", f"{place}, {heading[1]}: {kind[1]}"),
        village=batch.division_id,
        place=_path(batch.division_id),
        result=(ANNOUNCED if announces else PROPOSED)[procedure.purpose],
        basis=basis_of(procedure, stage),
        course=_course(standing),
        phone=phone,
        issuer=_issuer(standing),
        days=None if announces else stage.days,
        day_kind=None if announces or stage.day_kind is None else stage.day_kind.value,
        demo=policy.get(batch.pack).pack().demo,
        lines=tuple(_lines(standing)),
    )


def places_of(standing: Standing) -> list[tuple[PostingPlace, str]]:
    """Where the stage wants it to hang: the board, the web, and the natural villages where listed households stand.

    A household whose natural village the record does not name is told by the board of its village.
    """
    batch = standing.batch
    found: list[tuple[PostingPlace, str]] = []
    for place in standing.stage.places:
        if place is PostingPlace.NATURAL_VILLAGE:
            groups = natural_village_of_each([case.household_id for case in standing.open if case.household_id])
            found += [(place, code) for code in sorted({each.code for each in groups.values() if each is not None})]
        else:
            found.append((place, batch.division_id))
    if not any(place is not PostingPlace.NATURAL_VILLAGE for place, _code in found):
        found.insert(0, (PostingPlace.VILLAGE, batch.division_id))
    return found


def _lines(standing: Standing) -> list[Line]:
    """In the order of the batch."""
    if standing.procedure.unit is not ProcedureUnit.HOUSEHOLD:
        return [Line(place_name(standing.batch.division.name), "", None) for _case in standing.open]
    standing.by.require(Permission.REGISTER_PERSONAL, village=standing.batch.number)
    households = [case.household_id for case in standing.open if case.household_id]
    found = find_households(by=standing.by).filter(pk__in=households)
    rows = {row.id: row for row in rows_of(found, by=standing.by, year=0)}
    if away := [case for case in standing.open if case.household_id not in rows]:
        raise UserError(
            "CAS-109",
            _("The household of case %(case)s does not stand in the village any more.") % {"case": away[0].number},
            remedy=_("Send the case back or strike it out with the reason, then make the notice."),
        )
    groups = natural_village_of_each(households)
    return [
        Line(rows[key].head, "" if (group := groups.get(key)) is None else group.name, rows[key].members)
        for key in households
    ]


def _round(standing: Standing) -> int:
    """The how manieth of its kind the stage is in its procedure."""
    alike = [each.id for each in standing.procedure.stages if each.kind is standing.stage.kind]
    return alike.index(standing.stage.id) + 1


def _course(standing: Standing) -> str:
    """The stages that the cases have passed, in the words of the document."""
    stages = standing.procedure.stages
    before = stages[: [each.id for each in stages].index(standing.stage.id)]
    return f"已完成以下程序：{'；'.join(each.title.zh for each in before)}"


def _issuer(standing: Standing) -> str:
    """Who puts its seal below: the committee of the village, by its full name, or the office of the stage's level."""
    own = standing.batch.division
    chain = {each.level: each.name for each in [*divisions.ancestors(own.code), own]}
    name = chain.get(LEVELS[standing.stage.level], own.name)
    office = next((_OFFICES[each] for each in standing.stage.by if each in _OFFICES), "")
    return f"{place_name(name)}{office}" if office else name


def _path(code: str) -> str:
    return " ".join(place_name(step) for step in divisions.path_label(code).split(" "))
