"""The pages of signing: who is offered which way, what is refused beside it, what goes on. 演示数据"""

import base64
from io import BytesIO

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from lika.accounts.actions import confirm_holder
from lika.accounts.choices import Role
from lika.accounts.models import FailedSignIn, Official, User
from lika.accounts.queries import actor_of
from lika.casework.actions import rosters, signing
from lika.casework.models import Case, Roster, Signatory, Signature, Step
from lika.core.errors import UserError
from lika.core.models import AuditEntry
from tests import factories as make
from tests.casework.signers import COUNTY_FOUR, VILLAGE_FOUR, Chain, chain_of, ink, sign
from tests.casework.signers import by_account as account
from tests.console.officials import signed_in
from tests.files import photograph

pytestmark = pytest.mark.django_db
SECRET = "yanshi-2016-mima"


def holder_of(capacity: str, role: Role, division: str) -> Client:
    """A browser of who holds a capacity, the password known."""
    client = signed_in(role, division)
    user = User.objects.latest("pk")
    user.set_password(SECRET)
    user.save()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    Signatory.objects.filter(capacity=capacity).update(official=Official.objects.get(user=user))
    return client


def here(chain: Chain, what: str = "") -> str:
    return f"/casework/batches/{chain.batch.pk}/{what}"


def drawing() -> str:
    return "data:image/png;base64," + base64.b64encode(ink()).decode()


def by_account(client: Client, chain: Chain, slot: int, secret: str = SECRET):
    place = here(chain, f"sign/{slot}/")
    told = {"way": "account", "stage": chain.stage, "secret": secret, "shown": client.get(place).context["shown"]}
    return client.post(place, told)


def test_what_is_signed_is_what_the_page_showed():
    chain = chain_of()
    secretary, place = holder_of("village_secretary", Role.VILLAGE, make.VILLAGE), here(chain, "sign/0/")
    page = secretary.get(place)
    sent = {"way": "account", "stage": chain.stage, "secret": SECRET, "shown": page.context["shown"]}
    assert f'name="shown" value="{page.context["shown"]}"' in page.content.decode()
    Case.objects.filter(pk=(changed := Case.objects.order_by("number")[1]).pk).update(persons=7)
    other = secretary.post(place, sent)
    told = other.content.decode()
    assert (other.status_code, "CAS-152" in told, changed.number in told) == (422, True, True)
    assert secretary.post(place, sent | {"shown": ""}).status_code == 422
    assert not Signature.objects.exists()
    assert secretary.post(place, sent | {"shown": other.context["shown"]}).status_code == 302
    assert Signature.objects.count() == 2


def test_who_holds_the_open_capacity_signs_all_cases_by_password():
    chain = chain_of()
    secretary = holder_of("village_secretary", Role.VILLAGE, make.VILLAGE)
    page = secretary.get(here(chain))
    shown = [(each.slot.capacity, each.signed, each.is_next, each.may_sign) for each in page.context["slots"]]
    assert shown == [
        ("village_secretary", 0, True, True), ("village_director", 0, False, False), ("team_leader", 0, False, False),
        ("household", 0, False, False),
    ]  # fmt: skip
    assert here(chain, "sign/0/") in page.content.decode()
    assert list(secretary.get(here(chain, "sign/0/")).context["forms"]) == ["account", "ink", "paper"]
    assert by_account(secretary, chain, 0).status_code == 302
    assert list(Signature.objects.values_list("slot", "kind", "capacity")) == [(0, "account", "village_secretary")] * 2
    page = secretary.get(here(chain))
    first = page.context["slots"][0]
    assert (first.is_whole, [each.who for each in first.signatures]) == (True, ["演示·官员"])
    assert "已签2件，共2件" in page.content.decode()


def test_a_wrong_password_is_refused_beside_the_field_and_counted():
    chain = chain_of()
    secretary = holder_of("village_secretary", Role.VILLAGE, make.VILLAGE)
    wrong = by_account(secretary, chain, 0, "falsch")
    assert wrong.status_code == 422
    assert "ACC-028" in str(wrong.context["forms"]["account"].errors["secret"])
    assert (Signature.objects.count(), failures()) == (0, 1)


