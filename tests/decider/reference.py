"""What co-handling should come to, in plain Python: written from the design's words, knowing nothing of the engine.

Time is a number of days, everything happens at nine in the morning, and a warning falls at the beginning of its day.
"""

from dataclasses import dataclass, field, replace

WITHIN, BEFORE, EVERY = 10, 3, 2
"""An opinion is due ten days after the assignment; warned three days before, and every two days after."""


@dataclass
class Branch:
    """One task: since when, what became of it, as which of all it was returned, and on which days he was warned."""

    unit: str
    since: int
    state: str = "assigned"
    asked: bool = False
    replaced: bool = False
    left: int = 0
    warned: list[int] = field(default_factory=list)

    @property
    def active(self) -> bool:
        return self.state not in {"returned", "released", "replaced"}

    @property
    def owed(self) -> bool:
        return self.active and self.state != "delivered"

    @property
    def due(self) -> int:
        return self.since + WITHIN

    def warns(self, day: int) -> bool:
        return day == self.due - BEFORE or (day > self.due and (day - self.due) % EVERY == 0)


@dataclass
class CoHandling:
    """A lead with its co-handlers. Every operation tells whether it is possible, and does it if it is."""

    lead: Branch
    branches: list[Branch]
    day: int = 0
    returns: int = 0

    def copy(self) -> "CoHandling":
        """The same on its own, to try something on; `deepcopy` took a third of the time of the whole test."""
        lead, *branches = (replace(one, warned=[*one.warned]) for one in (self.lead, *self.branches))
        return CoHandling(lead, branches, self.day, self.returns)

    def active(self, unit: str) -> Branch | None:
        every = (one for one in (self.lead, *self.branches) if one.unit == unit and one.active)
        return next(every, None)

    def co(self, unit: str) -> Branch | None:
        return next((one for one in self.branches if one.unit == unit and one.active), None)

    @property
    def free(self) -> bool:
        """Whether the lead may go on: there is one, and nobody owes it an opinion."""
        return self.lead.active and not any(one.owed for one in self.branches)

    @property
    def tasks(self) -> dict[str, int]:
        """The opinions owed now, by unit, with the day on which each is due."""
        return {one.unit: one.due for one in self.branches if one.owed}

    def wait(self, days: int) -> None:
        for _ in range(days):
            self.day += 1
            for one in self.branches:
                if one.owed and one.warns(self.day):
                    one.warned.append(self.day)

    def acknowledge(self, unit: str) -> bool:
        one = self.active(unit)
        if one is None or one.state != "assigned":
            return False
        one.state = "acknowledged"
        return True

    def deliver(self, unit: str) -> bool:
        one = self.co(unit)
        if one is None or one.state not in {"acknowledged", "working"}:
            return False
        one.state, one.asked = "delivered", False
        return True

    def reject(self, unit: str) -> bool:
        one = self.co(unit)
        if one is None or one.state != "delivered" or not self.lead.active:
            return False
        one.state = "working"
        return True

    def ask(self, unit: str) -> bool:
        one = self.active(unit)
        if one is None or one.asked or one.state == "delivered":
            return False
        one.asked = True
        return True

    def decide(self, unit: str, *, granted: bool) -> bool:
        one = self.active(unit)
        if one is None or not one.asked:
            return False
        one.asked = False
        if granted:
            self.returns += 1
            one.state, one.left = "returned", self.returns
        return True

    def reassign(self, unit: str, to: str) -> bool:
        """Another takes the place of one that was returned, or is replaced now; whose place is taken has left it.

        Of a unit that returned two tasks, once as lead and once as co-handler, the one that it returned last is meant.
        """
        if self.active(to):
            return False
        every = [one for one in (self.lead, *self.branches) if one.unit == unit]
        vacant = [one for one in every if one.state == "returned" and not one.replaced]
        one = self.active(unit) or max(vacant, key=lambda one: one.left, default=None)
        if one is None or one.state == "delivered":
            return False
        one.replaced, one.asked = True, False
        if one.active:
            one.state = "replaced"
        new = Branch(to, self.day)
        if one is self.lead:
            self.lead = new
        else:
            self.branches.append(new)
        return True

    def add(self, unit: str) -> bool:
        if self.active(unit) or not self.lead.active:
            return False
        self.branches.append(Branch(unit, self.day))
        return True

    def remove(self, unit: str) -> bool:
        one = self.co(unit)
        if one is None:
            return False
        one.state, one.asked = "released", False
        return True
