"""Laws: what holds for every history under every pack, each a plain function of a history.

A law gives None, or the first breach with its name. `LAWS` holds all that ask only the history; a pack author asks
them through `PackLaws` (in `casework_testing.suite`) or with `check`.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from casework_testing.laws.dates import (
    clocks_are_wound,
    dates_are_counted_by_hand,
    looking_is_ticking,
    rungs_stand_where_they_would_fall,
    splitting_time_changes_nothing,
    traces_give_their_dates,
    warnings_fall_for_each_date,
)
from casework_testing.laws.deciding import (
    decisions_settle,
    every_command_is_answered,
    nothing_happens_twice,
    refusals_change_nothing,
    refusals_list_every_reason,
    strangers_learn_nothing,
)
from casework_testing.laws.ending import (
    consequences_are_dated,
    consequences_are_supported,
    finishes_are_supported,
    kinds_keep_their_promises,
    nothing_runs_for_who_left,
    nothing_runs_under_an_ended_case,
    records_belong_to_their_round,
    requirements_were_met,
    void_records_answer_nothing,
)
from casework_testing.laws.keeping import promises_outlive_the_finish
from casework_testing.laws.law import Breach, Law, law
from casework_testing.laws.log import (
    codec_round_trips,
    events_are_kept,
    every_event_cites_its_rule,
    moves_are_steps,
    replay_equals_living,
    time_never_runs_backwards,
)
from casework_testing.laws.silence import lapses_are_justified, lapses_set_aside_stay_so, windows_can_be_known
from casework_testing.world import History

__all__ = ["LAWS", "Breach", "Law", "breaches", "check", "law"]

LAWS: Final[Mapping[str, Law]] = {
    each.name: each
    for each in (
        every_command_is_answered,
        refusals_change_nothing,
        refusals_list_every_reason,
        strangers_learn_nothing,
        decisions_settle,
        nothing_happens_twice,
        replay_equals_living,
        events_are_kept,
        every_event_cites_its_rule,
        moves_are_steps,
        codec_round_trips,
        time_never_runs_backwards,
        traces_give_their_dates,
        dates_are_counted_by_hand,
        clocks_are_wound,
        warnings_fall_for_each_date,
        rungs_stand_where_they_would_fall,
        splitting_time_changes_nothing,
        looking_is_ticking,
        lapses_are_justified,
        windows_can_be_known,
        lapses_set_aside_stay_so,
        consequences_are_supported,
        finishes_are_supported,
        consequences_are_dated,
        nothing_runs_under_an_ended_case,
        nothing_runs_for_who_left,
        records_belong_to_their_round,
        requirements_were_met,
        void_records_answer_nothing,
        kinds_keep_their_promises,
        promises_outlive_the_finish,
    )
}


def breaches(history: History, laws: Iterable[Law] = tuple(LAWS.values())) -> tuple[Breach, ...]:
    """Give the first breach of each law that does not hold."""
    return tuple(breach for each in laws if (breach := each(history)) is not None)


def check(history: History, laws: Iterable[Law] = tuple(LAWS.values())) -> None:
    """Hold a history to laws; AssertionError names each that does not hold, and tells the history."""
    found = breaches(history, laws)
    assert not found, "\n".join([*map(str, found), "", history.told()])
