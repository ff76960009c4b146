"""Everything bites: each planted bug is found, in the scene that is set for it, by the law that is named for it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import attrs
import pytest

from casework import outbox
from casework.codec import chain
from casework.commands import Annul, Answer, Ask, Body, Correct, Do, Reassign, SetAside, Waive
from casework.deadlines import counting
from casework.decider import branching, decision, deeds, openings, passage, repair
from casework.decider.course import Course
from casework.history import evolve
from casework.memory import MemoryStore
from casework.records import Dossier, Node, Value
from casework.rules import clocks, facts
from casework.rules.book import Book
from casework.rules.kinds import marking, request, requirement, step, term
from casework_testing.driving import drive
from casework_testing.filling import EVIDENCE
from casework_testing.laws import LAWS
from casework_testing.laws.stores import stores_keep_what_is_decided
from casework_testing.offers import Offer
from casework_testing.planting import planted
from casework_testing.world import History, World

DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)


def act(
    history: History, who: str, body: Body, *, after: timedelta = DAY, late: timedelta = timedelta(), of: str = ""
) -> History:
    """Let somebody come with something some time after; `late` is how long ago it happened."""
    recorded = history.now + after
    offer = Offer(history.world.people[who], body, of, EVIDENCE)
    return history.then(offer.command(history.dossier, recorded, recorded - late))


def wait(history: History, days: int) -> History:
    return history.then(history.world.wait(history.dossier, history.now + days * DAY))


def begun(book: Book, *, proposers: int = 1, separate: bool = False) -> History:
    return World.of(book, proposers=proposers, separate=separate).start()


def plain(book: Book) -> History:
    return drive(begun(book))


def slow(book: Book) -> History:
    return drive(begun(book), pace=4 * DAY)


def two_rounds(book: Book) -> History:
    return drive(begun(book), rated=1)


def assigned(book: Book) -> History:
    history = begun(book)
    return act(history, "office", history.world.assigned)


def assigned_late(book: Book) -> History:
    history = act(begun(book), "office", Do("admit"))
    return wait(act(history, "office", history.world.assigned, after=20 * DAY, late=20 * DAY), 60)


def lapsed(book: Book) -> History:
    return wait(assigned(book), 30)


def asked_late(book: Book) -> History:
    return act(lapsed(book), "lead", Ask("return", fields={"reason": "职能不符"}), late=28 * DAY)


def put_aside(book: Book) -> History:
    history = lapsed(book)
    return act(history, "office", SetAside("return/n1/1", history.now.date() + 30 * DAY, "补正"))


def lapsed_again(book: Book) -> History:
    return wait(put_aside(book), 60)


def withdrawn(book: Book) -> History:
    return act(assigned(book), "office", Do("withdraw", fields={"reason": "撤回"}), of="p1")


def delivered(book: Book, proposers: int = 1) -> History:
    """The plain path as far as the reply's delivery."""
    history = drive(begun(book, proposers=proposers))
    done = (place for place, step in enumerate(history.steps, 1) if step.command.name == "deliver_reply")
    return History(history.world, history.steps[: next(done)])


def marked_in_the_next_round(book: Book) -> History:
    history = act(delivered(book, 2), "p1", Do("give_mark", "r1", {"mark": "dissatisfied"}))
    return act(history, "p2", Do("give_mark", "r1", {"mark": "satisfied"}))


def handed_in_for(book: Book) -> History:
    return act(delivered(book), "office", Do("give_mark", "r1", {"mark": "satisfied"}), of="p1")


def met_and_annulled(book: Book) -> History:
    history = act(assigned(book), "lead", Do("acknowledge"))
    met: dict[str, Value] = {"proposers": ("p1",), "mode": "face_to_face"}
    history = act(history, "lead", Do("contact", fields=met))
    return act(history, "lead", Annul(tuple(history.dossier.records)[-1], "误录"))


def met_late(book: Book) -> History:
    """Acknowledge within a day, and enter it after three weeks of warnings."""
    return act(wait(assigned(book), 20), "lead", Do("acknowledge"), late=20 * DAY)


def stood_after_all(book: Book) -> History:
    """Correct when it was assigned after the warnings, and correct it back."""
    history = wait(assigned(book), 20)
    (record,) = history.dossier.named("assign")
    for at in (record.moment.at + 9 * DAY, record.moment.at):
        history = act(history, "office", Correct(record.id, "at", at.isoformat(), "笔误"))
    return history


