"""An engine on a store in memory, with a clock that the test moves."""

import re
from collections.abc import Callable
from datetime import datetime
from itertools import count

import attrs
import pytest

from casework import (
    Actor,
    AdmitUnit,
    Assign,
    Engine,
    MemoryStore,
    OpenDocket,
    Order,
    Plugins,
    Refused,
    Register,
    load_plugins,
)
from casework.commands import Do
from casework.messages import CATALOGUE, Language
from casework.records import CHINA

OFFICE = Actor("office", "区政府办公室", ("assigning_office",))
LEAD = Actor("lead", "市某局", ("handler",))
HEAD = Actor("head", "市某局", ("principal_leader",))
CO = Actor("co", "市另局", ("handler",))
STRANGER = Actor("stranger", "市外局", ("handler",))
DOCKET = "2023年交办"
CASE = f"{DOCKET}/proposal/056"
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def local(text: str) -> datetime:
    """Read a local time."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@attrs.define
class Desk:
    """An engine with its store and a clock."""

    engine: Engine
    store: MemoryStore
    now: datetime

    def at(self, text: str) -> "Desk":
        """Set the clock."""
        self.now = local(text)
        return self


@pytest.fixture(scope="session")
def installed() -> Plugins:
    """What is installed beside the core."""
    return load_plugins()


@pytest.fixture
def empty(installed: Plugins) -> Desk:
    """An engine without a docket."""
    store, salts = MemoryStore(), count()
    desk = Desk(Engine(store, installed.editions()), store, local("2023-03-10 09:00"))
    desk.engine = Engine(store, installed.editions(), clock=lambda: desk.now, salt=lambda: f"salt{next(salts)}")
    return desk


@pytest.fixture
def desk(empty: Desk) -> Desk:
    """A docket with one case, assigned to a lead and a co-handler on 10 March 2023."""
    engine = empty.engine
    engine.handle(OpenDocket(OFFICE.unit, "zhanyi@2023"), DOCKET, OFFICE, docket=True)
    engine.handle_all([Order(AdmitUnit(one.unit), DOCKET, OFFICE, docket=True) for one in (OFFICE, LEAD, CO, STRANGER)])
    register = Register("关于建设养老服务站的提案", ("委员甲", "委员乙"), text="正文不入日志")
    engine.handle_all(
        [Order(register, CASE, OFFICE), Order(Assign(LEAD.unit, (CO.unit,)), CASE, OFFICE)], id="assigned"
    )
    return empty


def acknowledge(desk: Desk) -> None:
    """Let both units acknowledge."""
    for actor in (LEAD, CO):
        desk.engine.handle(Do("acknowledge"), CASE, actor)


@pytest.fixture
def say_all() -> Callable[[Refused], None]:
    """Check that every reason has a text of its own in both languages."""

    def check(refused: Refused) -> None:
        for reason in refused.reasons:
            for language in LANGUAGES:
                assert reason.code in CATALOGUE[language], reason.code
                assert not re.search(r"\{\w+\}", reason.say(language, refused.labels))

    return check
