"""The appeal file as a file: what is changed, missing, added or signed by another is found. 演示数据"""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from lika.casework import appeal
from lika.casework.appeal import Finding
from lika.core.errors import UserError
from lika.core.sealing import signing

ENTRIES = {"决定.json": "演示：同意".encode(), "documents/1.pdf": b"%PDF demo", "empty": b""}
NUMBER = "2014SB451081105200-0001"
Entries = list[tuple[str, bytes]]


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a signing key."""
    monkeypatch.setattr(settings, "LIKA", replace(settings.LIKA, data_dir=tmp_path))
    signing.ensure_key(may_make=True)
    return tmp_path


def opened(content: bytes) -> Entries:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


def packed(entries: Entries) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, held in entries:
            appeal.put(archive, name, held)
    return content.getvalue()


def found(content: bytes) -> list[tuple[str, str]]:
    return [(each.code, each.entry) for each in appeal.verify(content, signing.public_key()).findings]


@pytest.mark.usefixtures("installation")
def test_what_was_written_is_valid_and_the_same_every_time():
    written = appeal.write(NUMBER, ENTRIES)
    told = appeal.verify(written, signing.public_key(signing.public_key_file()))
    assert told == appeal.Checked(NUMBER, signing.fingerprint(), 3, ())
    assert told.is_valid
    assert appeal.write(NUMBER, dict(reversed(ENTRIES.items()))) == written
    names = [name for name, _held in opened(written)]
    assert names == ["manifest.json", "manifest.sig", "documents/1.pdf", "empty", "决定.json"]


@pytest.mark.usefixtures("installation")
def test_a_file_packed_by_another_hand_is_valid_and_one_packed_wrongly_is_found():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in opened(appeal.write(NUMBER, ENTRIES | {"long": b"x" * 5000})):
            archive.writestr(name, held)
    assert found(content.getvalue()) == []
    whole = bytearray(content.getvalue())
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        at = archive.getinfo("long").header_offset + 30 + len("long")
    whole[at] = 0xFF  # a kind of block that no packer knows
    assert found(bytes(whole)) == [("CAS-121", "long")]


def _changed(entries: Entries) -> Entries:
    return [(name, b"%PDF Demo" if name == "documents/1.pdf" else held) for name, held in entries]


def _longer(entries: Entries) -> Entries:
    return [(name, b"x" if name == "empty" else held) for name, held in entries]


def _removed(entries: Entries) -> Entries:
    return [each for each in entries if each[0] != "决定.json"]


def _added(entries: Entries) -> Entries:
    return [*entries, ("documents/2.pdf", b"more")]


def _unsigned(entries: Entries) -> Entries:
    return [each for each in entries if each[0] != appeal.SIGNATURE]


def _rewritten(entries: Entries) -> Entries:
    """The manifest made to fit another content, the signature left."""
    held = dict(_changed(entries))
    told = json.loads(held[appeal.MANIFEST])

    for each in told["entries"]:
        each["sha256"] = hashlib.sha256(held[each["name"]]).hexdigest()
    return list((held | {appeal.MANIFEST: json.dumps(told).encode()}).items())


@pytest.mark.usefixtures("installation")
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_changed, [("CAS-121", "documents/1.pdf")]),
        (_longer, [("CAS-121", "empty")]),
        (_removed, [("CAS-122", "决定.json")]),
        (_added, [("CAS-123", "documents/2.pdf")]),
        (_unsigned, [("CAS-125", "")]),
        (_rewritten, [("CAS-125", "")]),
    ],
)
def test_what_was_done_to_it_is_named(change: Callable[[Entries], Entries], expected: list[tuple[str, str]]):
    assert found(packed(change(opened(appeal.write(NUMBER, ENTRIES))))) == expected


@pytest.mark.usefixtures("installation")
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_entry_that_stands_twice_is_found():
    assert found(packed([*opened(appeal.write(NUMBER, ENTRIES)), ("empty", b"")])) == [("CAS-123", "empty")]


def test_another_installation_s_signature_does_not_pass(installation: Path):
    theirs = appeal.write(NUMBER, ENTRIES)
    (installation / "keys/audit.key").unlink()
    signing.ensure_key(may_make=True)
    assert found(theirs) == [("CAS-124", "")]
    assert found(appeal.write(NUMBER, ENTRIES)) == []
    # Whoever writes our name over theirs is found too.
    named = opened(theirs)[0][1].replace(
        json.loads(opened(theirs)[0][1])["key"].encode(), signing.fingerprint().encode()
    )
    assert found(packed([(appeal.MANIFEST, named), *opened(theirs)[1:]])) == [("CAS-125", "")]


@pytest.mark.usefixtures("installation")
@pytest.mark.parametrize(
    "content",
    [
        b"", b"no archive", packed([]), packed([(appeal.MANIFEST, b"{}")]), packed([(appeal.MANIFEST, b"\xff")]),
        packed([(appeal.MANIFEST, b'{"format": "lika-appeal/1", "case": "x", "key": "y", "entries": ["z"]}')]),
    ],
)  # fmt: skip
def test_what_is_no_appeal_file_is_refused(content: bytes):
    with pytest.raises(UserError) as refused:
        appeal.verify(content, signing.public_key())
    assert refused.value.code == "CAS-120"


def test_nothing_is_signed_without_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(settings, "LIKA", replace(settings.LIKA, data_dir=tmp_path))
    with pytest.raises(UserError) as refused:
        appeal.write(NUMBER, ENTRIES)
    assert refused.value.code == "COR-010"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Path]:
    """A file and its key, for many changes of single bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "LIKA", replace(settings.LIKA, data_dir=tmp_path_factory.mktemp("installation")))
        signing.ensure_key(may_make=True)
        return appeal.write(NUMBER, ENTRIES), signing.public_key_file()


@given(st.data())
def test_no_change_of_a_byte_gives_other_contents_that_pass(written: tuple[bytes, Path], data: st.DataObject):
    """Whatever is altered, either it is found or what is read is what was written."""
    content, key = written
    place = data.draw(st.integers(0, len(content) - 1))
    altered = content[:place] + bytes([data.draw(st.integers(0, 255))]) + content[place + 1 :]
    try:
        findings = appeal.verify(altered, signing.public_key(key)).findings
    except UserError as refused:
        assert refused.code == "CAS-120"  # noqa: PT017 - either answer will do
        return
    assert findings or opened(altered)[2:] == sorted(ENTRIES.items())


def test_every_finding_says_what_happened():
    assert [str(Finding(code).message) for code in appeal.MESSAGES] == [
        "文件内容被改动。", "缺少文件。", "多出文件，或有重名文件。", "签名所用密钥与所给公钥不符。",
        "签名不符：清单被改动。", "案件记录无法读取。", "案件某一步骤与前一步骤不衔接，或者去向不符合程序规定。",
        "提交本环节签字的内容与案件记录不一致。", "签字所签内容与所称内容不一致。",
        "名册SHA-256与其各行不符，或者本案不在名册中。", "应签字的签字栏没有有效签字。",
    ]  # fmt: skip
