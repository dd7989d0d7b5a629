"""The indicator sheet of a village that exits: worked out, evaluated by itself, checked level by level. 演示数据"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from lika.accounts.choices import Role
from lika.casework.actions import effect, indicators, moving
from lika.casework.actions.indicators import Finding, SelfEvaluation
from lika.casework.actions.screening_again import rescreen
from lika.casework.models import Case, Evidence, Indicator, IndicatorCheck, IndicatorSheet, Step
from lika.casework.queries.indicators import items_of
from lika.casework.queries.staleness import Changed, changed_since
from lika.core.errors import UserError
from lika.policy.models import PackVersion
from lika.register.models import AreaStatus, StatusEvent, VillageYear
from lika.snapshots import actions as snapshots
from tests import factories as make
from tests.casework.going import in_public, ready, sign, sign_rosters, standing_at
from tests.casework.villages import FILLED_IN, PREFECTURE, Exit, village_exit
from tests.console.officials import signed_in
from tests.files import pdf

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ["village_incidence", "village_infrastructure", "village_services", "village_industry", "village_look"]


def code(call, **given) -> str:
    with pytest.raises(UserError) as caught:
        call(**given)
    return caught.value.code


def go_on(by, batch) -> None:
    ready(batch)
    with transaction.atomic():
        moving.passed(moving.take(by, batch.pk), action="case.test")


def test_a_village_goes_from_its_sheet_to_the_announcement_by_the_prefecture():
    at = village_exit()
    given = {"by": at.village, "case": at.case.pk}
    whole = {name: SelfEvaluation(True, "演示", "演示：佐证材料") for name in NAMES}
    assert code(indicators.evaluate, **given, given=whole) == "CAS-133"
    assert code(go_on, by=at.village, batch=at.batch) == "CAS-135"
    indicators.draw(**given)
    rows = list(Indicator.objects.values_list("criterion", "met"))
    assert rows == [(name, True) for name in NAMES]
    incidence = Indicator.objects.get(criterion="village_incidence")
    assert (incidence.value_zh, incidence.standard_zh) == (
        "贫困状态为贫困的各户家庭人口合计÷农村户籍人口为0.33%，应不大于贫困村退出的贫困发生率上限（3%）：符合",
        "贫困村退出的贫困发生率上限：3%",
    )
    assert Indicator.objects.get(criterion="village_services").value_zh == (
        "有标准化卫生室：是；有文化图书室：是；有综合服务设施：是"
    )

    assert code(go_on, by=at.village, batch=at.batch) == "CAS-136"
    differing = whole | {"village_look": SelfEvaluation(False, "演示：环境整治未完", "演示：照片")}
    indicators.evaluate(**given, given=differing)
    assert [each.criterion for each in Indicator.objects.all() if each.differs] == ["village_look"]
    assert code(indicators.check, by=at.village, case=at.case.pk, given={NAMES[0]: Finding(True)}) == "CAS-131"
    go_on(at.village, at.batch)

    assert code(go_on, by=at.township, batch=at.batch) == "CAS-137"
    check = {"by": at.township, "case": at.case.pk}
    assert code(indicators.check, **check, given={NAMES[0]: Finding(False)}) == "CAS-134"
    indicators.check(**check, given={name: Finding(True) for name in NAMES[1:]} | {NAMES[0]: Finding(False, "演示")})
    assert code(go_on, by=at.township, batch=at.batch) == "CAS-137"
    indicators.check(**check, given={NAMES[0]: Finding(True, "演示：复核")})
    found = items_of(at.county, Case.objects.get())[0].checks["township_signatures"]
    assert (found.met, found.level, found.by_name) == (True, "township", at.township.name)
    assert IndicatorCheck.objects.count() == 6

    in_public(standing_at(at.batch, "announcement"))
    effect.announce(by=at.prefecture, batch=at.batch.pk, effective_on=make.AT)
    assert AreaStatus.objects.get(division=int(make.VILLAGE)).poor_area == "3"
    event = StatusEvent.objects.get(to_status="3")
    assert (event.unit_kind, event.decision_id, event.effective_on) == ("village", at.case.pk, make.AT)
    assert Case.objects.values_list("stage", "support_kept").get() == ("filing", True)


def test_a_village_whose_record_changed_is_not_announced_before_it_is_screened_again():
    at = village_exit()
    for each in standing_at(at.batch, "announcement").cases.all():
        assert changed_since(at.county, [each]) == {}
    make.make_household_year(make.make_household(members=2, poverty="20"))
    VillageYear.objects.update(culture_room=False)
    case = at.batch.cases.get()
    (changes,) = changed_since(at.county, [case]).values()
    assert changes == [
        Changed(
            "贫困发生率降至3%以下",
            "贫困状态为贫困的各户家庭人口合计÷农村户籍人口为0.33%，应不大于贫困村退出的贫困发生率上限（3%）：符合",
            "贫困状态为贫困的各户家庭人口合计÷农村户籍人口为1%，应不大于贫困村退出的贫困发生率上限（3%）：符合",
        ),
        Changed(
            "村内基本公共服务（演示）",
            "有标准化卫生室：是；有文化图书室：是；有综合服务设施：是",
            "有标准化卫生室：是；有文化图书室：否；有综合服务设施：是",
        ),
    ]
    in_public(at.batch)
    assert code(effect.announce, by=at.prefecture, batch=at.batch.pk, effective_on=make.AT) == "CAS-057"
    assert StatusEvent.objects.filter(decision_kind="case").count() == 0


def screened_again(at: Exit) -> None:
    taken = snapshots.take(by=at.county, at=make.AT, division=make.COUNTY)
    snapshots.screen(by=at.county, snapshot=taken.pk, pack=PackVersion.objects.get(pack_id=FILLED_IN).pack())
    rescreen(by=at.prefecture, batch=at.batch.pk)


def test_a_village_that_is_screened_again_is_announced_if_it_still_exits_and_was_signed_anew():
    at = village_exit()
    indicators.draw(by=at.village, case=at.case.pk)
    in_public(standing_at(at.batch, "announcement"))
    announced = {"by": at.prefecture, "batch": at.batch.pk, "effective_on": make.AT}
    VillageYear.objects.update(culture_room=False)
    assert code(effect.announce, **announced) == "CAS-057"
    screened_again(at)
    assert Case.objects.get().verdicts == {"village_exit": 0}
    assert code(effect.announce, **announced) == "CAS-037"

    VillageYear.objects.update(culture_room=True)
    screened_again(at)
    assert Case.objects.get().verdicts == {"village_exit": 1}
    assert code(effect.announce, **announced) == "CAS-191"  # the sheet tells of the first screening
    IndicatorSheet.objects.update(screening=Case.objects.get().screening)
    assert code(effect.announce, **announced) == "CAS-190"  # so do the signatures
    assert StatusEvent.objects.filter(decision_kind="case").count() == 0
    sign(at.batch)
    sign_rosters(at.batch)
    effect.announce(**announced)
    assert AreaStatus.objects.get(division=int(make.VILLAGE)).poor_area == "3"


def test_a_sheet_that_is_worked_out_anew_is_checked_anew():
    at = village_exit()
    indicators.draw(by=at.village, case=at.case.pk)
    standing_at(at.batch, "township_signatures")
    indicators.check(by=at.township, case=at.case.pk, given={name: Finding(True) for name in NAMES})
    sign(at.batch)
    standing_at(at.batch, "self_evaluation")
    indicators.draw(by=at.village, case=at.case.pk)
    standing_at(at.batch, "township_signatures")
    assert code(go_on, by=at.township, batch=at.batch) == "CAS-137"


def test_an_indicator_that_the_record_does_not_tell_blocks():
    at = village_exit(cooperatives=None)
    indicators.draw(by=at.village, case=at.case.pk)
    assert Indicator.objects.get(criterion="village_industry").met is None
    whole = {name: SelfEvaluation(True, "演示", "演示：佐证材料") for name in NAMES}
    indicators.evaluate(by=at.village, case=at.case.pk, given=whole)
    assert code(go_on, by=at.village, batch=at.batch) == "CAS-135"


def test_who_had_a_part_in_the_sheet_has_no_other_duty_on_the_case():
    at = village_exit()
    indicators.draw(by=at.village, case=at.case.pk)
    said = dict.fromkeys(NAMES, SelfEvaluation(True, "演示", "演示：佐证材料"))
    indicators.evaluate(by=at.county, case=at.case.pk, given=said)
    standing_at(at.batch, "department_check")
    found = dict.fromkeys(NAMES, Finding(True))
    assert code(indicators.check, by=at.county, case=at.case.pk, given=found) == "CAS-033"
    indicators.check(by=at.department, case=at.case.pk, given=found)
    recorded = Step.objects.filter(result="recorded").order_by("at").values_list("stage", "duty", "by_name")
    assert list(recorded) == [
        ("self_evaluation", "prepare", at.village.name),
        ("self_evaluation", "prepare", at.county.name),
        ("department_check", "verify", at.department.name),
    ]
    in_public(standing_at(at.batch, "announcement"))
    both = make.make_actor(PREFECTURE, name="department")
    assert code(effect.announce, by=both, batch=at.batch.pk, effective_on=make.AT) == "CAS-033"


def test_nothing_is_entered_on_the_sheet_of_a_case_that_is_stopped():
    at = village_exit()
    indicators.draw(by=at.village, case=at.case.pk)
    Case.objects.update(state="stopped")
    given = {"by": at.village, "case": at.case.pk}
    assert code(indicators.draw, **given) == "CAS-063"
    said = dict.fromkeys(NAMES, SelfEvaluation(True, "演示", "演示：佐证材料"))
    assert code(indicators.evaluate, **given, given=said) == "CAS-063"
    standing_at(at.batch, "township_signatures")
    found = dict.fromkeys(NAMES, Finding(True))
    assert code(indicators.check, by=at.township, case=at.case.pk, given=found) == "CAS-063"
    assert (Indicator.objects.exclude(self_met=None).count(), IndicatorCheck.objects.count()) == (0, 0)


def test_the_sheet_is_entered_on_the_page_of_the_batch():
    at = village_exit()
    here, sheet = f"/casework/batches/{at.batch.pk}/", f"/casework/cases/{at.case.pk}/indicators/"
    village = signed_in(Role.VILLAGE, make.VILLAGE)
    assert (village.get(here).context["sheet_items"], village.get(here).context["sheet_draws"]) == ([], True)
    assert village.post(f"{sheet}draw/").status_code == 302
    assert [each["item"].indicator.criterion for each in village.get(here).context["sheet_items"]] == NAMES
    assert signed_in(Role.TOWNSHIP, make.TOWNSHIP).get(here).context["sheet_form"] is None
    values = {f"met-{n}": "yes" for n in range(5)} | {f"evidence-{n}": "演示：佐证材料" for n in range(5)}
    lacking = village.post(sheet, values | {"evidence-2": ""})
    assert (lacking.status_code, list(lacking.context["sheet_form"].errors)) == (422, ["evidence-2"])
    shown = SimpleUploadedFile("road.pdf", pdf(1), "application/pdf")
    assert village.post(sheet, values | {"evidence-2": "", "file-2": shown}).status_code == 302
    named = list(Indicator.objects.values_list("self_met", "evidence"))
    assert named == [(True, "" if n == 2 else "演示：佐证材料") for n in range(5)]
    kept = Evidence.objects.get()
    assert (kept.indicator.criterion, kept.paper, kept.stage) == (NAMES[2], "evidence", "self_evaluation")
    assert f"/documents/{kept.document_id}/" in village.get(here).content.decode()
    assert village.post(sheet, values | {"evidence-2": ""}).status_code == 302  # the file that is kept shows it
    go_on(at.village, at.batch)
    found = {f"met-{n}": "yes" for n in range(5)} | {"met-1": "no", "text-1": "演示：路面破损"}
    township = signed_in(Role.TOWNSHIP, make.TOWNSHIP)
    assert township.post(sheet, found).status_code == 302
    assert IndicatorCheck.objects.get(met=False).note == "演示：路面破损"
    assert "演示：路面破损" in township.get(here).content.decode()