def failures() -> int:
    return FailedSignIn.objects.count()


def test_the_holder_of_an_account_is_confirmed_by_password_or_code_and_by_nothing_else():
    user = User.objects.create_user("qianzi", password=SECRET)
    by = actor_of(user)
    confirmed = confirm_holder(by=by, secret=SECRET, address="127.0.0.1")
    assert (confirmed.name, confirmed.is_of(by), failures()) == (user.get_username(), True, 0)
    TOTP.activate(user, secret := generate_totp_secret())
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    assert confirm_holder(by=by, secret=code, address="127.0.0.1").is_of(by)
    for _each in range(2):
        with pytest.raises(UserError) as caught:
            confirm_holder(by=by, secret="falsch", address="127.0.0.1")
        assert caught.value.code == "ACC-028"
    assert failures() == 2
    User.objects.update(is_active=False)
    with pytest.raises(UserError) as caught:
        confirm_holder(by=by, secret=SECRET, address="127.0.0.1")
    assert caught.value.code == "ACC-028"


def test_a_household_signs_in_ink_or_on_paper_before_a_witness_and_the_batch_goes_on():
    chain = chain_of()
    for slot in range(3):
        sign(chain, slot)
    village = signed_in(Role.VILLAGE, make.VILLAGE)
    early = village.post(here(chain, "signed/"), {"stage": "village_signatures"})
    assert (early.status_code, "CAS-080" in early.content.decode()) == (422, True)
    place = here(chain, "sign/3/")
    page = village.get(place)
    assert list(page.context["forms"]) == ["ink", "paper"]
    one, two = [each.case for each, _hash in page.context["lines"]]
    given = {"way": "ink", "stage": chain.stage, "witness": str(chain.witness), "case": str(one.pk)}
    given["shown"] = page.context["shown"]
    enters = Official.objects.get(user=User.objects.latest("pk"))
    offered = {form: dict(page.context["forms"][form].fields["witness"].choices) for form in ("ink", "paper")}
    assert [str(enters.pk) in each for each in offered.values()] == [False, False]
    assert str(chain.witness) in offered["ink"]
    blank = village.post(place, given | {"drawing": ""})
    assert blank.status_code == 422
    assert village.post(place, given | {"drawing": drawing(), "witness": ""}).status_code == 422
    assert not Signature.objects.filter(slot=3).exists()
    assert village.post(place, given | {"drawing": drawing()}).status_code == 302
    sheet = SimpleUploadedFile("a.jpg", photograph())
    paper = given | {"way": "paper", "case": str(two.pk), "file": sheet}
    assert village.post(place, paper).status_code == 302
    heads = [each.who for each in village.get(here(chain)).context["slots"][3].signatures]
    assert heads == ["石演示", "石演示"]
    rows = Signature.objects.filter(slot=3).order_by("at").values_list("case", "kind", "official", "witness")
    assert list(rows) == [(one.pk, "ink", None, chain.witness), (two.pk, "paper", None, chain.witness)]
    assert village.post(here(chain, "signed/"), {"stage": "village_signatures"}).status_code == 302
    assert chain.stage == "township_signatures"


def test_who_does_not_hold_the_capacity_is_offered_nothing_and_refused():
    chain = chain_of(1)
    county = signed_in(Role.COUNTY, make.COUNTY)
    page = county.get(here(chain, "sign/0/"))
    assert page.context["forms"] == {}
    refused = by_account(county, chain, 0)
    assert (refused.status_code, "CAS-084" in refused.content.decode()) == (400, True)
    assert [each.may_sign for each in county.get(here(chain)).context["slots"]] == [False] * len(VILLAGE_FOUR)
    assert not Signature.objects.exists()


def test_a_page_of_an_earlier_stage_signs_nothing():
    chain = chain_of(1)
    secretary = holder_of("village_secretary", Role.VILLAGE, make.VILLAGE)
    sent = {"way": "account", "stage": "appraisal", "secret": SECRET}
    stale = secretary.post(here(chain, "sign/0/"), sent)
    assert (stale.status_code, "CAS-032" in stale.content.decode()) == (422, True)
    assert not Signature.objects.exists()


