"""The papers of one case: application, survey, verification, the household's word, the sheet that all levels sign."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils import timezone

from lika.casework.choices import CaseState
from lika.casework.models import Consent, IndicatorCheck, SurveyForm
from lika.casework.notice_content import ANNOUNCED, PROPOSED
from lika.casework.papers import households, units
from lika.casework.papers.shared import Finding, Signature
from lika.casework.queries.courses import pinned_results
from lika.casework.queries.indicators import Item, items_among, items_of, told
from lika.casework.queries.papers.desk import LACKS_FORM, LACKS_SELF, LACKS_SHEET, Desk, NotOnRecordError
from lika.core.papers import Money
from lika.core.permissions import Permission
from lika.policy.choices import Paper, Purpose
from lika.register.choices.lists import CAUSE, RELATION
from lika.register.queries import household_detail
from lika.snapshots import queries as snapshots

_ASKED: Mapping[Purpose, str] = {
    Purpose.ENTRY: "因家庭困难，现自愿申请纳入建档立卡贫困户。",
    Purpose.EXIT: "经过帮扶，家庭收入稳定，现自愿申请脱贫退出。",
    Purpose.RETURN: "因返贫，现自愿申请重新纳入建档立卡贫困户。",
}
_MATTERS: Mapping[Purpose, str] = {
    Purpose.ENTRY: "符合贫困户识别标准，同意纳入",
    Purpose.EXIT: "已达到贫困户退出标准，同意脱贫退出",
    Purpose.RETURN: "符合返贫认定标准，同意重新纳入",
    Purpose.REMOVAL: "不符合贫困户标准，同意清退",
    Purpose.FULL_CHECK: "核查情况属实",
}
_TITLES: Mapping[Purpose, str] = {Purpose.ENTRY: "贫困户", Purpose.EXIT: "脱贫", Purpose.RETURN: "返贫认定"}


def application(desk: Desk) -> households.Application:
    """申请书, with lines to write the reasons on."""
    household = desk.household
    members = household_detail(by=desk.by, household=desk.row.id).members
    purpose = desk.procedure.purpose
    return households.Application(
        title=f"{_TITLES.get(purpose, desk.procedure.title.zh)}申请书",
        made_on=desk.today,
        household=household,
        addressee=f"{desk.place}民委员会" if desk.place.endswith("村") else desk.place,
        asked=_ASKED.get(purpose, f"现申请办理{desk.procedure.title.zh}。"),
        family=tuple(households.Member(each.name, _relation(each.relation)) for each in members if each.is_open),
    )


def survey_form(desk: Desk) -> households.SurveyForm:
    """入户调查表 of the latest visit at the stage."""
    visit, row = _visit(desk), desk.row
    return households.SurveyForm(
        title=f"{desk.procedure.title.zh}入户调查表",
        made_on=visit.surveyed_on,
        household=desk.household,
        surveyed_on=visit.surveyed_on,
        year=_year(desk),
        income=(),
        total=_money(None if row.net_income_per_capita is None else row.net_income_per_capita * row.members),
        per_head=_money(row.net_income_per_capita),
        findings=findings(desk),
        opinion=_found(visit),
        signatures=_surveyors(visit),
    )


def verification_form(desk: Desk) -> households.VerificationForm:
    """入户核实表 of the latest visit at the stage, with where it was and how many photographs."""
    visit = _visit(desk)
    at = "" if visit.latitude is None else f"北纬{visit.latitude:.4f}°，东经{visit.longitude:.4f}°"
    return households.VerificationForm(
        title=f"{desk.procedure.title.zh}入户核实表",
        made_on=visit.surveyed_on,
        household=desk.household,
        verified_on=visit.surveyed_on,
        findings=findings(desk),
        position=at,
        photographs=f"{visit.photographs}张" if visit.photographs else "",
        conclusion=_found(visit),
        signatures=_surveyors(visit),
    )


def consent(desk: Desk) -> households.Consent:
    """认可书: to be signed by the household, or with what it said once that is on record."""
    said = Consent.objects.filter(case=desk.case, stage=desk.stage.id).order_by("at", "id").last()
    household, row = desk.household, desk.row
    signs = Signature("户主（签字或手印）")
    if said is not None and said.manner:
        signs = Signature(signs.capacity, row.head, said.heard_on, str(said.get_manner_display()))
    seen = Signature("见证人", said.witness, said.heard_on) if said else Signature("见证人")
    heard = Signature("听取人", said.heard_by, said.heard_on) if said else Signature("听取人")
    return households.Consent(
        title=f"{desk.procedure.title.zh}农户认可书",
        made_on=said.heard_on if said else desk.today,
        household=household,
        matter=_MATTERS[desk.procedure.purpose],
        basis=desk.basis,
        year=_year(desk),
        per_head=_money(row.net_income_per_capita),
        findings=findings(desk),
        answer=said.answer if said else "",
        remark=said.remark if said else "",
        signatures=(signs, heard, seen),
    )


def signature_sheet(desk: Desk) -> households.SignatureSheet:
    """审批表 with the places of every level, signed ones with name, way and day."""
    household, row = desk.household, desk.row
    view = household_detail(by=desk.by, household=row.id)
    return households.SignatureSheet(
        title=f"{desk.procedure.title.zh}审批表",
        made_on=timezone.localdate(max(_signed_at(desk), default=desk.at)),
        household=household,
        identified_in=f"{view.identified_year}年" if view.identified_year else "",
        causes=_cause(row.main_cause),
        per_head=_money(row.net_income_per_capita),
        findings=findings(desk),
        result=_result(desk),
        levels=desk.levels(desk.procedure.stages),
    )


def indicator_sheet(desk: Desk) -> units.IndicatorSheet:
    """指标核查表 of a stage: what the record says, and what the stage found of each item."""
    items = _items(desk)
    last = {item.indicator.pk: item.checks.get(desk.stage.id) for item in items}
    at = desk.case.screening.snapshot.at if desk.case.screening else desk.today
    done = [each for each in last.values() if each]
    return units.IndicatorSheet(
        title=f"{desk.heading}指标核查表",
        made_on=max((timezone.localdate(each.at) for each in done), default=desk.today),
        unit=desk.whole_place,
        basis=desk.basis,
        time_point=at,
        findings=tuple(
            Finding(
                item.indicator.zh,
                item.indicator.standard_zh,
                item.indicator.value_zh,
                item.indicator.evidence,
                found.met if (found := last[item.indicator.pk]) else item.indicator.met,
            )
            for item in items
        ),
        conclusion=_concluded(done, len(items)),
        signatures=(Signature("核查人"), Signature("负责人")),
    )


def self_evaluation(desk: Desk) -> units.SelfEvaluation:
    """自评报告 of the village or county, item by item with the papers that show it."""
    items = [each.indicator for each in _items(desk)]
    days = [timezone.localdate(each.self_at) for each in items if each.self_at]
    if not days:
        raise NotOnRecordError(LACKS_SELF)
    met = sum(each.self_met is True for each in items)
    return units.SelfEvaluation(
        title=f"{desk.heading}自评报告",
        made_on=max(days),
        addressee="上级扶贫开发办公室",
        basis=desk.basis,
        overview=(f"按照程序规定，{desk.place}对照标准逐项开展自评，共{len(items)}项，自评达标{met}项。",),
        findings=tuple(
            Finding(each.zh, each.standard_zh, each.self_text or each.value_zh, each.evidence, each.self_met)
            for each in items
        ),
        conclusion="各项指标均自评达标。" if met == len(items) else f"尚有{len(items) - met}项自评未达标。",
        issuer=desk.place,
    )


def findings(desk: Desk) -> tuple[Finding, ...]:
    """The criteria as the pinned screening answered them, with the working where the reader may see it."""
    case = desk.case
    if case.screening is None or not desk.by.has(Permission.SCREENING_VIEW):
        results = {1: True, 0: False, None: None}
        return tuple(Finding(each.title, "", "", met=results[each.result]) for each in pinned_results(case))
    unit = case.household_id or case.division
    explained = snapshots.explain_unit(desk.by, case.screening, case.unit, unit, near=case.division)
    titles = {each.criterion.criterion: each.criterion.zh for each in explained.criteria}
    asked = [each for each in explained.criteria if each.criterion.criterion in case.verdicts]
    items = [
        (titles[name], *told(part), part.answer)
        for name, part in items_among((each.criterion.criterion, each.explanation) for each in asked)
        if not any(inner.criterion not in (None, name) for inner in part.walk())  # what it is made of stands there
    ]
    return tuple(
        Finding(title, standard.zh, value.zh, met=answer if isinstance(answer, bool) else None)
        for title, value, standard, answer in items
    )


def _items(desk: Desk) -> Sequence[Item]:
    items = items_of(desk.by, desk.case)
    if not items:
        raise NotOnRecordError(LACKS_SHEET)
    return items


def _result(desk: Desk) -> str:
    """What was decided, or is proposed as long as it is not."""
    purpose, state = desk.procedure.purpose, desk.case.state
    if state == CaseState.STRUCK_OUT:
        return "剔除"
    return (ANNOUNCED if state == CaseState.DONE else PROPOSED)[purpose].zh


def _concluded(done: Sequence[IndicatorCheck], items: int) -> str:
    """What a stage found in all, with its notes, each once; nothing where it has checked nothing yet."""
    if not done:
        return ""
    met = sum(each.met for each in done)
    counted = f"共{items}项指标，已核查{len(done)}项，达标{met}项。"
    return counted + "；".join(dict.fromkeys(each.note for each in done if each.note))


def _visit(desk: Desk) -> SurveyForm:
    found = SurveyForm.objects.filter(case=desk.case, stage=desk.stage.id).order_by("at", "id").last()
    if found is None:
        raise NotOnRecordError(LACKS_FORM)
    return found


def _found(visit: SurveyForm) -> str:
    return "；".join(filter(None, ("与登记一致" if visit.as_registered else "与登记不一致", visit.remark)))


def _surveyors(visit: SurveyForm) -> tuple[Signature, ...]:
    """The two by name, to sign by hand; the household's own place stays empty."""
    first, second = (Signature(f"调查人（{name}）") for name in (visit.surveyor, visit.second_surveyor))
    return (first, second, Signature("户主"))


def _signed_at(desk: Desk) -> list[dt.datetime]:
    states = [state for each in desk.signed.values() for state in each.slots]
    return [state.signature.at for state in states if state.signature and state.holds]


def _year(desk: Desk) -> int:
    return desk.row.data_on.year if desk.row.data_on else desk.batch.campaign.year


def _money(amount: Decimal | None) -> Money | None:
    return None if amount is None else Money(amount.quantize(Decimal("0.01")))


def _cause(code: str | None) -> str:
    item = CAUSE.item(code) if code else None
    return item.zh if item else ""


def _relation(code: str) -> str:
    item = RELATION.item(code)
    return item.zh if item else code


PAPERS = {
    Paper.APPLICATION: application,
    Paper.SURVEY_FORM: survey_form,
    Paper.VERIFICATION_FORM: verification_form,
    Paper.CONSENT_FORM: consent,
    Paper.SIGNATURE_SHEET: signature_sheet,
    Paper.INDICATOR_SHEET: indicator_sheet,
    Paper.SELF_EVALUATION: self_evaluation,
}
