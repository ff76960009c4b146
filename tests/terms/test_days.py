"""A city's own days: laid over the national calendar by a rule, whose clause every date names that they move."""

from datetime import date
from pathlib import Path
from typing import Final

import pytest

from casework import load_plugins, packs
from casework.engine import Editions, Engine, reproject
from casework.memory import MemoryStore
from tests.terms.stage import CASE, OFFICE, PACKS, Stage
from tests.terms.test_calendars import again, newer

CLOSED: Final = date(2023, 4, 24)
OPENED: Final = date(2023, 4, 22)
FESTIVAL: Final = """\
- days: festival
  label: 民族节
  clause: 第十条
  closed: 2023-04-24
  opened: 2023-04-22
"""


@pytest.fixture(scope="module", name="festive")
def _festive(tmp_path_factory: pytest.TempPathFactory) -> Editions:
    """Give the county's pack with a festival of its own."""
    folder = tmp_path_factory.mktemp("packs")
    (folder / "town.yaml").write_text((PACKS / "town.yaml").read_text("utf-8") + FESTIVAL, "utf-8")
    return load_plugins((folder,)).editions()


def test_a_city_closes_and_works_on_days_of_its_own_and_the_explanation_names_the_clause(
    held: Editions, festive: Editions
) -> None:
    assert Stage(held, "2023-04-03 11:00").due("opinion_due_in") == "2023-04-24"
    stage = Stage(festive, "2023-04-03 11:00")
    assert stage.due("opinion_due_in") == "2023-04-23"
    assert Stage(festive, "2023-03-24 11:00").due("draft_due") == "2023-04-25"
    with stage.engine.reading(OFFICE, at=stage.now) as reading:
        ((_, zh),) = reading.explain(CASE, "opinion_due_in")
        ((_, en),) = reading.explain(CASE, "opinion_due_in", "en")
    assert any("调休上班日照计：2023-04-22" in line and "某县办理办法 第十条（民族节）" in line for line in zh)
    assert any("2023-04-22" in line and "某县办理办法 第十条（民族节）" in line for line in en)


def test_the_table_of_rules_says_the_days(festive: Editions) -> None:
    book = festive.current("town@2023", CLOSED)
    said = {
        language: {one.id: one.says for one in packs.render(book, language)}["festival"] for language in ("zh", "en")
    }
    assert said == {"zh": "休息 2023-04-24；上班 2023-04-22", "en": "closed 2023-04-24; open 2023-04-22"}
    assert [book.calendar.is_working(day) for day in (CLOSED, OPENED)] == [False, True]
    assert [book.published.is_working(day) for day in (CLOSED, OPENED)] == [True, False]


def test_a_case_is_pinned_to_the_published_calendar_so_nothing_waits_to_be_counted_anew(festive: Editions) -> None:
    stage = Stage(festive, "2023-04-03 11:00")
    assert stage.dossier().calendar == festive.calendar.revision
    assert reproject(stage.engine, OFFICE, "核对") == ()


def test_stored_rules_keep_their_days_also_under_a_newer_calendar(festive: Editions, tmp_path: Path) -> None:
    stage = Stage(festive, "2023-04-03 11:00")
    local = newer(tmp_path, closed={"2023-04-10": "某市关于放假一日的通知"})
    assert "festival" not in {rule.id for rule in local.current("town@2023", CLOSED).rules}
    moved = {one.deadline: str(one.new) for one in reproject(again(stage, local).engine, OFFICE, "补放", save=True)}
    assert moved["opinion_due_in/n2/1"] == "2023-04-25"
    assert isinstance(stage.store, MemoryStore)
    fresh = Engine(stage.store, local, clock=lambda: stage.now)  # who has neither the rules nor the old calendar
    with fresh.reading(OFFICE, at=stage.now) as reading:
        assert reading.book(CASE).calendar.source(CLOSED) == "某县办理办法 第十条（民族节）"
