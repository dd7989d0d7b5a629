"""procedures/*.yaml: what is sound is kept whole, what is wrong is refused with its place, what holds is found."""

import datetime as dt
from decimal import Decimal

import pytest

from lika.accounts.choices import POST_LEVELS, Role
from lika.core.areas import EVERYWHERE
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.divisions.choices import Level
from lika.policy import actions, queries
from lika.policy.choices import (
    BODY_LEVELS,
    BODY_ROLES,
    CAPACITY_LEVELS,
    STAGE_LEVELS,
    STATUS_MOVES,
    UNIT_AXES,
    Body,
    Capacity,
    ProcedureUnit,
    Purpose,
)
from lika.policy.packs.checking import check_folder, read_pack
from lika.policy.packs.differences import differences
from lika.policy.packs.resolved import from_canonical
from lika.policy.queries.procedure_lines import differences_of, procedure_lines
from lika.register.choices import MOVES, UnitKind
from tests import factories as make
from tests.policy.conftest import FILES, WritePack
from tests.policy.procedures import CLAUSE, NOTE, SOUND, bent, files, stage

AT = dt.date(2016, 12, 31)


def put(index: int, **fields):
    return lambda procedure: procedure["stages"][index].update(fields)


def without(index: int, *names: str):
    return lambda procedure: [procedure["stages"][index].pop(name) for name in names]


def effect(**fields):
    return lambda procedure: procedure["effect"].update(fields)


def told(folder) -> list[tuple[str, int | None]]:
    return [(fault.code, fault.spot.line) for fault in check_folder(folder).faults]


class TestTables:
    def test_the_moves_of_status_are_those_of_the_register(self):
        for axis, moves in STATUS_MOVES.items():
            assert moves == {str(status): frozenset(map(str, after)) for status, after in MOVES[axis].items()}

    def test_what_a_procedure_decides_on_has_a_status(self):
        assert set(UNIT_AXES) == set(ProcedureUnit)
        assert {str(unit) for unit in ProcedureUnit} == {str(unit) for unit in UnitKind}

    def test_every_body_and_capacity_stands_at_a_level_where_its_role_has_posts(self):
        levels = dict(zip(STAGE_LEVELS, reversed([Level(number) for number in range(1, 6)]), strict=True))
        assert (set(BODY_LEVELS), set(BODY_ROLES), set(CAPACITY_LEVELS)) == (set(Body), set(Body), set(Capacity))
        for body, role in BODY_ROLES.items():
            assert role is None or {levels[level] for level in BODY_LEVELS[body]} <= POST_LEVELS[role]
        assert [body for body, role in BODY_ROLES.items() if role is None] == [Body.HOUSEHOLD]


