"""Papers: personal text goes beside the log before anything is decided, and names are understood from it.

The log holds identifiers, results and salted digests. Titles, names, drafts and opinions are documents.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, Final

import attrs

from casework.commands import Answer, Ask, Body, Correct, Do, DraftReply, Erase, Register, Review, TakeIn, Waive
from casework.ports import Document
from casework.records import Actor, Dossier, Paper, Proposer, Stream, Value, is_name
from casework.rules.book import Book
from casework.rules.words import FieldSpec

__all__ = ["Desk", "known_as", "names_of"]


def names_of(documents: Iterable[Document]) -> dict[str, str]:
    """Give the names of the proposers by id, as far as their documents still exist."""
    return {document.key: document.text for document in documents if document.kind == "name"}


def known_as(actor: Actor, names: Callable[[], Mapping[str, str]]) -> Actor:
    """Give an actor with the id that he holds as a proposer of this case; nobody takes an id by naming it."""
    if not actor.proposer:
        return actor
    return attrs.evolve(actor, proposer=next((key for key, name in names().items() if name == actor.proposer), ""))


class Desk:
    """Takes the text out of one command: what is decided is the body it gives, what is kept its documents."""

    def __init__(
        self,
        stream: Stream,
        dossier: Dossier,
        book: Book,
        kept: Callable[[], tuple[Document, ...]],
        salt: Callable[[], str],
    ) -> None:
        """Sit down to one command for one stream; what is `kept` is fetched when something of it is asked for."""
        self._stream = stream
        self._dossier = dossier
        self._book = book
        self._kept = kept
        self._salt = salt
        self._record = f"a{len(dossier.records) + 1}"
        self.documents: list[Document] = []
        self.erased: list[str] = []

    @cached_property
    def _named(self) -> Mapping[str, str]:
        return names_of(self._kept())

    def names(self) -> Mapping[str, str]:
        """Give the names of the proposers by id."""
        return self._named

    def whose(self, given: str) -> str:
        """Understand a proposer's name as his id; units and ids stay what they are."""
        if not given or self._node(given) != given or given in self._dossier.parts:
            return given
        return next((key for key, name in self.names().items() if name == given), given)

    def part(self, given: str) -> str:
        """Understand a proposer's name or a node's holder as the id of the part."""
        held = self._node(given)
        return held if held != given else self.whose(given)

    def reasons(self, given: Mapping[str, str]) -> dict[str, str]:
        """File what is given as reasons; requirement/name and requirement/holder are understood as requirement/id."""
        filed = {}
        for key, reason in given.items():
            requirement, slash, whom = key.partition("/")
            named = f"{requirement}/{self.part(whom)}" if slash else key
            filed[named] = self._note(f"reason.{named}", reason.strip())
        return filed

    def _note(self, name: str, text: str) -> str:
        """File a text, and give where it lies with its digest; the log holds no more of it."""
        paper = self._file(f"{self._record}.{name}", "note", text)
        return f"{paper.key}:{paper.digest}" if isinstance(paper, Paper) else text

    def cleared(self, body: Body) -> Body:
        """Give the body with every text replaced by its paper, and every name by the id it stands for."""
        cleared: Any = self._cleared(body)
        reason = getattr(cleared, "reason", "").strip()
        noted: Body = attrs.evolve(cleared, reason=self._note("reason", reason)) if reason else cleared
        return noted

    def _cleared(self, body: Body) -> Body:  # noqa: C901, PLR0911 - one arm for each body that holds text
        match body:
            case Register():
                people = len(body.proposers)
                filed: dict[object, Any] = {}  # the same name twice is the same paper, so that it is noticed
                for n, name in enumerate((*body.proposers, *body.bodies), 1):
                    filed.setdefault(name, self._file(f"p{n}", "name", name))
                named = [filed[name] for name in (*body.proposers, *body.bodies)]
                return attrs.evolve(
                    body,
                    title=self._file("title", "title", body.title),
                    text=self._file("text", "text", body.text) if body.text else "",
                    proposers=tuple(named[:people]),
                    bodies=tuple(named[people:]),
                )
            case TakeIn():
                held, people = len(self._dossier.of(Proposer)), len(body.proposers)
                names = enumerate((*body.proposers, *body.bodies), held + 1)
                taken = [self._file(f"p{n}", "name", name) for n, name in names]
                return attrs.evolve(body, proposers=tuple(taken[:people]), bodies=tuple(taken[people:]))
            case DraftReply():
                return attrs.evolve(body, text=self._file(f"{self._record}.text", "draft", body.text))
            case Review(comment=comment) if comment:
                return attrs.evolve(body, comment=self._file(f"{self._record}.comment", "opinion", comment))
            case Correct(record=name, field=field) if name in self._dossier.records:
                # filed as `value`, for the field may be a reason, and the correction has one of its own
                record = self._dossier.records[name]
                if record.name == "register" and isinstance(record.fields.get(field), Mapping):
                    said = body.value.strip() if isinstance(body.value, str) else ""
                    return attrs.evolve(body, value=self._filed("value", field, said))
                rule = self._book.by_id.get(record.name)
                spec = rule.form.fields.get(field) if rule is not None and rule.kind == "act" else None
                return attrs.evolve(body, value=self._field("value", spec, body.value))
            case Ask(fields=fields) | Answer(fields=fields) if isinstance(fields.get("reason"), str):
                return attrs.evolve(body, fields={**fields, "reason": self._note("reason", str(fields["reason"]))})
            case Erase(document=key):
                digest = next((one.digest for one in self._kept() if one.key == key), "")
                self.erased += [key] if digest else []
                return attrs.evolve(body, digest=digest)
            case Waive():
                return attrs.evolve(body, subject=self.part(body.subject))
            case Do(act):
                rule = self._book.by_id.get(act)
                specs: Mapping[str, FieldSpec] = rule.form.fields if rule is not None and rule.kind == "act" else {}
                fields = {name: self._field(name, specs.get(name), value) for name, value in body.fields.items()}
                return attrs.evolve(body, fields=fields, subject=self.whose(body.subject))
            case _:
                return body

    def _field(self, name: str, spec: FieldSpec | None, value: Value) -> Value:  # noqa: PLR0911 - one line for each type
        if spec is None:
            return value
        if spec.type == "text":
            if not isinstance(value, str):  # papers are made here: one that is handed in says nothing
                return None if isinstance(value, Mapping) else value
            return self._filed(name, "note", value)
        if spec.type == "texts":
            return tuple(self._field(f"{name}.{n}", _TEXT, one) for n, one in enumerate(_listed(value), 1))
        if spec.type == "proposers":
            return tuple(self.whose(one) if isinstance(one, str) else one for one in _listed(value))
        if spec.type == "nodes":
            return tuple(self._node(one) if isinstance(one, str) else one for one in _listed(value))
        if spec.type in {"units", "some_of"}:
            return _listed(value)
        return value

    def _filed(self, name: str, kind: str, text: str) -> Value:
        """File the text of a field; the field holds where it lies, with its digest."""
        paper = self._file(f"{self._record}.{name}", kind, text)
        return paper.field if isinstance(paper, Paper) else text

    def _node(self, given: str) -> str:
        held = self._dossier.called(given)
        return held[-1].id if held else given

    def _file(self, key: str, kind: str, text: str | Paper) -> Any:  # noqa: ANN401 - a paper, mostly
        if isinstance(text, Paper) or not text.strip() or (kind == "name" and not is_name(text)):
            return text  # what says nothing, or names nobody, is left for the rules to refuse
        document = Document(self._stream, key, kind, text, self._salt())
        self.documents.append(document)
        return Paper(key, document.digest)


_TEXT: Final = FieldSpec("text")


def _listed(value: Value) -> tuple[Value, ...]:
    """Take one where several may be given."""
    return value if isinstance(value, tuple) else (value,) if value is not None else ()
