"""Documents and photographs: kept whole or not at all, encrypted, read by whom, withdrawn and swept. 演示数据"""

import datetime as dt
import hashlib
import os
import time
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError

from lika.console.doctor.finding import State
from lika.console.doctor.work import _documents as examined
from lika.core.actors import Actor
from lika.core.audit import told
from lika.core.errors import UserError
from lika.core.ids import uuid7
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.register import document_files
from lika.register.actions import changes, documents
from lika.register.actions.changes import Grounds
from lika.register.actions.documents import Owner, Paper
from lika.register.choices import DocumentOwner
from lika.register.document_files import Part
from lika.register.models import Document, Household, Person
from lika.register.queries import change_documents, document_stock, household_documents, open_document
from tests import factories as make
from tests import files

pytestmark = pytest.mark.django_db

HOUSE, CARD = Paper("04", "堂屋", dt.date(2016, 5, 1)), Paper("02", "石大身份证")
JUNE = Grounds(dt.date(2016, 6, 1), "户主申请")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    monkeypatch.setattr(settings, "LIKA", replace(settings.LIKA, data_dir=tmp_path, document_megabytes=1))
    return tmp_path


@pytest.fixture
def village() -> Actor:
    given = [*("register.view", "register.personal", "register.reveal", "register.change")]
    return make.make_actor(make.VILLAGE, permissions=given, name="village")


@pytest.fixture
def stranger() -> Actor:
    return make.make_actor(make.OTHER_VILLAGE, name="stranger")


@pytest.fixture
def keeper() -> Actor:
    return make.make_actor(permissions=[Permission.DOCUMENTS_KEEP], name="keeper")


@pytest.fixture
def home() -> Household:
    make.make_division(make.OTHER_VILLAGE)
    return make.make_household(number="A1", head="石大", members=2)


def of(home: Household) -> Owner:
    return Owner(DocumentOwner.HOUSEHOLD, home.id)


def added(by: Actor, owner: Owner, paper: Paper = HOUSE, content: bytes | None = None) -> Document:
    return documents.add_document(by=by, owner=owner, paper=paper, content=content or files.photograph())


def stored(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "documents").rglob("*") if path.is_file())


def refused(call: Any, folder: Path, **arguments: Any) -> str:
    """The code that a call is refused with; it must leave no row, no file and no audit row."""
    before = (Document.objects.count(), AuditEntry.objects.count(), stored(folder))
    with pytest.raises(UserError) as error:
        call(**arguments)
    assert (Document.objects.count(), AuditEntry.objects.count(), stored(folder)) == before
    return error.value.code


