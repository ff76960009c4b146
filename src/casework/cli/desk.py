"""The desk that every command works at: plugins, rules, store and engine, as the global options choose them."""

import os
import shlex
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final

import attrs
from cyclopts import Parameter

from casework.decider.deeds import closest
from casework.engine import Editions, Engine, Reading
from casework.errors import Malformed, Reason, Refused, Unavailable, Unknown
from casework.events import Opened
from casework.memory import MemoryStore
from casework.messages import Language
from casework.packs import Library
from casework.plugins import Plugins, load_plugins
from casework.ports import Query, Store
from casework.records import CHINA, Actor, Unit
from casework.tables.headings import KINDS

__all__ = ["STORE", "TENANT", "AtDesk", "Desk", "Docket", "moment", "program", "read_bytes"]

STORE: Final = "sqlite:///casework.db"
TENANT: Final = "default"
OFFICE_ROLE: Final = "assigning_office"
_SQLITE: Final = "sqlite:///"


def now() -> datetime:
    """Give the time."""
    return datetime.now(UTC)


@attrs.frozen
class Docket:
    """A docket of the store, and the unit whose docket it is."""

    name: str
    office: str
    since: datetime
    """When the first of it was recorded."""


@attrs.define
class Desk:
    """What a command needs, made when it is first asked for; `close` it in the end."""

    rules_dirs: tuple[Path, ...] = ()
    url: str = STORE
    language: Language = "zh"
    json: bool = False
    clock: Callable[[], datetime] = attrs.field(factory=lambda: now)
    _held: ExitStack = attrs.field(factory=ExitStack)
    __dict__: dict[str, object] = attrs.field(init=False, repr=False)

    @cached_property
    def plugins(self) -> Plugins:
        """All that is installed, and the loose packs of --rules-dir."""
        return load_plugins(self.rules_dirs)

    @cached_property
    def editions(self) -> Editions:
        """The rules at hand; Unavailable without a calendar."""
        return self.plugins.editions()

    @property
    def library(self) -> Library:
        """The packs that can be read."""
        return self.plugins.library

    @property
    def file(self) -> Path | None:
        """The file of the store, where it is one."""
        return Path(self.url.removeprefix(_SQLITE)) if self.url.startswith(_SQLITE) else None

    @property
    def missing(self) -> bool:
        """Whether the store is a file that does not exist, or with nothing in it."""
        file = self.file
        return file is not None and (not file.exists() or (file.is_file() and file.stat().st_size == 0))

    def store(self, *, make: bool = False) -> Store:
        """Open the store; Unknown for another program's file, and for one that is not there unless it is to be made."""
        if self.missing and not make:
            raise Unknown("store_missing", given=self.file)
        if self.file is not None and not self.file.absolute().parent.is_dir():
            raise Unknown("folder_missing", given=self.file.absolute().parent)
        if self.file is not None and not self.missing and not _holds_cases(self.file):
            raise Unknown("store_foreign", given=self.file)
        return self.keep(self.plugins.open_store(self.url))

    def rehearsal(self) -> Store:
        """Open the store to look only: one in memory where there is none yet."""
        return MemoryStore() if self.missing else self.store()

    def keep(self, store: Store) -> Store:
        """Close a store when the command ends, where it can be closed."""
        close = getattr(store, "close", None)
        if close is not None:
            self._held.callback(close)
        return store

    @cached_property
    def engine(self) -> Engine:
        """The engine on the store, which exists."""
        return self.engine_on(self.store())

    def engine_on(self, store: Store) -> Engine:
        """Give an engine on a store."""
        return Engine(store, self.editions, tenant=TENANT, clock=self.clock)

    @contextmanager
    def reading(self, viewer: Actor, at: datetime | None = None) -> Iterator[Reading]:
        """Read as somebody, as of a time or of now."""
        with self.engine.reading(viewer, at=at or self.clock()) as reading:
            yield reading

    def dockets(self, name: str = "", at: datetime | None = None) -> tuple[Docket, ...]:
        """Give the dockets of the store, or the one of a name; Unknown when it has none of that name.

        With `at` those of which something had been recorded by then; Unknown when that is none of them.
        """
        with self.engine.store.transaction(write=False) as transaction:
            rows = transaction.ledger(Query(TENANT, "docket"))
            firsts = [transaction.read(row.stream)[0].event for row in rows]
        found = [Docket(row.docket, _office(one.what), one.recorded) for row, one in zip(rows, firsts, strict=True)]
        if name and name not in {docket.name for docket in found}:
            raise Unknown("unknown_docket", given=name, allowed=tuple(docket.name for docket in found) or ("—",))
        asked = tuple(docket for docket in found if name in ("", docket.name))
        known = tuple(docket for docket in asked if at is None or docket.since <= at)
        if at is not None and asked and not known:
            first = min(asked, key=lambda docket: docket.since)
            raise Unknown("docket_later", given=first.name, since=_minute(first.since), at=_minute(at))
        return known

    def viewer(self, given: str, docket: Docket) -> Actor:
        """Understand who looks: somebody named, or else the office whose docket it is.

        Unknown for a role that the docket's rules do not have: it would see nothing, and nobody would say why.
        """
        office = self.actor(f"{docket.office}:{OFFICE_ROLE}")
        if not given:
            return office
        actor = self.actor(given)
        with self.reading(office) as reading:
            known = reading.book(docket.name, docket=True).roles
        for role in sorted(actor.roles - known.keys()):
            raise Unknown("unknown_role", given=role, proposal=closest(role, known))
        return actor

    def holds(self, unit: str, docket: str = "") -> None:
        """Raise Unknown for a unit that no docket asked for has."""
        known: list[str] = []
        for one in self.dockets(docket):
            with self.reading(self.viewer("", one)) as reading:
                known += [part.name for part in reading.docket(one.name).of(Unit)]
        if unit not in known:
            raise Unknown("unit_unknown", given=unit, proposal=closest(unit, known))

    def actor(self, given: str) -> Actor:
        """Understand 市某局:handler, 市某局/某科:handler+clerk, or 代表甲:proposer. Malformed for anything else."""
        who, colon, words = given.replace("：", ":").partition(":")
        roles = tuple(word.strip() for word in words.replace("，", "+").replace(",", "+").split("+") if word.strip())
        if not colon or not who.strip() or not roles:
            raise Malformed("actor_form", given=given)
        if roles == ("proposer",):
            return Actor(given, proposer=who.strip())
        unit, _, section = who.strip().partition("/")
        return Actor(given, unit, frozenset(roles), section)

    def case(self, given: str, docket: str = "") -> tuple[str, Docket]:
        """Find a case by 建议001, 建议 001, suggestion/001 or its whole id; Unknown with what is near."""
        dockets = self.dockets(docket)
        with self.engine.store.transaction(write=False) as transaction:
            rows = transaction.ledger(Query(TENANT, "case", docket))
        kind, number = _named(given)
        found = [row for row in rows if given == row.stream.id or (row.kind, row.number) == (kind, number)]
        found = found or [
            row for row in rows if row.kind == kind and row.number.lstrip("0") == number.lstrip("0") != ""
        ]
        if not found:
            raise Refused((Reason("not_permitted"),), command="read")  # what is not there is not told from what is
        if len(found) > 1:
            raise Unknown("case_unclear", given=given, allowed=tuple(row.stream.id for row in found))
        return found[0].stream.id, next(one for one in dockets if one.name == found[0].docket)

    def close(self) -> None:
        """Close what was opened."""
        self._held.close()


