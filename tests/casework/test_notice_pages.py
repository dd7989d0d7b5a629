"""The pages of notices and objections: a notice made, posted, objected to and ended by forms. 演示数据"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lika.accounts.choices import Role
from lika.casework.models import Batch, Case, Notice, Objection
from tests.casework.going import TOWNSHIP, VILLAGE, Place, begun, place
from tests.casework.noticing import age, brought, photograph, today
from tests.console.officials import official

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def at() -> Place:
    return place(2)


@pytest.fixture
def batch(at: Place) -> Batch:
    return brought(begun(at), "first_notice")


def signed_in(role: Role, where: str) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(official(role, where))
    return client


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("演示.png", photograph(), "image/png")


def test_a_village_makes_posts_and_ends_a_notice_by_forms(batch):
    village = signed_in(Role.VILLAGE, VILLAGE)
    address = f"/casework/batches/{batch.pk}/notices/"
    assert "名单尚未公示" in village.get(f"/casework/batches/{batch.pk}/").content.decode()
    assert village.post(address, {"act": "open", "phone": "王某某"}).status_code == 422
    assert village.post(address, {"act": "open", "phone": "0776-6212317"}).status_code == 302
    row = Notice.objects.get().postings.get()
    given = {"act": "post", "posting": row.pk, "posted_on": today().isoformat(), "proof": picture()}
    assert village.post(address, given).status_code == 302
    early = village.post(address, {"act": "end"})
    assert (early.status_code, "CAS-099" in early.content.decode()) == (422, True)
    age(Notice.objects.get(), 8)
    assert village.post(address, {"act": "end"}).status_code == 302
    batch.refresh_from_db()
    assert batch.stage == "township_review"


def test_an_objection_goes_from_hand_to_hand_by_forms(at, batch):
    village, township = signed_in(Role.VILLAGE, VILLAGE), signed_in(Role.TOWNSHIP, TOWNSHIP)
    inspector = official(Role.TOWNSHIP, TOWNSHIP)
    finds = Client(headers={"accept-language": "zh-hans"})
    finds.force_login(inspector)
    village.post(f"/casework/batches/{batch.pk}/notices/", {"act": "open", "phone": "0776-6212317"})
    case = Case.objects.order_by("number")[0]
    said = {"act": "object", "case": case.pk, "channel": "telephone", "text": "演示：该户有商品房"}
    assert village.post(f"/casework/batches/{batch.pk}/notices/", said).status_code == 302
    address = f"/casework/objections/{Objection.objects.get().pk}/"
    shown = village.get(address).content.decode()
    assert ("演示：该户有商品房" in shown, "匿名" in shown, "告知收到" in shown) == (True, True, True)
    assert township.post(address).status_code == 302
    assert township.post(address, {"to": inspector.official.pk}).status_code == 302
    assert finds.post(address, {"note": "演示：不属实", "evidence": picture()}).status_code == 302
    assert finds.post(address, {"text": "演示：经查不属实"}).status_code == 302
    decided = {"decision": "dismiss", "to": "", "reason": "演示：不成立"}
    assert township.post(address, decided).status_code == 302
    case.refresh_from_db()
    assert case.state == "open"
    assert "异议不成立" in township.get(address).content.decode()