def annulled(name: str) -> Callable[[Book], History]:
    """Annul the record of a name at the end of the plain path."""

    def scene(book: Book) -> History:
        history = plain(book)
        found = [record.id for record in history.dossier.named(name)]
        return act(history, "office", Annul(found[-1], "误录"))

    return scene


def annulled_long_after(book: Book) -> History:
    """Give a mark in time, and annul it when the warning of its date would long have fallen."""
    history = wait(act(delivered(book), "p1", Do("give_mark", "r1", {"mark": "satisfied"})), 30)
    return act(history, "office", Annul(history.dossier.named("give_mark")[-1].id, "误录"))


def waived_once(book: Book) -> History:
    history = act(assigned(book), "office", Waive("consulted", "路远"))
    return drive(history, rated=1, omit={"contact"})


def returned_last(book: Book) -> History:
    history = begun(book, separate=True)
    history = act(history, "office", history.world.assigned)
    history = act(history, "co1", Ask("return", fields={"reason": "职能不符"}), after=HOUR)
    path = drive(history, omit={"decide_return"}, pace=HOUR)
    done = (place for place, step in enumerate(path.steps, 1) if "delivered" in {n.state for n in step.after.of(Node)})
    history = History(path.world, path.steps[: next(done)])
    return act(history, "office", Answer("return", "granted", "q1"))


def asked(book: Book) -> History:
    return act(assigned(book), "lead", Ask("return", fields={"reason": "职能不符"}))


def given_longer(book: Book) -> History:
    history = wait(act(assigned(book), "lead", Do("acknowledge")), 32)
    limit = (history.now + 40 * DAY).date().isoformat()
    five = {"duty": "一", "safeguards": "二", "consultation": "三", "reply": "四", "reason": "五"}
    return wait(act(history, "lead", Do("brief", fields={"nodes": ("n2",), "limit": limit, **five})), 60)


def refused(book: Book) -> History:
    history = drive(begun(book), omit={"review", "contact", "submit_opinion"})
    return act(history, "lead", Do("submit_reply", "v1", {"encloses": ("draft",)}))


def refused_at_work(book: Book) -> History:
    return act(plain(book), "lead", Do("contact"))


def a_stranger(book: Book) -> History:
    return act(assigned(book), "stranger", Do("acknowledge", "n1"))


def tomorrow(book: Book) -> History:
    return act(assigned(book), "lead", Do("acknowledge"), late=-DAY)


def replaced(book: Book) -> History:
    return act(assigned(book), "office", Reassign("市丁局", "n1", "职能不符"))


@attrs.frozen
class Plant:
    """A bug: the scene, the law that finds it, and where what stands instead of what."""

    name: str
    scene: Callable[[Book], History]
    law: str
    where: Callable[..., Any]
    old: str
    new: str


