"""casework plugins and casework doctor: what is installed, and whether it is well."""

import sys
from collections.abc import Iterator
from platform import python_version

import attrs

from casework import codec
from casework.cli.desk import TENANT, AtDesk, Desk, today
from casework.cli.paper import OnPaper, Paper
from casework.errors import CaseworkError
from casework.ports import Query

__all__ = ["doctor", "plugins"]


def plugins(*, desk: AtDesk, paper: OnPaper) -> int:
    """列出插件：是否装好，带来了什么 / the plugins: whether they loaded, and what they brought."""
    held = desk.plugins
    broken = any(report.state == "broken" for report in held.reports)
    if desk.json:
        brought = {
            "packs": tuple(held.library.packs), "calendars": tuple(held.calendars), "stores": tuple(held.stores),
            "demos": tuple(held.demos), "kinds": tuple(held.kinds),
        }  # fmt: skip
        why = {name: error.say(desk.language) for name, error in held.broken.items()}
        paper.data({"plugins": held.reports, "brought": brought, "broken": why})
        return 2 if broken else 0
    headings = ("plugin", "distribution", "version", "state", "hooks")
    rows = [
        (one.name, one.distribution, one.version, paper.text(f"plugin_{one.state}"), "、".join(one.hooks))
        for one in held.reports
    ]
    paper.table([paper.text(f"column_{heading}") for heading in headings], rows)
    for one in held.reports:
        if one.state == "broken":
            paper.say_wrong("plugin_why", name=one.name, error=one.error, fix=one.fix)
    return 2 if broken else 0


@attrs.frozen
class Finding:
    """One thing that was looked at: whether it is well, what was found, and what to do where it is not."""

    what: str
    well: bool
    found: str
    fix: str = ""


def doctor(*, desk: AtDesk, paper: OnPaper) -> int:
    """检查安装、规则、日历和存储 / check the installation, the rules, the calendar and the store."""
    findings = tuple(_findings(desk, paper))
    if desk.json:
        paper.data(findings)
    else:
        for one in findings:
            paper.line(f"{'✓' if one.well else '✗'} {one.what}: {one.found}", style="" if one.well else "red")
            if one.fix:
                paper.line(f"    → {one.fix}")
    return 0 if all(one.well for one in findings) else 1


def _findings(desk: Desk, paper: Paper) -> Iterator[Finding]:
    text = paper.text
    yield Finding("Python", well=True, found=f"{python_version()} {sys.executable}")
    for one in desk.plugins.reports:
        well = one.state == "loaded"
        found = f"{one.distribution} {one.version}" if well else one.error
        yield Finding(text("doctor_plugin", name=one.name), well, found, one.fix)
    try:
        yield from _rules(desk, paper)
        yield _store(desk, paper)
    except CaseworkError as error:
        yield Finding(text("doctor_store"), well=False, found=error.say(desk.language))


def _rules(desk: Desk, paper: Paper) -> Iterator[Finding]:
    day = today(desk.clock())
    certain = desk.editions.calendar.certain_until
    fix = "" if certain >= day else paper.text("doctor_calendar_fix")
    yield Finding(paper.text("doctor_calendar"), certain >= day, paper.text("doctor_certain", day=certain), fix)
    for name in desk.library.packs:
        found = desk.library.find(name)
        try:
            book = desk.editions.current(name, (found.head.in_force.from_ if found else None) or day)
        except CaseworkError as error:
            yield Finding(paper.text("doctor_pack", name=name), well=False, found=error.say(desk.language))
        else:
            yield Finding(paper.text("doctor_pack", name=name), well=True, found=f"{len(book.rules)}, {book.hash[:12]}")


def _store(desk: Desk, paper: Paper) -> Finding:
    """Verify every history in the store against its chain, the ledger and the texts beside it."""
    what = paper.text("doctor_store")
    if desk.missing:
        return Finding(what, well=True, found=paper.text("doctor_no_store", given=desk.file))
    events = streams = 0
    with desk.engine.store.transaction(write=False) as transaction:
        for row in (*transaction.ledger(Query(TENANT, "docket")), *transaction.ledger(Query(TENANT, "case"))):
            history = transaction.read(row.stream)
            codec.verify(history, row.hash, transaction.documents(row.stream))
            events, streams = events + len(history), streams + 1
    return Finding(what, well=True, found=paper.text("doctor_verified", url=desk.url, streams=streams, events=events))