def test_the_county_draws_a_roster_and_its_capacities_sign_it_until_it_goes_on():
    chain = chain_of()
    for stage in ("village", "township"):
        for slot in range(4 if stage == "village" else 3):
            sign(chain, slot)
        signing.pass_on(by=chain.offices[stage], batch=chain.batch.pk)
    secretary = holder_of("county_secretary", Role.COUNTY, make.COUNTY)
    assert secretary.get(here(chain)).context["may_draw"] is True
    drawn = secretary.post(here(chain, "roster/"))
    roster = Roster.objects.get()
    place = f"/casework/rosters/{roster.pk}/"
    assert drawn["Location"] == place
    page = secretary.get(place)
    assert [each.holds for _named, each in page.context["lines"]] == [True, True]
    assert (roster.content_hash in page.content.decode(), page.context["pass_form"]) == (True, None)
    assert f"{place}sign/0/" in page.content.decode()
    given = {"way": "account", "stage": "county_signatures"}
    assert secretary.post(f"{place}sign/0/", given | {"secret": "falsch"}).status_code == 422
    assert secretary.post(f"{place}sign/0/", given | {"secret": SECRET}).status_code == 302
    early = secretary.post(f"{place}pass/")
    assert (early.status_code, "CAS-080" in early.content.decode()) == (422, True)
    for slot, capacity in enumerate(COUNTY_FOUR[1:], start=1):
        by = chain.signers[capacity]
        rosters.sign_roster(by=by, roster=roster.pk, slot=slot, given=account(by))
    changed = Case.objects.order_by("number").first()
    Case.objects.filter(pk=changed.pk).update(persons=9)
    page = secretary.get(place)
    assert [each.holds for _named, each in page.context["lines"]] == [False, True]
    assert "有1件案件" in page.content.decode()
    Case.objects.filter(pk=changed.pk).update(persons=changed.persons)
    assert secretary.post(f"{place}pass/").status_code == 302
    assert chain.stage == "prefecture_signatures"


def test_the_county_sees_who_is_missing_enters_a_deputy_and_ends_who_signed():
    chain = chain_of(1)
    Signatory.objects.filter(capacity="team_leader").delete()
    county = signed_in(Role.COUNTY, make.COUNTY)
    keeper = Official.objects.get(user=User.objects.latest("pk"))
    place = f"?division={make.VILLAGE}"
    page = county.get(f"/casework/signatories/{place}")
    held = [(each.capacity, each.holder is not None) for each in page.context["lines"]]
    assert held == [("village_secretary", True), ("village_director", True), ("team_leader", False)]
    assert "有1个签字身份空缺" in page.content.decode()
    assert str(keeper.pk) not in dict(page.context["name_form"].fields["official"].choices)
    holder = Signatory.objects.get(capacity="village_secretary")
    deputy = {
        "capacity": "village_secretary", "official": str(chain.witness), "valid_from": "2016-12-01",
        "valid_to": "2099-12-31", "document": "演示：授权书", "deputy_of": str(holder.pk),
    }  # fmt: skip
    without = county.post(f"/casework/signatories/name/{place}", deputy)
    assert (without.status_code, "DOC-001" in without.content.decode()) == (422, True)
    photo = SimpleUploadedFile("a.jpg", photograph())
    assert county.post(f"/casework/signatories/name/{place}", deputy | {"authorisation": photo}).status_code == 302
    made = Signatory.objects.get(deputy_of=holder)
    assert (made.official_id, made.authorisation is not None) == (chain.witness, True)
    rival = deputy | {"deputy_of": "", "valid_to": ""}
    assert "CAS-045" in county.post(f"/casework/signatories/name/{place}", rival).content.decode()
    ending = f"/casework/signatories/{holder.pk}/end/{place}"
    assert county.post(ending, {"last_day": "2013-01-01"}).status_code == 422
    assert county.post(ending, {"last_day": "2016-12-31"}).status_code == 302
    holder.refresh_from_db()
    assert str(holder.valid_to) == "2016-12-31"
    village = signed_in(Role.VILLAGE, make.VILLAGE).get(f"/casework/signatories/{place}")
    assert (village.status_code, village.context["name_form"], village.context["tabs"]) == (
        200, None, [each for each in village.context["tabs"] if each["url"] != "/casework/signatories/"],
    )  # fmt: skip


