"""Who acts or reads: roles come from the host, relations from the case's own history."""

from collections.abc import Iterable
from typing import Final

import attrs

__all__ = ["CLOCK", "Actor"]


def _set(roles: str | Iterable[str]) -> frozenset[str]:
    """Take one role, or several."""
    return frozenset((roles,) if isinstance(roles, str) else roles)


@attrs.frozen
class Actor:
    """Somebody who acts or reads, as the host knows him: an id, his unit and his roles.

    `section` is his section within the unit. `proposer` is the name or the host's id under which he
    raises cases, empty for everybody else; in each case the engine makes of it the id that he holds there (p1 …),
    or nothing where he is none of its proposers.
    """

    id: str
    unit: str = ""
    roles: frozenset[str] = attrs.field(default=frozenset(), converter=_set)
    section: str = ""
    proposer: str = ""

    def holds(self, holder: str) -> bool:
        """Tell whether a holder (unit, unit/section or unit/section/person) is his unit, his section or himself."""
        path = holder.split("/")
        return bool(holder) and path == [self.unit, self.section, self.id][: len(path)]

    def acting_for(self, whose: str) -> "Actor":
        """Give the one for whom he enters an act: a unit or a path; himself where none is named."""
        if not whose:
            return self
        unit, section, person = (*whose.split("/", 2), "", "")[:3]
        return attrs.evolve(self, unit=unit, section=section, id=person, proposer="")


CLOCK: Final = Actor("clock")
"""Who lets time pass when nobody acts."""
