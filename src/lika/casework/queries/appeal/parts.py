"""The parts of an appeal file, in their order, and the documents that go along."""

from collections.abc import Callable, Iterable, Iterator

from django.utils.translation import gettext as _

from lika.casework.choices import CampaignKind, CaseState, Origin
from lika.casework.queries.acts import acts_of
from lika.casework.queries.appeal import public, records, sheets, signed
from lika.casework.queries.appeal.dossier import Attached, Cases, Dossier, Part, told
from lika.casework.queries.courses import pinned_results
from lika.core.language import chosen, listed
from lika.divisions import queries as divisions
from lika.policy import queries as policy
from lika.policy.choices import ProcedureUnit
from lika.register.choices.lists import DOCUMENT_KIND
from lika.register.queries import DocumentView, household_documents, open_document
from lika.snapshots import queries as snapshots
from lika.snapshots.choices import Result
from lika.snapshots.telling import Node, lines, needs_node, node_of

_VERDICTS = {1: Result.MET, 0: Result.NOT_MET, None: Result.UNKNOWN}


def decision(of: Dossier) -> Part:
    """What was decided, about whom, by which rules, on which data."""
    case, procedure = of.case, of.procedure
    pack = policy.get(case.batch.pack).pack()
    rows = [
        (_("Case number"), case.number),
        (_("About whom"), _about(of)),
        (_("Place of the case"), divisions.path_label(f"{case.division:012d}")),
        (_("Campaign and year"), f"{case.campaign.year} {CampaignKind(case.campaign.kind).label}"),
        (_("How it came up"), Origin(case.origin).label),
        (_("Taken in on"), told(case.opened_at)),
        (_("State"), CaseState(case.state).label),
        (_("Stage"), procedure.stage(case.stage).title),
        (_("Day of the decision"), told(case.decided_on)),
        (_("Takes effect on"), told(case.effective_on)),
        (_("Corrects the decision of case"), case.corrects.number if case.corrects else ""),
        (_("Procedure"), f"{procedure.title} ({procedure.clause_ref})"),
        (_("Policy pack"), f"{case.batch.pack} {chosen(pack.title.zh, pack.title.en)}"),
        (_("SHA-256 of the pack"), pack.sha256),
    ]
    if case.screening is not None:
        snapshot = case.screening.snapshot
        rows += [
            (_("Data snapshot"), f"{snapshot.pk} ({told(snapshot.at)})"),
            (_("SHA-256 of the snapshot"), snapshot.manifest_sha256),
            (_("Digest of the screening"), case.screening.digest),
        ]
    heads = (_("Recorded matter"), _("As recorded"))
    return Part("decision", _("Decision of the case"), heads, [(label, str(value)) for label, value in rows])


def criteria(of: Dossier) -> Part:
    """Each criterion with its answer and how that was worked out from the data of the snapshot."""
    heads = (_("Criterion"), _("Result"), _("Worked out from"))
    title, case = _("Criteria and how they were answered"), of.case
    asked = {name for stage in of.procedure.stages for name in stage.criteria}
    if case.screening is None:
        rows = [(each.title, str(_VERDICTS[each.result].label), "") for each in pinned_results(case)]
        return Part("criteria", title, heads, rows)
    rows, unit = [], case.household_id or case.division
    explained = snapshots.explain_unit(of.by, case.screening, case.unit, unit, near=case.division)
    for each in explained.criteria:
        item = each.criterion
        mark = _(" (asked by the procedure)") if item.criterion in asked else ""
        node = node_of(each.explanation)
        rows.append((f"{item.title}{mark}", _answer(node), _why(node)))
        rows += _steps(node)
        if each.needs is not None:
            needed = needs_node(each.needs)
            rows.append((_("What would have to change"), "", _why(needed)))
            rows += _steps(needed)
    return Part("criteria", title, heads, rows)