class TestForm:
    def test_a_procedure_is_kept_whole_and_in_the_hash(self, write_pack: WritePack):
        report = check_folder(write_pack(files(SOUND)))
        pack = report.accepted()
        assert from_canonical(pack.canonical) == pack
        assert [item.id for item in pack.procedures] == ["leave"]
        assert '"crossing"' not in pack.canonical
        assert '"procedures"' not in read_pack(write_pack({"procedures/exit.yaml": "[]\n"})).canonical

    @pytest.mark.parametrize(
        ("change", "faults"),
        {
            "unknown key of a stage": (put(0, place="hall"), [("POL-009", 2)]),
            "unknown key of a procedure": (lambda one: one.update(speed=1), [("POL-009", 1)]),
            "no such kind": (put(0, kind="party"), [("POL-011", 2)]),
            "no such paper": (put(0, documents=["novel"]), [("POL-011", 2)]),
            "no such kind of day": (put(2, day_kind="lunar"), [("POL-011", 4)]),
            "no day at all": (put(2, days=0), [("POL-010", 4)]),
            "nobody acts": (put(0, by=[]), [("POL-010", 2)]),
            "nobody knows why": (without(0, "clause"), [("POL-008", 2)]),
            "a village does not return to poverty": (
                lambda one: one.update(unit="village", purpose="return"),
                [("POL-090", 1), ("POL-102", 2)],
            ),
            "a stage twice": (put(1, id="meeting", returns=[]), [("POL-091", 3), ("POL-098", 4)]),
            "a last stage that may be left out": (
                lambda one: one["stages"].append(stage("late", "filing", "county", "county_office", optional=True)),
                [],
            ),
            "no end": (lambda one: one.update(stages=one["stages"][:6]), [("POL-092", 7), ("POL-093", 1)]),
            "no notice": (lambda one: one["stages"].pop(2), [("POL-093", 1)]),
            "the notice after the announcement": (
                lambda one: one["stages"].insert(6, one["stages"].pop(2)),
                [("POL-093", 1), ("POL-094", 8), ("POL-098", 8)],
            ),
            "nobody decides": (
                lambda one: one.update(stages=[*one["stages"][:3], one["stages"][6]]),
                [("POL-093", 1)],
            ),
            "two announcements": (
                lambda one: one["stages"].append(one["stages"][6] | {"id": "again"}),
                [("POL-094", 10)],
            ),
            "the notice may be left out": (put(2, optional=True), [("POL-095", 4)]),
            "the announcement may be left out": (put(6, optional=True), [("POL-095", 8)]),
            "the county office in the village": (put(1, by=["county_office"]), [("POL-096", 3)]),
            "the township passed over": (lambda one: one["stages"].pop(3), [("POL-097", 5), ("POL-098", 5)]),
            "the township after the county": (
                lambda one: one["stages"].insert(3, one["stages"].pop(4)),
                [("POL-097", 5), ("POL-098", 5), ("POL-097", 6)],
            ),
            "back to a later stage": (put(1, returns=["checked"]), [("POL-098", 3)]),
            "back to itself": (put(1, returns=["verified"]), [("POL-098", 3)]),
            "back from the announcement": (put(6, returns=["meeting"]), [("POL-098", 8)]),
            "a slot twice": (put(3, signatures=["township_head", "township_head"]), [("POL-099", 5)]),
            "a slot of another level": (put(3, signatures=["county_head"]), [("POL-099", 5)]),
            "signatures of nobody": (without(3, "signatures"), [("POL-099", 5)]),
            "a notice for no time": (without(2, "days", "day_kind"), [("POL-100", 4)]),
            "a notice nowhere": (without(2, "places"), [("POL-100", 4)]),
            "days of no kind": (without(2, "day_kind"), [("POL-100", 4)]),
            "a meeting that hangs": (put(0, places=["village"]), [("POL-100", 2)]),
            "days of an unknown parameter": (put(2, days="lines"), [("POL-101", 4)]),
            "days of a parameter that is no number of days": (put(2, days="line"), [("POL-101", 4)]),
            "a quorum of a verification": (
                put(1, quorum="line"),
                [("POL-101", 3), ("POL-107", 9), ("POL-107", 10)],
            ),
            "a rule about the number that is a share": (lambda one: one.update(crossing="line"), [("POL-101", 1)]),
            "a village does not pass a number": (
                lambda one: one.update(unit="village", crossing="taken"),
                [("POL-101", 1), ("POL-101", 1), ("POL-102", 2), ("POL-103", 1)],
            ),
            "an unknown criterion": (put(0, criteria=["incomes"]), [("POL-102", 2)]),
            "to another status": (effect(to="90"), [("POL-103", 1)]),
            "from a status that nothing leads from": (effect(**{"from": ["20"]}), [("POL-103", 1)]),
            "without an effect": (lambda one: one.pop("effect"), [("POL-103", 1)]),
            "what it changes and leaves alike": (effect(confirms=["21"]), [("POL-103", 1)]),
            "a check that changes a status": (lambda one: one.update(purpose="full_check"), [("POL-103", 1)]),
            "struck out when all is decided": (put(6, strike_out=True), [("POL-104", 8)]),
            "a reading that is not explained": (put(1, basis="reading"), [("POL-016", 3)]),
            "a reading that is explained": (put(1, basis="reading", note=NOTE), []),
            "a clause in no row": (put(1, clause={"ref": "T §9", "text": "无"}), [("POL-085", 3)]),
            "a clause whose row does not name it": (put(1, clause={"ref": "T §2", "text": "其他"}), [("POL-086", 3)]),
        }.values(),
    )
    def test_what_is_wrong_is_refused_with_its_line(self, write_pack: WritePack, change, faults):
        assert sorted(told(write_pack(files(bent(change))))) == sorted(faults)

    def test_a_fault_says_what_to_do(self, write_pack: WritePack, in_english):
        (fault,) = check_folder(write_pack(files(bent(put(2, optional=True))))).faults
        assert str(fault).startswith("procedures/exit.yaml:4:")
        assert str(fault).endswith(
            "POL-095 The stage hung can be left out by nobody."
            " Expected: optional only for: evaluation, filing, recording, survey."
        )

    def test_a_value_that_is_no_number_of_days_is_refused(self, write_pack: WritePack):
        text = FILES["parameters.yaml"] + days_parameter(0)
        found = told(write_pack(files(bent(put(2, days="hang"))) | {"parameters.yaml": text, "SOURCES.md": SOURCES}))
        assert [code for code, _line in found] == ["POL-107"]


