"""The lists of the reference are what the code says, and nothing is missing from them."""

import inspect
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

import casework
from casework import errors, hookspecs, ports
from casework.commands import BODIES
from casework.events import NAMES
from casework.messages import CATALOGUE
from casework.packs.forms import form_of
from casework.rules.kinds import KINDS
from casework.rules.kinds.permission import RELATIONS
from casework.rules.subjects import QUANTIFIERS
from casework_testing.laws import LAWS
from casework_testing.provisions import Provisions
from docs.listings import LISTS, PAGES, fill, regions
from docs.listings import packs as shown
from docs.listings.commands import names
from docs.listings.program import COMMANDS
from docs.listings.provisions import DOCUMENTS, SHARED
from docs.listings.provisions import shown as covering
from docs.listings.testing import MODULES
from docs.listings.words import facts
from tests.docs.accept import call

PLUGINS = PAGES.parent / "plugins"
LISTED = tuple(page for page in sorted(PAGES.rglob("*.md")) if regions(page.read_text(encoding="utf-8")))


def _page(name: str) -> str:
    return (PAGES / "reference" / f"{name}.md").read_text(encoding="utf-8")


def _helped(text: str) -> list[str]:
    """Name the commands that a help lists."""
    return re.findall(r"^│ ([a-z]+) {2}", text, re.MULTILINE)


def _missing(words: Iterable[str], page: str, mark: str = "`{}`") -> list[str]:
    text = _page(page)
    return [word for word in words if mark.format(word) not in text]


@pytest.mark.parametrize("page", LISTED, ids=lambda page: page.stem)
def test_a_list_is_what_the_code_says(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert fill(text) == text, f"{page.name} is old: run `python -m docs.listings`"


def test_every_list_is_on_a_page() -> None:
    assert sorted(LISTS) == sorted(name for page in LISTED for name in regions(page.read_text(encoding="utf-8")))


def test_a_list_without_an_end_is_an_error() -> None:
    with pytest.raises(ValueError, match="has no"):
        fill("<!-- list: codes -->\n")


def test_every_command_is_listed_with_its_fields() -> None:
    assert not _missing(names(), "commands", "### `{}`")
    for name, body in BODIES.items():
        part = _page("commands").partition(f"### `{name}`\n")[2].partition("\n### ")[0]
        assert all(f"| `{field}` |" in part for field in inspect.signature(body).parameters), name
    for rule in shown.book().of_kind("act"):
        part = _page("commands").partition(f"### `{rule.id}` ")[2].partition("\n### ")[0]
        assert all(f"| `{field}` |" in part for field in rule.form.fields), rule.id


def test_every_kind_is_listed_with_its_fields() -> None:
    for name, kind in KINDS.items():
        part = _page("kinds").partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        assert part, name
        assert all(f"| `{field}` |" in part for field in form_of(kind.form).slots), name


def test_every_word_is_listed() -> None:
    assert not _missing((fact.name for fact in facts()), "words")
    assert not _missing((*QUANTIFIERS, *RELATIONS, *shown.book().roles), "words")
    assert not _missing((state for states in shown.book().states.values() for state in states - {"nowhere"}), "words")


def test_every_rule_is_listed() -> None:
    assert not _missing((rule.id for rule in shown.book().rules), "rules")


def test_every_event_hook_port_and_error_is_listed() -> None:
    assert not _missing(NAMES.values(), "events", "## `{}`")
    assert not _missing((name for name in hookspecs.__all__ if name.startswith("casework_")), "hooks", "## {}")
    assert not _missing((name for name in ports.__all__ if name != "FIRST"), "ports", "## {}")
    assert not _missing(errors.__all__[:1], "errors")
    assert not _missing(CATALOGUE["zh"], "errors")
    assert CATALOGUE["zh"].keys() == CATALOGUE["en"].keys()


def test_every_law_and_command_line_is_listed() -> None:
    assert not _missing(LAWS, "testing")
    assert not _missing(COMMANDS, "cli", "## casework {}")
    inner = [f"{shelf} {name}" for shelf in ("rules", "calendar") for name in _helped(call(f"{shelf} --help"))]
    helped = [*_helped(call("--help")), *inner]
    assert sorted(COMMANDS) == sorted(name for name in helped if name != "rules")
    assert not _missing((name for module in MODULES for name in module.__all__), "testing")


def test_every_public_name_is_listed() -> None:
    bodies = {kind.__name__ for kind in BODIES.values()} | {"Ask", "Answer", "Do"}
    assert not _missing((name for name in casework.__all__ if name not in bodies), "api", "## {}")
    assert not _missing(bodies & set(casework.__all__), "commands", "`{}`")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.pack)
def test_every_row_of_a_document_has_a_rule_and_a_scenario(document: Provisions) -> None:
    page = _page("provisions")
    assert not [row for row in document.ids if row not in document.covered or f"| {row} |" not in page]
    assert not [row for row in document.ids if not covering(row, document.scenarios)]


def test_what_holds_for_all_has_a_rule_and_a_scenario() -> None:
    covered = frozenset(one for document in DOCUMENTS for one in document.covered)
    every = tuple(scenario for document in DOCUMENTS for scenario in document.scenarios)
    assert not [row for row in SHARED if row not in covered or not covering(row, every)]


def test_every_pack_of_a_document_is_on_the_page() -> None:
    cities = {pack.name.removeprefix("casework-") for pack in PLUGINS.glob("*") if (pack / "scenarios").is_dir()}
    assert cities == {document.pack.partition("@")[0] for document in DOCUMENTS}