class TestAdding:
    def test_a_photograph_is_kept_with_what_is_known_of_it(self, village, home):
        content = files.photograph()
        made = Document.objects.get(pk=added(village, of(home), content=content).pk)
        assert (made.owner_kind, made.owner_id, made.village, made.kind) == ("household", home.id, home.village, "04")
        assert (made.title, made.dated_on, made.uploader) == ("堂屋", dt.date(2016, 5, 1), "system:village")
        assert (made.media_type, made.width, made.height, made.pages) == ("image/jpeg", 640, 480, None)
        assert (made.size, made.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.subject_kind, entry.label) == ("document.added", "household", "A1")
        assert told(entry)[1] == {
            "document": str(made.id), "kind": "04", "sha256": made.sha256, "size": len(content),
        }  # fmt: skip

    def test_what_lies_in_the_folder_is_encrypted_and_bound_to_its_document(self, village, home, folder):
        content = files.photograph()
        one = added(village, of(home), content=content)
        two = added(village, of(home), content=files.picture(colour="green"))
        assert stored(folder) == sorted(f"{each.id}.{part}.sealed" for each in (one, two) for part in Part)
        lying = [path.read_bytes() for path in (folder / "documents").rglob("*.sealed")]
        assert [b"\xff\xd8\xff" in each or content[100:200] in each for each in lying] == [False] * 6
        assert {path.stat().st_mode & 0o777 for path in (folder / "documents").rglob("*.sealed")} == {0o600}
        assert document_files.read(one.id, Part.ORIGINAL) == content
        document_files.path_of(two.id, Part.ORIGINAL).replace(document_files.path_of(one.id, Part.ORIGINAL))
        with pytest.raises(UserError, match="COR-002"):
            document_files.read(one.id, Part.ORIGINAL)

    def test_a_paper_of_a_member_of_a_change_and_of_the_village(self, village, home):
        person = Person.objects.get(name="石大")
        change = changes.propose_correction(by=village, household=home.id, person=None, values={"phone": "13800002222"},
                                            grounds=JUNE)  # fmt: skip
        for number, owner in enumerate([
            Owner(DocumentOwner.PERSON, person.id),
            Owner(DocumentOwner.CHANGE, change.id),
            Owner(DocumentOwner.VILLAGE, village=int(make.VILLAGE)),
        ]):  # fmt: skip
            added(village, owner, CARD, files.pdf(number + 1))
        found = Document.objects.order_by("pages").values_list("owner_kind", "owner_id", "village", "pages")
        assert list(found) == [
            ("person", person.id, home.village, 1),
            ("change", change.id, home.village, 2),
            ("village", None, home.village, 3),
        ]
        named = AuditEntry.objects.filter(action="document.added").order_by("at")
        assert list(named.values_list("subject_kind", "subject_id", "label")) == [
            ("person", str(person.id), "A1"), ("household", str(home.id), "A1"), ("village", make.VILLAGE, ""),
        ]  # fmt: skip

    @pytest.mark.parametrize("name", files.HOSTILE)
    def test_hostile_files_leave_nothing(self, village, home, folder, name):
        content, code = files.HOSTILE[name]
        call = documents.add_document
        assert refused(call, folder, by=village, owner=of(home), paper=HOUSE, content=content) == code

    @pytest.mark.parametrize(
        ("paper", "content", "code"),
        [
            (HOUSE, b"\xff\xd8\xff" + b"\0" * 1024 * 1024, "DOC-006"),
            (Paper("77"), files.picture(), "DOC-007"),
            (Paper("04", "长" * 201), files.picture(), "REG-019"),
            (Paper("04", dated_on=dt.date(2999, 1, 1)), files.picture(), "REG-029"),
            (Paper("04", replaces=UUID(int=1)), files.picture(), "DOC-009"),
        ],
    )
    def test_what_is_wrong_with_it_is_said(self, village, home, folder, paper, content, code):
        call = documents.add_document
        assert refused(call, folder, by=village, owner=of(home), paper=paper, content=content) == code

    def test_only_whoever_changes_the_household_adds_to_it(self, village, stranger, home, folder):
        reader = make.make_actor(make.VILLAGE, permissions=[Permission.REGISTER_VIEW])
        call, given = documents.add_document, {"paper": HOUSE, "content": files.picture()}
        assert refused(call, folder, by=reader, owner=of(home), **given) == "ACC-001"
        assert refused(call, folder, by=stranger, owner=of(home), **given) == "REG-001"
        person = Owner(DocumentOwner.PERSON, Person.objects.get(name="石大").id)
        assert refused(call, folder, by=stranger, owner=person, **given) == "REG-001"
        nobody = Owner(DocumentOwner.PERSON, uuid7())
        assert refused(call, folder, by=village, owner=nobody, **given) == "REG-001"
        assert refused(call, folder, by=village, owner=Owner(DocumentOwner.CHANGE, uuid7()), **given) == "REG-063"
        elsewhere = Owner(DocumentOwner.VILLAGE, village=int(make.OTHER_VILLAGE))
        assert refused(call, folder, by=village, owner=elsewhere, **given) == "ACC-002"

    def test_the_same_file_is_kept_once_until_it_is_withdrawn(self, village, home, folder):
        first = added(village, of(home))
        given = {"by": village, "owner": of(home), "paper": CARD, "content": files.photograph()}
        assert refused(documents.add_document, folder, **given) == "DOC-008"
        documents.withdraw_document(by=village, document=first.id, reason="放错户")
        added(village, of(home))
        assert Document.objects.count() == 2

    def test_a_fault_of_the_database_leaves_no_file(self, village, home, folder, monkeypatch):
        def fail(*args: Any, **kwargs: Any) -> None:
            raise DatabaseError("disk full")

        monkeypatch.setattr("lika.core.audit.record", fail)
        with pytest.raises(DatabaseError):
            added(village, of(home))
        assert (stored(folder), Document.objects.count()) == ([], 0)

    def test_a_change_that_is_decided_takes_no_more_evidence(self, village, home, folder):
        change = changes.propose_correction(by=village, household=home.id, person=None, values={"phone": "13800002222"},
                                            grounds=JUNE)  # fmt: skip
        kept = added(village, Owner(DocumentOwner.CHANGE, change.id))
        changes.check_change(by=make.make_actor(make.TOWNSHIP, name="township"), change=change.id)
        given = {"owner": Owner(DocumentOwner.CHANGE, change.id), "paper": HOUSE, "content": files.pdf()}
        assert refused(documents.add_document, folder, by=village, **given) == "DOC-011"
        assert refused(documents.withdraw_document, folder, by=village, document=kept.id, reason="错") == "DOC-011"
        assert [each.id for each in change_documents(by=village, change=change.id)] == [kept.id]


