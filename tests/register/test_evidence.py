"""Evidence of changes: asked for where a pack asks for it, looked at by the second person. 演示数据"""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from lika.accounts.choices import Role
from lika.core.actors import Actor
from lika.core.audit import told
from lika.core.errors import UserError
from lika.core.models import AuditEntry
from lika.policy import actions as policy
from lika.register.actions import changes, documents
from lika.register.actions.changes import Grounds
from lika.register.actions.documents import Owner, Paper
from lika.register.choices import ChangeState, DocumentOwner
from lika.register.models import Change, Document, Household, Person
from lika.register.queries import change_detail, change_documents, count_lacking_evidence
from tests import factories as make
from tests import files
from tests.console.officials import signed_in
from tests.console.test_documents import photo

pytestmark = pytest.mark.django_db

JUNE = Grounds(dt.date(2016, 6, 1), "子女成家另过")


@pytest.fixture(autouse=True)
def evidence_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pack of the demonstration, which asks for evidence of a split; a data folder of the test's own."""
    monkeypatch.setattr(settings, "LIKA", replace(settings.LIKA, data_dir=tmp_path))
    by = make.make_actor("000000000000", name="policy")
    policy.load(by=by, path=settings.LIKA.packs_dir / "demo/cn-record")
    policy.activate(by=by, reference="demo/cn-record")


@pytest.fixture
def home() -> Household:
    return make.make_household(number="A1", head="石大", members=3)


@pytest.fixture
def village() -> Actor:
    return make.make_actor(make.VILLAGE, name="village")


@pytest.fixture
def township() -> Actor:
    return make.make_actor(make.TOWNSHIP, name="township")


def split(by: Actor, home: Household) -> Change:
    leaving = {Person.objects.get(name="石演示一").id: "01"}
    return changes.propose_split(by=by, household=home.id, number="A2", leaving=leaving, grounds=JUNE)


def paper(by: Actor, change: Change) -> Document:
    owner = Owner(DocumentOwner.CHANGE, change.id)
    return documents.add_document(by=by, owner=owner, paper=Paper("10"), content=files.photograph())


def test_nobody_agrees_before_the_evidence_is_there(village, township, home):
    change = split(village, home)
    assert (change.needs_check, change.needs_evidence, count_lacking_evidence(by=village)) == (True, True, 1)
    with pytest.raises(UserError, match="DOC-014"):
        changes.check_change(by=township, change=change.id)
    paper(village, change)
    assert (count_lacking_evidence(by=village), change_detail(by=township, change=change.id).papers) == (0, 1)
    assert changes.check_change(by=township, change=change.id).state == ChangeState.APPLIED


def test_what_was_withdrawn_is_no_evidence(village, township, home):
    change = split(village, home)
    documents.withdraw_document(by=village, document=paper(village, change).id, reason="拍错")
    with pytest.raises(UserError, match="DOC-014"):
        changes.check_change(by=township, change=change.id)
    assert (count_lacking_evidence(by=village), count_lacking_evidence(by=township)) == (1, 0)


def test_evidence_is_replaced_in_one_act_with_its_reason_and_the_old_one_stays(village, township, home):
    change = split(village, home)
    old, owner = paper(village, change), Owner(DocumentOwner.CHANGE, change.id)
    better = Paper("10", title="户口簿", replaces=old.id, reason="照片模糊")
    with pytest.raises(UserError, match="REG-060"):
        documents.add_document(
            by=village, owner=owner, paper=replace(better, reason=" "), content=files.picture(colour="green")
        )
    assert [(each.id, each.counts) for each in change_documents(by=township, change=change.id)] == [(old.id, True)]
    new = documents.add_document(by=village, owner=owner, paper=better, content=files.picture(colour="green"))
    held = [
        (each.id, each.counts, each.is_replaced, each.withdrawn_reason)
        for each in change_documents(by=township, change=change.id)
    ]
    assert held == [(old.id, False, True, "照片模糊"), (new.id, True, False, "")]
    entry = AuditEntry.objects.filter(action="document.added").latest("at")
    assert (entry.reason, told(entry)[1]["replaces"]) == ("照片模糊", str(old.id))
    assert (change_detail(by=township, change=change.id).papers, count_lacking_evidence(by=village)) == (1, 0)
    changes.check_change(by=township, change=change.id)
    with pytest.raises(UserError, match="DOC-011"):
        documents.add_document(
            by=village, owner=owner, paper=replace(better, replaces=new.id), content=files.picture(colour="red")
        )


def test_the_page_of_a_change_replaces_its_evidence(village, home):
    change, client = split(village, home), signed_in(Role.VILLAGE)
    page, old = f"/changes/{change.id}/", paper(village, change)
    assert f'href="{page}?replace={old.id}"' in client.get(page).content.decode()
    form = client.get(page, {"replace": str(old.id)}).context["document_form"]
    assert (str(form["replaces"].value()), "reason" in form.fields) == (str(old.id), True)
    given = {"kind": "10", "replaces": str(old.id), "photo": photo(files.picture(colour="green"))}
    refused = client.post(f"{page}documents/", given)
    assert (refused.status_code, list(refused.context["document_form"].errors)) == (422, ["reason"])
    given |= {"photo": photo(files.picture(colour="green")), "reason": "照片模糊"}
    assert client.post(f"{page}documents/", given)["Location"] == page
    assert "已被新材料替换：照片模糊" in " ".join(client.get(page).content.decode().split())


def test_other_kinds_hold_without(village, township, home):
    change = changes.propose_correction(
        by=village, household=home.id, person=None, values={"phone": "13800002222"}, grounds=JUNE
    )
    assert (change.needs_evidence, changes.check_change(by=township, change=change.id).state) == (False, "applied")


def test_the_pages_lead_from_the_form_to_the_evidence_and_the_check(home):
    village, township = signed_in(Role.VILLAGE), signed_in(Role.TOWNSHIP)
    page = propose(village, home)
    assert [task.title for task in village.get("/").context["waiting"]] == ["您录入的变更有1项缺依据材料"]
    response = township.post(f"{page}check/")
    assert (response.status_code, response.context["refused"].code) == (422, "DOC-014")
    bad = village.post(f"{page}documents/", {"kind": "10", "photo": photo(b"<html>")})
    assert (bad.status_code, "DOC-002" in str(bad.context["document_form"].errors)) == (422, True)
    added = village.post(f"{page}documents/", {"kind": "10", "photo": photo(files.photograph())})
    assert (added.status_code, added["Location"]) == (302, page)
    seen = township.get(page)
    assert [line.card.name for line in seen.context["documents"].now] == ["变更依据材料"]
    township.post(f"{page}check/")
    assert Change.objects.get().state == ChangeState.APPLIED
    closed = village.get(page)
    assert (closed.context["document_form"], village.get("/").context["waiting"]) == (None, [])
    assert [line.card.name for line in village.get(f"/households/{home.id}/").context["documents"].now] == [
        "变更依据材料"
    ]


def propose(client: Client, home: Household) -> str:
    members = home.memberships.values_list("person_id", "person__name")
    relations = {f"relation_{person}": "01" if name == "石演示一" else "" for person, name in members}
    given = {"effective_on": "2016-06-01", "reason": "子女成家另过", "number": "A2"} | relations
    response = client.post(f"/households/{home.id}/changes/new/split/", given)
    assert response.status_code == 302, response.context["form"].errors
    return response["Location"]
