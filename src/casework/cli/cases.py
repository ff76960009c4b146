"""casework explain and casework open: why a date is what it is, and what somebody may do now."""

from typing import Annotated

from cyclopts import Parameter

from casework.cli.desk import AtDesk, moment
from casework.cli.ledger import deadline_data
from casework.cli.paper import OnPaper
from casework.decider import Opening
from casework.records import Dossier, Node
from casework.rules.kinds.light import light

__all__ = ["explain", "open_"]

Case = Annotated[str, Parameter(help="件，如 建议001 / a case, such as 建议001 or suggestion/001")]
InDocket = Annotated[str, Parameter(name="--docket", help="哪个批次的件 / the docket of the case")]
At = Annotated[str, Parameter(help="截至什么时候，默认现在 / as of when, by default now")]


def explain(
    case: Case,
    term: Annotated[str, Parameter(help="时限，如 opinion；不写则全部 / a term; without one, all")] = "",
    *,
    in_docket: InDocket = "",
    at: At = "",
    as_: Annotated[str, Parameter(name="--as", help="以谁的身份看，默认交办单位 / who looks")] = "",
    desk: AtDesk,
    paper: OnPaper,
) -> int:
    """逐步说明期限怎么算出来、依据哪一条 / explain a due date step by step, with its clauses."""
    name, docket = desk.case(case, in_docket)
    time = moment(at, end=True) if at else desk.clock()
    with desk.reading(desk.viewer(as_, docket), time) as reading:
        book = reading.book(name)
        found = reading.explain(name, term, desk.language)
    if desk.json:
        paper.data(
            [
                {**deadline_data(book, one, light(book, one, time)), "trace": one.due.trace, "lines": lines}
                for one, lines in found
            ]
        )
        return 0
    if not found:
        paper.say("explain_nothing", case=name)
    for place, (_, lines) in enumerate(found):
        if place:
            paper.line()
        paper.line(lines[0], style="bold")
        for line in lines[1:]:
            paper.line(f"  {line}")
    return 0


def open_(
    case: Case,
    *,
    as_: Annotated[str, Parameter(name="--as", help="谁：区某局:handler、代表甲:proposer / who")],
    in_docket: InDocket = "",
    at: At = "",
    desk: AtDesk,
    paper: OnPaper,
) -> int:
    """此人现在可以做什么，其余的被什么挡住 / what somebody may do now, and what stops the rest."""
    name, docket = desk.case(case, in_docket)
    time = moment(at, end=True) if at else desk.clock()
    with desk.reading(desk.viewer(as_, docket), time) as reading:
        book, dossier, openings = reading.book(name), reading.case(name), reading.open_steps(name)
        names = reading.names(name)
    if desk.json:
        paper.data([_data(one, paper.reasons(one.reasons, book.labels, names)) for one in openings])
        return 0
    paper.say(
        "open_case",
        case=name,
        state=paper.word(dossier.state, book.labels),
        at=time.astimezone(book.zone).strftime("%Y-%m-%d %H:%M"),
    )
    free = [one for one in openings if not one.reasons]
    paper.head("open_now" if free else "open_nothing", who=as_)
    for one in free:
        paper.line(f"  {paper.both(one.command, book.labels)}{_of(dossier, one.subject, names)}")
    if stopped := [one for one in openings if one.reasons]:
        paper.head("open_stopped")
    for one in stopped:
        paper.line(f"  {paper.both(one.command, book.labels)}{_of(dossier, one.subject, names)}")
        for text in paper.reasons(one.reasons, book.labels, names):
            paper.line(f"    - {text}")
    return 0


def _data(one: Opening, texts: list[str]) -> dict[str, object]:
    reasons = [
        {"code": reason.code, "rule": reason.rule, "clause": reason.clause, "subject": reason.subject, "text": text}
        for reason, text in zip(one.reasons, texts, strict=True)
    ]
    return {
        "command": one.command,
        "label": one.label,
        "subject": one.subject,
        "open": not one.reasons,
        "reasons": reasons,
    }


def _of(dossier: Dossier, subject: str, names: dict[str, str]) -> str:
    """Name the part that a command is about, where it is about one."""
    part = dossier.parts.get(subject)
    if part is None:
        return ""
    said = part.holder if isinstance(part, Node) else names.get(subject, subject)
    return f" → {said}"
