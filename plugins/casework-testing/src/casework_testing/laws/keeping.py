"""Laws of what is promised: it stays in the case, only an act ends it, and it is due after the finish as before."""

from collections.abc import Iterator

from casework.events import DeadlineEnded
from casework.records import Dossier, Promise
from casework.rules.situation import Situation, node_of
from casework.rules.subjects import left
from casework_testing.driving import FINAL
from casework_testing.laws.law import law
from casework_testing.world import History, Step

__all__ = ["promises_outlive_the_finish"]


@law
def promises_outlive_the_finish(history: History) -> Iterator[str]:
    """A promise never goes; what ended stays ended; an open one owes what it owed, whatever became of the case."""
    held: dict[str, Promise] = {}
    for step in history.accepted:
        for name, before in held.items():
            now = step.after.parts.get(name)
            if not isinstance(now, Promise):
                yield f"after {step.command.name} the promise {name} is gone"
            elif before.state not in {"open", now.state}:
                yield f"after {step.command.name} the promise {name} is {now.state}, and was {before.state}"
        held = {one.id: one for one in step.after.of(Promise)}
        yield from _let_off(history, step)


def _let_off(history: History, step: Step) -> Iterator[str]:
    """Say which deadline of an open promise was given up although its rule holds and its case goes on."""
    dossier, book, now = step.after, history.book, step.command.recorded
    situation = Situation(book, dossier, now, now, history.world.docket)
    for event in step.events:
        what = event.what
        if isinstance(what, DeadlineEnded) and what.state == "void":
            deadline = dossier.deadlines[what.key]
            promise = dossier.parts.get(deadline.subject)
            rule = book.by_id.get(deadline.term)
            if not isinstance(promise, Promise) or promise.state != "open" or rule is None or _gone(dossier, promise):
                continue
            if book.pick(rule, situation, promise) is not None and not deadline.open:
                yield f"after {step.command.name} {what.key} is owed no longer, and {promise.id} is open"


def _gone(dossier: Dossier, promise: Promise) -> bool:
    """Whether nobody is left to keep it: the case ended for good, its start is void, or its node left."""
    node = node_of(dossier, promise)
    return dossier.state in FINAL or (node is not None and left(node))
