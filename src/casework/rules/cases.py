"""Other cases: what a command may say of a case beside its own, and what stands in the way of naming it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from casework.commands import Body, Do, Merge, Register, TakeIn
from casework.errors import Reason
from casework.records import Dossier, Moment
from casework.rules.situation import Situation

if TYPE_CHECKING:
    from casework.rules.book import Book

__all__ = ["handled_in", "named_case", "unfit"]

_OPEN: Final = frozenset({"registered", "admitted", "assigned", "handling"})
"""States of a case to which another can be joined: nothing was answered yet."""


def named_case(body: Body, book: "Book") -> str:
    """Name the other case that a command speaks of, by its id; empty where it speaks of none."""
    match body:
        case Merge(into=case) | TakeIn(case=case) | Register(carries=case):
            return case
        case Do(act=name, fields=fields):
            rule = book.by_id.get(name)
            specs = rule.form.fields if rule is not None and rule.kind == "act" else {}
            given = (fields.get(field) for field, spec in specs.items() if spec.type == "case")
            return next((one for one in given if isinstance(one, str)), "")
        case _:
            return ""


def handled_in(dossier: Dossier) -> tuple[str, Moment | None]:
    """Tell in which other case the work of this one is done (合并办理), and since when; empty where in its own."""
    for record in reversed(tuple(dossier.records.values())):
        if not record.void and record.name in {"handle_together", "handle_apart"}:
            return str(record.fields.get("into") or ""), record.moment
    return "", None


def unfit(situation: Situation, given: str, cite: dict[str, str]) -> Iterable[Reason]:
    """Ask for another case of the same docket that is still open and whose own work is not done elsewhere."""
    own, other = situation.dossier.stream.id, situation.other
    docket = own.rsplit("/", 2)[0]
    if given == own:
        yield Reason("case_itself", {"given": given}, **cite)
    elif given.rsplit("/", 2)[0] != docket:
        yield Reason("case_elsewhere", {"given": given, "docket": docket}, **cite)
    elif other is None or other.seq == 0:
        yield Reason("case_unknown", {"given": given}, **cite)
    elif other.state not in _OPEN:
        yield Reason("case_over", {"given": given, "state": other.state}, **cite)
    elif into := handled_in(other)[0]:
        yield Reason("case_follows", {"given": given, "into": into}, **cite)
