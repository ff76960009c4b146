"""Clocks of a term that come again: every so often, or each time that something is asked for."""

from collections.abc import Iterable

import attrs

from casework import deadlines
from casework.records import Length, Moment
from casework.rules.clocks import Wanted, key_of, over
from casework.rules.dates import date_of, ends_at, stands_still
from casework.rules.moments import occurrences
from casework.rules.rule import Rule
from casework.rules.situation import Situation, Subject, name_of
from casework.rules.terms import Term

__all__ = ["orphans", "periods", "times"]


def periods(  # noqa: PLR0917 - one recurring duty, and what was done of it
    rule: Rule[Term], form: Term | None, every: Length, situation: Situation, subject: Subject, start: Moment,
    ends: tuple[tuple[Moment, int], ...], owner: str, void: Moment | None,
) -> Iterable[Wanted]:  # fmt: skip
    """A recurring term: one deadline a period, the next as soon as the one before is met.

    What was done counts for the first period that had begun and still waits; a period missed stays owed. Once the
    rule applies no more, nothing new is owed.
    """
    book, clause = situation.book, str(rule.clause)
    shape = form or rule.form
    waiting = [moment for moment, _ in ends]
    known, opens = start, start.at
    for number in range(1, len(waiting) + 2):
        length = attrs.evolve(every, n=every.n * number)
        due = deadlines.count(
            start.at,
            length,
            book.calendar,
            zone=book.zone,
            hour=ends_at(shape, length),
            source=shape.from_,
            rule=rule.id,
            clause=clause,
        )
        met = next((moment for moment in waiting if moment.at >= opens), None)
        yield Wanted(
            rule.id, subject, str(number), owner, known, due, met, void, ladder=shape.remind, rule=rule.id,
            clause=clause,
        )  # fmt: skip
        if met is None:
            return
        waiting.remove(met)
        known, opens = met, due.instant(book.zone)


def times(  # noqa: PLR0917 - one thing that is asked for each time, and what was done of it
    rule: Rule[Term], form: Term | None, situation: Situation, subject: Subject, ends: tuple[tuple[Moment, int], ...],
    owner: str, void: Moment | None,
) -> Iterable[Wanted]:  # fmt: skip
    """A term that begins each time: one deadline for each record that began it, answered in the order of the asking."""
    shape, waiting = form or rule.form, [moment for moment, _ in ends]
    begun = {moment.why[-1][1:]: moment for moment, _ in occurrences(situation, subject, shape.from_) if moment.why}
    for occurrence, start in begun.items():
        met = next((moment for moment in waiting if moment.at >= start.at), None)
        if met is not None:
            waiting.remove(met)
        held = situation.dossier.deadlines.get(key_of(rule.id, name_of(subject), occurrence))
        due = date_of(rule, shape, situation, subject, start) or (held.due if held else None)
        if due is not None and (form is not None or (held is not None and held.open)):
            gone = void or over(situation, subject, start)
            yield Wanted(
                rule.id, subject, occurrence, owner, start, due, met, gone,
                stands_still(shape, situation, subject, start, due), shape.remind, rule=rule.id,
                clause=str(rule.clause),
            )  # fmt: skip
    yield from orphans(rule, situation, subject, frozenset(begun))


def orphans(
    rule: Rule[Term], situation: Situation, subject: Subject, begun: frozenset[str] = frozenset()
) -> Iterable[Wanted]:
    """A clock whose start was annulled, or stopped, is owed no longer."""
    for held in situation.dossier.deadlines.values():
        if (held.term, held.subject) == (rule.id, name_of(subject)) and held.open and held.occurrence not in begun:
            form = rule.form
            yield Wanted(
                rule.id, subject, held.occurrence, held.owner, held.start, held.due,
                void=Moment(situation.since or situation.at, situation.recorded),
                ladder=form.remind, rule=rule.id, clause=str(rule.clause),
            )  # fmt: skip
