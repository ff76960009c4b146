"""`casework report`, `tick`, and the provisions in `rules show`."""

import json
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest

from casework import Actor, AdmitUnit, Assign, Do, Engine, OpenDocket, Register, load_plugins
from casework.cli import main
from casework.records import CHINA

DOCKET: Final = "2023年交办"
OFFICE: Final = Actor("o", "区政府办公室", ("assigning_office",))
LEAD: Final = Actor("l", "市某局", ("handler",))


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give a store with two cases, of which one was acknowledged."""
    url = f"sqlite:///{tmp_path_factory.mktemp('报表') / 'c.db'}"
    plugins = load_plugins()
    store = plugins.open_store(url)
    now = datetime(2023, 3, 10, 9, tzinfo=CHINA)
    engine = Engine(store, plugins.editions(), clock=lambda: now)
    engine.handle(OpenDocket("区政府办公室", "zhanyi@2023"), DOCKET, OFFICE, docket=True)
    for unit in ("市某局", "市另局"):
        engine.handle(AdmitUnit(unit), DOCKET, OFFICE, docket=True)
    for number, unit in (("001", "市某局"), ("002", "市另局")):
        engine.handle(Register("某件", ("委员甲",)), f"{DOCKET}/proposal/{number}", OFFICE)
        engine.handle(Assign(sole=unit), f"{DOCKET}/proposal/{number}", OFFICE)
    engine.handle(Do("acknowledge"), f"{DOCKET}/proposal/001", LEAD)
    store.close()  # type: ignore[attr-defined] # of the plugin's own
    return url


def _said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    told = capsys.readouterr()
    return code, told.out, told.err


def test_a_rate_has_both_numbers_and_opens_into_its_lists(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    given = ("--store", url, "report", "--at", "2023-03-13", "--list", "acknowledged_rate")
    code, out, err = _said(capsys, *given)
    assert (code, err) == (0, "")
    assert "50.00%" in out
    assert "件次" in out
    assert out.index("proposal/001#n1") < out.index("未计入的 1 项") < out.index("proposal/002#n1")
    (rate,) = json.loads(_said(capsys, *given, "--json")[1])[DOCKET]
    assert (rate["numerator"], rate["denominator"], rate["missing"]) == (1, 2, [f"{DOCKET}/proposal/002#n1"])


def test_a_unit_sees_its_own_and_units_owe_too(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(_said(capsys, "--store", url, "report", "--at", "2023-03-13", "--unit", "市另局", "--json")[1])
    rates = {rate["rule"]: (rate["numerator"], rate["denominator"]) for rate in told[DOCKET]}
    assert rates["acknowledged_rate"] == (0, 1)
    assert rates["people_reported_rate"] == (0, 1)


def test_a_rate_that_is_not_there_is_told(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = _said(capsys, "--store", url, "report", "--at", "2023-03-13", "--list", "speed")
    assert code == 2
    assert "acknowledged_rate" in err


@pytest.mark.parametrize(
    "asked",
    [("report",), ("report", "--by", "meaning"), ("score",), ("ledger", "--units"), ("draw", DOCKET, "--seed", "7")],
)
def test_before_the_first_record_there_was_no_docket_and_nobody_is_told_of_permission(
    url: str, capsys: pytest.CaptureFixture[str], asked: tuple[str, ...]
) -> None:
    code, out, err = _said(capsys, "--store", url, *asked, "--at", "2023-03-01")
    assert (code, out) == (2, "")
    assert "2023-03-10 09:00" in err
    assert "docket_later" in err


def test_time_passes_once_and_a_jump_is_to_be_confirmed(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "2 个卷宗有变化" in _said(capsys, "--store", url, "tick", "--at", "2023-03-20")[1]
    assert "0 个卷宗有变化" in _said(capsys, "--store", url, "tick", "--at", "2023-03-20")[1]
    code, out, err = _said(capsys, "--store", url, "tick", "--at", "2023-07-20")
    assert (code, out) == (1, "")
    assert "--confirm" in err
    assert _said(capsys, "--store", url, "tick", "--at", "2023-07-20", "--confirm")[0] == 0


def test_the_rules_show_which_provisions_they_cover(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = _said(capsys, "--store", f"sqlite:///{tmp_path / 'none.db'}", "rules", "show", "zhanyi@2023")[1]
    assert "所落实的条款" in out
    shown = json.loads(_said(capsys, "rules", "show", "zhanyi@2023", "--json")[1])["provisions"]
    assert shown["ZY-18"] == ["zhanyi-measures@2019"]
    assert {f"ZY-{number:02}" for number in range(1, 24)} <= set(shown)


def test_a_rate_is_split_by_a_fact(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    given = ("--store", url, "report", "--at", "2023-03-13", "--list", "acknowledged_rate", "--by", "role")
    told = json.loads(_said(capsys, *given, "--json")[1])[DOCKET]
    assert [(rate["group"], rate["numerator"], rate["denominator"]) for rate in told] == [("sole", 1, 2)]
    assert "分列" in _said(capsys, *given)[1]
    code, _, err = _said(capsys, "--store", url, "report", "--by", "rolle")
    assert (code, "role" in err) == (2, True)


def test_replies_are_counted_by_letter_or_meaning(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(_said(capsys, "--store", url, "report", "--by", "meaning", "--json")[1]) == []
    assert "规则包" in _said(capsys, "--store", url, "report", "--by", "letter")[1]


def test_a_draw_says_out_of_how_many_and_is_the_same_again(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    given = ("--store", url, "draw", DOCKET, "--seed", "开奖号码 07", "--at", "2023-06-01", "--json")
    told = json.loads(_said(capsys, *given)[1])
    assert (told["among"], len(told["drawn"])) == (2, 1)
    assert json.loads(_said(capsys, *given)[1]) == told
    both = json.loads(_said(capsys, *given, "--n", "5")[1])["drawn"]
    assert (both[:1], len(both)) == (told["drawn"], 2)
    units = json.loads(_said(capsys, *given, "--units", "--n", "5")[1])["drawn"]
    assert sorted(units) == ["市另局", "市某局"]


def test_units_are_scored_where_the_rules_score_them(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _said(capsys, "--store", url, "score", "--json")
    assert (code, json.loads(out)) == (0, {DOCKET: []})  # the notice prescribes no points
