"""The schema for editors takes what the loader takes, and underlines what it can know to be wrong."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

import pytest

from casework.packs import schema
from casework.packs.nodes import Items, Node, Scalar, compose
from casework.packs.reading import plain
from casework.rules.kinds import KINDS
from tests.packs.good import BASE, CITY

SCHEMA: Final = schema(KINDS)
TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
KNOWN: Final = frozenset(
    {
        *("$schema", "title", "description", "examples", "type", "enum", "const", "pattern", "anyOf", "oneOf"),
        *("properties", "required", "additionalProperties", "minProperties", "items", "minItems"),
    }
)


def data(node: Node | None) -> object:
    """Give what an editor sees of a file."""
    assert node is not None
    if isinstance(node, Scalar):
        return plain(node)
    if isinstance(node, Items):
        return [data(item) for item in node.items]
    return {key.text: data(value) for key, value in node.pairs}


def of_type(value: object, name: str) -> bool:
    return isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def fits(value: object, held: Mapping[str, Any]) -> bool:  # noqa: PLR0911 - one line for each keyword
    """Judge a value by the part of JSON Schema that is used here."""
    assert held.keys() <= KNOWN, held.keys() - KNOWN
    types = held.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(of_type(value, name) for name in types):
        return False
    if "enum" in held and value not in held["enum"]:
        return False
    if "const" in held and value != held["const"]:
        return False
    if "pattern" in held and isinstance(value, str) and not re.search(held["pattern"], value):
        return False
    if "anyOf" in held and not any(fits(value, one) for one in held["anyOf"]):
        return False
    if "oneOf" in held and sum(fits(value, one) for one in held["oneOf"]) != 1:
        return False
    return fits_parts(value, held)


def fits_parts(value: object, held: Mapping[str, Any]) -> bool:
    if isinstance(value, list):
        return len(value) >= held.get("minItems", 0) and all(fits(item, held.get("items", {})) for item in value)
    if not isinstance(value, dict):
        return True
    if len(value) < held.get("minProperties", 0) or any(name not in value for name in held.get("required", ())):
        return False
    others = held.get("additionalProperties", {})
    for name, each in value.items():
        known = held.get("properties", {}).get(name, others)
        if known is False or not fits(each, known or {}):
            return False
    return True


def seen(text: str) -> object:
    return data(compose("a.yaml", text)[0])


def test_it_is_json_of_the_draft_that_it_names() -> None:
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("text", [BASE, CITY])
def test_it_takes_a_good_pack(text: str) -> None:
    assert fits(seen(text), SCHEMA)


def test_every_kind_and_field_is_offered_with_its_description() -> None:
    blocks = {block["title"]: block for block in SCHEMA["properties"]["rules"]["items"]["oneOf"]}
    assert blocks.keys() == {*KINDS, "change", "remove"}
    assert all(block["description"] for block in blocks.values())
    assert {"until", "from", "within", "clause", "when", "choose"} <= blocks["term"]["properties"].keys()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("within: 3 months", "witin: 3 months"),
        ("within: 3 months", "within: 3 moths"),
        ("  clause: 第四条\n  floor: true\n", "  floor: true\n"),
        ("due: 09-30", "due: 13-30"),
        ("floor: true", "floor: 1"),
        ("silence: refused", "silence: refusd"),
        ("meaning: planned", "meaning: planed"),
        ("limit: 2", "limit: two"),
        ("- light: late", "- lite: late"),
        ("note?: text", "note?: txt"),
        ("pack: land@2020", "pack: Land"),
        ("remind: [1 day before]", "remind: [1 day befor]"),
        ("{at_least: 2}", "{at_last: 2}"),
        ("in_force: {from: 2020-01-01}", "in_force: {from: 2020}"),
        ("document: 某省办理办法", "dokument: 某省办理办法"),
    ],
)
def test_it_underlines_what_is_wrong(old: str, new: str) -> None:
    assert BASE.count(old)
    assert not fits(seen(BASE.replace(old, new)), SCHEMA)