def course(of: Dossier) -> Part:
    """Who did what, when, in which post."""
    rows = [
        (
            told(act.at), str(act.stage), str(act.result.label), str(act.to_stage), act.name or act.user, act.posts,
            str(act.duty.label) if act.duty else "", act.reason,
        )
        for act in acts_of([of.case.pk], of.procedure)
    ]  # fmt: skip
    heads = (
        _("When"), _("Stage"), _("What was done"), _("Stands then at"), _("Who acted"), _("Post held then"),
        _("Duty"), _("Reason"),
    )  # fmt: skip
    return Part("course", _("Who did what, and when"), heads, rows)


def documents(of: Dossier) -> Part:
    """What the household's file holds: each document by its digest, whether it goes along or is only named."""
    rows = [
        (
            each.title or _kind(each), _kind(each), told(each.dated_on), told(each.recorded_at), each.uploader,
            each.sha256,
            records.file_name(each) if each.is_open else _("Read at the office, for a reason that is kept"),
        )
        for each in _documents(of)
    ]  # fmt: skip
    heads = (
        _("Document"), _("Kind of paper"), _("Dated on"), _("Recorded at"), _("Entered by"),
        _("SHA-256 as it came"), _("In this file as"),
    )  # fmt: skip
    return Part("documents", _("Documents of the household"), heads, rows)


def open_documents(of: Dossier) -> Iterator[Attached]:
    """The documents that the reader may see without a reason; pictures as their copies to show."""
    for each in _documents(of):
        if each.is_open:
            yield Attached(records.file_name(each), open_document(by=of.by, document=each.id)[1])


def _own_signed_papers(of: Dossier) -> Iterable[Attached]:
    return signed.signed_papers(of.cases)


# What is told alike of one case and of many: an archive has these too.
TOLD: tuple[Callable[[Cases], Part], ...] = (
    public.notices, public.postings, public.objections, public.objection_steps, signed.signatures, signed.rosters,
    sheets.indicators, sheets.checks,
)  # fmt: skip
# In the order of the file, before what TOLD gives. Whoever adds a kind of record adds its function here or there.
PARTS: tuple[Callable[[Dossier], Part], ...] = (
    decision, criteria, course, records.appraisals, records.surveys, records.answers, records.opinions,
)  # fmt: skip
LAST: tuple[Callable[[Dossier], Part], ...] = (records.files, documents)
ATTACHED: tuple[Callable[[Dossier], Iterable[Attached]], ...] = (
    open_documents, records.own_files, _own_signed_papers,
)  # fmt: skip


def parts_of(of: Dossier) -> list[Part]:
    """All tables of the file, in their order, in the language of the moment."""
    return [*(each(of) for each in PARTS), *(each(of.cases) for each in TOLD), *(each(of) for each in LAST)]


def _about(of: Dossier) -> str:
    if of.case.unit != ProcedureUnit.HOUSEHOLD:
        return str(ProcedureUnit(of.case.unit).label)
    if of.household is None:
        return _("A household that stands elsewhere now")
    return _("Household %(number)s, %(head)s, %(n)s persons when it was taken in") % {
        "number": of.household.number, "head": of.household.head, "n": of.case.persons or "—",
    }  # fmt: skip


def _documents(of: Dossier) -> list[DocumentView]:
    if of.household is None:
        return []
    found = household_documents(by=of.by, household=of.household.id)
    return sorted((each for each in found if each.counts), key=lambda each: (each.recorded_at, each.id))


def _kind(view: DocumentView) -> str:
    item = DOCUMENT_KIND.item(view.kind)
    return chosen(item.zh, item.en) if item else view.kind


def _answer(node: Node) -> str:
    return str(Result(node.result).label) if node.result else ""


def _why(node: Node) -> str:
    told = (node.title, node.why, listed(node.facts), listed(node.standards))
    return chosen("；", "; ").join(each for each in told if each)


def _steps(node: Node) -> Iterator[tuple[str, str, str]]:
    """The steps below, each set in by its depth."""
    for line in lines(node):
        if line.depth:
            yield "　" * line.depth + "·", _answer(line.node), _why(line.node)
