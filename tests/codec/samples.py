"""One event of every kind, and one for every kind of part: what the golden files pin.

`python -m tests.codec.samples` writes the golden files that do not exist yet. One that exists is never rewritten:
events like it lie in somebody's store. When a shape must change, raise `SHAPE`, write an upcast, keep the old file
under its old version and add a new one.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

from casework.codec import seal
from casework.events import (
    Acted,
    Adopted,
    Annulled,
    Corrected,
    DeadlineEnded,
    DeadlineMoved,
    DeadlineReopened,
    DeadlineResumed,
    DeadlineStarted,
    DeadlineSuspended,
    Event,
    Followed,
    Lapsed,
    Move,
    NoticeOwed,
    Opened,
    RoundBegan,
    RungFell,
    RungsVoided,
    SetAside,
    What,
)
from casework.records import (
    CHINA,
    Deadline,
    Due,
    Entry,
    Fall,
    Item,
    Latch,
    Line,
    Moment,
    Node,
    Paper,
    Part,
    Promise,
    Proposer,
    Record,
    Reply,
    Request,
    Stream,
    Unit,
    Version,
)

GOLDEN: Final = Path(__file__).parent / "golden"
CASE: Final = Stream("某市", "case", "某市2023年交办/提案/056")
AT: Final = datetime(2023, 3, 10, 10, 49, tzinfo=CHINA)
LATER: Final = datetime(2023, 4, 11, 9, 0, 0, 250_000, tzinfo=CHINA)
MOMENT: Final = Moment(AT, LATER, ("e1", "e2"))
ENTERED: Final = (Entry("assigned", Moment(AT, AT, ("e2",))), Entry("working", MOMENT, 2))
LATCH: Final = Latch("ZY-06", "n2", "1", MOMENT, "opinion/n2/1", date(2023, 4, 10))
RECORD: Final = Record(
    "e2",
    "contact",
    MOMENT,
    1,
    by="u17",
    unit="市某局",
    of="委员乙",
    evidence="9f" * 32,
    subjects=("n1", "p1"),
    fields={
        "mode": "face_to_face",
        "minutes": 40,
        "satisfied": True,
        "with": ("p1", "p2"),
        "left": None,
        "a": {"b": 1},
    },
    reasons={"consulted": "对方在外地"},
    void="e9",
    moved=True,
)
TRACE: Final = (
    Line("start", date(2023, 3, 10), source="交办", rule="opinion", clause="沾区政发〔2023〕10号 二(三)"),
    Line("counted", date(2023, 3, 10), date(2023, 4, 10), 1, unit="months"),
    Line("skipped", days=(date(2023, 4, 5), date(2023, 4, 8)), source="国办发明电〔2022〕16号"),
    Line("hour", to=date(2023, 4, 10), hour=time(17, 30)),
)
DUE: Final = Due(date(2023, 4, 10), time(17, 30), provisional=True, trace=TRACE)
DEADLINE: Final = Deadline(
    "opinion/n2/1",
    "opinion",
    "n2",
    "1",
    "市某局",
    MOMENT,
    DUE,
    date(2023, 4, 10),
    "suspended",
    MOMENT,
    (Fall("10 days before", date(2023, 4, 10), date(2023, 3, 31), ("handler", "supervisor")),),
    LATER,
    lapses=True,
    rule="ZY-06",
    clause="沾区政发〔2023〕10号 二(三)",
)
PARTS: Final[Mapping[str, Part]] = {
    "proposer": Proposer("p1", Paper("p1.name", "ab" * 32), lead=True, body=True),
    "node": Node("n2", "市某局/某科", "co", "区某办", "n1", "working", ENTERED),
    "version": Version("v1", "n1", "drafting", Paper("v1", "cd" * 32), {"class": "A", "public": True}, ENTERED),
    "reply": Reply("r1", "n1", "v1", 2, "issued", {"number": "某局函〔2023〕7号"}, ENTERED),
    "request": Request("q1", "return", "n2", "asked", {"reason": "不属本单位职责"}, ENTERED),
    "promise": Promise("c1", "r1", "open", {"due": "2024-06-30"}, ENTERED),
    "item": Item("i1", "problems", "listed", Paper("a3.problems.1", "ef" * 32), ENTERED),
    "unit": Unit("u1", "市某局", "admitted", ("某科", "办公室"), "政府系统", ENTERED),
}
LATER_FIELDS: Final[Mapping[str, What]] = {
    "acted_node_outside": Acted(
        RECORD, (Node("n3", "市外局", "co", "区某办", "n1", "elsewhere", ENTERED, outside=True),)
    ),
    "acted_unit_outside": Acted(RECORD, (Unit("u2", "市外局", "admitted", (), "", ENTERED, outside=True),)),
    "deadline_moved_owner": DeadlineMoved("part/n2/1", MOMENT, Due(date(2023, 4, 10)), LATER, owner="市某局/某科"),
}
"""Events with fields that older ones do not have: each is pinned beside the old form, which still reads."""

WHATS: Final[tuple[What, ...]] = (
    Opened("某市2023年交办", "提案", "056", "e" * 64, "c" * 64, "registered", RECORD, (PARTS["proposer"],)),
    Acted(
        Record("e3", "acknowledge", Moment(AT, AT), 1, by="u17"),
        moves=(Move("n2", "acknowledged"), Move("", "handling")),
    ),
    Followed(LATCH, (Move("n2", "released"),)),
    RoundBegan(Latch("again", "", "2", MOMENT, set_aside=True), 2, (Move("n1", "working"),)),
    DeadlineStarted(DEADLINE),
    DeadlineMoved("opinion/n2/1", MOMENT, DUE, LATER, "extension q1"),
    DeadlineEnded("opinion/n2/1", "met", MOMENT),
    DeadlineReopened("opinion/n2/1", MOMENT, Due(date(2023, 4, 10)), None),
    DeadlineSuspended("opinion/n2/1", MOMENT),
    DeadlineResumed("opinion/n2/1", MOMENT, DUE, LATER),
    RungFell("opinion/n2/1", Fall("on the day", date(2023, 4, 10), date(2023, 4, 10)), None),
    RungsVoided("opinion/n2/1", (Fall("on the day", date(2023, 4, 10), date(2023, 4, 10), ("lead",), void=True),)),
    Lapsed("return/n2/1", LATCH, (Move("n2", "working"),)),
    NoticeOwed(LATCH, "市某局", "due_soon", "n2"),
    Corrected("e2", "at", "2023-03-10T10:49:00+08:00", "2023-03-09T10:49:00+08:00"),
    Annulled("e2", "e9"),
    SetAside("return/n2/1", "return/n2/1", DUE, date(2023, 5, 10), LATER, (Move("n2", "assigned"),)),
    Adopted("f" * 64, "d" * 64),
)


def enveloped(what: What, seq: int = 3, stream: Stream = CASE) -> Event:
    """Put what happened into an envelope."""
    return Event(stream, seq, AT, LATER, "u17", "委员乙", 1, "ZY-06", "沾区政发〔2023〕10号 二(三)", "c-7", what)


def samples() -> Iterator[tuple[str, Event]]:
    """Give every golden file's name and its event."""
    for what in WHATS:
        event = enveloped(what)
        yield event.name, event
    for name, part in PARTS.items():
        yield f"acted_{name}", enveloped(Acted(RECORD, (part,)))
    for name, what in LATER_FIELDS.items():
        yield name, enveloped(what)


if __name__ == "__main__":
    for name, event in samples():
        file = GOLDEN / f"{name}.json"
        if not file.exists():
            file.write_text(seal(event).text + "\n", "utf-8")