class TestReading:
    def test_an_open_picture_is_seen_without_its_position(self, village, home):
        made = added(village, of(home))
        _document, shown = open_document(by=village, document=made.id)
        _document, small = open_document(by=village, document=made.id, thumbnail=True)
        assert (shown, small) == (
            document_files.read(made.id, Part.SHOWN), document_files.read(made.id, Part.THUMBNAIL),
        )  # fmt: skip
        assert (b"Exif" in shown, AuditEntry.objects.filter(action="document.revealed").count()) == (False, 0)

    def test_a_personal_paper_is_shown_for_a_reason_that_the_audit_keeps(self, village, home):
        made = added(village, of(home), CARD, files.pdf())
        with pytest.raises(UserError, match="DOC-013"):
            open_document(by=village, document=made.id)
        _document, content = documents.reveal_document(by=village, document=made.id, reason="核实身份")
        assert content == files.pdf()
        entry = AuditEntry.objects.get(action="document.revealed")
        assert (entry.subject_id, entry.label, entry.reason) == (str(home.id), "A1", "核实身份")
        assert told(entry)[1] == {"field": "document", "document": str(made.id), "kind": "02"}

    def test_what_is_refused_shows_nothing_and_leaves_no_trace(self, village, stranger, home, folder):
        made = added(village, of(home), CARD)
        masked = make.make_actor(make.VILLAGE, permissions=[Permission.REGISTER_VIEW], name="masked")
        reveal = documents.reveal_document
        assert refused(reveal, folder, by=village, document=made.id, reason=" ") == "REG-050"
        assert refused(reveal, folder, by=masked, document=made.id, reason="核实") == "ACC-001"
        assert refused(reveal, folder, by=stranger, document=made.id, reason="核实") == "DOC-009"
        photograph = added(village, of(home), content=files.picture("PNG"))
        assert refused(open_document, folder, by=masked, document=photograph.id) == "DOC-013"
        assert refused(open_document, folder, by=stranger, document=photograph.id) == "DOC-009"

    def test_the_list_masks_for_whoever_sees_no_names(self, village, home):
        person = Person.objects.get(name="石大")
        added(village, Owner(DocumentOwner.PERSON, person.id), CARD, files.pdf())
        added(village, of(home))
        masked = make.make_actor(make.VILLAGE, permissions=[Permission.REGISTER_VIEW], name="masked")
        seen = [
            [(each.kind, each.title, each.whose, each.is_open, each.may_reveal, each.may_withdraw) for each in
             household_documents(by=reader, household=home.id)]
            for reader in (village, masked)
        ]  # fmt: skip
        assert seen == [
            [("04", "堂屋", "", True, True, True), ("02", "石大身份证", "石大", False, True, True)],
            [("04", "", "", False, False, False), ("02", "", "石*", False, False, False)],
        ]

    def test_a_day_before_it_came_knows_nothing_of_it(self, village, home):
        made = added(village, of(home))
        Document.objects.update(recorded_at=dt.datetime(2016, 5, 2, 3, tzinfo=dt.UTC))
        days = (dt.date(2016, 5, 1), dt.date(2016, 5, 2))
        found = [household_documents(by=village, household=home.id, as_of=day) for day in days]
        assert [[each.id for each in each_day] for each_day in found] == [[], [made.id]]

    def test_a_missing_file_is_said_to_be_missing(self, village, home):
        made = added(village, of(home))
        document_files.remove(made.id)
        with pytest.raises(UserError, match="DOC-012"):
            open_document(by=village, document=made.id)


