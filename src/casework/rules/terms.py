"""What a term says: what is awaited, since when, by when, and what moves that."""

from typing import Literal

import attrs

from casework.records import Length
from casework.rules.kind import Remind
from casework.rules.words import ActName, DueSpec, Hour, MomentName, TermName

__all__ = ["Lengthen", "Pause", "Term"]


@attrs.frozen
class Pause:
    """The act with which a term stands still, and the one with which it runs on."""

    by: ActName
    until: ActName


@attrs.frozen
class Lengthen:
    """An act that makes a term longer by itself, such as an interim reply or an explanation to the proposer.

    `by` is what it adds, to which `total` from the start, or `extra` on the date without it, sets a cap. It counts
    where it was done while the date then in force was not over; what comes later changes nothing.
    """

    act: ActName
    by: Length
    total: Length | None = None
    extra: Length | None = None


@attrs.frozen
class Term:
    """What is awaited (`until`), since when (`from`), and by when: one of `within`, `due`, `set_in`.

    `set_in` is act.field, or several: the date that somebody set last in one of those acts, `within` being the
    default where nobody did; a later date than the default needs the field `longer_needs` of the same act. `hour` is
    the one at which the last day ends (17:30, when work stops), where it is not its midnight; what is counted in hours
    ends at its own. `not_past` names the statutory term that runs beside it. `remind` is the warning ladder.
    `rolls` says whether a last day that is none on which people work moves on (one that is counted back: to the working
    day before); unsaid, a counted one does, a named one and one that is counted back do not.
    `counts_from` recorded: counted from when the start was entered. `keeps`: the date stays as it was set, even when
    a fact that chose it changes. `not_after` is a date that wins where it is the earlier. `pauses` names the acts
    between which it stands still; what extends it is a `request` rule that says so. `every` makes it recur: one
    deadline a period, the first a period after `from`, and what is awaited meets one period each time.
    `undone_by` is a moment after which what had met it counts no more, such as a submission that is sent back.
    `stopped_by` is one after which it is owed no longer; it begins anew with the next `from` of the round.
    `lengthened` names the acts that make it longer by themselves. `restarts` says whether it begins anew for a unit
    that takes another's place; if not, the old clock goes on, with all that was granted. `each_time`: it begins
    anew whenever `from` happens, each time with a clock of its own (an order and its answer), whose date is the one
    that this very act set; what is awaited meets the oldest clock that waits.
    """

    until: MomentName
    from_: MomentName = "assigned"
    within: Length | None = None
    due: DueSpec | None = None
    set_in: tuple[str, ...] = ()
    longer_needs: str = ""
    not_past: TermName = ""
    remind: tuple[Remind, ...] = ()
    hour: Hour | None = None
    rolls: bool | None = None
    counts_from: Literal["happened", "recorded"] = "happened"
    keeps: bool = False
    not_after: DueSpec | None = None
    pauses: Pause | None = None
    every: Length | None = None
    undone_by: MomentName = ""
    stopped_by: MomentName = ""
    lengthened: tuple[Lengthen, ...] = ()
    restarts: bool = True
    each_time: bool = False
