"""Reading packs: by reference, in lists, as views for screens, compared in words."""

import datetime as dt
import json
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lika.core.errors import NotFound
from lika.core.language import Said, listed
from lika.engine.schema import ParameterValue
from lika.policy import resolve
from lika.policy.choices import Basis, CriterionKind, ItemType
from lika.policy.models import PackVersion
from lika.policy.packs import faults
from lika.policy.packs.resolved import ResolvedCriterion, ResolvedItem, ResolvedPack, ResolvedParameter
from lika.policy.queries.basis import Based
from lika.policy.words import said


def get(reference: str) -> PackVersion:
    """The loaded pack: `cn-gansu/2016` is the active version, `cn-gansu/2016@1` exactly that one.

    Raises NotFound: POL-051 where no such version is loaded, POL-052 where none of the pack is active.
    """
    pack_id, _at, version = reference.partition("@")
    loaded = PackVersion.objects.filter(pack_id=pack_id)
    found = loaded.filter(version=version).first() if version else loaded.filter(active=True).first()
    if found is not None:
        return found
    if not version and loaded.exists():
        raise NotFound(
            "POL-052",
            _("No version of the pack %(id)s is active.") % {"id": pack_id},
            remedy=_("Activate one: lika policy activate %(id)s@VERSION.") % {"id": pack_id},
        )
    known = sorted(
        {row.reference if version else row.pack_id for row in PackVersion.objects.only("pack_id", "version")}
    )
    near = listed(faults.nearest(reference, known))
    raise NotFound(
        "POL-051",
        _("The pack %(reference)s is not loaded.") % {"reference": reference},
        remedy=_("Did you mean: %(nearest)s?") % {"nearest": near} if near else _("Load it: lika policy load PATH."),
    )


def stored(reference: str) -> ResolvedPack | None:
    """The loaded pack of an exact `id@version`, for packs that extend it."""
    pack_id, _at, version = reference.partition("@")
    row = PackVersion.objects.filter(pack_id=pack_id, version=version).first()
    return None if row is None else row.pack()


def list_packs() -> QuerySet[PackVersion]:
    """All loaded versions, without their texts; the active one of each pack first."""
    return PackVersion.objects.defer("canonical").order_by("pack_id", "-active", "-loaded_at")


def versions(pack_id: str) -> QuerySet[PackVersion]:
    """All loaded versions of one pack, the newest first."""
    return list_packs().filter(pack_id=pack_id).order_by("-loaded_at")


@dataclass(frozen=True)
class ValueView:
    """A parameter's value from a day on."""

    since: dt.date
    text: str
    clause_ref: str
    clause_text: str


@dataclass(frozen=True)
class ParameterView(Based):
    """A parameter as it stands at a day; `value` None is 待补充依据 (`missing`)."""

    id: str
    label: Said
    unit_shown: Said | None
    value: ParameterValue
    shown: Said
    values: tuple[ValueView, ...]
    clause_ref: str
    clause_text: str
    basis: Basis
    note: Said | None
    origin: str

    @property
    def missing(self) -> bool:
        return self.value is None


@dataclass(frozen=True)
class ItemView:
    """What the pack's place collects beyond the common form."""

    id: str
    unit: str
    label: Said
    type: ItemType
    meaning: Said | None
    clause_ref: str
    clause_text: str
    origin: str


@dataclass(frozen=True)
class CriterionView(Based):
    """A criterion for screens: what it says, where the document says so, and how far we read it."""

    id: str
    unit: str
    label: Said
    kind: CriterionKind
    group: str | None
    order: int
    summary: bool
    expression: str | None
    clause_ref: str
    clause_text: str
    basis: Basis
    note: Said | None
    measure: Said | None
    statistic: Said | None
    origin: str


@dataclass(frozen=True)
class GroupView:
    """A heading and the criteria under it; `id` empty for those without a group."""

    id: str
    label: Said | None
    criteria: tuple[CriterionView, ...]


