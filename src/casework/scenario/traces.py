"""Checking what a step left beside the case itself: messages in the outbox, figures of the docket, records."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from casework.ports import Message
from casework.records import Record, Value
from casework.reports import Scored, rates
from casework.reports import scores as points_of
from casework.scenario.form import Expected, Noted, Notice
from casework.scenario.view import View, subjects_of
from casework.scenario.wrong import Wrong

__all__ = ["notices", "records", "report", "scores"]

_CENT: Final = Decimal("0.01")


def notices(then: Expected, view: View) -> Iterator[Wrong]:
    """Check the messages that the step put into the outbox; an empty list expects none."""
    if then.notices is None:
        return
    if not then.notices and view.messages:
        yield Wrong(("notices",), "notices", "—", _told(view, view.messages))
    for place, wanted in enumerate(then.notices):
        among = view.withdrawn if wanted.withdrawn else view.messages
        if not any(_tells(view, wanted, one) for one in among):
            asked = " ".join(str(one) for one in (wanted.to, wanted.about, wanted.term, wanted.due, wanted.rung) if one)
            yield Wrong(("notices", place), "notices", asked, _told(view, among))


def _tells(view: View, wanted: Notice, message: Message) -> bool:
    about = (message.about, message.payload.get("term"))
    return (
        wanted.to in ("", message.to, view.names.get(message.to))
        and (not wanted.about or wanted.about in about)
        and (not wanted.term or wanted.term == message.payload.get("term"))
        and (wanted.due is None or wanted.due.isoformat() == message.payload.get("due"))
        and wanted.rung in ("", message.payload.get("rung"))
    )


def _told(view: View, messages: Iterable[Message]) -> str:
    return "; ".join(_message(view, one) for one in messages) or "—"


def _message(view: View, message: Message) -> str:
    told = [message.payload.get(name) for name in ("term", "due", "rung")]
    return " ".join(str(one) for one in (view.names.get(message.to, message.to), message.about, *told) if one)


def report(then: Expected, view: View) -> Iterator[Wrong]:
    """Check indicators over the docket as a report gives them, as [numerator, denominator] or as a percentage."""
    figures: dict[str, list[int]] = {}
    for book in {book.hash: book for book, _ in view.every}.values() if then.report else ():
        mine = [one for own, one in view.every if own.hash == book.hash]
        dockets = {one.stream.id: one for one in mine if one.stream.aggregate == "docket"}
        cases = [one for one in mine if one.stream.id not in dockets]
        for rate in rates(book, cases, view.now, dockets, names=lambda case: view.people.get(case, {})):
            figure = figures.setdefault(rate.rule, [0, 0])
            figure[0] += rate.numerator
            figure[1] += rate.denominator
    for name, wanted in then.report.items():
        rule = view.book.by_id[name]
        counted, base = figures.get(name, (0, 0))
        if wanted not in ((counted, base), _percentage(counted, base)) and str(wanted) != _percentage(counted, base):
            came = f"{counted}/{base} = {_percentage(counted, base)}"
            yield Wrong(("report", name), name, _figure(wanted), came, rule.id, str(rule.clause))


def scores(then: Expected, view: View) -> Iterator[Wrong]:
    """Check the points of units under the rules of their docket."""
    dockets = {one.stream.id: (book, one) for book, one in view.every if one.stream.aggregate == "docket"}
    found: dict[str, Scored] = {}
    for name, (book, docket) in dockets.items() if then.scores else ():
        cases = [one for own, one in view.every if one.docket == name and one is not docket and own.hash == book.hash]
        found |= {one.unit: one for one in points_of(book, cases, view.now, {name: docket})}
    for unit, wanted in then.scores.items():
        one = found.get(unit)
        if one is None or one.points != wanted:
            rule, clause = (one.rule, one.clause) if one else ("", "")
            came = f"{one.points}: {', '.join(f'{line.label} {line.points:+d}' for line in one.lines)}" if one else "—"
            yield Wrong(("scores", unit), f"score {unit}", str(wanted), came, rule, clause)


def _percentage(counted: int, base: int) -> str:
    """Write a rate with two decimals, half up and without noughts at the end; without a base there is none."""
    if not base:
        return "—"
    rate = (Decimal(100 * counted) / base).quantize(_CENT, ROUND_HALF_UP)
    return f"{rate:f}".rstrip("0").rstrip(".")


def _figure(wanted: Value) -> str:
    return "/".join(map(str, wanted)) if isinstance(wanted, tuple) else str(wanted)


def records(then: Expected, view: View) -> Iterator[Wrong]:
    """Check that there is a record with everything that is named."""
    for place, wanted in enumerate(then.records):
        named = [one for one in view.dossier.records.values() if one.name == wanted.do]
        if not any(_fits(view, wanted, one) for one in named):
            came = "; ".join(_record(view, one) for one in named) or "—"
            yield Wrong(("records", place), f"records {wanted.do}", _wanted(wanted), came)


def _fits(view: View, wanted: Noted, record: Record) -> bool:
    return (
        (wanted.at is None or wanted.at.at == record.moment.at)
        and (wanted.recorded is None or wanted.recorded.at == record.moment.recorded)
        and wanted.by in ("", record.by)
        and wanted.on_behalf in ("", record.of, view.names.get(record.of))
        and wanted.evidence in ("", record.evidence)
        and wanted.round in (None, record.round)
        and wanted.void in (None, bool(record.void))
        and all(view.text(_reason(view, key, record.reasons) or "") == text for key, text in wanted.reasons.items())
        and all(_same(view, value, record.fields.get(name)) for name, value in wanted.with_.items())
    )


def _reason(view: View, key: str, reasons: Mapping[str, str]) -> str | None:
    rule, slash, whom = key.partition("/")
    keys = [f"{rule}/{one}" for one in subjects_of(view, whom)] if slash else [key]
    return next((reasons[one] for one in (key, *keys) if one in reasons), None)


def _same(view: View, wanted: Value, held: Value) -> bool:
    """Compare a field, in which parts stand by their ids."""
    if isinstance(wanted, tuple) and isinstance(held, tuple):
        return len(wanted) == len(held) and all(map(lambda one, other: _same(view, one, other), wanted, held))
    if isinstance(held, str) and view.text(held) == wanted:
        return True
    return wanted == held or (isinstance(wanted, str) and held in subjects_of(view, wanted))


def _wanted(wanted: Noted) -> str:
    given = (
        ("at", wanted.at), ("recorded", wanted.recorded), ("by", wanted.by), ("on_behalf", wanted.on_behalf),
        ("evidence", wanted.evidence), ("round", wanted.round), ("void", wanted.void),
        ("reasons", dict(wanted.reasons)), ("with", dict(wanted.with_)),
    )  # fmt: skip
    return " ".join(f"{name}={value}" for name, value in given if value not in (None, "", {})) or wanted.do


def _record(view: View, record: Record) -> str:
    times = [
        one.astimezone(view.book.zone).isoformat(" ", "minutes") for one in (record.moment.at, record.moment.recorded)
    ]
    told = [f"{record.id} {record.by} at={times[0]} recorded={times[1]}"]
    told += [f"on_behalf={view.names.get(record.of, record.of)}"] if record.of else []
    told += ["void"] if record.void else []
    told += [f"reasons={ {key: view.text(one) for key, one in record.reasons.items()} }"] if record.reasons else []
    return " ".join(told)
