"""What a viewer sees: only what concerns him, as of a time, under the rules that the case is pinned to."""

import json
from collections import OrderedDict
from datetime import date
from pathlib import Path

import pytest

from casework import (
    Actor,
    AdmitUnit,
    Ask,
    Assign,
    Editions,
    Engine,
    MemoryStore,
    OpenDocket,
    Plugins,
    Refused,
    Register,
    load_plugins,
)
from casework.commands import AdoptEdition, Do
from casework.engine.cabinet import Cabinet, Held
from casework.errors import Unknown
from casework.events import Adopted
from casework.packs import Library
from casework.records import Dossier, Stream
from tests.engine.conftest import CASE, CO, DOCKET, LEAD, OFFICE, STRANGER, Desk, acknowledge, local

FIXED = """
pack: zhanyi-fixed@2023
document: 更正通知
in_force: {from: 2023-03-01}
extends: zhanyi@2023
rules:
- change: submit
  clause: 一
  due: 2023-09-15
- change: acknowledgement
  clause: 一
  within: 3 working days
"""

SILENT = """
pack: silent@2023
document: 缓办办法
in_force: {from: 2020-01-01}
extends: ordinary@2015
rules:
- act: appoint
  label: 指定督办单位
  clause: 一
  of: docket
  fields: {supervises: units}
- fact: appointed
  label: 已指定
  clause: 一
  of: docket
  set_by: appoint
  values: [true, false]
  default: false
- request: pause
  label: 缓办
  clause: 二
  of: each node
  from: assigned
  within: 10 working days
  fields: reason
  decided_by: {by: assigning_office, within: 2 working days, silence: granted}
- term: resumed
  label: 恢复办理
  clause: 二
  when: {appointed: true}
  of: each node
  from: granted
  until: delivered
  within: 30 working days
- term: other
  label: 另一时限
  clause: 二
  of: each node
  from: assigned
  until: delivered
  within: 60 working days
  remind: [5 working days before]
- permission: all_do
  label: 办理
  clause: 二
  may: [appoint, request_pause, decide_pause]
  who: {relation: anybody}
"""


def numbers(desk: Desk, viewer: Actor) -> list[str]:
    """Give the numbers in the ledger that a viewer sees."""
    with desk.engine.reading(viewer) as seen:
        return [entry.row.number for entry in seen.ledger(DOCKET)]


def test_only_parties_the_office_and_proposers_see_a_case(desk: Desk) -> None:
    assert [numbers(desk, viewer) for viewer in (OFFICE, LEAD, CO)] == [["056"]] * 3
    assert numbers(desk, Actor("甲", proposer="委员甲")) == ["056"]
    assert numbers(desk, STRANGER) == []


def test_cases_that_go_by_are_not_kept_and_one_that_was_asked_for_is(desk: Desk) -> None:
    with desk.engine.reading(OFFICE) as seen:
        assert len(list(seen.cases(DOCKET))) == 1
        assert [stream.aggregate for stream in (*seen._seen, *seen._open)] == ["docket"]
        asked = seen.case(CASE)
        assert [dossier is asked for _, dossier, _ in seen.cases(DOCKET)] == [True]
        assert seen.case(CASE) is asked


@pytest.mark.parametrize("claimed", ["p1", "委员丙", ""])
def test_nobody_becomes_a_proposer_by_claiming_an_id(desk: Desk, claimed: str) -> None:
    assert numbers(desk, Actor("x", proposer=claimed)) == []
    with desk.engine.reading(Actor("x", proposer=claimed)) as seen, pytest.raises(Refused):
        seen.case(CASE)


def test_a_date_says_which_of_what_it_rests_on_the_document_leaves_open(desk: Desk) -> None:
    with desk.engine.reading(OFFICE) as seen:
        ((_, zh), *_), ((_, en), *_) = seen.explain(CASE, "opinion"), seen.explain(CASE, "opinion", "en")
        ((_, submit), *_) = seen.explain(CASE, "submit")
    assert "起算：文件未定数值，采用下层的默认值" in zh
    assert "from: the document names no value; the default of the layer below is taken" in en
    assert not [line for line in submit if "未定" in line]


