"""A case of a county that has a term of every kind, and the few words that its tests need."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from casework.commands import (
    AdmitUnit,
    Annul,
    Answer,
    Ask,
    Assign,
    Body,
    Correct,
    Do,
    DraftReply,
    IssueReply,
    OpenDocket,
    Register,
    Review,
)  # fmt: skip
from casework.engine import Editions, Engine, case_stream
from casework.errors import Refused
from casework.memory import MemoryStore
from casework.plugins import load_plugins
from casework.ports import Store
from casework.records import CHINA, Actor, Deadline, Dossier, Proposer, Value

PACKS: Final = Path(__file__).parent / "packs"
DOCKET: Final = "某县2023年交办"
CASE: Final = f"{DOCKET}/proposal/001"
OFFICE: Final = Actor("office", "政府办", ("assigning_office",))
LEAD: Final = Actor("lead", "水务局", ("handler",))
CO: Final = Actor("co", "财政局", ("handler",))


def instant(text: str) -> datetime:
    """Read a local day or hour."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def editions() -> Editions:
    """Give the editions of the plugins, and the county's."""
    return load_plugins((PACKS,)).editions()


class Stage:
    """One case, handled by a lead and a co-handler, on a store; the clock is what each step says."""

    def __init__(
        self, held: Editions, assigned: str = "2023-03-10 11:00", *, proposers: tuple[str, ...] = ("委员甲",),
        facts: Mapping[str, Value] | None = None, store: Store | None = None, entered: str = "",
        pack: str = "town@2023", to: Assign | None = None,
    ) -> None:  # fmt: skip
        self.now = instant(assigned)
        self.store = store or MemoryStore()
        self.engine = Engine(self.store, held, clock=lambda: self.now, salt=lambda: "0" * 64)
        self.at(assigned, OpenDocket("政府办", pack), OFFICE, docket=True)
        for unit in ("水务局", "财政局", "农业局"):
            self.at(assigned, AdmitUnit(unit), OFFICE, docket=True)
        self.at(assigned, Register("修缮水渠", proposers, facts=facts or {}), OFFICE)
        self.at(assigned, to or Assign(lead="水务局", co=("财政局",)), OFFICE, entered=entered)

    def at(
        self, at: str, body: Body, by: Actor = LEAD, *, entered: str = "", of: str = "", docket: bool = False,
        reasons: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """Let somebody do something at a time, entered then or later."""
        self.now = instant(entered or at)
        self.engine.handle(
            body,
            DOCKET if docket else CASE,
            by,
            at=instant(at),
            of=of,
            evidence="sha256:1" if of else "",
            docket=docket,
            reasons=reasons,
        )

    def do(self, at: str, act: str, by: Actor = LEAD, *, entered: str = "", subject: str = "", **fields: Value) -> None:
        """Let somebody do an act."""
        self.at(at, Do(act, subject, fields), by, entered=entered, of="委员甲" if act == "give_mark" else "")

    def ask(self, at: str, length: str, request: str = "more_time", *, entered: str = "") -> None:
        """Let the lead ask for more time."""
        self.at(at, Ask(request, fields={"reason": "需实地勘察", "length": length}), entered=entered)

    def answer(self, at: str, verdict: str, request: str = "more_time") -> None:
        """Let the office decide."""
        self.at(at, Answer(request, "granted" if verdict == "granted" else "refused"), OFFICE)

    def draft(self, at: str) -> None:
        """Let the lead acknowledge, write a draft, sign and submit it."""
        if not any(record.name == "acknowledge" for record in self.dossier().records.values()):
            self.do(at, "acknowledge")
        self.at(at, DraftReply("答复"))
        self.at(at, Review("signs"))
        self.do(at, "submit_reply", encloses=("draft",))

    def reply(self, at: str) -> None:
        """Let the lead submit a draft, and the office issue and deliver it to all."""
        self.draft(at)
        self.at(at, IssueReply(), OFFICE)
        everybody = tuple(part.id for part in self.dossier().of(Proposer))
        self.do(at, "deliver_reply", OFFICE, to=everybody)

    def tick(self, now: str, *, confirm: bool = True) -> int:
        """Let time pass."""
        self.now = instant(now)
        return self.engine.tick(self.now, confirm=confirm)

    def dossier(self) -> Dossier:
        """Give the case as stored."""
        with self.store.transaction(write=False) as transaction:
            return self.engine._cabinet.load(transaction, case_stream("default", CASE)).dossier

    def deadline(self, term: str, subject: str = "", occurrence: str = "1") -> Deadline:
        """Give the deadline of a term, of the subject that is named or of the only one that has it."""
        held = [
            one
            for one in self.dossier().deadlines.values()
            if one.term == term and subject in {"", one.subject} and one.occurrence == occurrence
        ]
        assert len(held) == 1, [one.key for one in held]
        return held[0]

    def due(self, term: str, subject: str = "", occurrence: str = "1") -> str:
        """Give the due date in force, as text."""
        return str(self.deadline(term, subject, occurrence).due.day)

    def record(self, name: str) -> str:
        """Give the id of the last record of a name."""
        return [record.id for record in self.dossier().records.values() if record.name == name][-1]

    def correct(self, at: str, record: str, field: str, value: Value) -> None:
        """Let the office correct a slip."""
        self.at(at, Correct(record, field, value, "笔误"), OFFICE)

    def annul(self, at: str, record: str) -> None:
        """Let the office annul a record."""
        self.at(at, Annul(record, "误录"), OFFICE)


def codes(refused: Refused) -> set[str]:
    """Name the reasons of a refusal."""
    return {reason.code for reason in refused.reasons}
