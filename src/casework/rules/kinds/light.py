"""light: a colour with its word for a deadline, by the days that are left; derived when read, never stored."""

from datetime import date, datetime, tzinfo

import attrs

from casework.messages import Language
from casework.records import Deadline
from casework.rules.book import Book
from casework.rules.kind import Kind
from casework.rules.rule import Rule

__all__ = ["LIGHT", "Light", "Shown", "light"]


@attrs.frozen
class Light:
    """The colour, the word beside it, and for which days left it stands (`at_most`; none: all the rest).

    Days left are calendar days from the local day to the due date; the due day itself has 0, a late day -1.
    `ended` says that it is for what has ended rather than for what runs.
    """

    colour: str
    word: str
    at_most: int | None = None
    ended: bool = False


@attrs.frozen
class Shown:
    """A light as shown: the rule that gives it, its colour and word, and the days left (negative: late)."""

    rule: str
    colour: str
    word: str
    left: int


def light(book: Book, deadline: Deadline, at: datetime) -> Shown:
    """Give the light of a deadline at a time: the first rule in pack order that fits. No colour where none does."""
    left = days_left(deadline, at, book.zone)
    for rule in book.of_kind("light"):
        form: Light = rule.form
        if form.ended is (not deadline.open) and (form.at_most is None or left <= form.at_most):
            return Shown(rule.id, form.colour, form.word, left)
    return Shown("", "", "", left)


def days_left(deadline: Deadline, at: datetime, zone: tzinfo) -> int:
    """Count the days left at a time, or at its end where it has ended."""
    moment = deadline.ended.at if deadline.ended else at
    day: date = moment.astimezone(zone).date()
    left = (deadline.due.day - day).days
    if left == 0 and deadline.due.hour is not None and moment >= deadline.due.instant(zone):
        return -1
    return left


def _says(rule: Rule[Light], _: Book, language: Language) -> str:
    form = rule.form
    if form.at_most is None:
        bound = "其余" if language == "zh" else "the rest"
    else:
        bound = f"剩余≤{form.at_most}日" if language == "zh" else f"{form.at_most} days left or fewer"
    return f"{form.colour} {form.word}: {bound}"


LIGHT = Kind(name="light", form=Light, says=_says)
