"""The announcement on the page of its batch. 演示数据"""

import pytest

from lika.accounts.choices import Role
from lika.casework.models import Case
from lika.register.models import Household
from tests.casework.going import COUNTY, TOWNSHIP, begun, in_public, place, standing_at
from tests.console.officials import signed_in

pytestmark = pytest.mark.django_db


def test_the_county_announces_on_the_page_and_holds_a_case_back():
    at = place(2)
    batch = in_public(standing_at(begun(at), "announcement"))
    here = f"/casework/batches/{batch.pk}/"
    county = signed_in(Role.COUNTY, COUNTY)
    page = county.get(here)
    assert (page.context["ready"], "公告后状态变为：新识别" in page.content.decode()) == (2, True)
    lower = signed_in(Role.TOWNSHIP, TOWNSHIP)
    assert "announce/" not in lower.get(here).content.decode()
    assert lower.post(f"{here}announce/", {"effective_on": "2014-12-31"}).status_code == 403

    last = Case.objects.order_by("number").last()
    silent = county.post(f"{here}hold-back/", {"cases": [str(last.pk)], "reason": ""})
    assert (silent.status_code, list(silent.context["hold_back_form"].errors)) == (422, ["reason"])
    county.post(f"{here}hold-back/", {"cases": [str(last.pk)], "reason": "演示：正在核实"})
    future = county.post(f"{here}announce/", {"effective_on": "2099-12-31"})
    assert (future.status_code, "CAS-111" in future.content.decode()) == (422, True)
    assert county.post(f"{here}announce/", {"effective_on": "2014-12-31"}).status_code == 302
    assert sorted(Household.objects.values_list("number", "poverty_status")) == [("JX000", "10"), ("JX001", "00")]
    last.refresh_from_db()
    assert (last.batch.sequence, last.stage) == (1, "announcement")

    here = f"/casework/batches/{last.batch_id}/"
    offered = [key for key, _label in county.get(here).context["send_form"].results()]
    assert offered == ["passed", "returned:verification", "returned:township_review", "struck_out"]
    given = {
        "stage": "announcement",
        f"reason-{last.pk.hex}": "演示：户已迁出",
        f"result-{last.pk.hex}": "returned:appraisal",
    }
    assert county.post(f"{here}send-back/", given).status_code == 422
    given[f"result-{last.pk.hex}"] = "returned:verification"
    assert lower.post(f"{here}send-back/", given).status_code == 403
    assert county.post(f"{here}send-back/", given).status_code == 302
    last.refresh_from_db()
    step = last.steps.get(result="returned")
    assert (last.stage, last.batch.sequence, step.stage, step.reason) == (
        "verification", 2, "announcement", "演示：户已迁出",
    )  # fmt: skip


def test_a_case_and_the_one_that_corrects_it_name_each_other():
    begun(place(2))
    old, new = Case.objects.order_by("number")
    Case.objects.filter(pk=new.pk).update(corrects=old)
    county = signed_in(Role.COUNTY, COUNTY)
    assert f"/casework/cases/{new.pk}/" in county.get(f"/casework/cases/{old.pk}/").content.decode()
    assert f"/casework/cases/{old.pk}/" in county.get(f"/casework/cases/{new.pk}/").content.decode()
