"""Packs in the database: immutable versions, one active, every change in the audit."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.policy import actions, queries, resolve
from lika.policy.choices import Basis
from lika.policy.models import PackVersion
from lika.policy.packs.checking import check_folder
from lika.policy.packs.faults import PackRefused
from lika.policy.packs.library import Library
from tests import factories as make
from tests.policy.conftest import FILES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

VERSION_2 = {
    "pack.yaml": FILES["pack.yaml"].replace('"1"', '"2"'),
    "parameters.yaml": FILES["parameters.yaml"].replace("2736.10", "2800.00"),
    "cases/household.yaml": FILES["cases/household.yaml"].replace("2736.1", "2800.0").replace("2800.01", "2800.01"),
}
AT = dt.date(2016, 12, 31)


def audited() -> list[tuple[str, str, str]]:
    return list(AuditEntry.objects.order_by("id").values_list("actor", "action", "label"))


@pytest.fixture
def by():
    return make.make_actor("620000000000", permissions=[Permission.POLICY_MANAGE])


class TestLoad:
    def test_a_version_is_kept_with_its_text_and_hash(self, by, write_pack):
        folder = write_pack()
        row = actions.load(by=by, path=folder)
        pack = check_folder(folder).accepted()
        assert (row.reference, row.sha256, row.canonical) == ("test/one@1", pack.sha256, pack.canonical)
        assert (row.jurisdiction, row.valid_from, row.valid_to) == (
            "620000",
            dt.date(2016, 1, 1),
            dt.date(2020, 12, 31),
        )
        assert (row.active, row.demo, row.loaded_by) == (False, False, "system:test")
        assert PackVersion.objects.get().pack() == pack
        assert audited() == [("system:test", "policy.load", "test/one@1")]

    def test_the_same_again_changes_nothing(self, by, write_pack):
        first = actions.load(by=by, path=write_pack())
        assert actions.load(by=by, path=write_pack()) == first
        assert len(audited()) == 1

    def test_other_cases_are_other_content(self, by, write_pack):
        actions.load(by=by, path=write_pack())
        with pytest.raises(UserError) as refusal:
            actions.load(by=by, path=write_pack({"cases/household.yaml": "[]\n"}))
        assert refusal.value.code == "POL-060"

    def test_the_same_version_with_other_content_is_refused(self, by, write_pack):
        first = actions.load(by=by, path=write_pack())
        files = {"criteria/household.yaml": FILES["criteria/household.yaml"].replace("text: 超过标准", "text: 超过")}
        with pytest.raises(UserError) as refusal:
            actions.load(by=by, path=write_pack(files))
        assert str(refusal.value) == (
            "POL-060 The version test/one@1 is loaded already, with other content. (pack test/one@1)"
            " A loaded version never changes: give the pack a new version."
        )
        assert [row.sha256 for row in PackVersion.objects.all()] == [first.sha256]
        assert len(audited()) == 1

    def test_a_pack_at_fault_is_refused_with_all_faults_and_not_kept(self, by, write_pack):
        files = {"cases/household.yaml": FILES["cases/household.yaml"].replace("{income: met}", "{income: unknown}")}
        with pytest.raises(PackRefused) as refusal:
            actions.load(by=by, path=write_pack(files))
        assert [fault.code for fault in refusal.value.errors] == ["POL-042", "POL-043"]
        assert (PackVersion.objects.count(), audited()) == (0, [])

    def test_an_overlay_stands_on_the_version_that_was_loaded(self, by, write_pack, overlay):
        base = actions.load(by=by, path=write_pack())
        write_pack(VERSION_2)
        row = actions.load(by=by, path=overlay())
        assert (row.base, row.pack().base_sha256) == ("test/one@1", base.sha256)

    def test_it_takes_the_permission(self, write_pack):
        with pytest.raises(PermissionRefused) as refusal:
            actions.load(by=make.make_actor(permissions=[Permission.POLICY_VIEW]), path=write_pack())
        assert (refusal.value.code, PackVersion.objects.count()) == ("ACC-001", 0)

    @pytest.mark.parametrize("area", ["510000000000", "621223000000"])
    def test_it_takes_the_whole_area_that_the_pack_binds(self, write_pack, area):
        """A county office does not set the rules of its province."""
        part = make.make_actor(area, permissions=[Permission.POLICY_MANAGE])
        with pytest.raises(PermissionRefused) as refusal:
            actions.load(by=part, path=write_pack())
        assert (refusal.value.code, PackVersion.objects.count()) == ("ACC-002", 0)


class TestActivate:
    def test_one_version_is_active_at_a_time(self, by, write_pack):
        actions.load(by=by, path=write_pack())
        actions.activate(by=by, reference="test/one@1")
        actions.load(by=by, path=write_pack(VERSION_2))
        assert queries.get("test/one").version == "1"
        actions.activate(by=by, reference="test/one")
        assert queries.get("test/one").version == "2"
        assert [(row.version, row.active) for row in queries.versions("test/one")] == [("2", True), ("1", False)]
        assert [action for _actor, action, _label in audited()] == [
            "policy.load",
            "policy.activate",
            "policy.load",
            "policy.activate",
        ]

    def test_the_active_version_again_changes_nothing(self, by, write_pack):
        actions.load(by=by, path=write_pack())
        actions.activate(by=by, reference="test/one@1")
        actions.activate(by=by, reference="test/one@1")
        assert len(audited()) == 2

    def test_what_is_not_loaded_cannot_be_activated(self, by, write_pack):
        actions.load(by=by, path=write_pack())
        with pytest.raises(NotFound) as refusal:
            actions.activate(by=by, reference="test/one@3")
        assert refusal.value.code == "POL-051"
        assert not PackVersion.objects.get().active

    def test_it_takes_permission_and_area(self, by, write_pack):
        actions.load(by=by, path=write_pack())
        refused = []
        for actor in (
            make.make_actor(permissions=[Permission.POLICY_VIEW]),
            make.make_actor("510000000000", permissions=[Permission.POLICY_MANAGE]),
        ):
            with pytest.raises(PermissionRefused) as refusal:
                actions.activate(by=actor, reference="test/one@1")
            refused.append(refusal.value.code)
        assert (refused, PackVersion.objects.get().active) == (["ACC-001", "ACC-002"], False)

    def test_the_database_refuses_two_active_versions_and_two_of_one_name(self, by, write_pack):
        first = actions.load(by=by, path=write_pack())
        second = actions.load(by=by, path=write_pack(VERSION_2))
        with pytest.raises(IntegrityError, match="pack_one_active"), transaction.atomic():
            PackVersion.objects.update(active=True)
        with pytest.raises(IntegrityError, match="pack_version_once"), transaction.atomic():
            PackVersion.objects.filter(pk=second.pk).update(version=first.version)


class TestQueries:
    def test_a_bare_id_is_the_active_version_and_an_exact_one_itself(self, by, write_pack):
        actions.load(by=by, path=write_pack())
        assert queries.get("test/one@1").version == "1"
        with pytest.raises(NotFound) as refusal:
            queries.get("test/one")
        assert str(refusal.value) == (
            "POL-052 No version of the pack test/one is active. Activate one: lika policy activate test/one@VERSION."
        )

    def test_what_is_not_loaded_names_the_nearest(self, by, write_pack):
        actions.load(by=by, path=write_pack())
        with pytest.raises(NotFound) as refusal:
            queries.get("test/oen")
        assert str(refusal.value) == "POL-051 The pack test/oen is not loaded. Did you mean: test/one?"

    def test_a_changed_text_is_found(self, by, write_pack):
        row = actions.load(by=by, path=write_pack())
        PackVersion.objects.update(canonical=row.canonical.replace("2736.10", "1736.10"))
        with pytest.raises(ValueError, match="does not have the hash it was loaded with"):
            queries.get("test/one@1").pack()

    def test_a_stored_pack_runs_as_its_files_do(self, by):
        folder = Library.shipped().folder("cn-gansu/2016")
        actions.load(by=by, path=folder)
        pack = queries.get("cn-gansu/2016@1").pack()
        assert pack == check_folder(folder, with_cases=False).accepted()
        compiled = resolve.compiled(pack, at=AT)
        assert set(compiled.checked.by_id) == {criterion.id for criterion in pack.criteria}

    def test_a_view_holds_what_a_screen_shows(self, by, write_pack):
        view = queries.view(actions.load(by=by, path=write_pack()).pack(), at=AT)
        (line,) = view.parameters
        (income,) = view.criteria
        assert (str(view.title), view.reference, view.valid_to) == ("Test pack", "test/one@1", dt.date(2020, 12, 31))
        assert (line.value, str(line.unit_shown), line.missing) == (Decimal("2736.10"), "yuan", False)
        assert [(value.since.year, value.text) for value in line.values] == [(2016, "2736.10"), (2017, "3000.00")]
        assert (str(income.label), income.clause_text, income.basis) == ("Income", "超过标准", Basis.GIVEN)
        assert [(group.id, str(group.label), group.criteria) for group in view.groups] == [("exit", "Exit", (income,))]
        assert view.criterion("income") is income
        with pytest.raises(KeyError):
            view.criterion("incomes")

    def test_a_parameter_without_value_is_missing(self, by, write_pack):
        view = queries.view(actions.load(by=by, path=write_pack()).pack(), at=dt.date(2015, 1, 1))
        assert [parameter.missing for parameter in view.parameters] == [True]


def test_the_command_loads_and_activates(write_pack, capsys):
    call_command("policy", "load", str(write_pack()), "--activate")
    call_command("policy", "loaded")
    row = queries.get("test/one")
    assert capsys.readouterr().out.splitlines() == [
        f"test/one@1 is loaded ({row.sha256[:12]}).",
        "test/one@1 is active.",
        f"test/one@1  active  {row.sha256[:12]}  测试包  Test pack",
    ]
    assert {actor for actor, _action, _label in audited()} == {"system:policy"}
