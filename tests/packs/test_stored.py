"""An edition is stored as what it says: it comes back equal, and its hash knows values from the order of keys."""

import json
import string
from collections.abc import Iterator
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.clauses import Clause, Position
from casework.errors import Unavailable
from casework.packs import Library, digest, resolved, revive
from casework.packs.forms import (
    Anything,
    Asking,
    Choice,
    Extent,
    Flag,
    Form,
    Many,
    Name,
    Number,
    Phrase,
    Plain,
    Shape,
    Spec,
    Table,
    Text,
    forms_of,
)
from casework.packs.nodes import Items, Node, Pairs, Scalar, compose
from casework.records import Length, Rung
from casework.rules.book import Book
from casework.rules.kinds import KINDS
from casework.rules.rule import Row, Rule, Source
from casework.rules.words import DueSpec, FieldSpec, Hour
from casework.rules.words import Test as Asked
from tests.packs.good import BASE, CALENDAR, CITY, book

FORMS = forms_of(KINDS)
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
ids = st.text(string.ascii_lowercase, min_size=1, max_size=6)
plains = st.one_of(st.booleans(), st.integers(), texts)
lengths = st.builds(Length, st.integers(1, 100), st.sampled_from(["days", "working_days", "months", "years"]))
rungs = st.one_of(
    st.just(Rung()),
    st.builds(Rung, st.just("before"), lengths),
    st.builds(Rung, st.just("after"), lengths, every=st.booleans()),
)
days = st.dates()
dues = st.one_of(
    st.builds(lambda day: DueSpec(day.month, day.day, day.year), days.filter(lambda day: day.year > 999)),
    st.builds(
        lambda length, term, anchor: DueSpec(length=length, term=term, anchor=anchor),
        lengths,
        ids,
        st.sampled_from(["rolled", "nominal"]),
    ),
)
hours = st.builds(Hour, st.integers(0, 23), st.integers(0, 59))
PHRASES: dict[type, st.SearchStrategy[Any]] = {Length: lengths, Rung: rungs, DueSpec: dues, Hour: hours}
tests = st.builds(Asked, st.lists(plains, max_size=3).map(tuple), plains, st.none() | plains, st.none() | st.booleans())


def values(shape: Shape) -> st.SearchStrategy[Any]:  # noqa: C901, PLR0911, PLR0912 - a closed union
    """Draw what a shape can hold."""
    match shape:
        case Text() | Name():
            return texts
        case Flag() | Extent():
            return st.booleans()
        case Number():
            return st.integers()
        case Plain():
            return plains
        case Choice(options):
            return st.sampled_from(options)
        case Phrase(type_):
            return PHRASES[type_]
        case Spec():
            return st.builds(FieldSpec, st.sampled_from(["text", "one_of"]), st.lists(texts).map(tuple), st.booleans())
        case Asking():
            return tests
        case Many(item):
            return st.lists(values(item), max_size=3).map(tuple)
        case Table(item):
            return st.dictionaries(texts, values(item), max_size=3)
        case Anything():
            inner = lambda kids: st.lists(kids, max_size=2).map(tuple) | st.dictionaries(texts, kids, max_size=2)  # noqa: E731
            return st.recursive(st.none() | plains, inner, max_leaves=4)
        case Form():
            return filled(shape)
        case _:
            raise AssertionError(shape)


def filled(form: Form) -> st.SearchStrategy[Any]:
    """Draw a form with all of its fields."""
    fields = {slot.attribute: values(slot.shape) for slot in form.slots.values()}
    missing = {name: st.none() | drawn for slot in form.slots.values() if slot.default is None
               for name, drawn in [(slot.attribute, fields[slot.attribute])]}  # fmt: skip
    return st.builds(form.type, **{**fields, **missing})


whens = st.dictionaries(ids, tests, max_size=2)
clauses = st.builds(Clause, texts, texts)
names = texts.filter(lambda text: "/" not in text and "\\" not in text)
places = st.builds(Position, names, st.integers(1, 999), st.integers(1, 99))
sources = st.builds(Source, texts, clauses, st.sampled_from(["text", "open_norm", "our_reading", "planned"]), places)


@st.composite
def rules(draw: st.DrawFn) -> Rule[Any]:
    kind = draw(
        st.sampled_from([name for name in FORMS if name not in {"step", "days"}])
    )  # no lifecycle or calendar is made of any words
    drawn = st.builds(Row, filled(FORMS[kind]), whens)
    return Rule(
        kind=kind,
        id=draw(ids),
        label=draw(texts),
        clause=draw(clauses),
        rows=tuple(draw(st.lists(drawn, min_size=1, max_size=2))),
        layer=draw(texts),
        covers=tuple(draw(st.lists(texts, max_size=2))),
        of=draw(texts),
        by=draw(texts),
        when=draw(whens),
        norm=draw(st.sampled_from(["text", "open_norm"])),
        open_fields=tuple(draw(st.lists(ids, max_size=2))),
        floor=draw(st.booleans()),
        because=draw(texts),
        sources=draw(st.dictionaries(ids, sources, max_size=2)),
        position=draw(places),
    )


