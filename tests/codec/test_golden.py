"""Every stored form is pinned by a file that is never rewritten."""

from collections.abc import Iterator
from typing import Any, Final

import attrs
import pytest

from casework.codec import seal, unseal
from casework.events import NAMES, Event
from casework.records import LETTERS, Line
from tests.codec.samples import GOLDEN, LATER_FIELDS, samples

SAMPLES: Final = dict(samples())


def text(name: str) -> str:
    return (GOLDEN / f"{name}.json").read_text("utf-8").removesuffix("\n")


def defaults(kind: type[Any]) -> dict[str, object]:
    """Give the fields of a class with what they hold when nothing is said."""
    if kind is Line:
        return {name: Line._field_defaults.get(name, attrs.NOTHING) for name in Line._fields}
    return {slot.name: slot.default for slot in attrs.fields(kind)}


def parts(value: Any) -> Iterator[Any]:  # noqa: ANN401 any value of casework
    """Walk all values of casework inside one."""
    kind: type[Any] = type(value)
    if kind is Line:
        yield value
    elif attrs.has(kind):
        yield value
        for slot in attrs.fields(kind):
            yield from parts(getattr(value, slot.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from parts(item)


def test_every_event_and_every_kind_of_part_has_a_golden_file_and_no_other_is_there() -> None:
    wanted = {*NAMES.values(), *(f"acted_{kind.__name__.lower()}" for kind in LETTERS), *LATER_FIELDS}
    assert {file.stem for file in GOLDEN.glob("*.json")} == wanted == set(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_writing_gives_the_pinned_text(name: str) -> None:
    assert seal(SAMPLES[name]).text == text(name)


@pytest.mark.parametrize("name", SAMPLES)
def test_reading_the_pinned_text_gives_the_event(name: str) -> None:
    assert unseal(text(name)) == SAMPLES[name]


def test_no_field_is_pinned_only_by_its_absence() -> None:
    seen: dict[type, set[str]] = {}
    for event in SAMPLES.values():
        for value in parts(event):
            said = seen.setdefault(type(value), set())
            for name, default in defaults(type(value)).items():
                if getattr(value, name) not in (default, {}):
                    said.add(name)
    assert Event in seen
    for kind, said in seen.items():
        assert said == {*defaults(kind)}, kind


def test_the_hash_is_pinned_too() -> None:
    first = seal(SAMPLES["annulled"])
    assert first.previous == "0" * 64
    assert first.hash == "e64f556e6611ad9cf633ff802135d8a31f2c09821a88498b2ca337ae73658564"
    assert (
        seal(SAMPLES["adopted"], first.hash).hash == "76b5528aa8b26cd9aaee98c78950d8a861bdafcc58dc07aca62042ded45c7830"
    )
