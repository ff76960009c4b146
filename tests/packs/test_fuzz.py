"""Whatever is typed into a pack, the loader answers with faults that stand in the file, and with nothing else."""

from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.packs.good import BASE, CITY, faults

LINES: Final = CITY.splitlines()
SNIPPETS: Final = st.sampled_from(
    [
        *("none", "true", "[]", "{}", "''", "each lead", "2023-02-30", "submitted", "001", "-1", "~", "甲"),
        *(
            "：",
            "，",
            "\t",
            "- ",
            "  ",
            ":",
            " #",
            "&a",
            "*a",
            "!t",
            "|",
            ">",
            "?",
            "@",
            '"',
            "'",
            "]",
            "}",
            "%",
            "---",
        ),
        *("choose:", "when: {a: b}", "{none: true}", "replaces: opinion", "change", "remove: told", "rules:", "<<: x"),
        *("\x00", "\u2028"),
    ]
)


@st.composite
def typed(draw: st.DrawFn) -> str:
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(lines) - 1))
        line, snippet = lines[place], draw(SNIPPETS | st.text(max_size=3))
        match draw(st.sampled_from(["type", "replace", "delete", "double", "indent", "value"])):
            case "type":
                at = draw(st.integers(0, len(line)))
                lines[place] = line[:at] + snippet + line[at:]
            case "replace":
                at = draw(st.integers(0, len(line)))
                lines[place] = line[:at] + snippet + line[at + 2 :]
            case "delete":
                lines[place] = ""
            case "double":
                lines.insert(place, line)
            case "indent":
                lines[place] = " " * draw(st.integers(1, 3)) + line
            case _:
                lines[place] = f"{line.partition(':')[0]}: {snippet}"
    return "\n".join(lines)


@settings(max_examples=30)
@given(typed())
def test_whatever_is_typed_is_answered_with_places_in_the_file(text: str) -> None:
    files = {name: held.replace("\r\n", "\n").replace("\r", "\n").split("\n") for name, held in
             (("1.yaml", BASE), ("2.yaml", text))}  # fmt: skip
    for fault in faults(BASE, text):
        at = fault.position
        lines = files[at.file]
        assert 1 <= at.line <= len(lines)
        assert 1 <= at.column <= len(lines[at.line - 1]) + 1
