"""Tables as offices send them are read right, or every fault is told with its place; nothing is guessed."""

from typing import Final

import pytest

from casework.errors import Fault, Malformed
from casework.records import Actor
from casework.tables import orders, read_table
from casework.tables.headings import HEADINGS

UNITS: Final = ("区财政局", "区教育体育局", "区水务局", "区民政局")
HEADING: Final = "编号,案由,提案人,附议人,主办单位,协办单位,类别\n"
OFFICE: Final = Actor("office", "区政府办公室", frozenset({"assigning_office"}))


def _faults(rows: str, heading: str = HEADING, kind: str = "") -> tuple[Fault, ...]:
    table = read_table("table.csv", (heading + rows).encode(), units=UNITS, kind=kind)
    assert not table.faults or not any(
        fault.position.line == row.at.line for row in table.rows for fault in table.faults
    )
    return table.faults


def _told(rows: str, heading: str = HEADING) -> list[tuple[str, int, int]]:
    return [(fault.code, fault.position.line, fault.position.column) for fault in _faults(rows, heading)]


def test_a_good_table_gives_its_rows() -> None:
    table = read_table(
        "a.csv", f"{HEADING}001,甲,委员1,委员2、委员3,区财政局,区水务局，区民政局,提案\n".encode(), units=UNITS
    )
    assert table.faults == ()
    (row,) = table.rows
    assert (row.kind, row.number, row.title) == ("proposal", "001", "甲")
    assert row.proposers == ("委员1", "委员2", "委员3")
    assert (row.lead, row.co, row.units) == ("区财政局", ("区水务局", "区民政局"), ("区财政局", "区水务局", "区民政局"))
    assert (row.at.file, row.at.line, row.at.column) == ("a.csv", 2, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_encoding_that_spreadsheets_write_is_read(encoding: str, line_end: str) -> None:
    text = f"{HEADING}001,甲,委员1,,区财政局,,提案\n".replace("\n", line_end)
    table = read_table("a.csv", text.encode(encoding), units=UNITS)
    assert (table.faults, [row.title for row in table.rows]) == ((), ["甲"])


@pytest.mark.parametrize("mark", ["、", "，", "；", ";", "\n"])
def test_every_mark_between_units_is_understood(mark: str) -> None:
    text = f'{HEADING}001,甲,委员1,,区财政局,"区水务局{mark}区民政局",提案\n'
    assert read_table("a.csv", text.encode(), units=UNITS).rows[0].co == ("区水务局", "区民政局")


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_tabs_and_semicolons_between_cells_are_understood(delimiter: str) -> None:
    text = f"{HEADING}001,甲,委员1,,区财政局,区水务局、区民政局,提案\n".replace(",", delimiter)
    assert read_table("a.csv", text.encode(), units=UNITS).rows[0].co == ("区水务局", "区民政局")


def test_titles_above_totals_below_and_repeated_headings_are_no_rows() -> None:
    rows = f"{HEADING}001,甲,委员1,,区财政局,,\n{HEADING}002,乙,委员1,,区财政局,,\n"
    text = f"附件2 提案交办分配表,,,,,,\n,,,,,,\n{rows}合计,2,,,,,\n"
    table = read_table("a.csv", text.encode(), units=UNITS)
    assert table.faults == ()
    assert [(row.kind, row.number, row.at.line) for row in table.rows] == [
        ("proposal", "001", 4),
        ("proposal", "002", 6),
    ]


def test_the_kind_is_never_guessed_from_two_that_are_named_above() -> None:
    text = "建议和提案分配表,,\n编号,标题,领衔代表,主办单位\n1,甲,代表1,区财政局\n"
    assert [fault.code for fault in read_table("a.csv", text.encode()).faults] == ["table_kind_unclear"]
    assert read_table("a.csv", text.encode(), kind="建议").rows[0].kind == "suggestion"


@pytest.mark.parametrize("slot", ["title", "proposers", "lead", "co", "number"])
def test_every_name_of_a_column_is_understood(slot: str) -> None:
    for name in HEADINGS[slot]:
        names = {
            "number": "编号",
            "title": "标题",
            "proposers": "提出人",
            "lead": "主办单位",
            "co": "协办单位",
            slot: name,
        }
        text = ",".join(f" {one}（填写） " for one in names.values()) + "\n7,甲,代表1,区财政局,区水务局\n"
        row = read_table("a.csv", text.encode(), units=UNITS, kind="建议").rows[0]
        assert (row.number, row.title, row.proposers, row.lead, row.co) == (
            "7",
            "甲",
            ("代表1",),
            "区财政局",
            ("区水务局",),
        )


@pytest.mark.parametrize(
    ("given", "read"), [("０５６", "056"), ("第056号", "056"), (" 56 ", "56"), ("闭-3", ""), ("56.0", ""), ("a/b", "")]
)
def test_numbers_are_read_as_written_or_refused(given: str, read: str) -> None:
    table = read_table("a.csv", f"{HEADING}{given},甲,委员1,,区财政局,,提案\n".encode(), units=UNITS)
    assert [row.number for row in table.rows] == ([read] if read else [])
    assert [fault.code for fault in table.faults] == ([] if read else ["row_number"])


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (",甲,委员1,,区财政局,,提案", [("row_empty", 2, 1)]),
        ("1,,委员1,,区财政局,,提案", [("row_empty", 2, 3)]),
        ("1,甲,,,区财政局,,提案", [("row_empty", 2, 5)]),
        ("1,甲,,委员2,区财政局,,提案", [("row_empty", 2, 5)]),
        ("1,甲,委员1,委员1,区财政局,,提案", [("row_proposer_twice", 2, 9)]),
        ("1,甲,委员1,,,,提案", [("row_empty", 2, 10)]),
        ("1,甲,委员1,,区财政局、区水务局,,提案", [("row_two_leads", 2, 10)]),
        ("1,甲,委员1,,区财政局,区水务局、区财政局,提案", [("row_unit_twice", 2, 15)]),
        ("1,甲,委员1,,区财正局,,提案", [("row_unit_unknown", 2, 10)]),
        ("1,甲,委员1,,区财政局,区水务局 区民政局,提案", [("row_separator", 2, 15)]),
        ("1,甲,委员1,,区财政局,,质询", [("row_kind", 2, 16)]),
        ("1,甲,委员1,,区财政局,,提案,多出", [("row_too_long", 2, 19)]),
        ("同上,甲,委员1,,区财政局,,提案", [("row_as_above", 2, 1), ("row_empty", 2, 1)]),
        ('1,"甲\n乙",委员1,,区财正局,,提案', [("row_unit_unknown", 3, 9)]),
    ],
)
def test_every_bad_row_is_told_with_line_and_column(row: str, told: list[tuple[str, int, int]]) -> None:
    assert _told(f"{row}\n") == told


