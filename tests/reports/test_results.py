"""Letters that mean different things are never added, a draw can be repeated, a score opens into what it is for."""

from datetime import date, datetime
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as some

from casework.memory import MemoryStore
from casework.plugins import load_plugins
from casework.records import CHINA, Dossier
from casework.reports import Part, draw, rates, results, scores
from casework.rules.book import Book
from casework.scenario import load, play
from casework.scenario.playing import TENANT
from casework.scenario.view import every

ROOT: Final = Path(__file__).parents[2]
PLAYED: Final = (
    ROOT / "plugins/casework-zhanyi/scenarios/zy-12-class-c.scenario.yaml",
    ROOT / "plugins/casework-zhanyi/scenarios/zy-14-told.scenario.yaml",
    ROOT / "tests/rules/promise.scenario.yaml",
    ROOT / "tests/rules/tracks.scenario.yaml",
)
AT: Final = datetime(2025, 1, 1, tzinfo=CHINA)
DAY: Final = date(2023, 6, 1)
Seen = tuple[tuple[Book, Dossier], ...]


@pytest.fixture(scope="module")
def seen() -> Seen:
    """Give dockets of Zhanyi, where C is hard to solve now, and of a county where C is planned."""
    editions = load_plugins((ROOT / "tests/rules/packs",)).editions()
    found: list[tuple[Book, Dossier]] = []
    for file in PLAYED:
        store = MemoryStore()
        played = play(load(file), editions, store)
        assert [failure for outcome in played.outcomes for failure in outcome.failures] == []
        found += every(store, editions, TENANT, AT)
    return tuple(found)


def test_letters_are_counted_by_pack_and_meanings_across_packs(seen: Seen) -> None:
    cases = [(book, one) for book, one in seen if one.stream.aggregate == "case"]
    letters = {(one.pack, one.result): len(one.replies) for one in results(cases, AT, "letter")}
    meanings = {
        one.result: [part.case.partition("/")[0] for part in one.replies] for one in results(cases, AT, "meaning")
    }
    zhanyi, county = "沾益区2023年交办", "某县2023年交办"
    assert letters == {("zhanyi@2023", "C"): 1, ("zhanyi@2023", "A"): 1, ("after@2023", "C"): 1, ("after@2023", "A"): 1}
    assert meanings == {"solved": [zhanyi, county], "planned": [county], "not_now": [zhanyi]}
    assert {one.result: one.label for one in results(cases, AT, "meaning")} == {
        "solved": "已解决",
        "planned": "列入计划",
        "not_now": "暂难解决",
    }
    assert sum(letters.values()) == sum(map(len, meanings.values()))


@pytest.mark.parametrize("by", ["role", "kind", "level", "meaning", "carried", "promises"])
def test_a_split_rate_is_the_whole_in_parts(seen: Seen, by: str) -> None:
    for book, docket in seen:
        if docket.stream.aggregate != "docket":
            continue
        cases = [one for own, one in seen if own.hash == book.hash and one.stream.aggregate == "case"]
        whole = rates(book, cases, AT, {docket.stream.id: docket})
        parts = rates(book, cases, AT, {docket.stream.id: docket}, by=by)
        for rate in whole:
            mine = [one for one in parts if one.rule == rate.rule]
            assert sorted(part for one in mine for part in one.base) == sorted(rate.base)
            assert sorted(part for one in mine for part in one.counted) == sorted(rate.counted)
            assert len({one.group for one in mine}) == len(mine)


def test_a_score_opens_into_what_each_point_is_for(seen: Seen) -> None:
    docket = next(one for book, one in seen if book.pack == "after@2023" and one.stream.aggregate == "docket")
    book = next(book for book, one in seen if one is docket)
    mine = [one for _, one in seen if one.docket == docket.stream.id and any(p.id == "c3" for p in one.parts.values())]
    (scored,) = scores(book, mine, AT, {docket.stream.id: docket})
    case = f"{docket.stream.id}/suggestion/001"
    assert [(line.points, line.parts) for line in scored.lines] == [
        (-5, (Part(case, "c1"),)),
        (2, (Part(case, "c2"),)),
        (1, (Part(case, "c3"),)),
        (-10, (Part(docket.stream.id, "u1"),)),
    ]
    assert (scored.unit, scored.points, scored.grade, scored.place) == ("水务局", 88, "合格", 1)


NAMES: Final = some.lists(some.text(min_size=1, max_size=5), unique=True, max_size=12)


@given(NAMES, some.integers(0, 15), some.text(max_size=5), some.randoms())
def test_anybody_draws_the_same(among: list[str], n: int, seed: str, chance: object) -> None:
    drawn = draw("某批次", seed, DAY, among, n)
    shuffled = list(among)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert draw("某批次", seed, DAY, shuffled, n) == drawn
    assert len(drawn) == len(set(drawn)) == min(n, len(among))
    assert set(drawn) <= set(among)
    assert draw("某批次", seed, DAY, among, n + 1)[:n] == drawn


def test_another_seed_day_or_docket_draws_others() -> None:
    among = [f"{number:03}" for number in range(100)]
    first = draw("甲", "种子", DAY, among, 10)
    assert len({first, draw("乙", "种子", DAY, among, 10), draw("甲", "又", DAY, among, 10)}) == 3
    assert draw("甲", "种子", date(2023, 6, 2), among, 10) != first
    assert first[:3] == ("057", "028", "040")  # what was drawn once is drawn by every later version


def test_every_id_has_its_chance() -> None:
    among = [f"{number:03}" for number in range(20)]
    times = dict.fromkeys(among, 0)
    for number in range(400):
        for name in draw("甲", str(number), DAY, among, 5):
            times[name] += 1
    assert min(times.values()) > 60  # of 100 expected
    assert max(times.values()) < 140