def test_names_and_texts_are_given_to_whom_they_are_open(desk: Desk) -> None:
    with desk.engine.reading(LEAD) as seen:
        assert seen.names(CASE) == {"p1": "委员甲", "p2": "委员乙"}


def test_a_past_time_shows_what_had_been_recorded_by_then(desk: Desk) -> None:
    desk.at("2023-03-13 09:00")
    acknowledge(desk)
    with desk.engine.reading(OFFICE, at=local("2023-03-12 09:00")) as seen:
        assert seen.case(CASE).state == "assigned"
    with desk.engine.reading(OFFICE) as seen:
        assert seen.case(CASE).state == "handling"


def test_time_that_nobody_ticked_is_seen_and_not_saved(desk: Desk) -> None:
    before = desk.store.dump("default")
    with desk.at("2023-04-20 09:00").engine.reading(OFFICE) as seen:
        assert seen.case(CASE).deadlines["return/n1/1"].state == "lapsed"
        assert any(entry.urgent and entry.urgent[1].colour == "red" for entry in seen.ledger(DOCKET))
    assert desk.store.dump("default") == before


def test_a_term_that_a_case_does_not_have_is_named(desk: Desk) -> None:
    with desk.engine.reading(OFFICE) as seen, pytest.raises(Unknown):
        seen.explain(CASE, "nothing")


def test_a_case_follows_its_stored_edition_where_its_pack_is_not_installed(desk: Desk, installed: Plugins) -> None:
    bare = Editions(Library.parse((), installed.kinds), installed.kinds, installed.editions().calendar)
    engine = Engine(desk.store, bare, clock=lambda: desk.now)
    engine.handle(Do("acknowledge"), CASE, LEAD)
    with engine.reading(OFFICE) as seen, desk.engine.reading(OFFICE) as other:
        assert seen.case(CASE) == other.case(CASE)
        assert seen.book(CASE).hash == other.book(CASE).hash


def test_an_edition_that_is_nowhere_is_refused_by_name(installed: Plugins) -> None:
    bare = Editions(Library.parse((), installed.kinds), installed.kinds, installed.editions().calendar)
    with pytest.raises(Unknown):
        bare.current("zhanyi@2023", date(2023, 3, 10))


def test_adopting_the_edition_in_use_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        desk.engine.handle(AdoptEdition("zhanyi@2023", "复核"), CASE, OFFICE)
    assert [reason.code for reason in refused.value.reasons] == ["edition_same"]


def test_a_corrected_edition_moves_open_deadlines_and_leaves_what_is_finished(desk: Desk, installed: Plugins) -> None:
    desk.engine.handle(Do("acknowledge"), CASE, LEAD)
    sources = [(name, text) for name, text in _texts(installed)]
    library = Library.parse((*sources, ("fixed.yaml", FIXED)), installed.kinds)
    engine = Engine(
        desk.store, Editions(library, installed.kinds, installed.editions().calendar), clock=lambda: desk.now
    )
    engine.handle(AdoptEdition("zhanyi-fixed@2023", "更正"), CASE, OFFICE)
    with engine.reading(OFFICE) as seen:
        deadlines = seen.case(CASE).deadlines
        history = [sealed.event for sealed in seen.history(CASE)]
    assert deadlines["submit/n1/1"].due.day == date(2023, 9, 15)
    assert deadlines["acknowledgement/n1/1"].due.day == date(2023, 3, 17)
    assert deadlines["acknowledgement/n2/1"].due.day == date(2023, 3, 15)
    assert any(isinstance(event.what, Adopted) for event in history)


def _texts(installed: Plugins) -> list[tuple[str, str]]:
    from pathlib import Path  # noqa: PLC0415 - only this test reads the packs' files

    import casework_china  # noqa: PLC0415
    import casework_zhanyi  # noqa: PLC0415

    assert installed.library.packs
    folders = [Path(module.__file__ or "").parent / "packs" for module in (casework_china, casework_zhanyi)]
    return [(str(path), path.read_text("utf-8")) for folder in folders for path in sorted(folder.glob("*.yaml"))]


