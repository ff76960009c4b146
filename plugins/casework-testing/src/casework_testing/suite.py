"""Tests for whoever writes rules: subclass, name the pack, and pytest holds histories and a walk to every law.

    from casework_testing.suite import PackLaws


    class TestMyDistrict(PackLaws):
        pack = "my-district@2024"

Rules that are no installed pack come from an overridden fixture `book`. How many histories are played is the setting
`max_examples` of Hypothesis, or `examples` of the class; a breach is shown in the smallest history found for it.

A pack that answers a document row by row is held to its rows and its scenarios the same way:

    from casework_testing.provisions import Provisions
    from casework_testing.suite import PackProvisions


    class TestMyNotice(PackProvisions):
        provisions = Provisions("my-district@2024", "MD", rows=23, folder=Path("scenarios"), on=date(2024, 3, 1))
"""

import re
import sys
from pathlib import Path
from typing import ClassVar, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from casework.memory import MemoryStore
from casework.rules.book import Book
from casework_testing.histories import histories
from casework_testing.laws import LAWS, Breach, check
from casework_testing.laws.stores import stores_keep_what_is_decided
from casework_testing.provisions import Provisions, planted, played
from casework_testing.walk import walk
from casework_testing.world import History, World, book_of

__all__ = ["PackLaws", "PackProvisions"]

_CHECKS = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
_SYNTHETIC: Final = re.compile(r"(代表|委员)[甲乙丙丁戊己庚辛壬癸]")
_CHECKED: Final = frozenset({"term", "requirement", "gate", "request", "indicator"})
"""Kinds whose rules a scenario names: by a refusal, a date or a rate."""


