"""A kind that a plugin brings is read, checked, stored and shown to editors like those of the core."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Self

import attrs
import pytest

from casework.packs import resolved, revive, schema
from casework.packs.forms import form_of, shape_of
from casework.rules.kind import Kind
from casework.rules.kinds import KINDS
from casework.rules.words import RoleName, Word
from tests.packs.good import BASE, CALENDAR, at_places, book, faults_with


@attrs.frozen
class Share:
    """A share in hundredths."""

    n: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 30 %."""
        return cls(int(text.removesuffix(" %")))

    def __str__(self) -> str:
        return f"{self.n} %"


@attrs.frozen
class Bulletin:
    """A bulletin that is due on a day, to whom, with which share."""

    on: date
    to: tuple[RoleName, ...] = attrs.field(validator=attrs.validators.max_len(2))
    share: Share | None = None
    sort: Annotated[str, Word("colour of the cover")] = ""
    note: Annotated[str, "not a word of any vocabulary"] = ""


KIND: Final = Kind("bulletin", Bulletin, says=lambda rule, _, __: f"{rule.form.on}", version=7)
MORE: Final[Mapping[str, Kind[Any]]] = {**KINDS, "bulletin": KIND}
RULE: Final = (
    "- bulletin: monthly\n  label: 通报\n  clause: 六\n  on: 2023-08-31\n  to: clerk\n  share: 30 %\n  sort: 蓝\n"
)


def test_it_is_read_and_stored() -> None:
    first = book(BASE + RULE, kinds=MORE)
    assert first.by_id["monthly"].form == Bulletin(date(2023, 8, 31), ("clerk",), Share(30), "蓝")
    again = revive(resolved(first), MORE, CALENDAR)
    assert (again.hash, again.rules) == (first.hash, first.rules)
    assert again.hash != book(BASE).hash


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("no_such_date", "2023-08-31", "‸2023-02-29"),
        ("not_a_date", "2023-08-31", "‸08-31"),
        ("unknown_role", "clerk", "‸clrk"),
        ("not_a_phrase", "30 %", "‸many"),
        ("refused_by_form", "- bulletin: monthly", "- ‸bulletin: monthly"),
    ],
)
def test_it_is_checked(code: str, old: str, new: str) -> None:
    text = BASE + RULE.replace(old, new)
    text = text.replace("to: clerk\n", "to: [clerk, leader, handler]\n") if code == "refused_by_form" else text
    clean, places = at_places(text, "1.yaml")
    assert faults_with(MORE, clean) == [(place, code) for place in places]


def test_editors_know_it() -> None:
    blocks = schema(MORE)["properties"]["rules"]["items"]["oneOf"]
    mine = next(block for block in blocks if block["title"] == "bulletin")
    assert mine["description"] == "A bulletin that is due on a day, to whom, with which share."
    assert (
        mine["properties"]["share"] == {"anyOf": [{"type": "string"}, {"const": "none"}]}
        or "share" in mine["properties"]
    )


@pytest.mark.parametrize("annotation", [complex, bytes | int, list[str], tuple[int, str]])
def test_a_form_that_no_pack_could_be_written_in_is_an_error_of_the_program(annotation: object) -> None:
    with pytest.raises(TypeError):
        shape_of(annotation)


def test_a_field_that_is_not_given_at_the_start_is_no_field_of_a_pack() -> None:
    @attrs.frozen
    class Counted:
        n: int
        twice: int = attrs.field(init=False, default=attrs.Factory(lambda self: 2 * self.n, takes_self=True))

    assert tuple(form_of(Counted).slots) == ("n",)