def test_the_calendar_that_a_case_is_pinned_to_is_kept(desk: Desk) -> None:
    stored = desk.store.transaction(write=False)
    with stored as transaction:
        kept = transaction.editions("default")
    with desk.engine.reading(OFFICE) as seen:
        dossier = seen.case(CASE)
    assert json.loads(kept[dossier.calendar])
    assert json.loads(kept[dossier.edition])["pack"] == "zhanyi@2023"


@pytest.fixture
def paused(empty: Desk, tmp_path: Path) -> Desk:
    """A case whose unit asked for a pause, which silence grants; then a term runs, if the docket appointed somebody."""
    (tmp_path / "silent.yaml").write_text(SILENT, "utf-8")
    store = MemoryStore()
    held = Desk(Engine(store, load_plugins((tmp_path,)).editions(), clock=lambda: held.now), store, empty.now)
    held.engine.handle(OpenDocket(OFFICE.unit, "silent@2023"), DOCKET, OFFICE, docket=True)
    held.engine.handle(AdmitUnit(LEAD.unit), DOCKET, OFFICE, docket=True)
    held.engine.handle(Register("关于建设养老服务站的提案", ("委员甲",)), CASE, OFFICE)
    held.engine.handle(Assign(sole=LEAD.unit), CASE, OFFICE)
    held.engine.handle(Ask("pause", LEAD.unit, {"reason": "等待规划"}), CASE, LEAD)
    return held


def running(desk: Desk) -> dict[str, date]:
    """Give the due dates of a case by the keys of its deadlines, as the office sees them."""
    with desk.engine.reading(OFFICE) as seen:
        return {key: held.due.day for key, held in seen.case(CASE).deadlines.items()}


def test_time_that_passed_is_seen_with_the_docket_as_it_is_lived(paused: Desk) -> None:
    paused.engine.handle(Do("appoint", fields={"supervises": (LEAD.unit,)}), DOCKET, OFFICE, docket=True)
    paused.at("2023-03-30 09:00")
    unsaved = running(paused)
    assert any(key.startswith("resumed/") for key in unsaved)
    assert paused.engine.tick(paused.now) == 1
    assert running(paused) == unsaved


def test_what_a_case_asks_of_its_docket_is_compared_when_the_docket_changes(paused: Desk) -> None:
    paused.at("2023-03-30 09:00").engine.tick(paused.now)
    before = running(paused)
    assert not any(key.startswith("resumed/") for key in before)
    paused.at("2023-04-03 09:00")
    paused.engine.handle(Do("appoint", fields={"supervises": (LEAD.unit,)}), DOCKET, OFFICE, docket=True)
    unsaved = running(paused)
    assert unsaved.keys() - before.keys() == {"resumed/n1/1"}
    paused.at("2023-04-04 09:00").engine.handle(Do("acknowledge"), CASE, LEAD)
    assert unsaved.items() <= running(paused).items()


def test_what_another_thread_lets_go_meanwhile_is_kept_without_an_error() -> None:
    """The command is committed by then: an error would tell the host that it was not."""

    class Restless(OrderedDict[Stream, Held]):
        def __setitem__(self, stream: Stream, held: Held) -> None:
            super().__setitem__(stream, held)
            cabinet.forget(stream)  # as after a conflict of another thread

    cabinet, stream = Cabinet(), Stream("default", "case", CASE)
    cabinet._held = Restless()
    cabinet.keep(stream, Held(Dossier(stream)))
    assert not cabinet._held


def test_a_rung_that_falls_first_does_not_hide_that_the_docket_changed(paused: Desk) -> None:
    paused.at("2023-03-30 09:00").engine.tick(paused.now)
    paused.at("2023-04-03 09:00")
    paused.engine.handle(Do("appoint", fields={"supervises": (LEAD.unit,)}), DOCKET, OFFICE, docket=True)
    paused.at("2023-06-05 09:00")
    unsaved = running(paused)
    assert "resumed/n1/1" in unsaved
    assert paused.engine.tick(paused.now, confirm=True) == 1
    assert running(paused) == unsaved
