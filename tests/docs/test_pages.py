"""What the pages show is so: every block runs in order, in a folder of its own."""

import re
from pathlib import Path
from typing import Final

import pytest

from tests.docs.accept import accepted, call
from tests.docs.pages import PAGES, ROOT, blocks, play

SHOWN: Final = [page for page in PAGES if any(True for _ in blocks(page))]
READMES: Final = [one / "README.md" for one in sorted((ROOT / "plugins").glob("casework-*"))]
LINK: Final = re.compile(r"\]\(([^)#\s]+)(#[^)\s]+)?\)")
HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)
FOREIGN: Final = ("http://", "https://", "mailto:")


@pytest.mark.parametrize("page", SHOWN, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path / "src")  # where a page's own distribution would be installed
    play(page, tmp_path, call)


def test_the_runner_bites(tmp_path: Path) -> None:
    def given(text: str) -> Path:
        page = tmp_path / "page.md"
        page.write_text(text, encoding="utf-8")
        return page

    assert play(given("```python\nx = 1\n```\n\n```pycon\n>>> x + 1\n2\n```\n"), tmp_path, str) == 2
    with pytest.raises(AssertionError, match="Expected"):
        play(given("```pycon\n>>> 1 + 1\n3\n```\n"), tmp_path, str)
    with pytest.raises(ZeroDivisionError):
        play(given("```python\n1 / 0\n```\n"), tmp_path, str)
    with pytest.raises(AssertionError, match="expected"):
        play(given("```console\n$ casework ledger\none\n```\n"), tmp_path, lambda _: "two\n")


def test_what_examples_print_is_written_into_their_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```pycon\n>>> print('a\\nb')\nold\n>>> 1\n1\n```\nend\n", encoding="utf-8")
    assert accepted(page, tmp_path) == "```pycon\n>>> print('a\\nb')\na\nb\n>>> 1\n1\n```\nend\n"


def test_the_readme_keeps_its_promises() -> None:
    page = ROOT / "README.md"
    python = [block.text for block in blocks(page) if block.language == "python"]
    (pack,) = (block.text for block in blocks(page) if block.language == "yaml")
    (refusal,) = (block.text for block in blocks(page) if block.language == "text")
    assert len([line for line in python[1].splitlines() if line and not line.startswith("from ")]) == 12
    assert len(pack.splitlines()) <= 22
    assert refusal in (ROOT / "docs" / "tutorial" / "first-case.md").read_text(encoding="utf-8")
    text = page.read_text(encoding="utf-8")
    assert [
        one.name for one in sorted((ROOT / "plugins").glob("casework-*")) if f"](plugins/{one.name})" not in text
    ] == []
    prepare = "python3 -m venv .uv && .uv/bin/pip install -q uv && .uv/bin/uv run"
    commands = [block.text.strip() for block in blocks(page) if block.language == "console"]
    assert commands == [f"{prepare} casework demo", f"{prepare} pytest"]


@pytest.mark.parametrize("page", [*PAGES, *READMES], ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    outside = "".join(part for place, part in enumerate(text.split("```")) if place % 2 == 0)
    for target, anchor in LINK.findall(outside):
        if target.startswith(FOREIGN):
            continue
        found = (page.parent / target).resolve()
        assert found.exists(), f"{page.name} links to {target}, which does not exist"
        if anchor:
            assert anchor.removeprefix("#") in _anchors(found), f"{page.name} links to {target}{anchor}"


def _anchors(page: Path) -> set[str]:
    """Give the anchors of a page's headings, as they are made of their words."""
    headings = HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
