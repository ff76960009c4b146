"""casework demo: a docket played from its allotment tables to the replies, on one file that is left behind."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.progress import BarColumn, Progress, TextColumn

from casework.cli.desk import AtDesk, Desk, program
from casework.cli.ledger import Line, most_urgent, show_lights, show_lines, show_shares
from casework.cli.paper import OnPaper, Paper
from casework.cli.reporting import show_rates
from casework.demo import Told, place_for, read_plan
from casework.demo import play as play_plan
from casework.demo.play import Glance, events_in
from casework.errors import Malformed, Unknown
from casework.ports import Store

__all__ = ["demo"]

URGENT = 10


def demo(
    pack: Annotated[str, Parameter(help="哪个规则包的演示 / the demonstration of which pack")] = "",
    *,
    desk: AtDesk,
    paper: OnPaper,
) -> int:
    """演示：从交办到答复的一批件，留下 casework-demo.db / a docket from allotment to reply, in casework-demo.db."""
    demos = desk.plugins.demos
    if not demos:
        raise Unknown("demo_none")
    name = _named(demos, pack)
    place = place_for(Path.cwd(), lambda path: _events(desk, path))
    with place.made() as draft:
        store = desk.plugins.open_store(draft.url)
        try:
            told = _played(desk, paper, store, name)
        finally:
            getattr(store, "close", lambda: None)()
        draft.finish(told.events)
    if desk.json:
        paper.data(_data(told))
    else:
        _show(paper, told, place.path)
    return 0


def _named(demos: Mapping[str, Path], pack: str) -> str:
    """Give the demonstration of a pack, named with or without its year; of none, the one that is to be seen first."""
    fitting = [name for name in demos if pack in (name, name.partition("@")[0])]
    if pack and not fitting:
        raise Unknown("demo_unknown", given=pack, allowed=tuple(demos))
    if not pack:
        fitting = (
            list(demos) if len(demos) == 1 else [name for name, folder in demos.items() if read_plan(folder).first]
        )
    if len(fitting) != 1:
        raise Malformed("demo_which", allowed=tuple(fitting or demos))
    return fitting[0]


def _played(desk: Desk, paper: Paper, store: Store, name: str) -> Told:
    folder = desk.plugins.demos[name]
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, console=paper.err, transient=True, disable=not paper.err.is_terminal) as progress:
        task = progress.add_task(paper.text("demo_playing"), total=None)
        return play_plan(
            store, desk.editions, read_plan(folder), folder,
            lambda done, total: progress.update(task, completed=done, total=total), desk.language,
        )  # fmt: skip


def _events(desk: Desk, path: Path) -> int:
    """Count the events in the file of an earlier demonstration."""
    store = desk.plugins.open_store(f"sqlite:///{path}")
    try:
        return events_in(store)
    finally:
        getattr(store, "close", lambda: None)()


def _show(paper: Paper, told: Told, path: Path) -> None:
    kinds = tuple(paper.text("demo_kind", kind=paper.text(f"kind_{kind}"), n=n) for kind, n in told.kinds.items())
    total = sum(told.kinds.values())
    paper.head("demo_docket", docket=told.plan.docket, pack=told.plan.demo)
    paper.say("demo_cases", cases=kinds, total=total, units=len(told.plan.own))
    _figures(paper, told)
    paper.say("demo_played", commands=told.commands, events=told.events)
    _stories(paper, told)
    for glance in told.glances:
        _glance(paper, told, glance)
    paper.head("demo_units")
    show_shares(paper, told.shares)
    paper.head("demo_rates")
    show_rates(paper, told.rates)
    _refusal(paper, told)
    paper.head("demo_explained", case=_short(paper, told.explained.case), day=told.explained.at.date())
    for _, lines in told.explained.deadlines:
        paper.line(lines[0])
        for line in lines[1:]:
            paper.line(f"  {line}")
        paper.line()
    paper.say("demo_provisions", n=len(told.provisions), provisions=told.provisions)
    _next(paper, told, path)


def _figures(paper: Paper, told: Told) -> None:
    """Write what the document itself tells, as the report comes to it."""
    if told.figures:
        paper.head("demo_figures")
        headings = ("rate", "numerator", "denominator", "value", "units", "clause")
        rows = [
            (one.label, one.numerator, one.denominator, one.value, len(one.holders), one.clause) for one in told.figures
        ]
        paper.table([paper.text(f"column_{heading}") for heading in headings], rows, right=(1, 2, 3, 4))


def _stories(paper: Paper, told: Told) -> None:
    paper.head("demo_stories")
    rows = [(story or paper.text("demo_ordinary"), n) for story, n in sorted(told.stories.items(), key=_most)]
    paper.table([paper.text("column_story"), paper.text("column_cases")], rows, right=(1,))


def _most(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]


def _glance(paper: Paper, told: Told, glance: Glance) -> None:
    lines = [Line(entry, told.book, told.titles.get(entry.row.stream.id, "")) for entry in glance.entries]
    paper.head("demo_ledger", day=glance.at.date())
    show_lights(paper, lines)
    urgent = most_urgent(lines)[:URGENT]
    paper.say("demo_urgent", n=len(urgent))
    show_lines(paper, urgent)


def _refusal(paper: Paper, told: Told) -> None:
    refusal = told.refusal
    at = refusal.at.astimezone(told.book.zone).strftime("%Y-%m-%d %H:%M")
    paper.head("demo_refused", case=_short(paper, refusal.case), by=refusal.by, at=at)
    for text in paper.reasons(refusal.refused.reasons, refusal.refused.labels, refusal.names):
        paper.line(f"  - {text}")
    ways = tuple(paper.both(way, told.book.labels) for way in refusal.refused.instead)
    paper.say("instead", open=ways)


def _next(paper: Paper, told: Told, path: Path) -> None:
    paper.head("demo_next", file=path.name)
    called = program()
    store = f"{called} --store sqlite:///{path.name}"
    refusal, explained = told.refusal, told.explained
    day = told.glances[0].at.date()
    for line in (
        f"{store} ledger --at {day} --urgent 20",
        f"{store} ledger --units --at {day}",
        f"{store} report --at {told.glances[-1].at.date()} --list {(told.figures or told.rates)[0].rule}",
        f"{store} explain {_word(explained.case)} {explained.deadlines[0][0].term} --at {explained.at.date()}",
        f"{store} open {_word(refusal.case)} --as {refusal.by} --at {refusal.at.date()}",
        f"{called} rules show {told.plan.demo} --own",
    ):
        paper.line(f"  {line}")


def _short(paper: Paper, case: str) -> str:
    kind, number = case.rsplit("/", 2)[1:]
    return f"{paper.text(f'kind_{kind}')} {number}"


def _word(case: str) -> str:
    """Name a case so that a shell takes it as one word."""
    return "/".join(case.rsplit("/", 2)[1:])


def _data(told: Told) -> dict[str, object]:
    return {
        "pack": told.plan.demo,
        "docket": told.plan.docket,
        "kinds": told.kinds,
        "stories": told.stories,
        "commands": told.commands,
        "events": told.events,
        "provisions": told.provisions,
        "figures": [rate.rule for rate in told.figures],
        "rates": [
            {
                "rule": r.rule,
                "numerator": r.numerator,
                "denominator": r.denominator,
                "value": r.value,
                "missing": r.missing,
                "holders": r.holders,
            }
            for r in told.rates
        ],
        "units": told.shares,
    }