@given(st.lists(rules(), max_size=4, unique_by=lambda rule: rule.id))
def test_whatever_is_stored_comes_back_equal(drawn: list[Rule[Any]]) -> None:
    first = Book.of("any@1", drawn, KINDS, CALENDAR, roles={"a": "甲"}, labels={"b": "乙"})
    again = revive(resolved(first), KINDS, CALENDAR)
    assert again.rules == first.rules
    assert (again.pack, again.roles, again.labels) == (first.pack, first.roles, first.labels)
    assert again.hash == digest(first)
    assert resolved(again) == resolved(first)


def test_an_edition_comes_back_with_its_layers_its_positions_and_its_hash() -> None:
    first = book(BASE, CITY)
    again = revive(resolved(first), KINDS, CALENDAR)
    assert (again.hash, again.layers, again.rules) == (first.hash, first.layers, first.rules)
    assert str(again.by_id["opinion"].sources["within"].position) == "2.yaml:10:3"
    assert len(first.hash) == 64
    assert set(first.hash) <= set(string.hexdigits.lower())


def shuffled(node: Node, random: Random, *, ordered: bool = False, depth: int = 0) -> str:
    """Write a node as YAML in braces with its keys in another order, but for heads and tables whose order counts."""
    match node:
        case Scalar(text, quoted=quoted):
            return json.dumps(text, ensure_ascii=False) if quoted else text
        case Items(items):
            return "[" + ", ".join(shuffled(item, random, depth=depth + 1) for item in items) + "]"
        case Pairs(pairs):
            first, rest = ([*pairs[:1]], [*pairs[1:]]) if depth == 2 else ([], [*pairs])  # a block begins with its head
            if not ordered:
                random.shuffle(rest)
            return "{" + ", ".join(written(key, value, random, depth) for key, value in [*first, *rest]) + "}"


def written(key: Scalar, value: Node, random: Random, depth: int) -> str:
    return f"{key.text}: {shuffled(value, random, ordered=key.text in {'fields', 'scale'}, depth=depth + 1)}"


@settings(max_examples=10)
@given(st.integers())
def test_the_order_of_keys_does_not_change_the_hash(seed: int) -> None:
    node, _, _ = compose("2.yaml", CITY)
    assert node is not None
    assert book(BASE, shuffled(node, Random(seed))).hash == book(BASE, CITY).hash


def test_the_order_of_keys_in_any_rule_does_not_change_the_hash() -> None:
    node, _, _ = compose("1.yaml", BASE)
    assert node is not None
    assert {book(shuffled(node, Random(seed)), CITY).hash for seed in range(3)} == {book(BASE, CITY).hash}


def changes() -> Iterator[tuple[str, str]]:
    yield "within: 3 months", "within: 4 months"
    yield "label: 评价", "label: 评议"
    yield "clause: 第五条", "clause: 第六条"
    yield "某省办理办法", "某市办理办法"
    yield "{acknowledged: [some, all]}", "{acknowledged: all}"
    yield "open_norm: [from, within]", "our_reading: [from, within]"
    yield "[针对性, 真实性]", "[真实性, 针对性]"
    yield "{dissatisfied: 不满意, basically: 基本满意,", "{basically: 基本满意, dissatisfied: 不满意,"
    yield "交办机构,", "交办单位,"
    yield "registered: 已登记", "registered: 登记了"
    yield "default: false", "default: true"
    yield "from: 2020-01-01", "from: 2020-01-02"
    yield "note?: text", "note: text"
    yield "- light: soon", "- light: near"
    yield "silence: refused", "silence: granted"
    yield "{at_least: 2}", "{at_least: 3}"


@pytest.mark.parametrize(("old", "new"), [*changes()])
def test_another_value_gives_another_hash(old: str, new: str) -> None:
    assert BASE.count(old)
    assert book(BASE.replace(old, new, 1)).hash != book(BASE).hash


def test_places_in_files_comments_and_quotes_do_not_change_the_hash() -> None:
    other = (
        BASE.replace("rules:\n", "# 注\n\nrules:\n")
        .replace("label: 评价", "label: '评价'")
        .replace("- act:", "\n- act:")
    )
    assert book(other).hash == book(BASE).hash


def test_another_version_of_a_kind_gives_another_hash_and_revives_no_old_rules() -> None:
    newer = {**KINDS, "term": attrs.evolve(KINDS["term"], version=KINDS["term"].version + 1)}
    assert book(BASE, kinds=newer).hash != book(BASE).hash
    with pytest.raises(Unavailable) as caught:
        revive(resolved(book(BASE)), newer, CALENDAR)
    assert caught.value.code == "kind_versions"
    without = {name: kind for name, kind in KINDS.items() if name != "light"}
    with pytest.raises(Unavailable):
        revive(resolved(book(BASE)), without, CALENDAR)


def test_the_folders_of_one_machine_are_not_stored() -> None:
    library = Library.parse([("/home/甲/rules/1.yaml", BASE)], KINDS)
    first = library.resolve("land@2020", KINDS, CALENDAR)
    assert resolved(first) == resolved(book(BASE))
    assert str(revive(resolved(first), KINDS, CALENDAR).rules[0].position) == "1.yaml:8:3"


@pytest.mark.parametrize(
    "text",
    [
        '{"form": 1, "kinds": {}}',
        '{"form": 1, "kinds": {}, "pack": 1, "layers": [1]}',
        "",
        "[]",
        "{}",
        "null",
        "{",
        '{"form": 1}',
    ],
)
def test_what_is_no_stored_edition_is_unavailable(text: str) -> None:
    with pytest.raises(Unavailable):
        revive(text, KINDS, CALENDAR)