class TestWithdrawing:
    def test_it_stays_and_counts_no_more(self, village, home, folder):
        made = added(village, of(home))
        lying = stored(folder)
        documents.withdraw_document(by=village, document=made.id, reason="放错户")
        (seen,) = household_documents(by=village, household=home.id)
        assert (seen.counts, seen.withdrawn_by, seen.withdrawn_reason, seen.is_open) == (
            False,
            "system:village",
            "放错户",
            False,
        )
        assert stored(folder) == lying
        assert documents.reveal_document(by=village, document=made.id, reason="核查")[1].startswith(b"\xff\xd8\xff")
        assert refused(documents.withdraw_document, folder, by=village, document=made.id, reason="再") == "DOC-010"

    def test_one_takes_the_place_of_another(self, village, home, folder):
        old = added(village, of(home))
        new = added(village, of(home), replace(HOUSE, replaces=old.id), files.picture(colour="green"))
        seen = household_documents(by=village, household=home.id)
        assert [(each.id, each.counts, each.is_replaced) for each in seen] == [
            (new.id, True, False), (old.id, False, True),
        ]  # fmt: skip
        given = {"by": village, "owner": of(home), "content": files.pdf()}
        paper = replace(HOUSE, replaces=old.id)
        assert refused(documents.add_document, folder, paper=paper, **given) == "DOC-009"
        assert refused(documents.withdraw_document, folder, by=village, document=old.id, reason="再") == "DOC-010"

    def test_a_reason_and_the_right_are_needed(self, village, stranger, home, folder):
        made = added(village, of(home))
        call = documents.withdraw_document
        assert refused(call, folder, by=village, document=made.id, reason=" ") == "REG-060"
        assert refused(call, folder, by=village, document=made.id, reason="长" * 201) == "REG-060"
        assert refused(call, folder, by=stranger, document=made.id, reason="错") == "DOC-009"
        reader = make.make_actor(make.VILLAGE, permissions=[Permission.REGISTER_VIEW])
        assert refused(call, folder, by=reader, document=made.id, reason="错") == "ACC-001"


class TestStock:
    @pytest.fixture
    def left_behind(self, village: Actor, home: Household, folder: Path) -> Document:
        """One document that is whole; files of a process that was killed before its row, and in the midst of a file."""
        made = added(village, of(home))
        document_files.keep(uuid7(), {Part.ORIGINAL: b"x", Part.THUMBNAIL: b"x"})
        (folder / "documents/00").mkdir(exist_ok=True)
        (folder / "documents/00/half.part").write_bytes(b"half")
        return made

    def test_half_written_files_never_count(self, left_behind, keeper, village, home):
        assert [each.id for each in household_documents(by=village, household=home.id)] == [left_behind.id]
        found = document_stock(by=keeper, read_all=True)
        assert (found.documents, found.missing, found.altered, found.orphans) == (1, (), (), 3)
        assert examined().state is State.DOUBTFUL

    def test_they_are_swept_when_no_upload_can_be_under_way(self, left_behind, keeper, folder):
        assert documents.sweep_documents(by=keeper) == 0
        old = time.time() - documents.ORPHAN_SECONDS - 1
        for path in (folder / "documents").rglob("*.*"):
            os.utime(path, (old, old))
        out = StringIO()
        call_command("documents", "sweep", stdout=out)
        assert out.getvalue() == "删除3个文件。\n"
        assert stored(folder) == sorted(f"{left_behind.id}.{part}.sealed" for part in Part)
        assert examined().state is State.GOOD

    def test_missing_and_altered_files_are_named(self, village, home, keeper):
        gone, altered = added(village, of(home)), added(village, of(home), content=files.pdf())
        document_files.path_of(gone.id, Part.SHOWN).unlink()
        path = document_files.path_of(altered.id, Part.ORIGINAL)
        path.write_bytes(path.read_bytes()[:-1] + b"\0")
        quick, thorough = (document_stock(by=keeper, read_all=read_all) for read_all in (False, True))
        assert (quick.missing, quick.altered) == ((gone.id,), ())
        assert (thorough.missing, thorough.altered) == ((gone.id,), (altered.id,))
        assert examined().state is State.BAD
        out = StringIO()
        with pytest.raises(SystemExit):
            call_command("documents", "check", "--read", stdout=out)
        assert (str(gone.id) in out.getvalue(), str(altered.id) in out.getvalue()) == (True, True)

    def test_only_the_operator_looks_through_them(self, village):
        for call in (document_stock, documents.sweep_documents):
            with pytest.raises(UserError, match="ACC-001"):
                call(by=village)
