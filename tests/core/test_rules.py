"""Actors, errors, masks and the fact registry."""

import pytest
from django.utils import translation

from lika.core import facts
from lika.core.actors import SystemActor
from lika.core.areas import Area
from lika.core.errors import ManyErrors, PermissionRefused, UserError, printable
from lika.core.facts import Provider
from lika.core.privacy import Privacy, all_are, mask_address, mask_name, mask_number, mask_phone
from lika.engine.schema import CodeItem, CodeList, Fact
from lika.engine.types import IntegerType


def refusal(actor: SystemActor, permission: str, village: int | None = None) -> str | None:
    try:
        actor.require(permission, village=village)
    except PermissionRefused as refused:
        return refused.code
    return None


def test_an_actor_may_what_it_was_given_where_it_was_given():
    actor = SystemActor("import", ["register.import"], Area.of(["621223"]))

    assert actor.name == "system:import"
    assert refusal(actor, "register.import") is None
    assert refusal(actor, "register.import", 621223100201) is None
    assert refusal(actor, "register.view") == "ACC-001"
    assert refusal(actor, "register.import", 621202100201) == "ACC-002"
    assert refusal(SystemActor("idle", ["register.import"]), "register.import", 621223100201) == "ACC-002"
    assert (actor.has("register.import"), actor.has("register.view")) == (True, False)


def test_an_error_says_code_message_place_and_remedy():
    one = UserError("REG-001", "No such household.", remedy="Check the number.", row=7, field="户编号")
    many = ManyErrors("REG-010", "Two faults.", [one, UserError("REG-011", "No such field.")])

    with translation.override("en"):
        assert str(one) == "REG-001 No such household. (row 7, field 户编号) Check the number."
        assert str(many) == f"REG-010 Two faults.\n  {one}\n  REG-011 No such field."
    assert one.where == {"row": 7, "field": "户编号"}


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (mask_name, "张三丰", "张**"),
        (mask_name, "张三", "张*"),
        (mask_name, "张", "*"),
        (mask_name, "", "*"),
        (mask_number, "621223198001011234", "621*************34"),
        (mask_number, "621223", "******"),
        (mask_number, "", ""),
        (mask_phone, "13800001111", "138****1111"),
        (mask_phone, "0939-612345", "093****2345"),
        (mask_phone, "612345", "******"),
        (mask_address, "石磊村三社12号", "石磊村三社1…"),
        (mask_address, "官鹅村1组", "官鹅村…"),
        (mask_address, "石磊村", "石…"),
        (mask_address, "3", "…"),
        (mask_address, "", ""),
    ],
)
def test_a_mask_leaves_what_tells_places_and_people_apart_for_those_who_know_them(mask, value, shown):
    assert mask(value) == shown


def test_fields_of_one_class_are_named_in_one_line():
    assert all_are(Privacy.PUBLIC, "a b") == {"a": Privacy.PUBLIC, "b": Privacy.PUBLIC}


@pytest.fixture
def registry(monkeypatch):
    """The registry, empty."""
    monkeypatch.setattr(facts, "_providers", [])
    monkeypatch.setattr(facts, "_formulas", {})
    monkeypatch.setattr(facts, "_code_lists", {})
    return facts


MEMBERS = Fact("members", "家庭人口", "Members", IntegerType())
DOUBLE = Fact("double", "两倍", "Double", IntegerType(), formula="members * 2")
LIST = CodeList("CL-A", "甲", "A", (CodeItem("1", "一", "One"),))


def test_the_registry_gives_providers_spine_first_and_one_schema(registry):
    later, spine = Provider("household", "later", (MEMBERS,), "…"), Provider("household", "base", (), "…", spine=True)
    registry.declare(later)
    registry.declare(spine)
    registry.declare_formulas("household", [DOUBLE])
    registry.declare_code_lists([LIST])

    assert registry.providers("household") == (spine, later)
    assert registry.providers("person") == ()
    assert registry.schema().units == {"household": {"members": MEMBERS, "double": DOUBLE}}
    assert registry.schema().code_lists == {"CL-A": LIST}


def test_nothing_is_declared_twice(registry):
    registry.declare(Provider("household", "base", (MEMBERS,), "…", spine=True))
    registry.declare_formulas("household", [DOUBLE])
    registry.declare_code_lists([LIST])
    registry.declare_code_lists([LIST])

    with pytest.raises(ValueError, match="members"):
        registry.declare(Provider("household", "again", (MEMBERS,), "…"))
    with pytest.raises(ValueError, match="double"):
        registry.declare(Provider("household", "again", (DOUBLE,), "…"))
    with pytest.raises(ValueError, match="two spines"):
        registry.declare(Provider("household", "other", (), "…", spine=True))
    with pytest.raises(ValueError, match="members"):
        registry.declare_formulas("household", [MEMBERS])
    with pytest.raises(ValueError, match="CL-A"):
        registry.declare_code_lists([CodeList("CL-A", "乙", "B", ())])
    registry.declare(Provider("person", "base", (MEMBERS,), "…", spine=True))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "REG-001 No. (file a.xlsx, sheet 户, row 7, round 2)"),
        ("zh-hans", "REG-001 No.（文件 a.xlsx，工作表 户，行 7，round 2）"),
    ],
)
def test_a_place_is_told_in_the_persons_language(language, words):
    with translation.override(language):
        assert str(UserError("REG-001", "No.", file="a.xlsx", sheet="户", row=7, round=2)) == words


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("户编号 𬍛·㛃　1", "户编号 𬍛·㛃　1"),
        ("a\x1b[31mb\x00\n\r\t", "a\\x1b[31mb\\x00\\n\\r\\t"),
        ("a\u202eb\u200bc\u2028d\ud800", "a\\u202eb\\u200bc\\u2028d\\ud800"),
    ],
)
def test_what_a_terminal_would_obey_is_escaped(text, shown):
    assert printable(text) == shown
