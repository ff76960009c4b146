"""casework import: allotment tables into a docket; a dry run unless it is told to apply."""

from collections import Counter
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from casework.cli.desk import OFFICE_ROLE, AtDesk, Desk, moment, read_bytes, today
from casework.cli.paper import OnPaper, Paper
from casework.engine import Editions
from casework.errors import Refused
from casework.records import Actor
from casework.rules.book import Book
from casework.tables import Import, bring_in, prepare, unit_list

__all__ = ["import_"]

Table = Annotated[Path, Parameter(help="分配表（CSV），可给几份 / allotment tables (CSV)")]
DocketName = Annotated[str, Parameter(help="批次 / the docket")]
Rules = Annotated[str, Parameter(help="新开批次所用的规则包 / the rule pack of a new docket")]
Units = Annotated[Path | None, Parameter(help="承办单位名单 / a list of units to take into the docket")]
Kind = Annotated[str, Parameter(help="表中未写类别时：建议、提案、议案 / the kind where the table names none")]
On = Annotated[str, Parameter(help="交办时间，默认现在 / when they were assigned, by default now")]
As = Annotated[str, Parameter(name="--as", help="以谁的名义，如 区政府办公室:assigning_office / who imports")]
Apply = Annotated[bool, Parameter(negative="", help="写入；不写此项只试算 / write; without it nothing is")]


def import_(
    *tables: Table,
    docket: DocketName,
    rules: Rules = "",
    units: Units = None,
    kind: Kind = "",
    on: On = "",
    as_: As = "",
    apply: Apply = False,
    desk: AtDesk,
    paper: OnPaper,
) -> int:
    """导入分配表：默认只试算，逐行列出问题 / import allotment tables; a dry run by default."""
    return _Counter(desk, paper, docket, rules).take(tables, units, kind, on, as_, apply=apply)


class _Counter:
    """Where tables are handed in."""

    def __init__(self, desk: Desk, paper: Paper, docket: str, rules: str) -> None:
        self.desk = desk
        self.paper = paper
        self.docket = docket
        self.rules = rules

    def take(self, tables: tuple[Path, ...], units: Path | None, kind: str, on: str, as_: str, *, apply: bool) -> int:
        files = [(str(path), read_bytes(path)) for path in tables]
        named = unit_list(str(units), read_bytes(units)) if units else ()
        at = moment(on) if on else None
        by = self._by(as_)
        engine = self.desk.engine_on(self.desk.rehearsal())
        prepared = prepare(engine, self.docket, files, by, at=at, rules=self.rules, units=named, kind=kind)
        written = False
        if apply and prepared.sound and not prepared.repeated:
            bring_in(self.desk.engine_on(self.desk.store(make=True)), prepared)
            written = True
        if self.desk.json:
            self.paper.data(_data(prepared, written=written))
        else:
            self._report(prepared, written=written)
        return 0 if prepared.sound else 2 if prepared.faults else 1

    def _by(self, given: str) -> Actor:
        """Whoever imports: somebody named, else the office whose docket it is, else whoever the rules call so."""
        if given:
            return self.desk.actor(given)
        held = [] if self.desk.missing else [one for one in self.desk.dockets() if one.name == self.docket]
        if held:
            return self.desk.viewer("", held[0])
        label = OFFICE_ROLE
        if self.rules:
            label = _book(self.desk.editions, self.rules, self.desk).roles.get(OFFICE_ROLE, OFFICE_ROLE)
        return self.desk.actor(f"{label}:{OFFICE_ROLE}")

    def _report(self, prepared: Import, *, written: bool) -> None:
        paper = self.paper
        if not prepared.sound:
            self._wrong(prepared)
            return
        if prepared.repeated:
            paper.say("import_repeated", docket=self.docket)
            return
        if prepared.same:
            paper.say("import_same", n=prepared.same)
        if prepared.opens:
            paper.say("import_opens", docket=self.docket, rules=self.rules)
        if prepared.admits:
            paper.say("import_admits", n=len(prepared.admits), units=prepared.admits)
        for table in prepared.tables:
            if table.ignored:
                paper.say("import_ignored", file=table.file, columns=table.ignored)
        kinds = Counter(row.kind for row in prepared.new)
        counted = tuple(f"{paper.text(f'kind_{kind}')} {n}" for kind, n in kinds.items())
        paper.say("import_rows", n=kinds.total(), kinds=counted or ("—",), docket=self.docket)
        paper.say("import_written" if written else "import_dry")

    def _wrong(self, prepared: Import) -> None:
        self.paper.faults(prepared.faults)
        for refusal in prepared.refusals:
            what = f"{self.paper.text(f'kind_{refusal.row.kind}')} {refusal.row.number}"
            self.paper.wrong(f"{refusal.row.at}: {what}")
            self.paper.wrong(_indented(refusal.refused, self.paper))
        for change in prepared.changes:
            what = f"{self.paper.text(f'kind_{change.row.kind}')} {change.row.number}"
            held, given = (tuple(some) or ("—",) for some in (change.held, change.given))
            way = change.way or self.paper.text("import_fixed")
            self.paper.say_wrong(
                "import_change", at=change.row.at, what=what, label=change.label, held=held, given=given, way=way
            )
        if prepared.changes:
            self.paper.say_wrong("import_changes", n=len(prepared.changes), docket=self.docket)
        if n := len(prepared.faults) + len(prepared.refusals):
            self.paper.say_wrong("import_refused", n=n)


def _indented(refused: Refused, paper: Paper) -> str:
    said = paper.reasons(refused.reasons, refused.labels, {})
    return "\n".join(f"  - {line}" for line in said)


def _book(editions: Editions, rules: str, desk: Desk) -> Book:
    return editions.current(rules, today(desk.clock()))


def _data(prepared: Import, *, written: bool) -> dict[str, object]:
    return {
        "docket": prepared.docket,
        "sound": prepared.sound,
        "written": written,
        "repeated": prepared.repeated,
        "opens": prepared.opens,
        "admits": prepared.admits,
        "rows": prepared.rows,
        "same": prepared.same,
        "changes": [
            {
                "at": one.row.at,
                "kind": one.row.kind,
                "number": one.row.number,
                "column": one.column,
                "held": one.held,
                "given": one.given,
                "way": one.way,
            }
            for one in prepared.changes
        ],
        "faults": [{"at": fault.position, "code": fault.code, "text": fault.say()} for fault in prepared.faults],
        "refusals": [
            {"at": one.row.at, "number": one.row.number, "reasons": [reason.say() for reason in one.refused.reasons]}
            for one in prepared.refusals
        ],
    }
