"""Campaigns and their quotas: opened, proposed, changed by hand, published downward, taken back, locked."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.casework import apportion
from lika.casework.choices import NUMBERED, Basis, CampaignKind, CampaignState, SplitMethod, SplitState
from lika.casework.models import Campaign, Quota
from lika.casework.queries import quotas as reads
from lika.core import audit
from lika.core.actors import Actor
from lika.core.areas import range_of
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.policy import queries as policy

LONGEST = 200  # characters of a document or a reason
MOST_PERSONS = 2_000_000_000  # the database keeps no larger number


@dataclass(frozen=True)
class Opening:
    """What is said when a campaign is opened. `pack` is the `id@version` of a loaded pack, or empty.

    `size` is the number of persons to split, None for a kind that splits none.
    """

    kind: CampaignKind
    year: int
    size: int | None
    document: str
    pack: str = ""
    procedure: str = ""
    time_point: dt.date | None = None
    due_on: dt.date | None = None


@transaction.atomic
def open_campaign(*, by: Actor, division: str, opening: Opening) -> Campaign:
    """Open a campaign in a division from province to township, with the number of persons that it is to split, if any.

    Raises ACC-001, ACC-002, DIV-001, DIV-010, POL errors (no such pack), CAS-011 (a village), CAS-012 (there is one),
    CAS-013 (words), CAS-014 (number), CAS-024 (a number where none is split).
    """
    by.require(Permission.CAMPAIGN_OPEN, division=division)
    place = divisions.get(division)
    if place.level >= Level.VILLAGE:
        raise UserError(
            "CAS-011",
            _("A village has nothing to split."),
            remedy=_("Choose a township or a level above."),
            field="division",
        )
    if opening.pack:
        policy.get(opening.pack)
    with connection.cursor() as cursor:  # two that overlap are not seen by a constraint: one at a time
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('casework.campaign'), %s)", [opening.year])
    _refuse_second(place.code, opening)
    campaign = Campaign.objects.create(
        kind=CampaignKind(opening.kind), year=opening.year, division=place, pack=opening.pack,
        procedure=opening.procedure, time_point=opening.time_point, due_on=opening.due_on,
        document=_words(opening.document, "document"), opened_by=by.name,
    )  # fmt: skip
    told = {"kind": campaign.kind, "year": campaign.year}
    if campaign.kind in NUMBERED:
        size = _persons(opening.size, "size")
        root = Quota.objects.create(campaign=campaign, division=place, number=place.number, allocated=size)
        _record(by, "campaign.opened", root, new=told | {"size": size})
    else:
        if opening.size is not None:
            raise _no_number("size")
        change = audit.Change("campaign", campaign.pk, audit.chain_of(place.code), campaign.label, new=told)
        audit.record(by=by, action="campaign.opened", change=change)
    return campaign


@transaction.atomic
def change_size(*, by: Actor, campaign: UUID, size: int, document: str) -> Quota:
    """Another number for the campaign as a whole, as long as nothing of it is published.

    Raises ACC-001, ACC-002, CAS-010, CAS-013, CAS-014, CAS-015 (locked), CAS-016 (published).
    """
    root = _locked(by, Permission.CAMPAIGN_OPEN, campaign, reads.campaign_in_sight(by, campaign).division_id)
    _refuse_published(root)
    before, document_before = root.allocated, root.campaign.document
    root.allocated, root.campaign.document = _persons(size, "size"), _words(document, "document")
    root.save(update_fields=["allocated"])
    root.campaign.save(update_fields=["document"])
    old, new = {"size": before, "document": document_before}, {"size": size, "document": root.campaign.document}
    _record(by, "campaign.size_changed", root, old=old, new=new)
    return root


@transaction.atomic
def propose(*, by: Actor, campaign: UUID, division: str, method: SplitMethod, basis: Basis) -> list[Quota]:
    """Split the number of a division among those directly below by weights; what was changed by hand is replaced.

    Raises ACC-001, ACC-002, CAS-010, CAS-015 (locked), CAS-016 (published), CAS-017 (nothing below), CAS-018 (weights
    unknown), CAS-019 (more than there is room for).
    """
    of = _locked(by, Permission.QUOTA_SPLIT, campaign, division)
    _refuse_published(of)
    parts, unknown = reads.parts_of(of, Basis(basis))
    if not parts:
        raise _nothing_below()
    if unknown:
        names = _(", ").join(each.name for each in unknown[:3])
        raise UserError(
            "CAS-018",
            _("The rural registered population of %(n)s divisions is not known: %(names)s …")
            % {"n": len(unknown), "names": names},
            remedy=_("Have the forms of the villages filled in, or split by the poor persons in the register."),
            field="basis",
        )
    try:
        shares = apportion.split(of.allocated, parts, apportion.Method(method))
    except apportion.CannotSplit as fault:
        raise UserError(
            "CAS-019",
            _("%(size)s persons do not fit: the divisions below have room for %(room)s.")
            % {"size": of.allocated, "room": fault.room},
            remedy=_("Ask the level above for another number, or have the register completed first."),
            maximum=fault.room,
        ) from fault
    rows = [
        Quota(
            campaign=of.campaign, parent=of, division_id=part.code, number=int(part.code), weight=part.weight,
            cap=part.cap, proposed=shares[part.code], allocated=shares[part.code],
        )
        for part in parts
    ]  # fmt: skip
    Quota.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["campaign", "division"],
        update_fields=["weight", "cap", "proposed", "allocated", "reason"],
    )  # fmt: skip
    of.split, of.method, of.basis = SplitState.DRAFT, SplitMethod(method), Basis(basis)
    of.save(update_fields=["split", "method", "basis"])
    _record(by, "quota.proposed", of, new={"method": of.method, "basis": of.basis, "shares": shares})
    return list(of.parts.select_related("division"))


@transaction.atomic
def change_by_hand(*, by: Actor, campaign: UUID, division: str, numbers: Mapping[str, int], reason: str) -> Quota:
    """Other numbers for some of the divisions below, by their codes. A draft may be out of balance.

    Raises ACC-001, ACC-002, CAS-010, CAS-013 (no reason), CAS-014 (below zero), CAS-015, CAS-016, CAS-017 (not proposed
    yet, or not below), CAS-020 (over what a division can take).
    """
    of = _locked(by, Permission.QUOTA_SPLIT, campaign, division)
    _refuse_published(of)
    parts = {part.division_id: part for part in of.parts.select_related("division")}
    if not parts or not set(numbers) <= set(parts):
        raise _nothing_below()
    changed = {code: number for code, number in numbers.items() if number != parts[code].allocated}
    if not changed:
        return of
    words = _words(reason, "reason")
    old = {code: parts[code].allocated for code in changed}
    for code, number in changed.items():
        _put(parts[code], _persons(number, code), words)
    Quota.objects.bulk_update([parts[code] for code in changed], ["allocated", "reason"])
    _record(by, "quota.changed", of, old=old, new=changed, reason=words)
    return of


@transaction.atomic
def publish(*, by: Actor, campaign: UUID, division: str) -> Quota:
    """Publish a split to the divisions below: from now on they see their number and split it themselves.

    Raises ACC-001, ACC-002, CAS-010, CAS-015, CAS-016, CAS-017 (not proposed yet), CAS-021 (the sum is not the number).
    """
    of = _locked(by, Permission.QUOTA_SPLIT, campaign, division)
    _refuse_published(of)
    split = reads.split_of(of)
    if not split.lines:
        raise _nothing_below()
    if split.balance:
        raise UserError(
            "CAS-021",
            _("The parts come to %(given)s, the number is %(size)s.") % {"given": split.given, "size": of.allocated},
            remedy=_("Change the parts until nothing is left and nothing is too much."),
        )
    of.split, of.published_on = SplitState.PUBLISHED, timezone.localdate()
    of.save(update_fields=["split", "published_on"])
    _record(by, "quota.published", of, new={line.quota.division_id: line.quota.allocated for line in split.lines})
    return of


@transaction.atomic
def take_back(*, by: Actor, campaign: UUID, division: str, reason: str) -> Quota:
    """Take a published split back to change it, as long as nobody below has published theirs.

    Raises ACC-001, ACC-002, CAS-010, CAS-013, CAS-015, CAS-022 (not published, or published further down).
    """
    of = _locked(by, Permission.QUOTA_SPLIT, campaign, division)
    if of.split != SplitState.PUBLISHED or of.parts.filter(split=SplitState.PUBLISHED).exists():
        raise UserError(
            "CAS-022",
            _("Only a published split that nobody below has split and published further can be taken back."),
            remedy=_("Ask the divisions below to take theirs back first."),
        )
    words = _words(reason, "reason")
    of.split, of.published_on = SplitState.DRAFT, None
    of.save(update_fields=["split", "published_on"])
    _record(by, "quota.taken_back", of, reason=words)
    return of


@transaction.atomic
def lock(*, by: Actor, campaign: UUID) -> Campaign:
    """Nothing of the campaign changes any more. Every number must have come down to the villages.

    Raises ACC-001, ACC-002, CAS-010, CAS-015 (locked already), CAS-023 (somebody has not published).
    """
    found = reads.campaign_in_sight(by, campaign)
    root = _locked(by, Permission.CAMPAIGN_OPEN, campaign, found.division_id)
    missing = reads.unfinished(root.campaign)
    if missing:
        raise UserError(
            "CAS-023",
            _("%(n)s divisions have not published their split yet.") % {"n": missing},
            remedy=_("Ask them to split and publish; the page of each level shows who is missing."),
        )
    root.campaign.state = CampaignState.LOCKED
    root.campaign.save(update_fields=["state"])
    _record(by, "campaign.locked", root)
    return root.campaign


def _locked(by: Actor, permission: Permission, campaign: UUID, division: str) -> Quota:
    """The quota of a division with its campaign locked, so that one act at a time is on a tree."""
    by.require(permission)
    found = reads.quota_in_sight(by, campaign, division)
    by.require(permission, division=found.division_id)
    held = Campaign.objects.select_for_update().get(pk=found.campaign_id)
    if held.state == CampaignState.LOCKED:
        raise UserError(
            "CAS-015", _("The campaign is locked: its numbers no longer change."), remedy=_("Look at it as it stands.")
        )
    of = reads.quota_in_sight(by, campaign, found.division_id)  # as it is now that nobody else can change it
    of.campaign = held
    return of


def _refuse_published(of: Quota) -> None:
    if of.split == SplitState.PUBLISHED:
        raise UserError(
            "CAS-016",
            _("This split is published: the divisions below work with it."),
            remedy=_("Take it back first, with the reason."),
        )


def _refuse_second(code: str, opening: Opening) -> None:
    """Two campaigns of one kind and year must not count the same village twice."""
    above = [each.code for each in divisions.ancestors(code)]
    alike = Campaign.objects.filter(kind=CampaignKind(opening.kind), year=opening.year)
    overlapping = alike.filter(division__in=above) | alike.filter(division__number__range=range_of(code))
    other = overlapping.select_related("division").first()
    if other is not None:
        raise UserError(
            "CAS-012",
            _("%(place)s already has such a campaign for %(year)s.")
            % {"place": other.division.name, "year": other.year},
            remedy=_("Go on with that one: its number covers this division too."),
        )


def _nothing_below() -> UserError:
    return UserError(
        "CAS-017",
        _("There is nothing below that could take a share, or nothing is proposed yet."),
        remedy=_("Have the shares proposed first; a village's number is not split further."),
    )


def _put(part: Quota, number: int, reason: str) -> None:
    if part.cap is not None and number > part.cap:
        raise UserError(
            "CAS-020",
            _("%(place)s can take %(cap)s persons at most.") % {"place": part.division.name, "cap": part.cap},
            remedy=_("Give the rest to another division."),
            field=part.division_id,
            maximum=part.cap,
        )
    part.allocated, part.reason = number, "" if number == part.proposed else reason


def _persons(number: int | None, field: str) -> int:
    if number is None or not 0 <= number <= MOST_PERSONS:
        raise UserError(
            "CAS-014",
            _("A number of persons is not below zero, and not larger than a nation."),
            remedy=_("Enter whole persons."),
            field=field,
        )
    return number


def _no_number(field: str) -> UserError:
    return UserError(
        "CAS-024",
        _("A campaign of this kind splits no number of persons."),
        remedy=_("Leave the number empty."),
        field=field,
    )


def _words(given: str, field: str) -> str:
    text = given.strip()
    if not text or len(text) > LONGEST:
        raise UserError(
            "CAS-013",
            _("Something has to be written here, and not more than %(longest)s characters.") % {"longest": LONGEST},
            remedy=_("Name the document or the meeting that decided it."),
            field=field,
        )
    return text


def _record(
    by: Actor,
    action: str,
    of: Quota,
    *,
    old: Mapping[str, object] | None = None,
    new: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    change = audit.Change(
        "quota", of.pk, audit.chain_of(of.division_id), of.campaign.label_at(of.division_id), old=old, new=new
    )
    audit.record(by=by, action=action, change=change, reason=reason)
