"""An import is rehearsed first, whole or not at all, and changes nothing when it is repeated."""

from datetime import datetime
from typing import Final

import pytest

from casework import Actor, Engine, MemoryStore, Refused, load_plugins
from casework.engine import Editions
from casework.errors import Malformed, Unknown
from casework.records import CHINA
from casework.tables import bring_in, prepare, unit_list

NOW: Final = datetime(2023, 3, 10, 18, tzinfo=CHINA)
AT: Final = datetime(2023, 3, 10, 10, 49, tzinfo=CHINA)
OFFICE: Final = Actor("office", "区政府办公室", frozenset({"assigning_office"}))
HEADING: Final = "编号,案由,提案人,主办单位,协办单位,类别\n"
GOOD: Final = ("good.csv", f"{HEADING}001,甲,委员1,区财政局,区水务局,提案\n002,乙,委员2,区水务局,,提案\n".encode())


@pytest.fixture(scope="module")
def editions() -> Editions:
    return load_plugins().editions()


@pytest.fixture
def engine(editions: Editions) -> Engine:
    return Engine(MemoryStore(), editions, clock=lambda: NOW)


def test_a_rehearsal_writes_nothing(engine: Engine) -> None:
    before = engine.store.dump(engine.tenant)
    prepared = prepare(engine, "某批次", [GOOD], OFFICE, at=AT, rules="zhanyi@2023")
    assert (prepared.sound, prepared.opens, prepared.admits) == (True, True, ("区财政局", "区水务局"))
    assert engine.store.dump(engine.tenant) == before


def test_an_import_opens_the_docket_admits_its_units_and_assigns_every_row_in_one_batch(engine: Engine) -> None:
    result = bring_in(engine, prepare(engine, "某批次", [GOOD], OFFICE, at=AT, rules="zhanyi@2023"))
    assert {stream.id for stream, *_ in result.written} == {"某批次", "某批次/proposal/001", "某批次/proposal/002"}
    with engine.reading(OFFICE) as reading:
        assert [dossier.state for _, dossier, _ in reading.cases("某批次")] == ["assigned", "assigned"]
    (name,) = {stream.id.partition("/")[0] for stream, *_ in result.written}
    assert (name, result.command[:7]) == ("某批次", "import ")


def test_the_same_tables_again_change_nothing(engine: Engine) -> None:
    bring_in(engine, prepare(engine, "某批次", [GOOD], OFFICE, at=AT, rules="zhanyi@2023"))
    before = engine.store.dump(engine.tenant)
    again = prepare(engine, "某批次", [GOOD], OFFICE, at=AT)
    assert (again.sound, again.repeated, again.opens, again.admits) == (True, True, False, ())
    assert engine.store.dump(engine.tenant) == before


def test_rows_that_the_rules_refuse_are_all_told_and_nothing_is_imported(engine: Engine) -> None:
    bring_in(engine, prepare(engine, "某批次", [GOOD], OFFICE, at=AT, rules="zhanyi@2023"))
    before = engine.store.dump(engine.tenant)
    rows = "003,丁,委员1,区财政局/无此科,,提案\n004,戊,委员1,区财政局,,提案\n"
    prepared = prepare(engine, "某批次", [("more.csv", f"{HEADING}{rows}".encode())], OFFICE, at=AT)
    told = [(one.row.at.line, {reason.code for reason in one.refused.reasons}) for one in prepared.refusals]
    assert told == [(2, {"section_unknown"})]
    assert not prepared.sound
    with pytest.raises(ValueError, match="not sound"):
        bring_in(engine, prepared)
    assert engine.store.dump(engine.tenant) == before


