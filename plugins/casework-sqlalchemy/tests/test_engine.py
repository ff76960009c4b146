"""What only a store on disk can be asked through the engine: a copy put back under it, and a text erased for ever."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from casework import Actor, AdmitUnit, Assign, Engine, Erase, OpenDocket, Order, Register, load_plugins
from casework.commands import Do
from casework_sqlalchemy import SQLStore

OFFICE = Actor("office", "区政府办公室", ("assigning_office",))
LEAD = Actor("lead", "市某局", ("handler",))
DOCKET, CASE = "2023年交办", "2023年交办/proposal/056"
NOW = datetime.fromisoformat("2023-03-10T09:00+08:00")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "casework.db"


@pytest.fixture
def engine(file: Path) -> Iterator[Engine]:
    store = SQLStore.open(f"sqlite:///{file}")
    store.create()
    engine = Engine(store, load_plugins().editions(), clock=lambda: NOW)
    engine.handle(OpenDocket(OFFICE.unit, "zhanyi@2023"), DOCKET, OFFICE, docket=True)
    engine.handle(AdmitUnit(LEAD.unit), DOCKET, OFFICE, docket=True)
    register = Register("乡村规划师下乡", ("委员甲", "委员乙"))
    engine.handle_all([Order(register, CASE, OFFICE), Order(Assign(sole=LEAD.unit), CASE, OFFICE)])
    yield engine
    store.close()


def test_a_copy_that_was_put_back_is_read_anew(engine: Engine, file: Path, tmp_path: Path) -> None:
    engine.handle(Do("acknowledge"), CASE, LEAD)
    live, copy = sqlite3.connect(file), sqlite3.connect(tmp_path / "copy.db")
    live.backup(copy)
    engine.handle(Do("investigate", fields={"place": "甲地"}), CASE, LEAD)
    copy.backup(live)
    live.close()
    copy.close()
    engine.handle(Do("investigate", fields={"place": "乙地"}), CASE, LEAD)
    with engine.reading(OFFICE) as seen:
        assert [record.fields["place"] for record in seen.case(CASE).named("investigate")] == ["乙地"]


def test_an_erased_text_is_in_no_table(engine: Engine) -> None:
    assert "委员乙" in repr(engine.store.dump("default"))
    engine.handle(Erase("p2", "本人依法申请"), CASE, OFFICE)
    assert "委员乙" not in repr(engine.store.dump("default"))
    with engine.reading(OFFICE) as seen:
        assert seen.names(CASE) == {"p1": "委员甲"}