def test_what_was_drawn_is_looked_at_again_for_a_reason_that_is_kept():
    chain = chain_of(1)
    for slot in range(4):
        sign(chain, slot)
    drawn, by_hand = Signature.objects.get(slot=3), Signature.objects.get(slot=0)
    village, helper = signed_in(Role.VILLAGE, make.VILLAGE), signed_in(Role.HELPER, make.TOWNSHIP)
    place = f"/casework/signatures/{drawn.pk}/sheet/"
    assert place in village.get(here(chain)).content.decode()
    shown = village.post(place, {"reason": "演示：核对手印"})
    assert (shown.status_code, shown["Content-Type"], shown["Content-Disposition"].split(";")[0]) == (
        200, "image/jpeg", "inline",
    )  # fmt: skip
    assert shown["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    with Image.open(BytesIO(shown.content)) as picture:
        assert (picture.size, picture.getpixel((0, 0)), max(picture.getpixel((150, 50))) < 60) == (
            (300, 120), (255, 255, 255), True,
        )  # fmt: skip
    entry = AuditEntry.objects.get(action="signature.sheet_shown")
    assert (entry.subject_id, entry.reason) == (str(drawn.pk), "演示：核对手印")
    assert "REG-050" in village.post(place, {"reason": " "}).content.decode()
    elsewhere = signed_in(Role.VILLAGE, make.ELSEWHERE)
    by_account = f"/casework/signatures/{by_hand.pk}/sheet/"
    refused = [
        helper.post(place, {"reason": "演示"}), elsewhere.post(place, {"reason": "演示"}),
        village.post(by_account, {"reason": "演示"}), village.post(place, {"reason": "演示", "of": "authorisation"}),
    ]  # fmt: skip
    assert [each.status_code for each in refused] == [403, 404, 404, 404]
    assert ["CAS-151" in each.content.decode() for each in refused] == [False, True, True, True]
    assert AuditEntry.objects.filter(action="signature.sheet_shown").count() == 1


def test_a_case_is_sent_back_instead_of_being_signed_and_the_others_go_on():
    chain = chain_of()
    sign(chain, 0)
    one, two = Case.objects.order_by("number")
    village = signed_in(Role.VILLAGE, make.VILLAGE)
    stays = {f"result-{each.pk.hex}": "passed" for each in (one, two)} | {
        f"reason-{each.pk.hex}": "" for each in (one, two)
    }
    stays["stage"] = "village_signatures"
    nobody = village.post(here(chain, "send-back/"), stays)
    assert (nobody.status_code, "CAS-150" in nobody.content.decode()) == (422, True)
    back = stays | {f"result-{two.pk.hex}": "returned:verification"}
    silent = village.post(here(chain, "send-back/"), back)
    assert (silent.status_code, "请填写理由。" in silent.content.decode()) == (422, True)
    back |= {f"reason-{two.pk.hex}": "演示：签字人对住房有疑问"}
    assert signed_in(Role.TOWNSHIP, make.TOWNSHIP).post(here(chain, "send-back/"), back).status_code == 403
    assert village.post(here(chain, "send-back/"), back).status_code == 302
    two.refresh_from_db()
    assert (two.stage, two.batch.sequence, two.state, chain.stage) == ("verification", 1, "open", "village_signatures")
    void = Signature.objects.order_by("case__number").values_list("case__number", "void_reason")
    assert list(void) == [(one.number, ""), (two.number, "returned")]
    step = Step.objects.get(case=two, result="returned")
    assert (step.stage, step.to_stage, step.reason) == (
        "village_signatures", "verification", "演示：签字人对住房有疑问",
    )  # fmt: skip
    out = stays | {f"result-{one.pk.hex}": "struck_out", f"reason-{one.pk.hex}": "演示：已去世"}
    assert village.post(here(chain, "send-back/"), out).status_code == 302
    chain.batch.refresh_from_db()
    assert (Case.objects.get(pk=one.pk).state, chain.batch.state) == ("struck_out", "closed")
