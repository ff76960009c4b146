"""Merging: what each layer changes, removes, replaces and adds, from the nation down to the bureau.

Provenance is kept for each field. A floor takes neither change nor remove nor replacement; a child's `when` narrows;
a field that the layer below sets in rows is not changed beside them; `within` and `due` are one slot; `none` drops.
"""

from collections.abc import Mapping
from typing import Any, Final

import attrs

from casework.clauses import Position
from casework.errors import Fault
from casework.packs.drafts import CHOOSE, SAME_SLOT, Draft, Given, read_block
from casework.packs.forms import Form
from casework.packs.pack import CHANGE, REMOVE, Block, Pack
from casework.packs.proposals import propose
from casework.packs.reading import KEY, Odd
from casework.packs.whens import Values, implies
from casework.rules.book import Layer
from casework.rules.catalogue import CORE

__all__ = ["Merged", "Removed", "merge"]

_SAID_AGAIN: Final = frozenset({"clause", "document", "label", "because", "covers"})  # by every block of a rule


@attrs.frozen
class Removed:
    """A rule that a layer took away: where it says so, and the layer."""

    at: Position
    layer: str
    word: str


@attrs.frozen
class Merged:
    """The rules of all layers as one list, in the order of the documents, and what was wrong on the way.

    `doubles` are rules whose id is taken: they are no part of it, but what they say is checked all the same.
    """

    layers: tuple[Layer, ...]
    roles: Mapping[str, str]
    labels: Mapping[str, str]
    drafts: tuple[Draft, ...]
    doubles: tuple[Draft, ...]
    removed: Mapping[str, Removed]
    faults: tuple[Fault, ...]
    lost: tuple[str, ...]
    whole: bool


def merge(chain: tuple[Pack, ...], forms: Mapping[str, Form], *, whole: bool = True) -> Merged:
    """Merge packs, the lowest layer first. Their own faults come with what merging finds.

    Where a layer below is missing (not `whole`), nothing is held against a block that changes what it may hold.
    """
    merging = _Merging(forms)
    if not whole:
        merging.lost += [block.id for pack in chain for block in pack.blocks if block.word in {CHANGE, REMOVE}]
    for pack in chain:
        merging.lay(pack)
    return Merged(
        tuple(merging.layers),
        merging.roles,
        merging.labels,
        tuple(merging.drafts.values()),
        tuple(merging.doubles),
        merging.removed,
        tuple(merging.faults),
        tuple(merging.lost),
        whole,
    )