def documents_of(reference: str) -> dict[str, Said]:
    """The documents on which a pack and those that it extends rest, by alias; a demonstration rests on none.

    Raises POL-051.
    """
    found: dict[str, Said] = {}
    wanted: str | None = reference
    while wanted:
        content = json.loads(get(wanted).canonical)
        if not content["demo"]:
            found[content["document"]["alias"]] = Said(content["document"]["zh"], content["document"]["en"])
        wanted = content["base"]
    return found


@dataclass(frozen=True)
class PackView:
    """A pack for screens, its parameters valued at a day."""

    id: str
    version: str
    reference: str
    sha256: str
    title: Said
    document: Said
    document_alias: str
    jurisdiction: str
    valid_from: dt.date
    valid_to: dt.date | None
    demo: bool
    base: str | None
    at: dt.date
    criteria: tuple[CriterionView, ...]
    items: tuple[ItemView, ...]
    parameters: tuple[ParameterView, ...]
    groups: tuple[GroupView, ...]

    def criterion(self, criterion_id: str) -> CriterionView:
        """The criterion with an id. Raises KeyError."""
        for item in self.criteria:
            if item.id == criterion_id:
                return item
        raise KeyError(criterion_id)


def view(pack: ResolvedPack, *, at: dt.date) -> PackView:
    """A pack as it stands on a day."""
    criteria = tuple(_criterion(item) for item in pack.criteria)
    labels = {group.id: Said(group.zh, group.en) for group in pack.groups}
    used = dict.fromkeys(item.group or "" for item in criteria)
    groups = tuple(
        GroupView(group, labels.get(group), tuple(item for item in criteria if (item.group or "") == group))
        for group in used
    )
    return PackView(
        id=pack.id,
        version=pack.version,
        reference=pack.reference,
        sha256=pack.sha256,
        title=Said(pack.title.zh, pack.title.en),
        document=Said(pack.document.zh, pack.document.en),
        document_alias=pack.document.alias,
        jurisdiction=pack.jurisdiction,
        valid_from=pack.valid.first,
        valid_to=pack.valid.last,
        demo=pack.demo,
        base=pack.base,
        at=at,
        criteria=criteria,
        items=tuple(_item(item) for item in pack.items),
        parameters=tuple(_parameter(pack, item, at) for item in pack.parameters),
        groups=groups,
    )


def _item(item: ResolvedItem) -> ItemView:
    return ItemView(
        id=item.id,
        unit=item.unit,
        label=Said(item.zh, item.en),
        type=item.type,
        meaning=said(item.meaning),
        clause_ref=item.clause.ref,
        clause_text=item.clause.text,
        origin=item.origin,
    )


def _criterion(item: ResolvedCriterion) -> CriterionView:
    return CriterionView(
        id=item.id,
        unit=item.unit,
        label=Said(item.zh, item.en),
        kind=item.kind,
        group=item.group,
        order=item.order,
        summary=item.summary,
        expression=item.expression,
        clause_ref=item.clause.ref,
        clause_text=item.clause.text,
        basis=item.basis,
        note=said(item.note),
        measure=said(item.label),
        statistic=said(item.statistic),
        origin=item.origin,
    )


def _parameter(pack: ResolvedPack, item: ResolvedParameter, at: dt.date) -> ParameterView:
    values = tuple(
        ValueView(value.since, value.text, (value.clause or item.clause).ref, (value.clause or item.clause).text)
        for value in item.values
    )
    return ParameterView(
        id=item.id,
        label=Said(item.zh, item.en),
        unit_shown=said(item.unit_shown),
        value=item.value_at(at),
        shown=Said(*resolve.parameter_in_words(pack, item, at)),
        values=values,
        clause_ref=item.clause.ref,
        clause_text=item.clause.text,
        basis=item.basis,
        note=said(item.note),
        origin=item.origin,
    )
