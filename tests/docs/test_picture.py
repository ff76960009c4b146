"""The picture of the README is what the demonstration's store shows, and its columns stand under each other."""

import re
import xml.etree.ElementTree as ET
from collections import defaultdict
from itertools import pairwise

import pytest
from rich.cells import cell_len

from docs.picture import PICTURE, drawn
from tests.demo.shown import Shown
from tests.docs.pages import ROOT

TEXT = "{http://www.w3.org/2000/svg}text"
CELL = 8
Run = tuple[int, int, str]


@pytest.mark.long
def test_the_picture_can_be_made_again(demo: Shown) -> None:
    assert drawn(demo.url) == PICTURE.read_text("utf-8"), "it is old: run `python -m docs.picture STORE`"


def test_the_readme_shows_it() -> None:
    assert re.search(r"!\[[^]]+\]\(docs/ledger\.svg\)", (ROOT / "README.md").read_text("utf-8"))


def _lines() -> dict[int, list[Run]]:
    """Give each line's runs of letters: where they begin, how wide they are, and what they say."""
    lines: dict[int, list[Run]] = defaultdict(list)
    for one in ET.parse(PICTURE).iter(TEXT):  # noqa: S314 - of this repository
        run = int(one.attrib["x"]), int(one.attrib["textLength"]), one.text or ""
        lines[int(one.attrib["y"])].append(run)
    return lines


def test_every_run_has_its_cells_and_none_overlaps_the_next() -> None:
    for line in _lines().values():
        assert all(length == cell_len(text) * CELL for _, length, text in line)
        assert all(one[0] + one[1] <= other[0] for one, other in pairwise(line))


def test_columns_stand_under_each_other_whatever_is_in_them() -> None:
    runs = [run for line in _lines().values() for run in line]
    dates = {x for x, _, text in runs if re.fullmatch(r"2023-\d\d-\d\d", text)}
    units = {x for x, _, text in runs if text in {"区科学技术局", "区工业和信息化局"}}
    days = {x + length for x, length, text in runs if re.fullmatch(r"-?\d+", text) and x > max(dates)}
    assert (len(dates), len(units), len(days)) == (1, 3, 1)  # units: in the command, as lead, and as who owes
