"""The law of promises finds what would make one go, or let it off with the finish."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from casework.commands import Body, Do
from casework.history import _acted
from casework.rules.book import Book
from casework.rules.kinds import term
from casework_testing.driving import drive
from casework_testing.filling import EVIDENCE
from casework_testing.laws import LAWS
from casework_testing.offers import Offer
from casework_testing.planting import planted
from casework_testing.world import History, World

LAW = LAWS["promises_outlive_the_finish"]
ENDING = {"fulfil_promise", "break_promise", "carry_promise", "archive"}


def act(history: History, body: Body) -> History:
    now = history.now + timedelta(days=1)
    return history.then(Offer(history.world.people["lead"], body, "", EVIDENCE).command(history.dossier, now, now))


def promised(book: Book) -> History:
    """A case that is finished after its reply promised something."""
    path = drive(World.of(book).start())
    replied = History(path.world, path.steps[:-1])
    due = (replied.now + timedelta(days=200)).date().isoformat()
    made = act(replied, Do("make_promise", "r1", {"text": "修桥", "due": due, "condition": "资金到位"}))
    history = drive(made, omit=ENDING)
    assert (path.dossier.state, history.dossier.state) == ("finished", "finished"), history.told()
    return history


def finished(book: Book) -> History:
    """A case that is finished while its promise is open."""
    history = promised(book)
    assert any(held.open for held in history.dossier.deadlines.values() if held.term == "promise_kept")
    return history


def reported(book: Book) -> History:
    """The same, and what becomes of it is told later."""
    return act(promised(book), Do("report_promise", "c1", {"progress": "动工"}))


def kept(book: Book) -> History:
    return act(promised(book), Do("fulfil_promise", "c1", {"what": "完工"}))


@pytest.mark.parametrize(
    ("where", "old", "new"),
    [
        (term._void, "if situation.dossier.state in FINAL:", 'if situation.dossier.state in {*FINAL, "finished"}:'),
        (
            _acted,
            "record.id: record}",
            (
                "record.id: record}\n    if record.name == 'finish':\n"
                "        parts = {k: v for k, v in parts.items() if k != 'c1'}"
            ),
        ),
    ],
    ids=["let off with the finish", "gone"],
)
def test_a_planted_bug_is_found(where: Callable[..., object], old: str, new: str, rules: Callable[[str], Book]) -> None:
    book = rules("promising.yaml")
    sound = finished(book)
    assert LAW(sound) is None, LAW(sound)
    assert LAW(kept(book)) is None, LAW(kept(book))
    assert LAW(reported(book)) is None, LAW(reported(book))
    with planted(where, old, new):
        sick = reported(book)
        assert LAW(sick) is not None, sick.told()
