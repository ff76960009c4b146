"""The look before parsing finds slips where they are slips, and leaves the text of people alone."""

import pytest

from casework.packs.nodes import Pairs, Scalar, compose
from casework.packs.scan import scan

UNTOUCHED = [
    "label: 先协商，后答复：当面谈\n",
    "because: '甲：乙，丙'\n",
    'because: "甲:乙"\n',
    "because: [甲, '乙，丙', \"丁：戊\"]\n",
    "label: 甲  # 注：乙，丙\tx\n# key：value\n#\tx\n",
    "because: |\n  note：甲，乙\n  key:value\n\n  - [甲，乙]\nlabel: 甲\n",
    "because: >-\n  key：甲\n",
    "source: https://example.org/a:b\nat: 10:30\n",
    "covers:\n- https://example.org\n- 甲，乙\n",
    "when: {round: {at_least: 2}, x: 'a:b', at: 10:30}\n",
    "label: it's [甲，乙\n",
    "a: {b:}\n",
]


@pytest.mark.parametrize("text", UNTOUCHED)
def test_the_text_of_people_is_left_alone(text: str) -> None:
    found = scan("a.yaml", text)
    assert found.faults == ()
    assert found.text == text


@pytest.mark.parametrize(
    ("text", "mended", "found"),
    [
        ("label：甲\n", "label: 甲\n", ["1:6 full_width_colon"]),
        ("label：\n- 甲\n", "label:\n- 甲\n", ["1:6 full_width_colon"]),
        ("label： 甲\n", "label: 甲\n", ["1:6 full_width_colon"]),
        ("  - gate：x\n", "  - gate: x\n", ["1:9 full_width_colon"]),
        ("label:甲\n", "label: 甲\n", ["1:6 space_after_colon"]),
        ("a: [甲，乙， 丙]\n", "a: [甲, 乙, 丙]\n", ["1:6 full_width_comma", "1:8 full_width_comma"]),
        (
            "a: {b：1，c:2}\n",
            "a: {b: 1, c: 2}\n",
            ["1:6 full_width_colon", "1:8 full_width_comma", "1:10 space_after_colon"],
        ),
        ("a: [1,\n  2，3]\n", "a: [1,\n  2, 3]\n", ["2:4 full_width_comma"]),
        ("a: {b: [x，y], c：2}\n", "a: {b: [x, y], c: 2}\n", ["1:10 full_width_comma", "1:16 full_width_colon"]),
        ("a:\t1\n", "a: 1\n", ["1:3 tab"]),
        ("a:\n\tb: 1\n", "a:\n  b: 1\n", ["2:1 tab"]),
        ("- a: 1\n\tb: 2\n\t\tc: 3\n", "- a: 1\n  b: 2\n  c: 3\n", ["2:1 tab", "3:1 tab"]),
        ("- a: 1\n\t- b: 2\n", "- a: 1\n- b: 2\n", ["2:1 tab"]),
        ("a: 1\r\nb：2\r\n", "a: 1\nb: 2\n", ["2:2 full_width_colon"]),
    ],
)
def test_a_slip_is_found_and_mended(text: str, mended: str, found: list[str]) -> None:
    scanned = scan("a.yaml", text)
    assert [f"{fault.position.line}:{fault.position.column} {fault.code}" for fault in scanned.faults] == found
    assert scanned.text == mended


def test_what_stands_behind_a_mended_slip_keeps_its_own_column() -> None:
    node, _, _ = compose("a.yaml", "a: {b：1，c:2}\nd:\n\te：3\n")
    assert isinstance(node, Pairs)
    braces, below = node.pairs[0][1], node.pairs[1][1]
    assert isinstance(braces, Pairs)
    assert isinstance(below, Pairs)
    places = [(key.text, key.at.column, value.at.column) for key, value in (*braces.pairs, *below.pairs)]
    assert places == [("b", 5, 7), ("c", 9, 11), ("e", 2, 4)]


def test_scalars_stay_as_they_were_written() -> None:
    node, faults, lost = compose("a.yaml", "a: 001\nb: 2023-09-31\nc: '5'\nd: 0x1F\ne: ~\nf: |\n  甲\n  乙\n")
    assert isinstance(node, Pairs)
    assert (faults, lost) == ((), ())
    values = [(value.text, value.quoted) for _, value in node.pairs if isinstance(value, Scalar)]
    assert values == [
        ("001", False),
        ("2023-09-31", False),
        ("5", True),
        ("0x1F", False),
        ("~", False),
        ("甲\n乙\n", True),
    ]


@pytest.mark.parametrize(
    "text", ["", "\n\n", "# 注\n", "---\n", "&", "}", "]", "- ", "? ", ": ", "a: [\n- b: {\n", "\x00", "rules", "%"]
)
def test_nothing_makes_it_stumble(text: str) -> None:
    compose("a.yaml", text)


def test_a_text_that_would_grow_is_refused_before_it_does() -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 30))
    _, faults, _ = compose("a.yaml", "l0: &l0 [x, x]\n" + levels)
    assert {fault.code for fault in faults} == {"not_plain"}
