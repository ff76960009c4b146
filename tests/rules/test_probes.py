"""Every fact says what can change it: a term that hangs on its value begins and ends as soon as the value does.

Beside the rules of a place stands a term for every value of every fact that can be asked of a case or its parts.
Histories are played; a fact that changes and wakes nobody leaves a term that should run and does not.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import attrs
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from casework import load_plugins
from casework.rules.book import Book
from casework.rules.kinds import KINDS
from casework.rules.kinds.gate import GATE
from casework.rules.subjects import KINDS as SUBJECTS
from casework_testing.histories import histories
from casework_testing.laws.deciding import decisions_settle, every_command_is_answered
from casework_testing.world import History, book_of

FEW: Final = 10
HEAD: Final = """\
pack: probe@2023
document: 试探
in_force: {{from: 2023-01-01}}
extends: {pack}
rules:
"""
PROBE: Final = """\
- term: probe_{number}
  label: 试
  clause: 一
  of: {of}
  when: {{{fact}: {value}}}
  from: opened
  until: archived
  within: 400 days
"""
_SUBJECTS: Final = {kind: of for of, kind in SUBJECTS.items() if of in {"case", f"each {kind}"}}


def probes(book: Book) -> Iterator[str]:
    """Write a term for each value of each fact; of a fact with any value, for whether it has one."""
    number = 0
    for (of, name), fact in sorted(book.facts.items()):
        asked = [value for value in fact.values if value not in fact.passing] if fact.values else ["{none: false}"]
        for value in asked if of in _SUBJECTS and of != "unit" else ():
            number += 1
            written = str(value).lower() if isinstance(value, bool) else value
            yield PROBE.format(number=number, of=_SUBJECTS[of], fact=name, value=written)


def probed(pack: str, folder: Path) -> Book:
    """Give the rules of a place with all probes beside them."""
    bare = book_of(pack)
    text = HEAD.format(pack=pack) + "".join(probes(bare))
    (folder / "probe.yaml").write_text(text, "utf-8")
    return load_plugins((folder,)).editions().current("probe@2023", bare.layers[-1].in_force or date(2023, 3, 9))


def left_over(book: Book) -> str:
    """Play histories, and tell the first difference that one of them leaves."""
    found: list[str] = []

    @settings(
        settings.default, deadline=None, max_examples=FEW, phases=(Phase.generate,),
        suppress_health_check=tuple(HealthCheck),
    )  # fmt: skip
    @given(histories(book))
    def play(history: History) -> None:
        breaches = (law(history) for law in (decisions_settle, every_command_is_answered))
        found.extend(f"{breach}\n{history.told()}" for breach in breaches if breach is not None)

    play()
    return min(found, key=len, default="")


@pytest.mark.long
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@pytest.mark.parametrize("pack", ["zhanyi@2023", "jiaozuo@2023"])
def test_what_hangs_on_a_fact_follows_it(pack: str, tmp_path: Path) -> None:
    book = probed(pack, tmp_path)
    assert len(book.of_kind("term")) > 150
    assert not (told := left_over(book)), told


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
def test_a_fact_that_wakes_nobody_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deaf = [attrs.evolve(fact, reads=frozenset({"never"})) for fact in GATE.facts if fact.name == "verdict"]
    monkeypatch.setitem(KINDS, "gate", attrs.evolve(GATE, facts=(*GATE.facts, *deaf)))
    assert "probe_" in left_over(probed("zhanyi@2023", tmp_path))
