"""score: what a unit comes to in the yearly assessment: points for what it did and did not do."""

from collections.abc import Mapping
from typing import Final

import attrs

from casework.messages import Language
from casework.rules.book import Book
from casework.rules.kind import Kind
from casework.rules.rule import Rule
from casework.rules.words import Quantifier, When

__all__ = ["SCORE", "Points", "Score"]

_NO_TEST: Final[When] = {}


@attrs.frozen
class Points:
    """Points that are added (`adds`) or taken off (`takes_off`), once for each subject of the unit's that fits `when`.

    `most` is how many points the row comes to at the most.
    """

    of: Quantifier
    label: str
    when: When = _NO_TEST
    adds: int = 0
    takes_off: int = 0
    most: int | None = None


@attrs.frozen
class Score:
    """The points a unit begins with (`starts_at`), and the rows that each count; what comes of it lies within bounds.

    `grades` are the least points of each grade, the best that is reached counts. `ranked` says that units are put
    in order, those with the same points at the same place.
    """

    points: tuple[Points, ...]
    starts_at: int = 0
    not_below: int | None = None
    not_above: int | None = None
    grades: Mapping[str, int] = attrs.field(factory=dict)
    ranked: bool = False


def _says(rule: Rule[Score], book: Book, language: Language) -> str:
    form = rule.form
    said = []
    for row in form.points:
        points = f"+{row.adds}" if row.adds else f"-{row.takes_off}"
        said.append(f"{row.label} {points}" + (f" (≤{row.most})" if row.most is not None else ""))
    grades = "、".join(f"{name}≥{least}" for name, least in form.grades.items())
    if language == "zh":
        return f"{book.label(rule.of)}: 基础分 {form.starts_at}；{'；'.join(said)}" + (f"；{grades}" if grades else "")
    return f"{rule.of}: starts at {form.starts_at}; {'; '.join(said)}" + (f"; {grades}" if grades else "")


SCORE = Kind(name="score", form=Score, says=_says)
