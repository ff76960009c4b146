"""An edition: the rules that all layers of a pack come to, with the places of their values and what is wrong."""

from collections.abc import Mapping
from typing import Any

import attrs

from casework.clauses import Position
from casework.errors import Fault
from casework.packs.drafts import Draft, make
from casework.packs.forms import Form
from casework.packs.layers import Merged, Removed
from casework.packs.reading import Path
from casework.rules.book import Layer
from casework.rules.rule import Rule

__all__ = ["Edition", "assemble"]


@attrs.frozen
class Edition:
    """The rules of an edition in their order.

    `drafts` are what they were made of, by id; a draft without a rule could not be made. `lost` are words of files
    and blocks that could not be read: nothing is held against who names them. `whole` tells whether every layer
    is here. `doubles` are rules whose id is taken, `spare` their drafts: only their words are checked.
    """

    pack: str
    layers: tuple[Layer, ...]
    roles: Mapping[str, str]
    labels: Mapping[str, str]
    rules: tuple[Rule[Any], ...]
    drafts: Mapping[str, Draft]
    removed: Mapping[str, Removed]
    faults: tuple[Fault, ...]
    lost: tuple[str, ...]
    whole: bool = True
    doubles: tuple[Rule[Any], ...] = ()
    spare: Mapping[str, Draft] = attrs.field(factory=dict)

    def draft(self, rule: str) -> Draft:
        """Give what a rule was made of, also one whose id is taken."""
        return self.drafts[rule] if rule in self.drafts else self.spare[rule]

    def place(self, rule: str, path: Path = ()) -> Position:
        """Tell where a value of a rule stands: the nearest around it that is written; else the head of the rule."""
        draft = self.draft(rule)
        given = draft.given.get(str(path[0])) if path else None
        if given is None:
            return draft.at
        for end in range(len(path), 0, -1):
            if path[:end] in given.places:
                return given.places[path[:end]]
        return given.at

    def sound(self, rule: str) -> bool:
        """Tell whether a rule was read without a fault, so that it may be held to what it leaves out."""
        return not self.draft(rule).faulty

    def excused(self, rule: str) -> frozenset[str]:
        """Give the words that a rule may name although nothing sound declares them: faulty blocks may have."""
        others = (word for name, draft in self.drafts.items() if name != rule and draft.faulty for word in draft.words)
        return frozenset((*self.lost, *others))


def assemble(merged: Merged, forms: Mapping[str, Form]) -> Edition:
    """Make the rules of what the layers came to."""
    rules = []
    faults = list(merged.faults)
    drafts = {}
    for draft in merged.drafts:
        rule, odd = make(draft, forms[draft.kind])
        faults += odd
        rules += [] if rule is None else [rule]
        drafts[draft.id] = attrs.evolve(draft, faulty=draft.faulty or bool(odd))
    made = [(draft, *make(draft, forms[draft.kind])) for draft in merged.doubles]
    faults += [fault for _, _, odd in made for fault in odd]
    return Edition(
        merged.layers[-1].pack,
        merged.layers,
        merged.roles,
        merged.labels,
        tuple(rules),
        drafts,
        merged.removed,
        tuple(faults),
        merged.lost,
        merged.whole,
        tuple(rule for _, rule, _ in made if rule is not None),
        {draft.id: draft for draft, _, _ in made},
    )
