"""The text of a definition: canonical, small, and refused where it does not fit. 演示数据"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lika.accounts.choices import Role
from lika.core.errors import UserError
from lika.reports.definition import Axis, Definition, Picked
from lika.snapshots.choices import UnitKind
from lika.snapshots.queries.analysis import What
from tests.console.officials import signed_in
from tests.reports.asking import PAGE
from tests.reports.conftest import County

CODES = st.lists(st.from_regex(r"[A-Za-z0-9_-]{1,8}", fullmatch=True), min_size=1, max_size=3, unique=True)
KEYS = st.from_regex(r"[a-z][a-z_]{0,8}(\.[a-z]{1,4})?", fullmatch=True)
EDGES = st.lists(st.from_regex(r"[0-9]{1,6}(\.[0-9]{1,2})?|param\.[a-z]{1,6}", fullmatch=True), max_size=3)
AXES = st.builds(Axis, KEYS, EDGES.map(tuple))
PICKED = st.one_of(
    st.builds(lambda key, codes: Picked(key, tuple(sorted(codes))), KEYS, CODES),
    st.builds(lambda key, low: Picked(key, (), low, ""), KEYS, st.from_regex(r"[0-9]{1,5}", fullmatch=True)),
)
DEFINITIONS = st.builds(
    Definition,
    unit=st.sampled_from([UnitKind.HOUSEHOLD, UnitKind.PERSON, UnitKind.VILLAGE]),
    what=st.sampled_from(list(What)),
    of=st.none() | PICKED,
    rows=AXES,
    columns=st.none() | AXES,
    filters=st.lists(PICKED, max_size=3, unique_by=str).map(lambda each: tuple(sorted(each, key=str))),
    where=st.sampled_from(["", "members >= 2 and safe_water", "家庭人口 > 3", "a = 'b&c=d'"]),
    division=st.sampled_from(["", "621223000000"]),
    pack=st.sampled_from(["", "cn-gansu/2016"]),
)


@given(DEFINITIONS)
def test_a_definition_is_read_back_from_its_text(definition: Definition):
    assert Definition.read(str(definition)) == definition
    assert str(Definition.read(str(definition))) == str(definition)


def test_the_text_has_one_order_and_leaves_out_what_goes_without_saying():
    asked = "f=poverty:poor&c=&u=household&m=count&f=attribute:02|01&d=621223000000&r=causes"
    assert str(Definition.read(asked)) == "r=causes&f=attribute%3A01%7C02&f=poverty%3Apoor&d=621223000000"


@pytest.mark.parametrize(
    "text",
    [
        "u=county",
        "m=drop",
        "r=poverty;c=x",
        "r=a'b",
        'r=a"b',
        "r=poverty)%20UNION%20SELECT",
        "f=poverty:poor'%20or%201=1",
        "f=poverty:",
        "f=:poor",
        "f=members:1..2..3",
        "f=members:..",
        "f=members:1e9..",
        "r=members&rb=1;2",
        "r=members&rb=param.a-b",
        "d=62122300000",
        "d=62122300000x",
        "p=../../etc%20passwd",
        "w=" + "a" * 501,
        "r=" + "a" * 130,
        "&".join(f"f=a{n}:1" for n in range(9)),
        "f=a:" + "|".join(map(str, range(41))),
        "r=members&rb=" + ",".join(map(str, range(13))),
        "x" * 2001,
        "&".join(f"x{n}=1" for n in range(40)),
    ],
)
def test_what_does_not_fit_is_refused(text: str):
    with pytest.raises(UserError) as caught:
        Definition.read(text)
    assert caught.value.code in {"REP-001", "REP-006"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("r=nothing", "REP-003"),
        ("r=id_number", "REP-003"),
        ("r=household_id", "REP-003"),
        ("r=link", "REP-003"),
        ("r=birth_date", "REP-003"),
        ("r=met.nothing", "REP-003"),
        ("r=sex", "REP-003"),
        ("u=village&r=measures", "REP-003"),
        ("m=sum&v=poverty", "REP-002"),
        ("m=share&v=causes", "REP-002"),
        ("m=share&v=members", "REP-002"),
        ("u=person&m=persons", "REP-002"),
        ("r=net_income_per_capita", "REP-005"),
        ("r=members&rb=5,2", "REP-006"),
        ("r=members&rb=2,2", "REP-006"),
        ("r=members&rb=param.nothing", "REP-006"),
        ("f=poverty:nothing", "REP-007"),
        ("f=safe_water:yes", "REP-007"),
        ("f=met.water:1", "REP-007"),
        ("f=members:3", "REP-007"),
        ("f=village:621223100201", "REP-007"),
        ("w=members", "REP-008"),
        ("w=members > ", "ENG-002"),
        ("w=secret > 1", "ENG-020"),
        ("w=members > 1; drop table x", "ENG-009"),
        ("w=members > 1 -- x", "ENG-009"),
        ("w=household_id = 1", "ENG-020"),
        ("w=poverty = 'nothing'", "ENG-031"),
    ],
)
def test_what_does_not_exist_is_refused_on_the_page(county: County, query: str, code: str):
    response = signed_in(Role.COUNTY).get(f"{PAGE}?{query}")
    assert response.context["error"].code == code
    assert response.status_code == (200 if code in {"REP-002", "REP-005"} else 400)
    assert "table" not in response.context


@pytest.mark.django_db
def test_a_link_that_cannot_be_read_is_an_error_with_a_code(county: County):
    client = signed_in(Role.COUNTY)
    for address in (f"{PAGE}?r=a'b", "/households/?analysis=r%3Da'b"):
        response = client.get(address)
        assert (response.status_code, "REP-001" in response.content.decode()) == (400, True)
