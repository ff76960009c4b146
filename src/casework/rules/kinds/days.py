"""days: the days on which a city closes or works although the national schedule says otherwise."""

from collections.abc import Iterable
from datetime import date

import attrs

from casework.messages import Language
from casework.rules.book import Book
from casework.rules.kind import Kind
from casework.rules.rule import Rule

__all__ = ["DAYS", "Days"]


@attrs.frozen
class Days:
    """Days that are `closed`, and days that are `opened` to make up for them; at least one, and each only once.

    They are laid over the national calendar for whoever works under the edition, and every date that they move names
    the clause and the label of the rule.
    """

    closed: tuple[date, ...] = ()
    opened: tuple[date, ...] = ()


def _says(rule: Rule[Days], _: Book, language: Language) -> str:
    words = ("休息", "上班", "、", "；") if language == "zh" else ("closed", "open", ", ", "; ")
    said = ((words[0], rule.form.closed), (words[1], rule.form.opened))
    return words[3].join(f"{word} {words[2].join(_shown(days))}" for word, days in said if days)


def _shown(days: Iterable[date]) -> Iterable[str]:
    return map(str, sorted(days))


DAYS = Kind(name="days", form=Days, says=_says)
