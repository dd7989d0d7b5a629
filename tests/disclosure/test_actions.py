"""Proposing, publishing, declining and withdrawing: by two people, once, for good. 演示数据"""

import hashlib
import json
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from lika.accounts.choices import Role
from lika.accounts.queries import UserActor, actor_of
from lika.core import audit
from lika.core.actors import SystemActor
from lika.core.errors import PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.disclosure import actions, content
from lika.disclosure.choices import Kind, State
from lika.disclosure.content import Figures
from lika.disclosure.models import Proposal, Publication, Withdrawal
from lika.disclosure.queries.proposals import offers
from lika.snapshots import actions as snapshots
from lika.snapshots.models import Screening
from tests import factories as make
from tests.console.officials import official
from tests.disclosure.conftest import OTHER_TOWNSHIP
from tests.snapshots.conftest import WritePack

PACK = "test/exit"


def proposed(by: UserActor, kind: Kind = Kind.FIGURES, division: str = make.COUNTY) -> Proposal:
    return actions.propose(by=by, kind=kind, division=division, pack_id=PACK)


def published(maker: UserActor, checker: UserActor, kind: Kind = Kind.FIGURES) -> Publication:
    return actions.publish(by=checker, proposal=proposed(maker, kind).pk)


def refused(call: Any, **given: Any) -> str:
    with pytest.raises(UserError) as error:
        call(**given)
    return error.value.code


def lines(found: Publication) -> dict[str, tuple[int | None, ...]]:
    read = content.read(found.content)
    assert isinstance(read, Figures)
    return {line.name: line.counts for block in read.townships for line in (block.own, *block.below)}


class TestFigures:
    def test_counts_stand_by_township_and_village_and_small_ones_are_hidden(self, told, maker, checker):
        found = published(maker, checker)
        hidden = (None, None, None, 0)
        assert lines(found) == {
            "城关镇": (18, 7, 8, 3),
            "石磊村": (7, 4, 3, 0),
            "坡头村": (11, 3, 5, 3),
            "演示621223102000": (14, 8, 6, 0),
            "演示621223102201": hidden,  # two households do not meet the criterion
            "演示621223102202": hidden,  # and this one would give them away
        }
        assert (found.title_zh, found.title_en) == (
            "宕昌县：农户对照“退出”的核对情况（截至2016年12月31日）",
            "宕昌县: households against “Exit”, as of 31 December 2016",
        )
        assert (found.place, found.publisher_zh, found.publisher_en) == (
            "甘肃省 陇南市 宕昌县",
            "宕昌县 县扶贫办",
            "宕昌县 County office",
        )

    def test_the_hash_is_that_of_the_content_and_the_text_is_canonical(self, told, maker, checker):
        found = published(maker, checker)
        assert found.sha256 == hashlib.sha256(found.content.encode()).hexdigest()
        assert found.content == audit.canonical(json.loads(found.content))
        assert content.text_of("figures", content.read(found.content)) == found.content

    def test_a_township_is_told_of_by_its_own_office_and_published_by_the_county(self, told, checker):
        township = actor_of(official(Role.TOWNSHIP))
        made = proposed(township, division=make.TOWNSHIP)
        assert refused(actions.publish, by=township, proposal=made.pk) == "ACC-001"
        found = actions.publish(by=checker, proposal=made.pk)
        assert set(lines(found)) == {"城关镇", "石磊村", "坡头村"}
        assert found.publisher_zh == "宕昌县 县扶贫办"

    def test_where_nothing_can_be_shown_nothing_is_proposed(self, told, maker):
        make.make_division("621223103201")  # a township without any household
        assert refused(proposed, by=maker, division="621223103000") == "DIS-003"
        assert Proposal.objects.count() == 0


