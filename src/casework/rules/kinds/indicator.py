"""indicator: a rate with its base and what counts of it, each opening into the list behind it."""

import attrs

from casework.messages import Language
from casework.rules.book import Book
from casework.rules.facts import holds
from casework.rules.kind import Kind, of_subjects
from casework.rules.rule import Rule
from casework.rules.situation import Situation, name_of
from casework.rules.subjects import counted
from casework.rules.words import When

__all__ = ["INDICATOR", "Indicator", "tally"]


@attrs.frozen
class Indicator:
    """What counts of the base (`of`, narrowed by `when`): the facts of the numerator, and the target in percent.

    In the base is whoever takes part, or was still at work when the case ended without him; who was returned, replaced
    or taken off the case is not. `named` is what the base is called in a report (应答复件次); unsaid, what the rule is
    of. `people` counts each proposer once, however many cases he raised: he counts where all that is his in the base
    does.
    """

    counts: When
    target: int | None = None
    named: str = ""
    people: bool = False


def tally(rule: Rule[Indicator], situation: Situation) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the ids of one dossier that are in the base, and of those the ones that count."""
    base = [one for one in counted(situation.dossier, rule.of) if holds(rule.when, situation, one)]
    numerator = [one for one in base if holds(rule.form.counts, situation, one)]
    return tuple(name_of(one) for one in base), tuple(name_of(one) for one in numerator)


def _says(rule: Rule[Indicator], _: Book, language: Language) -> str:
    counts = "、".join(f"{name}={'/'.join(map(str, test.values))}" for name, test in rule.form.counts.items())
    base = rule.of + "".join(f" {name}={'/'.join(map(str, test.values))}" for name, test in rule.when.items())
    return f"分子: {counts}；分母: {base}" if language == "zh" else f"{counts} of {base}"


INDICATOR = Kind(name="indicator", form=Indicator, says=_says, about=of_subjects)