class _Merging:
    """The rules so far, layer by layer. Lives as long as one merge."""

    def __init__(self, forms: Mapping[str, Form]) -> None:
        self.forms = forms
        self.layers: list[Layer] = []
        self.roles: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        self.drafts: dict[str, Draft] = {}
        self.doubles: list[Draft] = []
        self.removed: dict[str, Removed] = {}
        self.faults: list[Fault] = []
        self.lost: list[str] = []
        self._declared: dict[str, Position] = {}
        self._changed: dict[tuple[str, str], Position] = {}

    def fault(self, code: str, at: Position, **given: object) -> None:
        """Note a fault."""
        self.faults.append(Fault(code, at, given))

    def lay(self, pack: Pack) -> None:
        """Lay a pack over what there is."""
        below = self.layers[-1].document if self.layers else ""
        head = pack.head
        document = head.document or below
        self.layers.append(Layer(pack.id, document, head.in_force.from_, head.in_force.until, head.text, head.covers))
        self.faults += pack.faults
        self.lost += pack.lost
        self._changed.clear()
        for role, label in head.roles.items():
            at = pack.place("roles", role, KEY)
            if role in self._declared:
                self.fault("role_twice", at, given=role, other=self._declared[role])
            self._declared.setdefault(role, at)
            self.roles.setdefault(role, label)
        self.labels |= head.labels
        for block in pack.blocks:
            self._block(block, pack, document)

    def _block(self, block: Block, pack: Pack, document: str) -> None:
        if block.word == CHANGE:
            self._change(block, pack, document)
        elif block.word == REMOVE:
            self._remove(block, pack)
        else:
            self._add(block, pack, document)

    def _parent(self, block: Block, given: str, at: Position) -> Draft | None:
        """Find the rule of the layers below that a block changes or takes away."""
        draft = self.drafts.get(given)
        if draft is None:
            if given not in self.lost:
                self.fault("unknown_rule", at, given=given, proposal=propose(given, self.drafts))
        elif draft.floor:
            self.fault("floor_kept", at, given=given, word=block.word, other=draft.at)
            return None
        return draft

    def _read(self, block: Block, kind: str, pack: Pack, document: str) -> Draft:
        draft, faults = read_block(block, kind, self.forms[kind], pack, document)
        self.faults += faults
        return draft

    def _add(self, block: Block, pack: Pack, document: str) -> None:
        draft = self._read(block, block.word, pack, document)
        replaced = draft.value("replaces")
        if replaced is not None and self._parent(block, replaced, draft.given["replaces"].at) is not None:
            self.removed[replaced] = Removed(draft.given["replaces"].at, pack.id, "replaces")
            if draft.id == replaced or draft.id not in self.drafts:
                self.removed.pop(draft.id, None)
                self.drafts = {
                    (draft.id if name == replaced else name): (draft if name == replaced else held)
                    for name, held in self.drafts.items()
                }
                return
        if draft.id in self.drafts:
            self.fault("id_twice", block.id_at, given=draft.id, other=self.drafts[draft.id].id_at)
            self.doubles.append(attrs.evolve(draft, id=f"{draft.id} ({block.id_at})"))
            return
        self.removed.pop(draft.id, None)
        self.drafts[draft.id] = draft

    def _remove(self, block: Block, pack: Pack) -> None:
        draft = self._parent(block, block.id, block.id_at)
        allowed = ("clause", "document", "because", "label")
        for name, field in block.fields.items():
            if name not in allowed:
                proposal = propose(name, allowed)
                self.fault("unknown_key", field.key, given=name, of=REMOVE, allowed=allowed, proposal=proposal)
        if "clause" not in block.fields:
            self.fault("clause_needed", block.at, rule=block.id)
        if draft is not None:
            self.drafts.pop(block.id)
            self.removed[block.id] = Removed(block.id_at, pack.id, REMOVE)

    def _change(self, block: Block, pack: Pack, document: str) -> None:
        parent = self._parent(block, block.id, block.id_at)
        if parent is None:
            self.lost += () if block.id in self.drafts else tuple(block.words())
            return
        change = self._read(block, parent.kind, pack, document)
        given = dict(parent.given)
        rows = () if CHOOSE in change.given else parent.value(CHOOSE) or ()
        for name, new in change.given.items():
            key = new.source.position
            if any(name in row.values or SAME_SLOT.get(name) in row.values for row in rows):
                self.fault("set_in_rows", key, field=name, rule=block.id, other=parent.given[CHOOSE].source.position)
            elif (block.id, name) in self._changed and name not in _SAID_AGAIN:
                self.fault("changed_twice", key, field=name, rule=block.id, other=self._changed[block.id, name])
            elif name == "when":
                given[name] = self._narrow(parent, new)
            else:
                given[name] = new
                if (other := SAME_SLOT.get(name)) is not None and other not in change.given:
                    given.pop(other, None)
            self._changed[block.id, name] = key
        self.drafts[block.id] = attrs.evolve(
            parent,
            given=given,
            layer=pack.id,
            at=block.at,
            open={**{name: held for name, held in parent.open.items() if name not in given}, **change.open},
            faulty=parent.faulty or change.faulty,
            meant=(*parent.meant, *change.meant),
            words=(*parent.words, *change.words),
        )

    def _narrow(self, parent: Draft, new: Given) -> Given:
        """Lay a child's `when` over its parent's: every fact that the parent asks is asked as narrowly or more."""
        held = parent.given.get("when")
        if held is None or not isinstance(held.value, Mapping) or new.value is Odd.BAD:
            return new
        if new.value is Odd.DROPPED:
            self.fault("when_wider", new.at, given="none", rule=parent.id, fact="、".join(held.value))
            return held
        for fact, test in new.value.items():
            if fact in held.value and not implies(test, held.value[fact], self._values(fact)):
                at = new.places.get(("when", fact), new.at)
                self.fault("when_wider", at, given=fact, rule=parent.id, fact=fact)
        return attrs.evolve(new, value={**held.value, **new.value}, places={**held.places, **new.places})

    def _values(self, fact: str) -> Values:
        """Give the values of a fact as far as they are known before the rules are made."""
        draft = self.drafts.get(fact)
        if draft is not None and draft.kind == "fact":
            values: Any = draft.value("values")
            return tuple(values) if values else ()
        return next((held.values for (_, name), held in CORE.items() if name == fact), ())
