from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from ppaos.web.finders import FILES, NodeFinder


def test_it_offers_the_named_files_and_nothing_else() -> None:
    assert {name for name, _ in NodeFinder().list([])} == set(FILES)


def test_a_file_is_read_under_the_name_it_is_served_by() -> None:
    storage = dict(NodeFinder().list([]))["vendor/bootstrap.min.css"]

    with storage.open("vendor/bootstrap.min.css") as file:
        assert b"Bootstrap" in file.read(200)


def test_it_finds_a_named_file_and_no_other() -> None:
    finder = NodeFinder()

    assert str(finder.find("vendor/bootstrap.min.css")).endswith("dist/css/bootstrap.min.css")
    assert finder.find("bootstrap/dist/css/bootstrap.css") == []
    assert finder.find("vendor/../../settings.py", find_all=True) == []


def test_a_file_that_is_ignored_is_left_out() -> None:
    assert not any(name.endswith(".map") for name, _ in NodeFinder().list(["*.map"]))


def test_without_npm_it_says_what_to_run(tmp_path: Path) -> None:
    finder = NodeFinder()
    finder.root = tmp_path

    with pytest.raises(ImproperlyConfigured, match="npm ci"):
        list(finder.list([]))