def _examples(given: int) -> int:
    return given or (settings.default.max_examples if settings.default else 50)


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
class PackLaws:
    """Every law for the rules of one pack; `states` is how many states the walk goes on from.

    `examples` is how many histories are played; without it, as many as Hypothesis is set to.
    """

    pack: ClassVar[str] = ""
    states: ClassVar[int] = 300
    examples: ClassVar[int] = 0

    @pytest.fixture(scope="class")
    @classmethod
    def book(cls) -> Book:
        """Give the rules that are held to the laws."""
        return book_of(cls.pack)

    @pytest.fixture(scope="class")
    @classmethod
    def broken(cls, book: Book) -> dict[str, tuple[Breach, History]]:
        """Play histories once for all laws, and keep the shortest one for each that did not hold."""
        found: dict[str, tuple[Breach, History]] = {}

        @settings(
            settings.default,
            deadline=None,
            max_examples=_examples(cls.examples),
            phases=(Phase.generate,),
            suppress_health_check=_CHECKS,
        )
        @given(histories(book))
        def play(history: History) -> None:
            for name, each in LAWS.items():
                breach = each(history)
                if breach is not None and (name not in found or len(history.steps) < len(found[name][1].steps)):
                    found[name] = breach, history

        play()
        return found

    @pytest.mark.parametrize("law", LAWS)
    def test_histories_keep(self, law: str, book: Book, broken: dict[str, tuple[Breach, History]]) -> None:
        """Hold every history to the law; a breach is shrunk."""
        if law not in broken:
            return

        @settings(settings.default, deadline=None, suppress_health_check=_CHECKS)
        @given(histories(book))
        def play(history: History) -> None:
            check(history, (LAWS[law],))

        play()  # it shrinks what was found; where chance does not come there again, the first finding is shown
        breach, history = broken[law]
        pytest.fail(f"{breach}\n\n{history.told()}")

    def test_stores_keep_what_is_decided(self, book: Book) -> None:
        """Play histories through an engine, which keeps what is decided and nothing of what is refused."""
        few = max(5, _examples(self.examples) // 10)  # a store is slower than the rules alone

        @settings(settings.default, deadline=None, max_examples=few, suppress_health_check=_CHECKS)
        @given(histories(book, most=15))
        def play(history: History) -> None:
            breach = stores_keep_what_is_decided(history, MemoryStore())
            assert breach is None, f"{breach}\n\n{history.told()}"

        play()

    def test_every_case_can_end(self, book: Book) -> None:
        """Walk the states of a case: every decision settles, every state can end, and nothing runs on."""
        walked = walk(World.of(book), limit=self.states, deep=True)
        sys.stdout.write(f"\n{walked}\n")
        assert walked.sound, walked.told()


class PackProvisions:
    """Every row of a document is in its pack and shown; every rule is missed, every wrong date or refusal told."""

    provisions: ClassVar[Provisions]

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Ask of every row, rule and scenario."""
        held = self.provisions
        if "row" in metafunc.fixturenames:
            metafunc.parametrize("row", held.ids)
        if "rule" in metafunc.fixturenames:
            metafunc.parametrize("rule", held.needed)
        if "file" in metafunc.fixturenames:
            metafunc.parametrize("file", held.files, ids=[file.name for file in held.files])

    def test_a_row_is_shown_by_its_id_holding_and_refusing_or_computing_otherwise(self, row: str) -> None:
        """Ask for a scenario in which it simply holds, and for one in which it does not."""
        held = self.provisions
        named = held.showing(row)
        assert all(row in scenario.script.covers for scenario in named)
        assert len(named) > 1
        assert any(not held.refuses(scenario) for scenario in named), "none in which it simply holds"
        other = any(held.refuses(scenario) or held.counts_less(scenario) for scenario in named)
        assert other, "none in which it refuses or computes otherwise"

    def test_a_rule_that_is_taken_away_is_missed(self, rule: str) -> None:
        """Play the scenarios without the rule, until one fails."""
        assert self.provisions.missed(rule), f"without {rule} every scenario still holds"

    def test_the_pack_covers_every_row(self) -> None:
        """Ask for a rule or a layer for each."""
        assert set(self.provisions.ids) <= self.provisions.covered, sorted(
            set(self.provisions.ids) - self.provisions.covered
        )

    def test_what_a_scenario_covers_is_in_the_pack(self) -> None:
        """Ask that no scenario covers what is not there, and each something."""
        for scenario in self.provisions.scenarios:
            assert scenario.script.covers, scenario.file
            assert set(scenario.script.covers) <= self.provisions.covered, scenario.file

    def test_every_rule_that_covers_a_row_is_named_by_a_scenario_of_it(self) -> None:
        """Ask it of the rules that refuse, date or count."""
        texts = [file.read_text("utf-8") for file in self.provisions.files]
        for rule in self.provisions.book.rules:
            for row in set(rule.covers) & set(self.provisions.ids):
                if rule.kind in _CHECKED:
                    mine = [text for text in texts if row in text]
                    assert any(re.search(rf"\b{rule.id}\b", text) for text in mine), f"{rule.id} ({row})"

    def test_all_names_are_synthetic(self) -> None:
        """Ask that whoever proposes is 代表甲 or 委员乙."""
        for scenario in self.provisions.scenarios:
            people = [cast.proposer for cast in scenario.script.actors.values() if cast.proposer]
            for step in scenario.script.steps:
                named = step.with_.get("proposers", ()) if step.do == "register" else ()
                people += [str(name) for name in (named if isinstance(named, tuple) else (named,))]
            for name in people:
                assert _SYNTHETIC.fullmatch(name), f"{scenario.file}: {name}"

    def test_a_date_or_a_refusal_that_is_written_wrongly_is_told_with_its_line(self, file: Path) -> None:
        """Plant each slip, and ask for its line."""
        for slip in planted(file):
            come = played(file, slip.text)
            assert not come.holds, f"{file.name}:{slip.line}: {slip.was.strip()} -> {slip.now.strip()} went unnoticed"
            assert come.failures[0].position.line == slip.line, come.say("en")
