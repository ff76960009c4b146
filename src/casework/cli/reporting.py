"""casework report: the rates of a docket, each with both numbers, and the lists behind them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Final

from cyclopts import Parameter
from cyclopts.validators import Number

from casework.cli.desk import AtDesk, Desk, moment
from casework.cli.paper import OnPaper, Paper
from casework.decider.deeds import closest
from casework.errors import Malformed, Unknown
from casework.records import CHINA, Dossier, Unit
from casework.reports import Part, Rate, Result, Scored, draw, rates, results, scores
from casework.reports.rates import OUTSIDE
from casework.rules.book import Book
from casework.rules.subjects import LABELS, left

__all__ = ["draw_", "report", "score", "show_rates"]

_COUNTED: Final = {
    "case": "件",
    "each node": "件次",
    "each co_handler": "件次",
    "each root": "件次",
    "each proposer": "人次",
    "each reply": "件答复",
    "each promise": "项承诺",
    "each item": "条事项",
    "each unit": "个单位",
}
_RESULTS: Final = ("letter", "meaning")


def report(
    *,
    docket: Annotated[str, Parameter(help="只看一个批次 / one docket only")] = "",
    unit: Annotated[str, Parameter(help="只计一个单位的 / what is one unit's only")] = "",
    at: Annotated[str, Parameter(help="截至哪一天，默认现在 / as of a day, by default now")] = "",
    by: Annotated[
        str,
        Parameter(help="按事实分列 (role、kind …)，或按 letter、meaning 统计答复 / split by a fact, or count replies"),
    ] = "",
    list_: Annotated[str, Parameter(name="--list", help="列出一项指标的分子和分母 / the lists behind one rate")] = "",
    as_: Annotated[str, Parameter(name="--as", help="以谁的身份看，默认交办单位 / who looks")] = "",
    desk: AtDesk,
    paper: OnPaper,
) -> int:
    """统计各项比率：分子、分母和名单 / the rates, with both numbers and the lists behind them."""
    time = moment(at, end=True) if at else desk.clock()
    if by in _RESULTS and unit:
        raise Malformed("report_by_unit", given=by)
    if unit:
        desk.holds(unit, docket)
    if by in _RESULTS:
        return _results(desk, paper, docket, as_, time, by, list_)
    found = [(name, book, _chosen(held, list_)) for name, book, held in _rates(desk, docket, unit, as_, time, by)]
    if desk.json:
        paper.data({name: [_data(rate) for rate in held] for name, _, held in found})
        return 0
    for name, _, held in found:
        paper.head("report_of", docket=name, day=time.date())
        show_rates(paper, held)
        for rate in held if list_ else ():
            for code, parts in (("report_counted", rate.counted), ("report_missing", rate.missing)):
                paper.head(code, n=len(parts))
                for part in parts:
                    paper.line(f"  {_named(part, name)}")
    return 0


def _results(  # noqa: PLR0917 - over what, for whom, and how
    desk: Desk, paper: Paper, docket: str, as_: str, at: datetime, by: str, list_: str
) -> int:
    """Count the replies of all dockets that are asked for together, since that is what meanings are for."""
    cases: list[tuple[Book, Dossier]] = []
    for one in desk.dockets(docket, at):
        with desk.reading(desk.viewer(as_, one), at) as reading:
            cases += ((book, dossier) for book, dossier, _ in reading.cases(one.name))
    found = results(cases, at, "letter" if by == "letter" else "meaning")
    known = tuple(one.result for one in found)
    if list_ and not any(list_ in (one.result, one.label) for one in found):
        raise Unknown("report_no_result", given=list_, allowed=known or ("—",))
    if desk.json:
        paper.data([_result_data(one) for one in found])
        return 0
    columns = ("result", "label", "pack", "replies")
    rows = [(each.result, each.label, each.pack or "—", len(each.replies)) for each in found]
    paper.table([paper.text(f"column_{column}") for column in columns], rows, right=(3,))
    for result in found:
        if list_ in (result.result, result.label):
            paper.head("report_counted", n=len(result.replies))
            for part in result.replies:
                paper.line(f"  {part}")
    return 0


def _result_data(one: Result) -> dict[str, object]:
    return {"result": one.result, "pack": one.pack, "label": one.label, "replies": [str(p) for p in one.replies]}


def _rates(  # noqa: PLR0917 - over what, for whom, and how
    desk: Desk, docket: str, unit: str, as_: str, at: datetime, by: str
) -> Iterator[tuple[str, Book, tuple[Rate, ...]]]:
    """Give the rates of each docket under the edition that it is pinned to; cases that left it are not in them."""
    for one in desk.dockets(docket, at):
        with desk.reading(desk.viewer(as_, one), at) as reading:
            book = reading.book(one.name, docket=True)
            known = tuple(dict.fromkeys(name for _, name in book.facts))
            if by and by not in known:
                raise Unknown("report_no_fact", given=by, proposal=closest(by, (*_RESULTS, *known)))
            cases = (dossier for own, dossier, _ in reading.cases(one.name, unit) if own.hash == book.hash)
            yield one.name, book, rates(book, cases, at, {one.name: reading.docket(one.name)}, unit, by, reading.names)


def _chosen(held: tuple[Rate, ...], name: str) -> tuple[Rate, ...]:
    chosen = tuple(rate for rate in held if name in ("", rate.rule, rate.label))
    if name and not chosen:
        raise Unknown("report_no_rate", given=name, allowed=tuple(rate.rule for rate in held) or ("—",))
    return chosen


def show_rates(paper: Paper, found: Iterable[Rate]) -> None:
    """Write rates as a table, with what each counts."""
    every = tuple(found)
    headings = ["rate", "rule", "counted", "numerator", "denominator", "value", "target", "clause"]
    rows = [
        [
            one.label, one.rule, one.named or _COUNTED.get(one.of, LABELS.get(one.of, one.of)), one.numerator,
            one.denominator, one.value, f"{one.target}%" if one.target else "", one.clause,
        ]
        for one in every
    ]  # fmt: skip
    split = any(one.group for one in every)
    if split:
        headings.insert(1, "group")
        for one, row in zip(every, rows, strict=True):
            row.insert(1, one.group)
    right = tuple(n + split for n in (3, 4, 5, 6))
    paper.table(
        [paper.text(f"column_{heading}") for heading in headings], rows, right=right, spare=(1 + split, 7 + split)
    )


def _named(part: Part, docket: str) -> str:
    return str(part).removeprefix(f"{docket}/")


def _data(rate: Rate) -> dict[str, object]:
    return {
        "rule": rate.rule,
        "label": rate.label,
        "clause": rate.clause,
        "of": rate.of,
        "named": rate.named,
        "group": rate.group,
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "value": rate.value,
        "target": rate.target,
        "counted": [str(part) for part in rate.counted],
        "missing": [str(part) for part in rate.missing],
    }


def score(
    *,
    docket: Annotated[str, Parameter(help="只看一个批次 / one docket only")] = "",
    unit: Annotated[str, Parameter(help="只看一个单位，并列出每一分 / one unit, with what each point is for")] = "",
    at: Annotated[str, Parameter(help="截至哪一天，默认现在 / as of a day, by default now")] = "",
    as_: Annotated[str, Parameter(name="--as", help="以谁的身份看，默认交办单位 / who looks")] = "",
    desk: AtDesk,
    paper: OnPaper,
) -> int:
    """按规则给各单位计分 / score the units by the points of the rules."""
    time = moment(at, end=True) if at else desk.clock()
    if unit:
        desk.holds(unit, docket)
    found: dict[str, tuple[Scored, ...]] = {}
    for one in desk.dockets(docket, time):
        with desk.reading(desk.viewer(as_, one), time) as reading:
            book = reading.book(one.name, docket=True)
            cases = [dossier for own, dossier, _ in reading.cases(one.name) if own.hash == book.hash]
            every = scores(book, cases, time, {one.name: reading.docket(one.name)})
            found[one.name] = tuple(scored for scored in every if unit in ("", scored.unit))
    if desk.json:
        paper.data({name: [_score_data(one) for one in every] for name, every in found.items()})
        return 0
    for name, every in found.items():
        paper.head("report_of", docket=name, day=time.date())
        if not every:
            paper.say("score_none", docket=name)
            continue
        columns = ("rate", "unit", "points", "grade", "place", "clause")
        rows = [(one.label, one.unit, one.points, one.grade, one.place or "", one.clause) for one in every]
        paper.table([paper.text(f"column_{column}") for column in columns], rows, right=(2, 4))
        for line in (line for one in every if unit for line in one.lines):
            paper.line(f"{line.label}: {line.points:+d}")
            for part in line.parts:
                paper.line(f"  {_named(part, name)}")
    return 0


def _score_data(one: Scored) -> dict[str, object]:
    lines = [{"label": line.label, "points": line.points, "parts": [str(p) for p in line.parts]} for line in one.lines]
    return {
        "rule": one.rule, "label": one.label, "clause": one.clause, "unit": one.unit, "points": one.points,
        "grade": one.grade, "place": one.place, "lines": lines,
    }  # fmt: skip


def draw_(
    docket: Annotated[str, Parameter(help="哪个批次 / which docket")],
    *,
    seed: Annotated[str, Parameter(help="种子，任何文字 / the seed, any text")],
    n: Annotated[int, Parameter(validator=Number(gte=1), help="抽几件 / how many")] = 1,
    units: Annotated[bool, Parameter(negative="", help="抽单位而不抽件 / units instead of cases")] = False,
    at: Annotated[str, Parameter(help="抽查的日期，默认今天 / the day of the draw, by default today")] = "",
    as_: Annotated[str, Parameter(name="--as", help="以谁的身份看，默认交办单位 / who looks")] = "",
    desk: AtDesk,
    paper: OnPaper,
) -> int:
    """抽查：谁用同样的批次、种子和日期都抽出同样的件 / a draw that anybody can repeat."""
    time = moment(at, end=True) if at else desk.clock()
    (one,) = desk.dockets(docket, time)
    with desk.reading(desk.viewer(as_, one), time) as reading:
        if units:
            among = [part.name for part in reading.docket(one.name).of(Unit) if not left(part)]
        else:
            among = [case.stream.id for _, case, _ in reading.cases(one.name) if case.state not in OUTSIDE]
    day = time.astimezone(CHINA).date()
    drawn = draw(one.name, seed, day, among, n)
    if desk.json:
        paper.data({"docket": one.name, "seed": seed, "day": day, "among": len(among), "drawn": drawn})
        return 0
    paper.head("drawn", docket=one.name, seed=seed, day=day, n=len(drawn), among=len(among))
    for name in drawn:
        paper.line(f"  {name.removeprefix(f'{one.name}/')}")
    return 0
