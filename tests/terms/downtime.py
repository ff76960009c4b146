"""Many cases that nobody ticked for thirty days, on SQLite: every rung falls once, dated to its own day."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

import attrs

from casework.codec import unseal
from casework.commands import AdmitUnit, Assign, OpenDocket, Register
from casework.engine import Editions, Engine
from casework.events import RungFell
from casework.records import CHINA
from casework_sqlalchemy import SQLStore
from tests.benchmarks import raw
from tests.terms.stage import DOCKET, OFFICE, instant

__all__ = ["RUNGS", "Downtime", "filled"]

_TEMPLATE: Final = f"{DOCKET}/proposal/TEMPLATE"
_ASSIGNED: Final = instant("2023-03-10 11:00")
_STOPPED: Final = instant("2023-04-04 09:00")
AGAIN: Final = instant("2023-05-04 09:00")
RUNGS: Final = {
    "5 days before": ("2023-04-05",),
    "on the day": ("2023-04-10",),
    "every 7 days after": ("2023-04-17", "2023-04-24", "2023-05-01"),
}
"""What falls of one draft, due on 2023-04-10, in the thirty days."""
EACH: Final = sum(map(len, RUNGS.values()))


@attrs.frozen
class Downtime:
    """A store of so many cases as the last tick left it, and the same thirty days later."""

    file: Path
    engine: Engine
    cases: int

    def wrong(self) -> Iterator[str]:
        """Tell every rung that is missing, fell twice or is dated to another day, and every message that came twice."""
        want = sorted((rung, day) for rung, days in RUNGS.items() for day in days)
        fallen: dict[str, list[tuple[str, str]]] = {}
        with closing(sqlite3.connect(self.file)) as driver:
            for id_, text in driver.execute("SELECT id, text FROM casework_event WHERE name = 'rung_fell'"):
                event = unseal(text)
                assert isinstance(event.what, RungFell)
                fall = event.what.fall
                fallen.setdefault(id_, []).append((fall.rung, str(fall.day)))
                if event.happened != datetime.combine(fall.day, datetime.min.time(), CHINA):
                    yield f"{id_}: {fall} is dated to {event.happened}"
            sent = driver.execute(
                'SELECT id, subject, "to", count(*) FROM casework_message GROUP BY 1, 2, 3'
            ).fetchall()
        yield from (f"{id_}: {found}" for id_, found in fallen.items() if sorted(found) != want)
        if len(fallen) != self.cases:
            yield f"{len(fallen)} of {self.cases} cases were warned"
        yield from (f"{id_} {subject} was sent to {to} {n} times" for id_, subject, to, n in sent if n != 1)

    def fallen(self) -> int:
        """Count the rungs that fell so far."""
        with closing(sqlite3.connect(self.file)) as driver:
            found: tuple[int] = driver.execute(
                "SELECT count(*) FROM casework_event WHERE name = 'rung_fell'"
            ).fetchone()
        return found[0]

    def close(self) -> None:
        """Close the store."""
        self.engine.store.close()  # type: ignore[attr-defined] # of the plugin's own


def filled(held: Editions, folder: Path, cases: int) -> Downtime:
    """Carry one case to the fourth of April, and copy it."""
    now = [_ASSIGNED]
    file = folder / f"downtime-{cases}.db"
    store = SQLStore.open(f"sqlite:///{file}", synchronous="NORMAL")
    store.create()
    engine = Engine(store, held, clock=lambda: now[0], salt=lambda: "0" * 64)
    engine.handle(OpenDocket("政府办", "town@2023"), DOCKET, OFFICE, docket=True)
    for unit in ("水务局", "财政局"):
        engine.handle(AdmitUnit(unit), DOCKET, OFFICE, docket=True)
    engine.handle(Register("修缮水渠", ("委员甲",)), _TEMPLATE, OFFICE, id=f"{_TEMPLATE} 1")
    engine.handle(Assign(lead="水务局", co=("财政局",)), _TEMPLATE, OFFICE, id=f"{_TEMPLATE} 2")
    now[0] = _STOPPED
    engine.tick(_STOPPED)
    with closing(raw.connect(file, "NORMAL")) as driver:
        raw.multiply(driver, _TEMPLATE, (f"{number:07}" for number in range(1, cases)))
    return Downtime(file, engine, cases)