def test_an_unknown_unit_is_told_with_the_nearest_one_and_a_list_may_add_it(engine: Engine) -> None:
    bring_in(engine, prepare(engine, "某批次", [GOOD], OFFICE, at=AT, rules="zhanyi@2023"))
    more = ("more.csv", f"{HEADING}005,丙,委员1,区审计局,,提案\n".encode())
    (fault,) = prepare(engine, "某批次", [more], OFFICE, at=AT).faults
    assert (fault.code, fault.position.line, fault.position.column) == ("row_unit_unknown", 2, 11)
    added = prepare(engine, "某批次", [more], OFFICE, at=AT, units=unit_list("units.csv", "单位\n区审计局\n".encode()))
    assert (added.sound, added.admits) == (True, ("区审计局",))
    bring_in(engine, added)


def test_a_number_that_two_tables_hold_is_told(engine: Engine) -> None:
    other = ("other.csv", f"{HEADING}1,丙,委员1,区财政局,,提案\n".encode())
    (fault,) = prepare(engine, "某批次", [GOOD, other], OFFICE, at=AT, rules="zhanyi@2023").faults
    assert (fault.code, str(fault.given["other"])) == ("row_number_twice", "good.csv:2:1")


def test_a_docket_is_opened_under_named_rules_only(engine: Engine) -> None:
    with pytest.raises(Unknown):
        prepare(engine, "某批次", [GOOD], OFFICE, at=AT)
    with pytest.raises(Unknown):
        prepare(engine, "某批次", [GOOD], OFFICE, at=AT, rules="nowhere@2023")


def test_who_may_not_open_a_docket_imports_nothing(engine: Engine) -> None:
    with pytest.raises(Refused):
        prepare(engine, "某批次", [GOOD], Actor("x", "区财政局", frozenset({"handler"})), at=AT, rules="zhanyi@2023")


def test_a_corrected_table_shows_what_would_change_and_changes_nothing(engine: Engine) -> None:
    bring_in(engine, prepare(engine, "某批次", [GOOD], OFFICE, at=AT, rules="zhanyi@2023"))
    before = engine.store.dump(engine.tenant)
    rows = "1,甲,委员1、委员3,区财政局,,提案\n002,改,委员2,区财政局,,提案\n003,丁,委员1,区财政局,,提案\n"
    prepared = prepare(engine, "某批次", [("corrected.csv", f"{HEADING}{rows}".encode())], OFFICE, at=AT)
    assert [(one.row.at.line, one.column, one.held, one.given, one.way) for one in prepared.changes] == [
        (2, "proposers", ("委员1",), ("委员1", "委员3"), ""),
        (2, "co", ("区水务局",), (), "add_co_handler, remove_co_handler"),
        (3, "title", ("乙",), ("改",), "correct"),
        (3, "lead", ("区水务局",), ("区财政局",), "reassign"),
    ]
    assert ([row.number for row in prepared.new], prepared.same, prepared.sound) == (["003"], 0, False)
    with pytest.raises(ValueError, match="not sound"):
        bring_in(engine, prepared)
    assert engine.store.dump(engine.tenant) == before


def test_what_the_docket_has_already_is_not_registered_again(engine: Engine) -> None:
    bring_in(engine, prepare(engine, "某批次", [GOOD], OFFICE, at=AT, rules="zhanyi@2023"))
    longer = ("longer.csv", GOOD[1] + "003,丁,委员1,区财政局,,提案\n".encode())
    prepared = prepare(engine, "某批次", [longer], OFFICE, at=AT)
    assert ([row.number for row in prepared.new], prepared.same, prepared.sound) == (["003"], 2, True)
    assert {stream.id for stream, *_ in bring_in(engine, prepared).written} == {"某批次/proposal/003"}
    spaced = prepare(engine, "某批次", [("spaced.csv", GOOD[1] + b"\n")], OFFICE, at=AT)
    assert (spaced.repeated, spaced.same, spaced.changes) == (True, 2, ())


def test_tables_and_a_kind_that_there_is_are_asked_for(engine: Engine) -> None:
    with pytest.raises(Malformed, match="没有写明"):
        prepare(engine, "某批次", [], OFFICE, at=AT, rules="zhanyi@2023")
    with pytest.raises(Malformed, match="议题"):
        prepare(engine, "某批次", [GOOD], OFFICE, at=AT, rules="zhanyi@2023", kind="议题")
