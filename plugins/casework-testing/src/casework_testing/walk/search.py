"""The search: breadth first over the shapes of a case, from the start and from late states on the way to the end.

Everybody does whatever is open to him with plain content, time passes to the next due date, and what comes late is
entered as of just before the date that it missed. Every decision must settle; nothing may run in a case that ended or
for who left it. Then every state is asked whether it can still end, which tells what was only cut from what is dead.
"""

from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import attrs

from casework.decider import open_steps
from casework.errors import RulesConflict
from casework.records import Dossier
from casework_testing.driving import ENDED, FINAL, drive, principals
from casework_testing.laws.ending import orphans, running
from casework_testing.laws.seeing import differences
from casework_testing.offers import Offer, offers
from casework_testing.walk.shape import Shape, Shapes
from casework_testing.world import History, Step, World, take

__all__ = ["Found", "Walk", "walk"]

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_REPAIRS: Final = frozenset({"correct", "annul", "set_aside", "waive"})
_GIVEN_UP: Final = frozenset({"declined", "withdrawn", "merged"})


@attrs.frozen
class Found:
    """Something that should not be, and how the walk came there."""

    what: str
    way: str

    def __str__(self) -> str:
        return f"{self.what}\n{self.way}"


@attrs.define
class Place:
    """A state of the walk: a case of its shape, from where it was reached, and whereto it leads."""

    dossier: Dossier
    now: datetime
    depth: int
    step: Step | None = None
    before: "Place | None" = None
    onward: "list[Place]" = attrs.field(factory=list)
    expanded: bool = False

    def way(self, last: Step | None = None) -> str:
        """Tell the steps that led here."""
        steps = [last] if last else []
        place: Place | None = self
        while place is not None:
            steps += [place.step] if place.step else []
            place = place.before
        return "\n".join(repr(step) for step in reversed(steps))


