"""What the database itself refuses, whoever writes."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from lika.divisions.choices import Level
from lika.divisions.models import Division

pytestmark = pytest.mark.usefixtures("corner")

GOOD = {
    "code": "621223100203",
    "number": 621223100203,
    "level": Level.VILLAGE,
    "name": "东村",
    "parent_id": "621223100000",
}


def test_a_good_row_is_stored() -> None:
    Division.objects.create(**GOOD)
    assert Division.objects.filter(pk="621223100203").exists()


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("division_level_fits_code", {"level": Level.TOWNSHIP, "parent_id": "621223000000"}),
        ("division_level_fits_code", {"code": "6212231002", "number": 6212231002}),
        ("division_level_fits_code", {"code": "621223100203-01"}),
        ("division_number_is_code", {"number": 621223100204}),
        ("division_parent_fits_code", {"parent_id": None}),
        ("division_parent_fits_code", {"parent_id": "621223000000"}),
        ("division_validity", {"valid_from": dt.date(2015, 1, 1), "valid_to": dt.date(2015, 1, 1)}),
        ("division_successor_after_end", {"successor_code": "621223100201"}),
        ("division_position", {"longitude": 104}),
        ("division_position", {"longitude": 181, "latitude": 34}),
        ("division_position", {"position_invented": True}),
    ],
)
def test_a_wrong_row_is_refused(constraint: str, wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Division.objects.create(**GOOD | wrong)


def test_a_parent_cannot_go_before_its_children() -> None:
    with pytest.raises(ProtectedError):
        Division.objects.get(pk="621223100000").delete()
