"""A library of packs: what was read together, and what each comes to with the layers below it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import attrs

from casework.calendars import WorkCalendar
from casework.errors import Fault, PackFaults, Unknown
from casework.packs.checker import check
from casework.packs.edition import Edition, assemble
from casework.packs.forms import Form, forms_of
from casework.packs.layers import merge
from casework.packs.pack import Pack, parse_pack
from casework.packs.proposals import propose
from casework.packs.stored import digest
from casework.rules.book import Book
from casework.rules.kind import Kind

__all__ = ["Library"]


@attrs.frozen
class _Chain:
    """A pack with the layers below it, the lowest first; where they are not all here, why."""

    packs: tuple[Pack, ...]
    faults: tuple[Fault, ...]
    whole: bool


@attrs.frozen
class Library:
    """Packs by id (name@year), in the order in which they were given."""

    packs: Mapping[str, Pack]

    @classmethod
    def parse(cls, sources: Iterable[tuple[str, str]], kinds: Mapping[str, Kind[Any]]) -> "Library":
        """Read packs from (file, text).

        PackFaults with every fault of every file, in the order of the files: what cannot be read, what does not fit
        the layers below, and then also what the checker says of the rest, so that one run shows all.
        """
        forms = forms_of(kinds)
        held: dict[str, Pack] = {}
        faults: list[Fault] = []
        files: list[str] = []
        for file, text in sources:
            pack = parse_pack(file, text, forms)
            files.append(file)
            faults += pack.faults
            name = pack.id or file
            if name in held:
                other = held[name].place("pack")
                faults.append(Fault("pack_twice", pack.place("pack"), {"given": name, "other": other}))
            held.setdefault(name, pack)
        library = cls(held)
        editions = [library._edition(pack, forms, pack.head.in_force.from_) for pack in held.values()]
        faults += [fault for edition in editions for fault in edition.faults]
        if faults:
            below = {layer.pack for edition in editions for layer in edition.layers[:-1]}
            faults += [
                fault
                for edition in editions
                if edition.pack not in below and edition.whole
                for fault in check(edition, kinds, forms)
            ]
            raise PackFaults(_in_order(faults, files))
        return library

    def resolve(
        self, pack: str, kinds: Mapping[str, Kind[Any]], calendar: WorkCalendar, on: date | None = None
    ) -> Book:
        """Give the book that a pack comes to with the layers below it, those in force on a day where they are undated.

        `pack` may itself be a name without a year. Without a day, the first one on which the pack is in force counts.
        Unknown for a pack that is not here; PackFaults with everything that the checker finds.
        """
        found = self.find(pack, on)
        if found is None:
            raise Unknown("unknown_pack", name=pack, proposal=propose(pack, self.packs), allowed=tuple(self.packs))
        forms = forms_of(kinds)
        edition = self._edition(found, forms, on or found.head.in_force.from_)
        faults = [*edition.faults, *check(edition, kinds, forms)]
        if faults:
            raise PackFaults(_in_order(faults, [held.file for held in self.packs.values()]))
        book = Book.of(
            found.id, edition.rules, kinds, calendar, layers=edition.layers, roles=edition.roles, labels=edition.labels
        )
        return attrs.evolve(book, hash=digest(book))

    def find(self, name: str, on: date | None = None) -> Pack | None:
        """Give a pack by its id, or by its name the latest one that is in force on a day (without one: the latest)."""
        if name in self.packs:
            return self.packs[name]
        dated = [pack for pack in self.packs.values() if pack.name == name and _in_force(pack, on)]
        return max(dated, key=lambda pack: (pack.head.in_force.from_ or date.min, pack.id), default=None)

    def _edition(self, pack: Pack, forms: Mapping[str, Form], on: date | None) -> Edition:
        chain = self._chain(pack, on)
        merged = merge(chain.packs, forms, whole=chain.whole)
        return assemble(attrs.evolve(merged, faults=(*merged.faults, *chain.faults)), forms)

    def _chain(self, pack: Pack, on: date | None) -> "_Chain":
        """Give a pack with the layers below it."""
        chain = [pack]
        while below := chain[-1].head.extends:
            at = chain[-1].place("extends")
            found = self.find(below, on)
            if found is None:
                nameless = any(not pack.id for pack in self.packs.values())  # it may be the one: its own fault is told
                return _Chain(
                    tuple(reversed(chain)), () if nameless else (self._no_layer(below, chain[-1], on),), whole=False
                )
            if found in chain:
                circle = Fault("extends_circle", at, {"members": tuple(pack.id for pack in chain)})
                return _Chain(tuple(reversed(chain)), (circle,), whole=False)
            chain.append(found)
        return _Chain(tuple(reversed(chain)), (), whole=True)

    def _no_layer(self, name: str, pack: Pack, on: date | None) -> Fault:
        """Say that the layer below a pack is not here, or not in force."""
        at = pack.place("extends")
        others = [other for other in self.packs.values() if other.name != pack.name]
        names = tuple(dict.fromkeys((*(other.id for other in others), *(other.name for other in others))))
        if name in names:
            return Fault("no_layer_in_force", at, {"given": name, "on": on or "—"})
        return Fault("unknown_layer", at, {"given": name, "allowed": names, "proposal": propose(name, names)})


def _in_force(pack: Pack, on: date | None) -> bool:
    force = pack.head.in_force
    return on is None or ((force.from_ is None or force.from_ <= on) and (force.until is None or on <= force.until))


def _in_order(faults: Iterable[Fault], files: list[str]) -> tuple[Fault, ...]:
    """Put faults in the order of the files, each once: a layer below is read for every pack above it."""
    order = {file: place for place, file in enumerate(files)}
    each = {(fault.code, fault.position, str(sorted(fault.given.items(), key=str))): fault for fault in faults}
    return tuple(
        sorted(
            each.values(), key=lambda f: (order.get(f.position.file, len(order)), f.position.line, f.position.column)
        )
    )