@attrs.frozen
class Walk:
    """What a walk came to.

    `states` were seen and `edges` taken; `cut` states were seen and not gone on from, because the bound was reached.
    `conflicts` are decisions that did not settle or raised, `running` what ran in a case that ended or for who left.
    `dead` can come to no end, `stuck` only by being given up (declined, withdrawn); `unknown` were not cut, but lead
    on only to what was.
    """

    pack: str
    states: int
    edges: int
    cut: int
    ended: int
    driven: int
    conflicts: tuple[Found, ...]
    running: tuple[Found, ...]
    dead: tuple[Found, ...]
    stuck: tuple[Found, ...]
    unknown: tuple[Found, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was found that should not be."""
        return not (self.conflicts or self.running or self.dead or self.stuck or self.unknown)

    def told(self, most: int = 3) -> str:
        """Tell what was found that should not be, at most so many of each kind, with the way to each."""
        kinds = (self.conflicts, self.running, self.dead, self.stuck, self.unknown)
        return "\n\n".join([str(self), *(str(found) for kind in kinds for found in _shortest(kind)[:most])])

    def __str__(self) -> str:
        return (
            f"{self.pack}: {self.states} states, {self.edges} edges, {self.ended} ended, {self.cut} cut, "
            f"{len(self.dead)} dead, {len(self.stuck)} stuck, {len(self.unknown)} unknown, "
            f"{len(self.conflicts)} conflicts, {len(self.running)} running on; {self.driven} driven to their end"
        )


def walk(world: World, *, limit: int = 2_000, deep: bool = False) -> Walk:
    """Walk a world's case, going on from at most `limit` states; `deep` compares every rule anew in each of them."""
    searched = _Search(world, deep=deep)
    searched.run(limit)
    return searched.judged()


class _Search:
    """One walk while it goes on."""

    def __init__(self, world: World, *, deep: bool) -> None:
        self.world = world
        self.deep = deep
        self.shapes = Shapes(world)
        self.places: dict[Shape, Place] = {}
        self.edges = 0
        self.conflicts: list[Found] = []
        self.running: list[Found] = []

    def run(self, limit: int) -> None:
        """Go on from states in the order of their distance from the seeds, until the bound is reached."""
        waiting: deque[Place] = deque()
        for history in _seeds(self.world):
            place: Place | None = None
            for step in history.steps:
                place = self._reach(step, place, waiting, depth=0) or place
        while waiting and limit:
            place = waiting.popleft()
            place.expanded = True
            limit -= 1
            for step in self._onward(place):
                self.edges += 1
                self._reach(step, place, waiting, place.depth + 1)

    def _reach(self, step: Step, before: Place | None, waiting: deque[Place], depth: int) -> Place | None:
        """Come to the state that a step leads to; a new one waits to be gone on from."""
        if step.error is not None:
            if step.refused is None:
                kind = "a conflict" if isinstance(step.error, RulesConflict) else "an error"
                self.conflicts.append(Found(f"{kind}: {step.error}", before.way(step) if before else repr(step)))
            return None
        now = max(step.command.recorded, before.now if before else step.command.recorded)
        shape = self.shapes.of(step.after, now)
        place = self.places.get(shape)
        if place is None:
            place = self.places[shape] = Place(step.after, now, depth, step, before)
            waiting.append(place)
            self._judge(place)
        if before is not None and place is not before:
            before.onward.append(place)
        return place

    def _judge(self, place: Place) -> None:
        for found in (*running(place.dossier), *orphans(place.dossier)):
            self.running.append(Found(f"in a case that is {place.dossier.state}, {found}", place.way()))
        if self.deep:
            for follow in differences(self.world, place.dossier, place.now):
                what = f"{follow.rule} still wants {type(follow.what).__name__} of {follow.subject}"
                self.conflicts.append(Found(what, place.way()))

    def _onward(self, place: Place) -> Iterator[Step]:
        world, dossier, now = self.world, place.dossier, place.now + _HOUR
        if dossier.state in FINAL:
            return
        done: set[str] = set()
        for offer, at in self._offers(place, now):
            same = f"{offer.body} {offer.of} {offer.reasons} {at}"
            if same not in done:  # what one may do, nobody else need do as well
                step = take(world, dossier, offer.command(dossier, now, at))
                done |= {same} if step.events else set()
                yield step
        zone = world.book.zone
        ahead = [held.due.instant(zone) for held in dossier.deadlines.values() if held.open]
        if later := [instant for instant in ahead if instant > now]:
            yield take(world, dossier, world.wait(dossier, min(later)))

    def _offers(self, place: Place, now: datetime) -> Iterator[tuple[Offer, datetime]]:
        """Give what is open now, and what came in time for the date that passed last but is entered only now."""
        world, dossier, zone = self.world, place.dossier, self.world.book.zone
        missed = [held.due.instant(zone) for held in dossier.deadlines.values() if held.state == "lapsed" or held.open]
        passed = max((instant for instant in missed if instant <= now), default=None)
        for actor in principals(world):
            for opening in open_steps(world.book, dossier, actor, now, world.docket):
                if not self.shapes.matters(opening.command):
                    continue
                for offer in offers(world, dossier, actor, opening, now, telling=True):
                    if not opening.reasons:
                        yield offer, now
                    if passed is not None and opening.command not in _REPAIRS:
                        yield offer, passed - _HOUR

    def judged(self) -> Walk:
        """Ask every state whether it can still end."""
        places = list(self.places.values())
        back: dict[int, list[Place]] = {}
        for place in places:
            for onward in place.onward:
                back.setdefault(id(onward), []).append(place)
        finished = _backwards([p for p in places if p.dossier.state in ENDED - _GIVEN_UP], back)
        ended = _backwards([p for p in places if p.dossier.state in ENDED], back)
        cut = [place for place in places if not place.expanded]
        hopeful = _backwards(cut, back)
        driven = 0
        undecided = [
            p for p in reversed(places) if p.expanded and id(p) not in finished and p.dossier.state not in ENDED
        ]
        for place in undecided:
            if id(place) not in finished and id(place) in hopeful and self._drives(place):
                driven += 1
                finished |= _backwards([place], back)
        ended |= finished
        rest = [place for place in undecided if id(place) not in finished]
        dead = [place for place in rest if id(place) not in ended and id(place) not in hopeful]
        stuck = [place for place in rest if id(place) in ended and id(place) not in hopeful]
        unknown = [place for place in rest if id(place) in hopeful]
        return Walk(
            pack=self.world.book.pack,
            states=len(places),
            edges=self.edges,
            cut=len(cut),
            ended=sum(place.dossier.state in ENDED for place in places),
            driven=driven,
            conflicts=tuple(self.conflicts),
            running=tuple(self.running),
            dead=_told("can come to no end", dead),
            stuck=_told("can only be given up", stuck),
            unknown=_told("was not brought to its end", unknown),
        )

    def _drives(self, place: Place) -> bool:
        """Bring a state to its end along the plain path."""
        began = Step(self.world.wait(place.dossier, place.now), place.dossier, (), place.dossier)
        return drive(History(self.world, (began,))).dossier.state in ENDED - _GIVEN_UP


def _shortest(found: tuple[Found, ...]) -> list[Found]:
    """Give the one with the shortest way for each that was found."""
    each: dict[str, Found] = {}
    for one in sorted(found, key=lambda one: len(one.way)):
        each.setdefault(one.what, one)
    return list(each.values())


def _told(what: str, places: list[Place]) -> tuple[Found, ...]:
    return tuple(Found(f"a case that is {place.dossier.state} {what}", place.way()) for place in places)


def _backwards(places: list[Place], back: dict[int, list[Place]]) -> set[int]:
    """Name all that lead to some of these states, and these."""
    seen = {id(place) for place in places}
    waiting = list(places)
    while waiting:
        for place in back.get(id(waiting.pop()), ()):
            if id(place) not in seen:
                seen.add(id(place))
                waiting.append(place)
    return seen


def _seeds(world: World) -> Iterator[History]:
    """Give the plain path, and the one on which handling begins again before the case is finished."""
    path = drive(world.start())
    yield path
    for place in range(len(path.steps), 0, -1):
        history = History(world, path.steps[:place])
        again = _again(history)
        if again is not None:
            yield drive(again)
            return


def _again(history: History) -> History | None:
    """Take the first step that begins another round."""
    world, now = history.world, history.now + _DAY
    for actor in principals(world):
        for opening in open_steps(world.book, history.dossier, actor, now, world.docket):
            if opening.reasons or opening.command == "reopen":
                continue
            for offer in offers(world, history.dossier, actor, opening, now, telling=True):
                longer = history.then(offer.command(history.dossier, now))
                if longer.dossier.round > history.dossier.round:
                    return longer
    return None
