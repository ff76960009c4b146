"""A bureau of three sections on a stage: the engine in memory, a clock that the test moves, and its people."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from itertools import count
from pathlib import Path
from typing import Final

import attrs
import pytest

from casework import (
    Actor,
    AdmitUnit,
    Assign,
    Delegate,
    Editions,
    Engine,
    MemoryStore,
    OpenDocket,
    Order,
    Refused,
    Register,
    load_plugins,
)
from casework.commands import Body, Do
from casework.engine import Result, case_stream
from casework.messages import CATALOGUE, Language
from casework.records import CHINA, Dossier, Node, Value
from casework.rules.facts import read
from casework.rules.situation import Situation

PACKS: Final = Path(__file__).parent / "packs"
BUREAU: Final = "市资源局"
PLAN, FARM, LAW = f"{BUREAU}/规划科", f"{BUREAU}/耕保科", f"{BUREAU}/法规科"
OUTSIDE, FINANCE = "市发改委", "市财政局"

OFFICE: Final = Actor("办文人", "市府办", ("assigning_office",))
OWN_OFFICE: Final = Actor("局办", BUREAU, ("assigning_office", "coordinator"), "办公室")
HEAD: Final = Actor("局长", BUREAU, ("principal_leader",))
DEPUTY: Final = Actor("副局长", BUREAU, ("deputy_leader",))
PLANNER: Final = Actor("规划甲", BUREAU, ("handler",), "规划科")
PLAN_HEAD: Final = Actor("规划科长", BUREAU, ("coordinator",), "规划科")
FARMER: Final = Actor("耕保乙", BUREAU, ("handler",), "耕保科")
LAWYER: Final = Actor("法规丙", BUREAU, ("handler",), "法规科")
MONEY: Final = Actor("财政丁", FINANCE, ("handler",))
DOCKET: Final = "2023年交办"
CASE: Final = f"{DOCKET}/proposal/001"
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
PAPER: Final = "ab" * 32


def local(text: str) -> datetime:
    """Read a local time."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@attrs.define
class Stage:
    """An engine with its store and a clock; every command is recorded when it happens."""

    engine: Engine
    store: MemoryStore
    now: datetime

    def at(self, text: str) -> "Stage":
        """Set the clock."""
        self.now = local(text)
        return self

    def do(
        self, body: Body | str, by: Actor = OWN_OFFICE, *, on: str = CASE, of: str = "", evidence: str = "",
        reasons: Mapping[str, str] | None = None, subject: str = "", **fields: Value,
    ) -> Result:  # fmt: skip
        """Give a command; one named by its word is an act, with its fields."""
        meant = Do(body, subject, fields) if isinstance(body, str) else body
        return self.engine.handle(meant, on, by, of=of, evidence=evidence, reasons=reasons)

    def refused(self, body: Body | str, by: Actor = OWN_OFFICE, **given: object) -> Refused:
        """Give a command that must be refused with a text of its own in both languages, and change nothing."""
        before = self.store.dump("default")
        with pytest.raises(Refused) as caught:
            self.do(body, by, **given)  # type: ignore[arg-type] # as `do`
        assert self.store.dump("default") == before
        for reason in caught.value.reasons:
            for language in LANGUAGES:
                assert reason.code in CATALOGUE[language], reason.code
                assert "{" not in reason.say(language, caught.value.labels)
        return caught.value

    def seen(self, case: str = CASE) -> Dossier:
        """Give the case as stored."""
        return self.engine.held(case_stream("default", case))

    def states(self, case: str = CASE) -> dict[str, str]:
        """Give the state of each node by the last name of its holder; of one that came twice the last."""
        return {part.own_name: part.state for part in self.nodes(case)}

    def nodes(self, case: str = CASE) -> list[Node]:
        """Give the nodes."""
        return self.seen(case).of(Node)

    def fact(self, name: str, case: str = CASE) -> bool | int | str | None:
        """Read a fact of the case as it is now."""
        dossier = self.seen(case)
        with self.engine.reading(OFFICE) as seen:
            book = seen.book(case)
        return read(Situation(book, dossier, self.now, self.now), dossier, name).value

    def openings(self, actor: Actor, case: str = CASE) -> list[tuple[str, str]]:
        """Give what is open to an actor now: the command, and the part."""
        with self.engine.reading(actor) as seen:
            return [(one.command, one.subject) for one in seen.open_steps(case) if not one.reasons]

    def open(self, term: str, case: str = CASE) -> dict[str, str]:
        """Give the due date of each open deadline of a term, by its owner."""
        held = self.seen(case).deadlines.values()
        return {one.owner: one.due.day.isoformat() for one in held if one.term == term and one.open}


@cache
def _editions(packs: Path) -> Editions:
    return load_plugins((packs,)).editions()


def stage(*, pack: str = "bureau@2023", office: Actor = OFFICE, packs: Path = PACKS) -> Stage:
    """Open a docket with the bureau, a unit beside it and one outside, and register a case with two proposers."""
    salts = count()
    editions = _editions(packs)
    store = MemoryStore()
    held = Stage(Engine(store, editions), store, local("2023-03-10 09:00"))
    held.engine = Engine(store, editions, clock=lambda: held.now, salt=lambda: f"salt{next(salts)}")
    held.engine.handle(OpenDocket(office.unit, pack), DOCKET, office, docket=True)
    admitted = (
        AdmitUnit(BUREAU, ("规划科", "耕保科", "法规科", "办公室")),
        AdmitUnit(FINANCE, ("预算科",)),
        AdmitUnit(OUTSIDE, outside=True),
        AdmitUnit("市外局", outside=True),
    )
    held.engine.handle_all([Order(one, DOCKET, office, docket=True) for one in admitted])
    held.do(Register("关于复垦的提案", ("委员甲", "委员乙"), session="市政协一次会议"), office)
    return held


def divided(**given: object) -> Stage:
    """Assign the case to the bureau alone, which divides it: planning leads, farmland and law hand in to it."""
    held = stage(**given)  # type: ignore[arg-type] # as `stage`
    held.do(Assign(sole=BUREAU), given.get("office", OFFICE))  # type: ignore[arg-type] # an actor
    held.do("acknowledge", OWN_OFFICE)
    held.do(Delegate("规划科", ("耕保科", "法规科")), OWN_OFFICE)
    return held