class TestCriteria:
    def test_each_criterion_stands_with_words_clause_and_standard(self, told, maker, checker):
        found = published(maker, checker, Kind.CRITERIA)
        read = content.read(found.content)
        assert isinstance(read, content.Criteria)
        first = read.groups[0].criteria[0]
        assert (first.label.zh, first.label.en, first.clause, first.clause_text) == (
            "收入",
            "Income",
            "T §1",
            "超过标准",
        )
        assert first.words is not None
        assert "2,736.10" in first.words.zh
        assert [(one.label.zh, one.value.zh if one.value else None) for one in read.parameters] == [
            ("标准线", "2,736.10元")
        ]
        assert (found.title_zh, found.title_en) == (
            "宕昌县：现行条件（测试退出标准）",
            "宕昌县: the criteria in force (Test exit)",
        )

    def test_what_the_document_does_not_give_has_no_words(self, told, maker, checker, write_pack: WritePack, actor):
        note = "basis: missing\n  note: {zh: 原文未给出, en: not given}\n  values: []"
        missing = write_pack(
            **{"- {from: 2016-01-01, value: 2736.10}": "", "values:": note, 'version: "1"': 'version: "2"'}
        )
        assert missing.parameters[0].values == ()
        taken = snapshots.take(by=actor, at=make.AT, division=make.COUNTY)
        snapshots.screen(by=actor, snapshot=taken.pk, pack=missing)
        read = content.read(published(maker, checker, Kind.CRITERIA).content)
        assert [one.value for one in read.parameters] == [None]


class TestTwoPersons:
    def test_who_proposes_is_not_who_publishes(self, told, maker, checker):
        made = proposed(maker)
        with pytest.raises(PermissionRefused) as error:
            actions.publish(by=maker, proposal=made.pk)
        assert error.value.code == "DIS-006"
        assert Publication.objects.count() == 0
        assert actions.publish(by=checker, proposal=made.pk).pk == made.pk

    def test_the_database_refuses_one_person_for_both(self, told, maker):
        made = proposed(maker)
        with pytest.raises(IntegrityError, match="proposal_decided_by_another"):
            Proposal.objects.filter(pk=made.pk).update(
                state=State.PUBLISHED, decided_by=maker.name, decided_at=made.proposed_at
            )

    def test_each_step_leaves_its_row_in_the_audit(self, told, maker, checker):
        found = published(maker, checker)
        actions.withdraw(by=checker, publication=found.pk, reason="统计口径有误")
        rows = AuditEntry.objects.filter(subject_id=str(found.pk)).order_by("id")
        assert [(row.actor, row.action, row.reason) for row in rows] == [
            (maker.name, "disclosure.proposed", ""),
            (checker.name, "disclosure.published", ""),
            (checker.name, "disclosure.withdrawn", "统计口径有误"),
        ]

    def test_what_is_decided_is_decided(self, told, maker, checker):
        found = published(maker, checker)
        assert refused(actions.publish, by=checker, proposal=found.pk) == "DIS-007"
        assert refused(actions.decline, by=checker, proposal=found.pk, reason="晚了") == "DIS-007"

    def test_declined_with_a_reason_it_may_be_proposed_anew(self, told, maker, checker):
        first = proposed(maker)
        assert refused(actions.decline, by=checker, proposal=first.pk, reason="  ") == "DIS-009"
        actions.decline(by=checker, proposal=first.pk, reason="先核对数据")
        assert Proposal.objects.get().state == State.DECLINED
        assert Publication.objects.count() == 0
        assert proposed(maker).state == State.WAITING

    def test_whoever_proposed_may_take_it_back(self, told, checker):
        township = actor_of(official(Role.TOWNSHIP))
        made = proposed(township, division=make.TOWNSHIP)
        assert actions.decline(by=township, proposal=made.pk, reason="有误").state == State.DECLINED


