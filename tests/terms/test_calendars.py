"""A newer schedule: loaded from a file, shown until then as provisional, and what it moves."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.calendars import WorkCalendar
from casework.commands import OpenDocket, SetAside
from casework.delivery import notice_of
from casework.engine import Editions, Engine, reproject
from casework.errors import CaseworkError, Refused
from casework.events import DeadlineMoved
from casework.plugins import load_plugins
from casework.records import Actor
from tests.terms.stage import CASE, DOCKET, OFFICE, PACKS, Stage

NOTICE = "国务院办公厅关于2027年部分节假日安排的通知"


def newer(folder: Path, **data: object) -> Editions:
    """Give the editions with a schedule that lies beside loose packs."""
    (folder / "2027.calendar.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    return load_plugins((PACKS, folder)).editions()


def schedule() -> dict[str, Any]:
    """Give a schedule of 2027 as a file has it."""
    rest = [str(date(2027, 1, 1) + timedelta(days=n)) for n in range(3)]
    spring = [str(date(2027, 2, 6) + timedelta(days=n)) for n in range(8)]
    return {"certain_until": "2027-12-31", "source": NOTICE, "rest": [*rest, *spring], "work": ["2027-02-20"]}


def again(stage: Stage, held: Editions) -> Stage:
    """Open the same store under other editions."""
    stage.engine = Engine(stage.store, held, clock=lambda: stage.now, salt=lambda: "0" * 64)
    return stage


def test_a_date_past_the_horizon_says_so_everywhere_and_never_without(held: Editions) -> None:
    stage = Stage(held, "2026-12-28 11:00")
    due = stage.deadline("opinion_due_in").due
    assert due.provisional
    with stage.engine.reading(OFFICE, at=stage.now) as reading:
        ((_, zh),) = reading.explain(CASE, "opinion_due_in")
        ((_, en),) = reading.explain(CASE, "opinion_due_in", "en")
        entry = next(reading.ledger())
    assert any("暂定" in line for line in zh)
    assert any("provisional" in line for line in en)
    assert all(
        one.due.provisional for one, _ in entry.deadlines if one.due.day > date(2026, 12, 31) and one.term != "call_due"
    )
    # counted back from the nominal day, which no holiday moves
    assert not stage.deadline("call_due").due.provisional
    assert [line.code for line in due.trace][-1] == "uncertain"


def test_a_warning_of_a_provisional_date_and_a_refusal_say_so(held: Editions) -> None:
    stage = Stage(held, "2026-12-10 11:00")
    stage.tick("2027-01-06 00:00")
    with stage.store.transaction(write=False) as transaction:
        told = [one for one in transaction.messages("default") if one.payload.get("term") == "draft_due"]
    assert [notice_of(one).subject for one in told] == ["提案 001：报送拟办件 2027-01-11（暂定） 期满"]
    assert notice_of(told[0], language="en").text.splitlines()[2] == "due: 2027-01-11 (provisional)"
    with pytest.raises(Refused) as refused:
        stage.ask("2027-01-06 09:00", "2 months")
    assert "（最迟 2027-02-10（暂定））" in str(refused.value)


def test_a_schedule_from_a_file_moves_what_is_open_says_why_and_moves_it_once(held: Editions, tmp_path: Path) -> None:
    stage = Stage(held, "2026-12-28 11:00")
    stage.do("2026-12-29 09:00", "acknowledge")
    before = stage.dossier()
    stage.now += timedelta(days=1)
    again(stage, newer(tmp_path, **schedule()))
    dry = reproject(stage.engine, OFFICE, "2027年放假安排")
    assert stage.dossier() == before
    moved = {one.deadline: (str(one.old), str(one.new), one.provisional) for one in dry}
    assert moved["return/n1/1"] == ("2027-01-11", "2027-01-12", False)  # 1 January rests now
    assert all(NOTICE in one.why for one in dry if one.old != one.new)
    assert reproject(stage.engine, OFFICE, "2027年放假安排", save=True) == dry
    after = stage.dossier()
    assert {one.deadline: str(after.deadlines[one.deadline].due.day) for one in dry} == {
        key: new for key, (_, new, _) in moved.items()
    }
    assert after.deadlines["plan_due/case/1"].due == before.deadlines["plan_due/case/1"].due  # it had ended
    assert reproject(stage.engine, OFFICE, "2027年放假安排", save=True) == ()
    with stage.engine.reading(OFFICE, at=stage.now) as reading:
        events = [sealed.event.what for sealed in reading.history(CASE)]
    told = {one.key: one.because for one in events if isinstance(one, DeadlineMoved)}
    assert told["return/n1/1"] == f"2027-01-11 → 2027-01-12: {NOTICE}"
    assert not after.deadlines["return/n1/1"].due.provisional


def test_a_last_day_that_is_worked_to_make_up_for_another_says_so(held: Editions, tmp_path: Path) -> None:
    stage = Stage(held, "2026-12-10 11:00")
    assert str(stage.deadline("draft_due").due.day) == "2027-01-11"  # the 10th is a Sunday
    again(stage, newer(tmp_path, **{**schedule(), "work": ["2027-01-10"]}))
    moved = {one.deadline: one for one in reproject(stage.engine, OFFICE, "2027年放假安排", save=True)}
    assert (str(moved["draft_due/n1/1"].new), moved["draft_due/n1/1"].why) == ("2027-01-10", NOTICE)
    assert moved["meet_due/n1/1"].why == NOTICE  # which is counted back from it


def test_a_lapse_stays_though_the_calendar_changed_later(held: Editions, tmp_path: Path) -> None:
    stage = Stage(held)
    stage.tick("2023-03-25 00:00")
    lapsed = stage.deadline("return", "n1")
    data = {"closed": {"2023-03-20": "某市关于放假一日的通知"}}
    again(stage, newer(tmp_path, **data))
    moved = {one.deadline for one in reproject(stage.engine, OFFICE, "补放一日", save=True)}
    assert "opinion_due_in/n2/1" in moved
    assert not {key for key in moved if key.startswith("return")}
    assert stage.deadline("return", "n1") == lapsed
    stage.do("2023-03-27 09:00", "acknowledge")  # and nothing afterwards holds it against anybody
    assert stage.deadline("return", "n1").state == "lapsed"


def test_what_was_set_aside_keeps_its_date_under_another_calendar(held: Editions, tmp_path: Path) -> None:
    stage = Stage(held)
    stage.tick("2023-03-25 00:00")
    stage.at("2023-03-27 09:00", SetAside("return/n1/1", date(2023, 4, 7), "申请已在途"), OFFICE)
    local = newer(tmp_path, closed={"2023-03-20": "某市关于放假一日的通知"})
    reproject(again(stage, local).engine, OFFICE, "补放一日", save=True)
    stage.tick("2023-04-07 23:59")
    assert (stage.deadline("return", "n1").state, stage.due("return", "n1")) == ("running", "2023-04-07")


def test_reprojection_commutes_with_time_where_nothing_fell_between(held: Editions, tmp_path: Path) -> None:
    local = newer(tmp_path, closed={"2023-03-20": "某市关于放假一日的通知"})

    def live(first: str) -> dict[str, tuple[str, str, int]]:
        stage = Stage(held)
        for what in (first, "tick" if first == "move" else "move"):
            if what == "tick":
                stage.tick("2023-03-15 09:00")
            else:
                reproject(again(stage, local).engine, OFFICE, "补放一日", save=True)
        stage.tick("2023-05-20 09:00")
        return {
            key: (str(one.due.day), one.state, len(one.falls)) for key, one in stage.dossier().deadlines.items()
        }  # fmt: skip

    assert live("move") == live("tick")


def test_each_office_moves_what_is_open_in_its_own_docket(held: Editions, tmp_path: Path) -> None:
    stage = Stage(held, "2026-12-28 11:00")
    other = Actor("office 2", "市府办", ("assigning_office",))
    stage.engine.handle(OpenDocket("市府办", "town@2023"), "某市2023年交办", other, docket=True)
    again(stage, newer(tmp_path, **schedule()))
    with pytest.raises(Refused):
        reproject(stage.engine, OFFICE, "2027年放假安排")
    assert reproject(stage.engine, OFFICE, "2027年放假安排", docket=DOCKET, save=True)
    assert reproject(stage.engine, OFFICE, "2027年放假安排", docket=DOCKET) == ()
    reproject(stage.engine, other, "2027年放假安排", docket="某市2023年交办", save=True)
    assert reproject(stage.engine, OFFICE, "2027年放假安排") == ()


def test_a_schedule_that_cannot_be_read_takes_its_calendar_with_it(tmp_path: Path) -> None:
    for text in (
        '{"rest": "2027-01-01"}',
        "[",
        '{"resst": []}',
        '{"certain_until": "2027-12-31", "rest": ["2027-01-01"]}',
    ):
        (tmp_path / "a.calendar.json").write_text(text, "utf-8")
        found = load_plugins((PACKS, tmp_path))
        assert found.calendars == {}, text
        assert [report.state for report in found.reports if report.name.endswith(".json")] == ["broken"]
        with pytest.raises(CaseworkError):
            found.editions()


def test_a_correction_replaces_the_days_it_is_about() -> None:
    base = WorkCalendar.of(
        date(2026, 1, 1), date(2026, 12, 31), rest=(date(2026, 5, 4),), sources={date(2026, 5, 4): "甲"}
    )
    newer_ = base.published(
        {"from": "2026-05-01", "certain_until": "2026-05-31", "source": "乙", "rest": ["2026-05-05"]}
    )
    assert newer_.is_working(date(2026, 5, 4))
    assert newer_.source(date(2026, 5, 5)) == "乙"
    assert newer_.certain_until == base.certain_until
    assert newer_.revision != base.revision
    for wrong in (
        {"rest": ["2026-05-05"], "source": "乙"},
        {"certain_until": "2027-13-01"},
        {"closed": {"2026-05-06": ""}},
    ):
        with pytest.raises(ValueError, match=r"\S"):
            base.published(wrong)
