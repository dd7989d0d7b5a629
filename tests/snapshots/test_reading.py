"""The reader's own connection goes where Django's goes, with all that the address of the database asks for."""

import pytest
from django.db import connection

from lika.snapshots.reading import one_moment


@pytest.mark.django_db(transaction=True)
def test_what_the_address_of_the_database_asks_for_holds_for_the_reader_too(monkeypatch: pytest.MonkeyPatch):
    asked = {"application_name": "lika reads", "options": "-c work_mem=7MB", "connect_timeout": "9"}
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {**connection.settings_dict["OPTIONS"], **asked})
    with one_moment() as reader:
        (row,) = reader.fetch(
            "SELECT current_setting('work_mem') AS memory, current_setting('application_name') AS name, "
            "current_database() AS base",
            {},
        ).to_pylist()
    assert row == {"memory": "7MB", "name": "lika reads", "base": connection.settings_dict["NAME"]}


@pytest.mark.django_db(transaction=True)
def test_options_of_django_and_psycopg_are_no_matter_of_the_reader(monkeypatch: pytest.MonkeyPatch):
    asked = {"prepare_threshold": None, "server_side_binding": False}
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {**connection.settings_dict["OPTIONS"], **asked})
    with one_moment() as reader:
        assert reader.fetch("SELECT 1 AS one", {}).to_pylist() == [{"one": 1}]
