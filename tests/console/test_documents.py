"""The documents of a household on its page: adding, looking, withdrawing, what is served how. 演示数据"""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from lika.accounts.choices import Role
from lika.core.models import AuditEntry
from lika.register import document_files
from lika.register.document_files import Part
from lika.register.models import Document, Household, Person
from tests import factories as make
from tests import files
from tests.console.officials import signed_in
from tests.web_role import statements

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LIKA", replace(settings.LIKA, data_dir=tmp_path))


@pytest.fixture
def home() -> Household:
    return make.make_household(number="A1", head="石大", members=2)


@pytest.fixture
def village() -> Client:
    return signed_in(Role.VILLAGE)


def page_of(home: Household) -> str:
    return f"/households/{home.id}/documents/"


def photo(content: bytes, name: str = "IMG_1.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def add(client: Client, home: Household, content: bytes | None = None, **given: Any) -> Document:
    fields = {"kind": "04", "photo": photo(content or files.photograph())} | given
    response = client.post(page_of(home), fields)
    assert response.status_code == 302, response.context["document_form"].errors
    assert response["Location"] == page_of(home)
    return Document.objects.latest("recorded_at")


def cards(client: Client, home: Household) -> tuple[list[str], list[str]]:
    held = client.get(page_of(home)).context["documents"]
    return [line.card.name for line in held.now], [line.card.name for line in held.earlier]


class TestAdding:
    def test_from_the_camera_and_from_a_file(self, village, home):
        add(village, home, title="堂屋")
        person = Person.objects.get(name="石大")
        file = {"photo": "", "file": photo(files.pdf(), "a.pdf"), "whose": str(person.id), "kind": "02"}
        assert (add(village, home, **file).owner_kind, cards(village, home)) == (
            "person",
            (["身份证复印件", "堂屋"], []),
        )
        (card, _other) = [line.card for line in village.get(f"/households/{home.id}/").context["documents"].now]
        assert (list(card.facts[:2]), card.kind) == (["石大", "2页"], "身份证复印件")

    def test_the_part_of_the_page_comes_back_alone(self, village, home):
        headers = {"HX-Request": "true"}
        response = village.post(page_of(home), {"kind": "04", "photo": photo(files.picture())}, headers=headers)
        assert (response.status_code, response.context["document_added"]) == (200, True)
        assert "<html" not in response.content.decode()
        response = village.post(page_of(home), {"kind": "04", "photo": photo(b"<html>")}, headers=headers)
        assert (response.status_code, response.context["document_added"]) == (200, False)
        assert "DOC-002" in str(response.context["document_form"].non_field_errors())

    @pytest.mark.parametrize("name", files.HOSTILE)
    def test_hostile_files_are_told_in_the_form(self, village, home, name):
        content, code = files.HOSTILE[name]
        response = village.post(page_of(home), {"kind": "04", "photo": photo(content)})
        said = str(response.context["document_form"].errors)
        # What is empty Django's own field refuses.
        assert (response.status_code, code in said or not content) == (422, True)
        assert Document.objects.count() == 0

    def test_one_file_is_needed(self, village, home):
        for given in ({}, {"photo": photo(files.picture()), "file": photo(files.pdf())}):
            response = village.post(page_of(home), {"kind": "04", **given})
            assert dict(response.context["document_form"].errors) == {"file": ["每次需要一个文件。"]}

    def test_whoever_may_only_look_adds_nothing(self, home):
        office = signed_in(Role.DEPARTMENT)
        assert office.get(page_of(home)).context["document_form"] is None
        assert office.post(page_of(home), {"kind": "04", "photo": photo(files.picture())}).status_code == 403
        assert Document.objects.count() == 0


class TestLooking:
    def test_what_is_served_cannot_act(self, village, home):
        made = add(village, home)
        response = village.get(f"/documents/{made.id}/")
        assert {name: response[name] for name in (
            "Content-Type", "X-Content-Type-Options", "Content-Disposition", "Content-Security-Policy",
            "Cross-Origin-Resource-Policy", "Referrer-Policy",
        )} == {
            "Content-Type": "image/jpeg",
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": f'inline; filename="{made.id.hex[-8:]}.jpg"',
            "Content-Security-Policy":
                "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
        }  # fmt: skip
        assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
        assert response.content == document_files.read(made.id, Part.SHOWN)
        assert type(response["Content-Type"]) is str  # a server takes no other kind of text
        small = village.get(f"/documents/{made.id}/thumbnail/")
        assert Image.open(BytesIO(small.content)).size == (320, 240)

    def test_a_pdf_is_saved_and_not_opened_by_the_page(self, village, home):
        made = add(village, home, kind="12", photo="", file=photo(files.pdf()))
        response = village.get(f"/documents/{made.id}/")
        assert (response["Content-Type"], response["Content-Disposition"]) == (
            "application/pdf", f'attachment; filename="{made.id.hex[-8:]}.pdf"',
        )  # fmt: skip

    def test_a_personal_paper_asks_for_a_reason_and_leaves_a_trace(self, village, home):
        made = add(village, home, kind="02")
        for address in (f"/documents/{made.id}/", f"/documents/{made.id}/thumbnail/"):
            assert village.get(address).status_code == 403
        assert village.post(f"/documents/{made.id}/reveal/", {}).status_code == 400
        assert AuditEntry.objects.filter(action="document.revealed").count() == 0
        response = village.post(f"/documents/{made.id}/reveal/", {"purpose": "identity"})
        assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
        entry = AuditEntry.objects.get(action="document.revealed")
        assert (entry.label, entry.reason) == ("A1", "核实身份信息")
        page = signed_in(Role.COUNTY).get(f"/households/{home.id}/")
        assert [(look.field, look.reason) for look in page.context["looks"]] == [("档案资料", "核实身份信息")]

    def test_nothing_is_served_beyond_the_area(self, village, home):
        photograph, paper = add(village, home), add(village, home, files.picture("PNG"), kind="02")
        neighbour = signed_in(Role.VILLAGE, make.OTHER_VILLAGE)
        assert [
            neighbour.get(f"/documents/{photograph.id}/").status_code,
            neighbour.get(f"/documents/{photograph.id}/thumbnail/").status_code,
            neighbour.post(f"/documents/{paper.id}/reveal/", {"reason": "核实"}).status_code,
            neighbour.post(f"/documents/{paper.id}/withdraw/", {"reason": "错"}).status_code,
            neighbour.get(page_of(home)).status_code,
        ] == [404] * 5

    def test_a_helper_sees_the_house_of_a_household_granted_and_no_paper(self, village, home):
        photograph, paper = add(village, home), add(village, home, files.picture("PNG"), kind="02")
        helper = signed_in(Role.HELPER, households=[home])
        assert helper.get(f"/documents/{photograph.id}/").status_code == 200
        assert helper.get(f"/documents/{paper.id}/").status_code == 403
        assert helper.post(f"/documents/{paper.id}/reveal/", {"reason": "核实"}).status_code == 403

    def test_a_province_reads_that_there_are_documents_and_no_title(self, village, home):
        made = add(village, home, title="石大家的堂屋")
        province = signed_in(Role.PROVINCE)
        page = province.get(page_of(home))
        assert ("石大家的堂屋" in page.content.decode(), cards(province, home)) == (False, (["住房照片"], []))
        assert province.get(f"/documents/{made.id}/").status_code == 403

    def test_so_many_queries_however_many_documents(self, village, home):
        add(village, home)
        page = page_of(home)
        village.get(page)
        with CaptureQueriesContext(connection) as one:
            village.get(page)
        for number in range(2):
            add(village, home, files.picture(size=(30 + number, 30)))
        with CaptureQueriesContext(connection) as three:
            village.get(page)
        assert len(statements(three)) == len(statements(one)) <= 20


class TestWithdrawing:
    def test_it_moves_to_the_earlier_ones_with_its_reason(self, village, home):
        made = add(village, home, title="堂屋")
        response = village.post(f"/documents/{made.id}/withdraw/", {"reason": "放错户"})
        assert (response.status_code, response["Location"]) == (302, page_of(home))
        assert cards(village, home) == ([], ["堂屋"])
        assert "放错户" in village.get(page_of(home)).content.decode()
        assert village.get(f"/documents/{made.id}/").status_code == 403
        assert village.post(f"/documents/{made.id}/withdraw/", {"reason": "再"}).status_code == 400

    def test_without_a_reason_it_stays(self, village, home):
        made = add(village, home)
        assert village.post(f"/documents/{made.id}/withdraw/", {"reason": ""}).status_code == 400
        assert Document.objects.get(pk=made.pk).withdrawn_at is None


class TestReplacing:
    def test_the_button_leads_to_a_form_that_takes_its_place(self, village, home):
        person = Person.objects.get(name="石大")
        old = add(village, home, title="堂屋", whose=str(person.id))
        way = f"{page_of(home)}?replace={old.id}"
        assert way in village.get(page_of(home)).content.decode()
        answer = village.get(way)
        assert "新材料将替换“堂屋”" in answer.content.decode()
        assert answer.context["document_form"].initial == {
            "kind": "04", "title": "堂屋", "whose": str(person.id), "replaces": old.id
        }  # fmt: skip
        given = {"replaces": str(old.id), "whose": str(person.id), "title": "堂屋新", "photo": photo(files.picture())}
        add(village, home, **given)
        assert cards(village, home) == (["堂屋新"], ["堂屋"])
        again = village.post(page_of(home), {"kind": "04", **given, "photo": photo(files.picture(colour="green"))})
        assert (again.status_code, Document.objects.count()) == (404, 2)

    def test_a_form_that_is_refused_still_takes_its_place(self, village, home):
        old = add(village, home, title="堂屋")
        refused = village.post(page_of(home), {"kind": "04", "replaces": str(old.id)})
        assert (refused.status_code, "新材料将替换“堂屋”" in refused.content.decode()) == (422, True)

    def test_whoever_may_only_look_has_no_button(self, village, home):
        old = add(village, home)
        page = signed_in(Role.AUDITOR).get(f"{page_of(home)}?replace={old.id}").content.decode()
        assert (f'href="{page_of(home)}?replace=' in page, "新材料将替换" in page) == (False, False)


class TestVillages:
    HERE = f"/villages/{make.VILLAGE}/documents/"

    def test_papers_of_the_village_are_kept_and_replaced_on_its_page(self, village, home):
        make.make_division(make.OTHER_VILLAGE)
        added = village.post(self.HERE, {"kind": "13", "title": "公示照片", "photo": photo(files.photograph())})
        assert (added.status_code, added["Location"]) == (302, self.HERE)
        old = Document.objects.get()
        assert (old.owner_kind, old.owner_id, old.village) == ("village", None, int(make.VILLAGE))
        given = {"kind": "13", "title": "新公示", "photo": photo(files.picture()), "replaces": str(old.id)}
        assert village.post(self.HERE, given).status_code == 302
        held = village.get(self.HERE).context["documents"]
        assert [[line.card.name for line in lines] for lines in (held.now, held.earlier)] == [["新公示"], ["公示照片"]]
        assert f'href="{self.HERE}"' in village.get("/").content.decode()
        made = Document.objects.get(replaced_by=None)
        withdrawn = village.post(f"/documents/{made.id}/withdraw/", {"reason": "放错"})
        assert (withdrawn.status_code, withdrawn["Location"]) == (302, self.HERE)

    def test_one_of_another_village_is_not_replaced_from_here(self, village, home):
        make.make_division(make.OTHER_VILLAGE)
        township = signed_in(Role.TOWNSHIP)
        other = f"/villages/{make.OTHER_VILLAGE}/documents/"
        assert township.post(other, {"kind": "13", "photo": photo(files.photograph())}).status_code == 302
        old = Document.objects.get()
        given = {"kind": "13", "photo": photo(files.picture()), "replaces": str(old.id)}
        assert township.post(self.HERE, given).status_code == 404
        assert Document.objects.get() == old
        assert village.get(other).status_code == 404

    def test_readers_look_and_a_township_is_no_village(self, village, home):
        village.post(self.HERE, {"kind": "13", "photo": photo(files.photograph())})
        office = signed_in(Role.DEPARTMENT)
        answer = office.get(self.HERE)
        assert (len(answer.context["documents"].now), answer.context["document_form"]) == (1, None)
        assert office.post(self.HERE, {"kind": "13", "photo": photo(files.picture())}).status_code == 403
        assert signed_in(Role.TOWNSHIP).get(f"/villages/{make.TOWNSHIP}/documents/").status_code == 404
        refused = village.post(self.HERE, {"kind": "13"})
        assert (refused.status_code, Document.objects.count()) == (422, 1)