class TestScope:
    @pytest.mark.parametrize("role", [Role.VILLAGE, Role.PROVINCE, Role.AUDITOR, Role.ADMINISTRATOR, Role.HELPER])
    def test_other_roles_propose_nothing(self, told, role):
        assert refused(proposed, by=actor_of(official(role))) == "ACC-001"

    def test_nobody_proposes_or_decides_outside_their_area(self, told, maker):
        other = actor_of(official(Role.COUNTY, "621202000000"))
        assert refused(proposed, by=other) == "ACC-002"
        assert refused(proposed, by=actor_of(official(Role.TOWNSHIP))) == "ACC-002"
        made = proposed(maker)
        assert refused(actions.publish, by=other, proposal=made.pk) == "DIS-010"
        assert refused(actions.withdraw, by=other, publication=made.pk, reason="错") == "DIS-010"

    def test_only_counties_and_townships_with_a_current_screening(self, told, maker):
        assert refused(proposed, by=maker, division=make.VILLAGE) == "DIS-002"
        assert (
            refused(actions.propose, by=maker, kind=Kind.FIGURES, division=make.COUNTY, pack_id="no/pack") == "DIS-001"
        )


class TestOnce:
    def test_the_same_is_not_told_twice_nor_in_another_cut(self, told, maker, checker):
        assert [(one.kind, one.place) for one in offers(maker)] == [("figures", "宕昌县"), ("criteria", "宕昌县")]
        published(maker, checker)
        assert refused(proposed, by=maker) == "DIS-004"
        assert refused(proposed, by=maker, division=OTHER_TOWNSHIP) == "DIS-004"
        assert [one.kind for one in offers(maker)] == ["criteria"]
        assert [one.kind for one in offers(actor_of(official(Role.TOWNSHIP)))] == ["criteria"]

    def test_withdrawn_figures_may_be_told_again_but_not_in_another_cut(self, told, maker, checker):
        actions.withdraw(by=checker, publication=published(maker, checker).pk, reason="错")
        assert refused(proposed, by=maker, division=OTHER_TOWNSHIP) == "DIS-004"
        assert proposed(maker).state == State.WAITING

    def test_figures_that_another_screening_has_replaced_are_not_published(
        self, told: Screening, maker, checker, actor: SystemActor, pack
    ):
        made = proposed(maker)
        make.make_household_year(make.make_household(members=1), safe_water=True)
        taken = snapshots.take(by=actor, at=make.AT, division=make.COUNTY)
        snapshots.screen(by=actor, snapshot=taken.pk, pack=pack)
        assert refused(actions.publish, by=checker, proposal=made.pk) == "DIS-008"


class TestForGood:
    def test_the_database_refuses_to_change_or_delete_what_was_told(self, told, maker, checker):
        found = published(maker, checker)
        withdrawal = actions.withdraw(by=checker, publication=found.pk, reason="错")
        for change in (
            lambda: Publication.objects.filter(pk=found.pk).update(title_zh="另一个标题"),
            lambda: Publication.objects.filter(pk=found.pk)._raw_delete(connection.alias),
            lambda: Withdrawal.objects.filter(pk=withdrawal.pk).update(reason="另一个原因"),
            lambda: Withdrawal.objects.filter(pk=withdrawal.pk).delete(),
        ):
            with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
                change()
        assert Publication.objects.get().title_zh == found.title_zh
        assert Withdrawal.objects.get().reason == "错"

    def test_the_database_refuses_a_content_of_another_hash(self, told, maker, checker):
        found = published(maker, checker)
        with pytest.raises(IntegrityError, match="publication_hash"):
            Publication.objects.create(kind=found.kind, division=found.division, content="{}", sha256=found.sha256)

    def test_withdrawing_keeps_it_and_is_done_once(self, told, maker, checker):
        found = published(maker, checker)
        assert refused(actions.withdraw, by=checker, publication=found.pk, reason="") == "DIS-009"
        actions.withdraw(by=maker, publication=found.pk, reason="错")
        assert refused(actions.withdraw, by=checker, publication=found.pk, reason="又错") == "DIS-007"
        assert Publication.objects.get().content == found.content