SOURCES = files(SOUND)["SOURCES.md"].replace("`parameters.yaml`: line", "`parameters.yaml`: line, hang")


def days_parameter(days: int | None, *, override: bool = False) -> str:
    values = "[]" if days is None else f"[{{from: 2016-01-01, value: {days}}}]"
    basis = "basis: missing\n          note: {zh: 未写明, en: not said}" if days is None else "basis: given"
    return f"""
        - id: hang
          zh: 公示天数
          en: Days of the notice
          type: integer
          clause: {{ref: T §1, text: 超过标准}}
          {basis}
          override: {str(override).lower()}
          values: {values}
        """


def load(path, reference: str) -> None:
    by = make.make_actor(permissions=[Permission.POLICY_MANAGE])
    by.area = EVERYWHERE
    actions.load(by=by, path=path)
    actions.activate(by=by, reference=reference)


@pytest.mark.django_db
class TestHolding:
    def test_a_procedure_as_casework_reads_it(self, write_pack: WritePack):
        load(write_pack(files(SOUND)), "test/one")
        (found,) = queries.procedures_for(make.COUNTY, Purpose.EXIT, AT)
        assert (found.id, found.unit, found.pack, found.clause_ref) == ("leave", "household", "test/one@1", "T §1")
        hung = found.stage("hung")
        assert (hung.days, hung.day_kind, hung.places, hung.roles) == (7, "calendar", ("village",), {Role.VILLAGE})
        assert [(slot.capacity, slot.level) for slot in found.stage("signed").slots] == [
            ("township_head", "township"), ("station_head", "township"),
        ]  # fmt: skip
        assert found.effect == queries.StatusEffect(
            "poverty", ("21",), "30", (), support_kept=True, clause_ref=CLAUSE["ref"], clause_text=CLAUSE["text"]
        )
        assert found.stage("meeting").criteria == ("income",)
        with pytest.raises(KeyError):
            found.stage("nowhere")

    def test_a_case_goes_forward_one_stage_or_past_what_may_be_left_out(self, write_pack: WritePack):
        load(write_pack(files(SOUND)), "test/one")
        (found,) = queries.procedures_for(make.COUNTY, Purpose.EXIT, AT)
        assert found.following() == ("meeting",)
        assert found.following("checked") == ("sampled", "announced")
        assert found.following("entered") == ()
        assert [one.id for one in found.stages if found.may_end_at(one.id)] == ["entered"]

    def test_other_places_days_purposes_and_units_have_none(self, write_pack: WritePack):
        load(write_pack(files(SOUND)), "test/one")
        assert queries.procedures_for("451081000000", Purpose.EXIT, AT) == ()
        assert queries.procedures_for(make.COUNTY, Purpose.EXIT, dt.date(2030, 1, 1)) == ()
        assert queries.procedures_for(make.COUNTY, Purpose.ENTRY, AT) == ()
        assert queries.procedures_for(make.COUNTY, Purpose.EXIT, AT, unit=ProcedureUnit.VILLAGE) == ()

    def test_a_batch_keeps_the_version_that_it_began_with(self, write_pack: WritePack):
        load(write_pack(files(SOUND)), "test/one")
        newer = files(bent(put(2, days=9))) | {"pack.yaml": FILES["pack.yaml"].replace('version: "1"', 'version: "2"')}
        load(write_pack(newer), "test/one@2")
        (now,) = queries.procedures_for(make.COUNTY, Purpose.EXIT, AT)
        before = queries.procedure_in("test/one@1", "leave", at=AT)
        assert (now.stage("hung").days, before.stage("hung").days) == (9, 7)
        with pytest.raises(NotFound) as refused:
            queries.procedure_in("test/one@1", "leaves", at=AT)
        assert refused.value.code == "POL-106"

    def test_an_open_period_is_filled_in_by_a_narrower_pack(self, write_pack: WritePack, overlay: WritePack):
        text = FILES["parameters.yaml"] + days_parameter(None)
        load(
            write_pack(files(bent(put(2, days="hang"))) | {"parameters.yaml": text, "SOURCES.md": SOURCES}), "test/one"
        )
        (found,) = queries.procedures_for(make.COUNTY, Purpose.EXIT, AT)
        assert ([one.id for one in found.waits], found.stage("hung").days) == (["hung"], None)
        row = "# Sources\n\n| a | b | c |\n|---|---|---|\n| T §1 | 超过标准 | `parameters.yaml`: hang |\n"
        load(overlay({"parameters.yaml": days_parameter(5, override=True), "SOURCES.md": row}), "test/two")
        (found,) = queries.procedures_for(make.COUNTY, Purpose.EXIT, AT)
        assert (found.waits, found.stage("hung").days, found.pack) == ((), 5, "test/two@1")

    def test_a_narrower_pack_takes_a_procedure_out(self, write_pack: WritePack, overlay: WritePack):
        load(write_pack(files(SOUND)), "test/one")
        removed = "remove:\n  - {kind: procedure, id: leave, reason: {zh: 不适用, en: not here}}\n"
        load(overlay(head=removed), "test/two")
        assert queries.procedures_for(make.COUNTY, Purpose.EXIT, AT) == ()

    def test_what_an_inherited_procedure_needs_stays(self, write_pack: WritePack, overlay: WritePack):
        write_pack(files(SOUND))
        removed = "remove:\n  - {kind: criterion, id: income, reason: {zh: 不适用, en: not here}}\n"
        found = check_folder(overlay(head=removed), with_cases=False).faults
        assert [(fault.code, fault.spot.file) for fault in found] == [("POL-105", "pack.yaml")]