AtDesk = Annotated[Desk, Parameter(parse=False)]
"""The desk as commands ask for it: given, not read from the arguments."""


def moment(given: str, *, end: bool = False) -> datetime:
    """Understand 2023-03-10, its first or last instant, or 2023-03-10 10:49, in Chinese time; Malformed otherwise."""
    try:
        at = datetime.fromisoformat(given.strip().replace("/", "-"))
    except ValueError:
        raise Malformed("needs_moment", given=given) from None
    if len(given.strip()) <= len("2023-03-10"):
        at = datetime.combine(at.date(), time(23, 59, 59) if end else time(9))
    return at if at.tzinfo else at.replace(tzinfo=CHINA)


def read_bytes(path: Path) -> bytes:
    """Read a file; Unknown for one that is not there, Unavailable for one that cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise Unknown("file_missing", given=path) from None
    except OSError as error:
        raise Unavailable("file_unreadable", given=path, why=error.strerror or error) from error


def _minute(time: datetime) -> str:
    return time.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def program(name: str = "casework") -> str:
    """Tell how whoever ran this runs it again: by its name or, where uv ran it, through uv as his shell finds that.

    Another program of the same environment is named likewise; pip is uv's own.
    """
    uv = os.environ.get("UV")
    if not uv:
        return name
    here = Path.cwd()
    shown = Path(uv).relative_to(here) if Path(uv).is_relative_to(here) else uv
    called = "uv" if shutil.which("uv") else shlex.quote(str(shown))
    return f"{called} pip" if name == "pip" else f"{called} run {name}"


def _holds_cases(file: Path) -> bool:
    """Tell whether a file has our tables, without writing to it; what is no database at all the store itself tells.

    To open a store makes the tables that are missing, as a host wants it: whoever only mistook a file does not.
    """
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'casework_schema'").fetchone()
    except sqlite3.Error:
        return True
    return found is not None


def today(at: datetime) -> date:
    """Give the day in China."""
    return at.astimezone(CHINA).date()


def _office(what: object) -> str:
    office = what.record.fields.get("office") if isinstance(what, Opened) else ""
    return str(office or (what.record.unit if isinstance(what, Opened) else ""))


def _named(given: str) -> tuple[str, str]:
    """Take a kind and a number apart: 建议001, 建议 001, suggestion/001."""
    for word in sorted(KINDS, key=len, reverse=True):
        if given.startswith(word):
            return KINDS[word], given.removeprefix(word).strip(" /第号件")
    kind, _, number = given.rpartition("/")
    return kind.rpartition("/")[2], number