def test_a_number_twice_names_the_first_place_and_counts_per_kind() -> None:
    (fault,) = _faults("1,甲,委员1,,区财政局,,提案\n001,乙,委员1,,区财政局,,提案\n1,丙,委员1,,区财政局,,建议\n")
    assert (fault.code, fault.position.line, str(fault.given["other"])) == ("row_number_twice", 3, "table.csv:2:1")


def test_all_faults_of_a_row_and_of_a_table_are_told_at_once() -> None:
    told = _told("1,甲,,,区财正局,,质询\n,乙,委员1,委员1,区财政局,区财政局,提案\n")
    assert [code for code, *_ in told] == [
        *("row_empty", "row_unit_unknown", "row_kind"),
        *("row_empty", "row_proposer_twice", "row_unit_twice"),
    ]


def test_a_proposal_says_what_to_write() -> None:
    (unknown,) = _faults("1,甲,委员1,,区财正局,,提案\n")
    assert unknown.given["proposal"] == "区财政局"
    (between,) = _faults("1,甲,委员1,,区财政局,区水务局/区民政局与区教育体育局,提案\n", HEADING)[:1]
    assert "区教育体育局" in between.say()
    assert "区财政局" in _faults("1,甲,委员1,,区财政局,,提案\n2,乙,委员1,,同上,,提案\n")[0].say("en")


def test_other_ways_of_handling_are_read_and_mixed_ones_refused() -> None:
    heading = "编号,案由,提案人,主办单位,独办单位,分办单位,类别\n"
    rows = "1,甲,委员1,,区财政局,,提案\n2,乙,委员1,,,区财政局、区水务局,提案\n"
    table = read_table("a.csv", (heading + rows).encode(), units=UNITS)
    assert [(row.lead, row.sole, row.separate) for row in table.rows] == [
        ("", "区财政局", ()),
        ("", "", ("区财政局", "区水务局")),
    ]
    assert [
        code for code, *_ in _told("3,丙,委员1,区财政局,区水务局,,提案\n4,丁,委员1,,,区财政局,提案\n", heading)
    ] == [
        "row_two_ways",
        "row_separate_alone",
    ]


def test_sections_bodies_sessions_and_keys_are_read() -> None:
    text = (
        "编号,案由,提案单位,主办单位,届次,会议期间,重点,类别\n1,甲,某界别,区财政局/预算科,三届二次,闭会期间,是,提案\n"
    )
    (row,) = read_table("a.csv", text.encode(), units=UNITS).rows
    assert (row.bodies, row.lead, row.session, row.in_session, dict(row.facts)) == (
        ("某界别",), "区财政局/预算科", "三届二次", False, {"key": True},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "table_empty"),
        (b"\n\n,,\n", "table_empty"),
        ("甲,乙\n丙,丁\n".encode(), "table_no_heading"),
        (b"PK\x03\x04rest of a workbook", "table_is_spreadsheet"),
        (b"\xff\xff\x00\x81", "table_encoding"),
        ('编号,案由\n1,"甲\n2,乙\n'.encode(), "table_broken"),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(content: bytes, code: str) -> None:
    with pytest.raises(Malformed) as told:
        read_table("a.csv", content)
    assert told.value.code == code
    assert told.value.say("en") != told.value.say("zh")


@pytest.mark.parametrize(
    ("heading", "codes"),
    [
        ("编号,案由,提案人\n", ["table_column_missing"]),
        ("案由,提案人,主办单位\n", ["table_column_missing"]),
        ("编号,案由,提案人,主办单位,承办单位\n", ["table_column_twice"]),
        ("编号,案由,提案人,主办单位,类别\n", ["table_no_rows"]),
    ],
)
def test_a_heading_that_will_not_do_is_told(heading: str, codes: list[str]) -> None:
    table = read_table("a.csv", f"{heading}".encode(), kind="提案")
    assert [fault.code for fault in table.faults] == codes


def test_columns_that_are_left_out_are_named() -> None:
    text = "序号,编号,案由,提案人,主办单位,备注\n1,001,甲,委员1,区财政局,无\n"
    assert read_table("a.csv", text.encode(), kind="提案").ignored == ("序号", "备注")


def test_a_row_becomes_register_admit_and_assign() -> None:
    table = read_table("a.csv", f"{HEADING}001,甲,委员1,,区财政局,区水务局,提案\n".encode(), units=UNITS)
    ((row, some),) = orders(table, "某批次", OFFICE)
    assert [type(order.body).__name__ for order in some] == ["Register", "Do", "Assign"]
    assert {order.on for order in some} == {"某批次/proposal/001"}
    assert row.at.line == 2
