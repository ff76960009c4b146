"""The demonstrations of the documents come to the documents' own figures, out of the reports over their events."""

from collections.abc import Mapping
from typing import Final

import pytest

from casework import MemoryStore, load_plugins
from casework.demo import Told, play, read_plan

pytestmark = pytest.mark.long

Figures = Mapping[str, tuple[int, int]]

JIAOZUO: Final[Figures] = {
    "suggestions_led": (20, 24),
    "proposals_led": (14, 20),
    "finished_rate": (44, 44),
    "in_time_rate": (44, 44),
    "class_a_share": (34, 34),
    "class_a_outside": (10, 10),
    "satisfied_rate": (34, 34),
    "satisfied_outside": (10, 10),
}
XIANNING: Final[Figures] = {
    "municipal_cases": (90, 90),
    "suggestions_led": (4, 59),
    "proposals_led": (3, 30),
    "motions": (1, 90),
    "satisfied_leads": (7, 7),
    "replied_rate": (7, 7),
    "opinions_given": (83, 83),
}
DOCUMENTS: Final = (
    ("jiaozuo@2023", {"suggestion": 24, "proposal": 20}, JIAOZUO),
    ("xianning@2022", {"suggestion": 59, "proposal": 30, "motion": 1}, XIANNING),
)


def _played(pack: str) -> Told:
    plugins = load_plugins()
    folder = plugins.demos[pack]
    return play(MemoryStore(), plugins.editions(), read_plan(folder), folder)


@pytest.mark.parametrize(("pack", "kinds", "figures"), DOCUMENTS, ids=[pack for pack, _, _ in DOCUMENTS])
def test_a_demonstration_comes_to_its_documents_figures(pack: str, kinds: Mapping[str, int], figures: Figures) -> None:
    told = _played(pack)
    assert told.kinds == kinds
    counted = {rate.rule: (rate.numerator, rate.denominator) for rate in told.rates}
    assert {name: counted[name] for name in told.plan.shown.figures} == figures
