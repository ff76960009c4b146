"""casework ledger: the ledger (台账) with its lights, or what became of each unit's cases."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Final

import attrs
from cyclopts import Parameter, validators

from casework.cli.desk import AtDesk, Desk, moment
from casework.cli.paper import OnPaper, Paper
from casework.engine import Entry
from casework.engine.ledger import entry_of
from casework.records import CHINA, Deadline, Dossier, Unit
from casework.reports import Part, Share
from casework.reports import units as shares
from casework.rules.book import Book
from casework.rules.kinds.light import Shown
from casework.rules.subjects import left

__all__ = ["Line", "deadline_data", "ledger", "most_urgent", "show_lights", "show_lines", "show_shares"]

_ORDER: Final = ("red", "yellow", "green", "")
_SHOWN: Final = 5


@attrs.frozen
class Line:
    """One line of the ledger as it is shown: the entry, its rules, and its title where the reader may see it."""

    entry: Entry
    book: Book
    title: str = ""

    @property
    def case(self) -> str:
        """The id of the case."""
        return self.entry.row.stream.id

    @property
    def lit(self) -> Shown:
        """Its most urgent light, or none."""
        return self.entry.urgent[1] if self.entry.urgent else Shown("", "", "", 0)


def ledger(
    *,
    docket: Annotated[str, Parameter(help="只看一个批次 / one docket only")] = "",
    unit: Annotated[str, Parameter(help="只看一个单位的件 / the cases of one unit only")] = "",
    at: Annotated[str, Parameter(help="截至哪一天，默认现在 / as of a day, by default now")] = "",
    urgent: Annotated[
        int, Parameter(validator=validators.Number(gte=0), help="只看最急的几件 / only so many, the most urgent first")
    ] = 0,
    units: Annotated[bool, Parameter(negative="", help="按单位汇总 / by unit instead")] = False,
    as_: Annotated[str, Parameter(name="--as", help="以谁的身份看，默认交办单位 / who looks")] = "",
    desk: AtDesk,
    paper: OnPaper,
) -> int:
    """列出台账：状态、红黄绿灯、期限和剩余天数 / the ledger with lights, due dates and days left."""
    time = moment(at, end=True) if at else desk.clock()
    if unit:
        desk.holds(unit, docket)
    if units:
        found = tuple(_shares(desk, docket, unit, as_, time))
        if desk.json:
            paper.data(found)
        else:
            show_shares(paper, found)
        return 0
    lines = list(_lines(desk, docket, unit, as_, time))
    if urgent:
        lines = most_urgent(lines)[:urgent]
    if desk.json:
        paper.data([_data(line) for line in lines])
    elif lines:
        show_lines(paper, lines)
        show_lights(paper, lines)
    else:
        paper.say("ledger_empty", at=time.astimezone(CHINA).strftime("%Y-%m-%d %H:%M"))
    return 0


def _lines(desk: Desk, docket: str, unit: str, as_: str, at: datetime) -> Iterator[Line]:
    for one in desk.dockets(docket):
        with desk.reading(desk.viewer(as_, one), at) as reading:
            for book, dossier, head in reading.cases(one.name, unit):
                yield Line(entry_of(book, dossier, head, at), book, reading.title(dossier.stream.id))


def _shares(desk: Desk, docket: str, unit: str, as_: str, at: datetime) -> Iterator[Share]:
    for one in desk.dockets(docket, at):
        with desk.reading(desk.viewer(as_, one), at) as reading:
            held = [dossier for _, dossier, _ in reading.cases(one.name, unit)]
            among = _admitted(reading.docket(one.name))
        yield from (share for share in shares(held, among) if unit in ("", share.unit))


def _admitted(docket: Dossier) -> Iterator[str]:
    return (unit.name for unit in docket.of(Unit) if not left(unit))


def most_urgent(lines: Iterable[Line]) -> list[Line]:
    """Give the lines on which something runs, the most urgent first."""
    running = [line for line in lines if line.entry.urgent is not None]
    return sorted(running, key=lambda line: (line.lit.left, line.case))


def show_lines(paper: Paper, lines: Iterable[Line]) -> None:
    """Write lines of the ledger as a table."""
    headings = ("case", "title", "state", "round", "lead", "light", "term", "owner", "due", "left")
    rows = [_row(paper, line) for line in lines]
    paper.table([paper.text(f"column_{heading}") for heading in headings], rows, right=(3, 9), spare=(1, 3, 4, 2, 7))


def _row(paper: Paper, line: Line) -> tuple[object, ...]:
    row, book = line.entry.row, line.book
    kind = paper.text(f"kind_{row.kind}")
    who = (f"{kind} {row.number}", line.title, paper.word(row.state, book.labels), row.round, row.lead)
    if line.entry.urgent is None:
        return (*who, paper.lamp(line.lit), "", "", "", "")
    deadline, shown = line.entry.urgent
    return (
        *who,
        paper.lamp(shown),
        paper.word(deadline.term, book.labels),
        paper.word(deadline.owner, book.labels),
        deadline.due.say(paper.language),
        shown.left,
    )


def show_lights(paper: Paper, lines: Iterable[Line]) -> None:
    """Write how many cases have which light, each counted by its most urgent deadline."""
    counted: dict[Shown, int] = {}
    for line in lines:
        lit = attrs.evolve(line.lit, left=0)
        counted[lit] = counted.get(lit, 0) + 1
    order = sorted(
        counted, key=lambda lit: (_ORDER.index(lit.colour) if lit.colour in _ORDER else len(_ORDER), lit.rule)
    )
    rows = [(paper.lamp(lit, paper.text("light_none")), counted[lit]) for lit in order]
    paper.table([paper.text("column_light"), paper.text("column_cases")], rows, right=(1,))


def show_shares(paper: Paper, found: Iterable[Share]) -> None:
    """Write what each unit has: its parts in cases, which it leads, and which it has not acknowledged."""
    rows = [
        (one.unit, len(one.allotted), one.leads, len(one.acknowledged), len(one.missing), _few(one.missing))
        for one in found
    ]
    headings = ("unit", "allotted", "leads", "acknowledged", "missing", "which")
    paper.table([paper.text(f"column_{heading}") for heading in headings], rows, right=(1, 2, 3, 4))


def _few(parts: Iterable[Part]) -> str:
    names = [part.case.partition("/")[2] for part in parts]
    return "、".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")


def _data(line: Line) -> dict[str, object]:
    row = line.entry.row
    return {
        "case": line.case,
        "docket": row.docket,
        "kind": row.kind,
        "number": row.number,
        "title": line.title,
        "state": row.state,
        "round": row.round,
        "lead": row.lead,
        "units": row.units,
        "deadlines": [deadline_data(line.book, deadline, shown) for deadline, shown in line.entry.deadlines],
    }


def deadline_data(book: Book, deadline: Deadline, shown: Shown) -> dict[str, object]:
    """Give a deadline with its light as plain data."""
    return {
        "key": deadline.key,
        "term": deadline.term,
        "label": book.label(deadline.term),
        "subject": deadline.subject,
        "owner": deadline.owner,
        "due": deadline.due.day,
        "hour": deadline.due.hour,
        "provisional": deadline.due.provisional,
        "state": deadline.state,
        "ended": deadline.ended.at if deadline.ended else None,
        "light": shown.colour,
        "word": shown.word,
        "left": shown.left,
        "rule": deadline.rule,
        "clause": deadline.clause,
    }
