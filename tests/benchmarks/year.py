"""Zhanyi's year of 2023 as commands: 126 suggestions and 148 proposals from registration to the archive.

Made up with a fixed seed, in proportions that offices report: two cases in five have one unit alone, one in twenty
several that each reply, some are returned, sent back, marked dissatisfied and handled again. Every command is meant
to be accepted; the only names are invented.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Final

import attrs

from casework.commands import (
    AdmitUnit,
    Answer,
    Ask,
    Assign,
    Body,
    Do,
    DraftReply,
    IssueReply,
    OpenDocket,
    Reassign,
    Register,
    Review,
)
from casework.records import CHINA, Actor, Value

__all__ = ["DOCKET", "OPENED", "RULES", "Case", "Given", "cases", "opening"]

RULES: Final = "zhanyi@2023"
DOCKET: Final = "2023"
OPENED: Final = datetime(2023, 3, 9, 9, tzinfo=CHINA)

_SUGGESTIONS, _PROPOSALS, _UNITS = 126, 148, 40
_OFFICE: Final = "区某办公室"
_EVIDENCE: Final = "0" * 64
_MARKS: Final = {"class": "A", "disclosure": "public", "policy_basis": "某"}
_FIVE: Final = {"duty": "某", "safeguards": "某", "consultation": "某", "reply": "某"}


@attrs.frozen
class Given:
    """A command as it is given: when, by whom, what; of whom where a clerk enters it."""

    at: datetime
    by: Actor
    body: Body
    of: str = ""

    @property
    def evidence(self) -> str:
        """The digest of the paper that the clerk has."""
        return _EVIDENCE if self.of else ""


@attrs.frozen
class Case:
    """One case by its id, with everything that is done in it."""

    id: str
    given: tuple[Given, ...]


_ASSIGNING: Final = Actor("office", _OFFICE, frozenset({"assigning_office", "supervisor"}))


def opening() -> tuple[Given, ...]:
    """Give the commands that open the docket and take its units in."""
    opened = OpenDocket(_OFFICE, RULES, ("三届人大三次会议", "三届政协二次会议"))
    units = (_OFFICE, *(_unit(number) for number in range(_UNITS)))
    bodies: tuple[Body, ...] = (opened, *map(AdmitUnit, units))
    return tuple(Given(OPENED, _ASSIGNING, body) for body in bodies)


def cases() -> Iterator[Case]:
    """Give every case of the year, suggestions and proposals mixed."""
    numbers = [("suggestion", n) for n in range(1, _SUGGESTIONS + 1)]
    numbers += [("proposal", n) for n in range(1, _PROPOSALS + 1)]
    for kind, number in Random(2023).sample(numbers, len(numbers)):
        yield Case(f"{DOCKET}/{kind}/{number:03}", _Handling(Random(f"{kind} {number}")).year())


def _unit(number: int) -> str:
    return f"区某局{number:02}"


class _Handling:
    """One case while its commands are made up: the time that it has come to, and the parts that it has by then."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.now = OPENED + timedelta(days=1, minutes=chance.randrange(480))
        self.given: list[Given] = []
        self.proposers = ("p1", "p2", "p3")[: chance.choice((1, 1, 2, 3))]
        self.versions = self.replies = 0

    def year(self) -> tuple[Given, ...]:
        names = tuple(f"委员{name}" for name in "甲乙丙"[: len(self.proposers)])
        self.office(0, Register("某件", names, "三届二次会议"))
        self.office(1, Do("admit"))
        roots, others = self.assigned([_unit(number) for number in self.chance.sample(range(_UNITS), 4)])
        for unit in roots + others:
            self.unit(1, unit, Do("acknowledge"))
        self.briefed(roots[0], others)
        self.opined(roots[0], others)
        dissatisfied = self.happens(0.08)
        self.replied(roots, "dissatisfied" if dissatisfied else "satisfied")
        if dissatisfied:
            self.briefed(roots[0], others, reason="重新办理")
            self.replied(roots, "satisfied")
        self.office(3, Do("finish"))
        self.office(10, Do("strike_off"))
        self.office(30, Do("archive"))
        return tuple(self.given)

    def assigned(self, units: list[str]) -> tuple[list[str], list[str]]:
        """Assign to one alone, to a lead with co-handlers, or to several that each reply; some are returned."""
        if self.happens(0.4):
            self.office(2, Assign(sole=units[0]))
            if not self.happens(0.1):
                return units[:1], []
            self.unit(1, units[0], Ask("return", fields={"reason": "职责不符"}))
            self.office(1, Answer("return", "granted"))
            self.office(1, Reassign(units[1], reason="职责不符"))
            return units[1:2], []
        if self.happens(0.92):
            others = units[1 : 3 if self.happens(0.3) else 2]
            self.office(2, Assign(units[0], tuple(others)))
            return units[:1], others
        self.office(2, Assign(separate=tuple(units[:2])))
        return units[:2], []

    def briefed(self, lead: str, others: list[str], **more: str) -> None:
        """Tell each co-handler its duty, its limit and the rest of the five."""
        limit = (self.now + timedelta(days=20)).date().isoformat()
        for number in range(2, len(others) + 2):
            fields: dict[str, Value] = {"nodes": (f"n{number}",), "limit": limit, **_FIVE, **more}
            self.unit(1, lead, Do("brief", lead, fields))

    def opined(self, lead: str, others: list[str]) -> None:
        """Take the opinions of the co-handlers, now and then a second one."""
        for other in others:
            self.unit(7, other, Do("submit_opinion", other, {"opinion": "同意"}))
            if self.happens(0.05):
                self.unit(1, lead, Do("reject_opinion", other, {"reason": "不具体"}))
                self.unit(4, other, Do("submit_opinion", other, {"opinion": "同意"}))

    def replied(self, roots: list[str], mark: str) -> None:
        """Reply once from each root: look, meet, draft, review, submit, issue, deliver, and take the marks."""
        for root in roots:
            self.unit(1, root, Do("organise", fields={"section": "某股", "handler": "某"}))
            self.unit(3, root, Do("investigate", fields={"place": "现场"}))
            if self.happens(0.3):
                self.unit(1, root, Do("contact", root, {"proposers": self.proposers[:1], "mode": "phone"}))
            self.unit(3, root, Do("contact", root, {"proposers": self.proposers, "mode": "face_to_face"}))
            for form in ("hand_out_form", "take_back_form"):
                self.unit(1, root, Do(form, root, {"proposers": self.proposers}))
            self.unit(1, root, Do("implement", root, {"what": "某"}))
            self.submitted(root, back="review" if self.happens(0.08) else "")
            if self.happens(0.05):
                self.office(2, Do("return_submission", f"v{self.versions}", {"reason": "不规范"}))
                self.submitted(root)
            version = f"v{self.versions}"
            self.office(2, Do("proofread", version))
            self.office(2, IssueReply(version, "某〔2023〕1号"))
            self.replies += 1
            self.office(1, Do("deliver_reply", f"r{self.replies}", {"to": self.proposers}))
        for number in range(self.replies - len(roots) + 1, self.replies + 1):
            for proposer in self.proposers:
                fields: dict[str, Value] = {"mark": mark if proposer == self.proposers[-1] else "satisfied"}
                self.office(1, Do("give_mark", f"r{number}", fields), of=proposer)

    def submitted(self, root: str, back: str = "") -> None:
        """Draft, have it signed by the head of the unit, and submit it; `back` when he wants another draft first."""
        for verdict in ("send_back", "pass") if back else ("pass",):
            self.unit(4, root, DraftReply("某", root, _MARKS))
            self.versions += 1
            self.give(1, Actor(f"head of {root}", root, frozenset({"principal_leader"})), Review("head_signs", verdict))
        encloses = ("draft", "electronic_file", "forms")
        self.unit(1, root, Do("submit_reply", fields={"encloses": encloses}))

    def happens(self, share: float) -> bool:
        return self.chance.random() < share

    def office(self, days: int, body: Body, of: str = "") -> None:
        self.give(days, _ASSIGNING, body, of)

    def unit(self, days: int, unit: str, body: Body) -> None:
        self.give(days, Actor(f"handler of {unit}", unit, frozenset({"handler"})), body)

    def give(self, days: int, by: Actor, body: Body, of: str = "") -> None:
        self.now += timedelta(days=days, minutes=self.chance.randrange(60))
        self.given.append(Given(self.now, by, body, of))