def test_what_changed_in_a_procedure_is_told_stage_by_stage(write_pack: WritePack, in_english):
    old = read_pack(write_pack(files(SOUND)))
    new = read_pack(write_pack(files(bent(put(2, days=9)))))
    assert differences(old, new) == ["procedure leave changed: hung.days: 7 → 9"]
    without_check = read_pack(write_pack(files(bent(lambda one: one["stages"].pop(5)))))
    (line,) = differences(old, without_check)
    assert line.endswith("sampled, announced, entered → meeting, verified, hung, signed, checked, announced, entered")


def test_a_quorum_is_a_share(write_pack: WritePack):
    text = FILES["parameters.yaml"].replace("value: 2736.10", "value: 0.67").replace("value: 3000", "value: 1")
    case = {"cases/household.yaml": "[]\n"}
    pack = read_pack(write_pack(files(bent(put(0, quorum="line"))) | case | {"parameters.yaml": text}))
    (found,) = queries.procedures_of(pack, at=AT)
    assert (found.stage("meeting").quorum, found.stage("verified").quorum) == (Decimal("0.67"), None)


def crossing_parameter(values: str) -> str:
    """A parameter that says whether the household that passes a number is taken; without a value it is awaited."""
    basis = "basis: missing\n          note: {zh: 未写明, en: not said}" if values == "[]" else "basis: given"
    return f"""
        - id: whole_taken
          zh: 整户纳入
          en: Taken as a whole
          type: boolean
          clause: {{ref: T §1, text: 超过标准}}
          {basis}
          values: {values}
        """


@pytest.mark.parametrize(
    ("values", "rule", "words"),
    [
        ("[{from: 2014-01-01, value: true}]", True, "taken as a whole"),
        ("[{from: 2014-01-01, value: false}]", False, "left out as a whole"),
        ("[]", None, None),
    ],
)
def test_the_household_that_passes_a_number_is_taken_or_left_by_a_parameter(
    write_pack: WritePack, in_english, values: str, rule: bool | None, words: str | None
):
    sources = SOURCES.replace("line, hang", "line, whole_taken")
    given = {"parameters.yaml": FILES["parameters.yaml"] + crossing_parameter(values), "SOURCES.md": sources}
    pack = read_pack(write_pack(files(bent(lambda one: one.update(crossing="whole_taken"))) | given))
    (found,) = queries.procedures_of(pack, at=AT)
    assert (found.crossing, found.open_crossing) == (rule, rule is None)
    (line,) = procedure_lines(pack, at=AT)
    assert line.crossing == words
    silent = read_pack(write_pack(files(SOUND)))
    (plain,) = procedure_lines(silent, at=AT)
    said = "Basis to be supplied" if words is None else words
    assert (plain.crossing, list(differences_of(plain, line))[:1]) == (
        "", [f"Household that passes the number: nothing → {said}"],
    )  # fmt: skip
