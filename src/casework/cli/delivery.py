"""casework deliver and casework outbox: tell what is to be told, and show what waits, was parked or was withdrawn."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter
from cyclopts.validators import Number

from casework.cli.desk import TENANT, AtDesk, Desk
from casework.cli.paper import OnPaper, Paper
from casework.delivery import Outcome, Routes, notice_of, read_routes
from casework.delivery import deliver as send
from casework.messages import CATALOGUE
from casework.ports import Delivery, DeliveryState, Notice
from casework.records import CHINA

__all__ = ["deliver", "outbox"]

_SOME = Number(gte=1)


def deliver(
    *,
    to: Annotated[
        str,
        Parameter(
            env_var="CASEWORK_DELIVER_TO",
            help="送到哪里：file:///文件夹、mailto://… 等；{address} 处填地址 / where to; {address} is filled in",
        ),
    ],
    route: Annotated[
        Path | None, Parameter(help="接收人的地址表，YAML，每行 接收人: 地址 / a file of receivers and addresses")
    ] = None,
    link: Annotated[
        str, Parameter(help="链接的样子，可写 {docket} {kind} {number} {case} / how a link to a case is written")
    ] = "",
    limit: Annotated[int | None, Parameter(validator=_SOME, help="最多送几件 / at most so many")] = None,
    desk: AtDesk,
    paper: OnPaper,
) -> int:
    """发送待送的通知，可反复执行；未送到的以后再试 / send the notices that wait; run it again and again."""
    channels = desk.plugins.channels()
    channels.scheme(to)
    routes = read_routes(route, to) if route else Routes(to)
    if route is None:
        channels.check(to)  # or a slip in one address would park whatever waits
    outcome = send(
        desk.store(), channels, TENANT, routes, desk.clock, link=link, language=desk.language, limit=limit
    )  # fmt: skip
    if desk.json:
        paper.data(outcome)
    else:
        _show(paper, outcome)
    return 1 if outcome.failed or outcome.parked else 0


def _show(paper: Paper, outcome: Outcome) -> None:
    paper.say("deliver_told", sent=outcome.sent, failed=outcome.failed, parked=outcome.parked)
    if outcome.lost:
        paper.say("deliver_lost", n=outcome.lost)
    if outcome.unknown:
        paper.say("deliver_unknown", to=outcome.unknown)
    if outcome.parked:
        paper.say("deliver_parked")


_SHOWN: Final[tuple[DeliveryState, ...]] = ("parked", "waiting", "withdrawn")


def outbox(
    *,
    again: Annotated[bool, Parameter(negative="", help="让停送的重新等待发送 / let what is parked wait again")] = False,
    desk: AtDesk,
    paper: OnPaper,
) -> int:
    """列出停送、待送和撤回的通知 / the notices that are parked, that wait, and that were withdrawn."""
    store = desk.store()
    if again:
        with store.transaction() as transaction:
            count = transaction.unpark(TENANT, desk.clock())
        if not desk.json:
            paper.say("outbox_again", n=count)
    with store.transaction(write=False) as transaction:
        held = [one for state in _SHOWN for one in transaction.deliveries(TENANT, state)]
    told = [(one, notice_of(one.message, language=desk.language)) for one in held]
    if desk.json:
        paper.data([_data(one, notice) for one, notice in told])
    elif told:
        headings = ("case", "notice", "to", "state", "tries", "next", "why")
        rows = [tuple(_row(desk, paper, one, notice)) for one, notice in told]
        paper.table([paper.text(f"column_{heading}") for heading in headings], rows, right=(4,))
    elif not again:
        paper.say("outbox_empty")
    return 0


def _row(desk: Desk, paper: Paper, one: Delivery, notice: Notice) -> Iterator[object]:
    kind = f"kind_{notice.kind}"
    named = paper.text(kind) if kind in CATALOGUE[desk.language] else notice.kind
    yield f"{named} {notice.number}" if notice.number else notice.docket
    yield f"{notice.label} {notice.day or ''}".strip()
    yield notice.to
    yield paper.text(f"delivery_{one.state}")
    yield one.tries
    yield one.next.astimezone(CHINA).isoformat(" ", "minutes")[: len("2023-03-10 10:49")] if one.next else ""
    yield paper.text(one.why) if one.why in CATALOGUE[desk.language] else one.why


def _data(one: Delivery, notice: Notice) -> dict[str, object]:
    return {
        "notice": notice.key,
        "docket": notice.docket,
        "kind": notice.kind,
        "number": notice.number,
        "about": notice.about,
        "label": notice.label,
        "day": notice.day,
        "to": notice.to,
        "state": one.state,
        "tries": one.tries,
        "next": one.next,
        "why": one.why,
        "key": one.message.key,
    }
