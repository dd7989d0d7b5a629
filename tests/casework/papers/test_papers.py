"""Papers of a procedure: each has a template and looks as its reference pages; a board keeps quiet. 演示数据"""

import dataclasses
import json

import pytest
from PIL import Image

from lika.casework.papers import PAPERS, printed, registry, template_of
from lika.casework.papers.files import ArchiveFile
from lika.casework.papers.public import Announcement, Notice, Public
from lika.casework.papers.shared import HouseholdLine, Office, UnitLine
from lika.core.papers import PaperData
from lika.core.papers.printing import prepared
from lika.policy.choices import Paper
from tests.casework.papers.people import HOUSEHOLD
from tests.casework.papers.references import FOLDER, PAGES, POINTS, differing, drawn
from tests.casework.papers.samples import SAMPLES
from tests.papers import characters_in


@pytest.fixture
def demonstration(settings) -> None:
    """Reference pages are those of a demonstration."""
    settings.LIKA = dataclasses.replace(settings.LIKA, demo=True)


def test_every_paper_that_a_procedure_may_name_has_a_template() -> None:
    assert set(PAPERS) == set(Paper)
    every = {data for several in PAPERS.values() for data in several} | {ArchiveFile}
    assert {type(variants[0]) for variants in SAMPLES.values()} == every
    used = {template_of(data).name for data in every}
    assert used | {"lines.typ"} == {path.name for path in registry.TEMPLATES.iterdir()}


def test_what_is_no_paper_of_casework_has_none() -> None:
    with pytest.raises(KeyError):
        template_of(PaperData)


def test_every_paper_looks_as_its_reference_pages(demonstration: None) -> None:
    pages = dict(drawn())
    assert set(pages) == {path.stem for path in FOLDER.glob("*.png")}
    assert len(pages) == len(PAGES) * len(SAMPLES)
    changed = {name: differing(page, Image.open(FOLDER / f"{name}.png")) for name, page in pages.items()}
    assert {name: points for name, points in changed.items() if points > POINTS} == {}


def test_a_word_more_would_be_seen(demonstration: None) -> None:
    pages = dict(drawn())
    assert differing(pages["notice-usual"], pages["notice-long"]) > POINTS
    assert differing(pages["opinion-usual"], pages["archive-usual"]) > POINTS


@pytest.mark.parametrize("name", SAMPLES)
def test_a_paper_is_the_same_file_every_time(name: str) -> None:
    first = printed(SAMPLES[name][0])
    assert first == printed(SAMPLES[name][0])
    assert set(SAMPLES[name][0].title) - {"《", "》"} <= characters_in(first) | {" "}


def test_names_with_rare_characters_hang_on_the_board() -> None:
    notice = SAMPLES["notice"][1]
    assert set("㛃𬍛阿依古丽·买提") <= characters_in(printed(notice))


def test_a_board_has_no_place_for_what_is_private() -> None:
    """Number, telephone, account, health, cause and birth date cannot be given to what hangs on a board."""
    assert [field.name for field in dataclasses.fields(HouseholdLine)] == ["head", "group", "members", "result"]
    assert [field.name for field in dataclasses.fields(UnitLine)] == ["name", "within", "result"]
    assert [field.name for field in dataclasses.fields(Office)] == ["name", "phone", "address"]
    common = {field.name for field in dataclasses.fields(Public)}
    assert common == {
        *("title", "made_on", "place", "basis", "course", "subject", "places", "office", "issuers"),
        *("households", "units"),
    }
    assert {field.name for field in dataclasses.fields(Notice)} - common == {"starts_on", "ends_on", "period"}
    own = {field.name for field in dataclasses.fields(Announcement)} - common
    assert own == {"number", "effect", "effective_on", "kept"}


def test_what_a_board_is_given_is_what_it_tells_and_nothing_of_the_family() -> None:
    notice = SAMPLES["notice"][0]
    told = json.loads(prepared(template_of(Notice), notice).call()["sys_inputs"]["data"])
    assert [set(line) for line in told["households"]] == [{"head", "group", "members", "result"}] * 8
    assert HOUSEHOLD.number not in json.dumps(told)