PLANTS: Final = (
    # what is counted back from such a date reads its trace, and the trace refutes it
    Plant("a first day that counts", plain, "every_command_is_answered", counting.count,
          "Tally(calendar, first, None, head)", "Tally(calendar, first - _DAY, None, head)"),
    Plant("a window counted from happened", assigned_late, "windows_can_be_known", request._window,
          "start.recorded, within", "start.at, within"),
    Plant("a lapse that a late entry refutes", asked_late, "lapses_are_justified", decision.conclude,
          "if course.unsupported:", "if False:"),
    Plant("set aside, and undone by the next tick", put_aside, "decisions_settle", clocks._kept,
          "return any(", "return False and any("),
    Plant("a lapse that is not told by its date", lapsed_again, "nothing_happens_twice", passage._lapse,
          "@{deadline.due.day}", ""),
    Plant("a released node keeps its deadline", withdrawn, "nothing_runs_for_who_left", term._void,
          "if left(subject):", "if left(subject):\n        return None\n    if left(subject):"),
    Plant("a lead that left takes opinions", replaced, "nothing_runs_for_who_left", branching.reassign,
          "parts=(new, *moved)", "parts=(new,)"),
    Plant("a step that is taken again", plain, "every_command_is_answered", step._follows,
          "dossier, form)", "dossier, attrs.evolve(form, from_=(*form.from_, form.to)))"),
    Plant("a mark that counts for the current round", marked_in_the_next_round, "records_belong_to_their_round",
          deeds._round, "if kind_of_reply(deed.subject)", "if False"),
    Plant("a round for a mark of the one before", two_rounds, "every_command_is_answered", marking._about,
          "round_of(part) == dossier.round", "True"),
    Plant("a waiver that outlives its round", waived_once, "requirements_were_met", requirement.waivers,
          "and record.round == situation.dossier.round", ""),
    Plant("a joint since that forgets who left", returned_last, "consequences_are_dated", facts.joint,
          "(*done, *(gone for _, gone in every if gone is not None))", "done"),
    Plant("an event without clause", plain, "every_event_cites_its_rule", Course._follow,
          "clause=follow.clause", 'clause=""'),
    Plant("a fold that drops the falls before", lapsed, "events_are_kept", evolve,
          "falls=(*held.falls, fall)", "falls=(fall,)"),
    Plant("a fold that forgets the void mark", met_and_annulled, "events_are_kept", evolve, "void=by", 'void=""'),
    Plant("a void record that answers", met_and_annulled, "void_records_answer_nothing", Dossier.named,
          "and not record.void", ""),
    Plant("an annulled ground", annulled("deliver_reply"), "consequences_are_supported", repair.annul,
          "*_supports(situation, found)", ""),
    Plant("a finish that lost its marks", annulled("give_mark"), "finishes_are_supported", repair._supports,
          "yield from _done_lost(situation, without, record)", "yield from ()"),
    Plant("time that does not pass before a command", slow, "warnings_fall_for_each_date", decision.conclude,
          "advance(course, command.recorded)", "pass"),
    Plant("a warning that a longer date does not renew", given_longer, "warnings_fall_for_each_date",
          clocks._following, "wanted.ladder, due",
          "tuple(s for s in wanted.ladder if str(s.at) not in {f.rung for f in (held.falls if held else ())}), due"),
    Plant("a warning of the days before it ran again", annulled_long_after, "warnings_fall_for_each_date",
          clocks._changes, "due, None)  #", "due, held)  #"),
    Plant("a warning that stands after what ended its clock", met_late, "rungs_stand_where_they_would_fall",
          clocks._judged, "(ended is not None and at > ended.at)", "False"),
    Plant("an offer of yesterday", asked, "looking_is_ticking", openings.open_steps, "advance(course, now)", "pass"),
    Plant("rules that are not compared again", plain, "decisions_settle", Course._touch,
          "for tag in tags:", "for tag in ():"),
    Plant("the first reason alone", refused, "refusals_list_every_reason", decision.hindrances,
          "reasons += book.kinds[rule.kind].requires(rule, situation)",
          "reasons = reasons or list(book.kinds[rule.kind].requires(rule, situation))"),
    Plant("a refusal that leaves a trace", refused_at_work, "refusals_change_nothing", decision.conclude,
          "if reasons:", "if reasons and not dossier.latches.clear():"),
    Plant("a stranger who is told", a_stranger, "strangers_learn_nothing", decision.conclude,
          'may(situation, command.by, "read")', "True"),
    Plant("a future that is recorded", tomorrow, "time_never_runs_backwards", decision._timing,
          "if command.at > command.recorded:", "if False:"),
    Plant("a log that forgets whose act it was", handed_in_for, "codec_round_trips", chain.seal,
          '"of": event.of', '"of": ""'),
)  # fmt: skip


@pytest.mark.parametrize("plant", PLANTS, ids=[plant.name for plant in PLANTS])
def test_a_planted_bug_is_found_by_its_law(plant: Plant, probe: Book) -> None:
    law = LAWS[plant.law]
    sound = plant.scene(probe)
    assert law(sound) is None, f"{law(sound)}\n{sound.told()}"
    with planted(plant.where, plant.old, plant.new):
        sick = plant.scene(probe)
        assert law(sick) is not None, sick.told()


@pytest.mark.parametrize(
    ("scene", "old", "new", "told"),
    [
        (met_late, "was.void is not fall.void", "False", "waits, but its rung is void"),
        (stood_after_all, "not fall.void) for name", "False) for name", "was withdrawn, but its rung stands"),
    ],
)
def test_a_message_that_does_not_follow_its_rung_is_found(
    scene: Callable[[Book], History], old: str, new: str, told: str, probe: Book
) -> None:
    history = scene(probe)
    assert stores_keep_what_is_decided(history, MemoryStore()) is None
    with planted(outbox._turned, old, new):
        breach = stores_keep_what_is_decided(history, MemoryStore())
    assert breach is not None
    assert told in breach.found
