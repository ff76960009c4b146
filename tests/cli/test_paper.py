"""The paper that commands write on: tables on a narrow screen and a wide one."""

from io import StringIO
from typing import Final

import pytest
from rich.cells import cell_len
from rich.console import Console

from casework.cli.paper import Paper
from casework.messages import Language

HEADINGS: Final = ("件", "标题", "主办单位", "灯", "期满", "剩余天数")
ROW: Final = (
    "提案 056",
    "关于支持己乡农村饮水管网改造和老旧小区加装电梯的提案",
    "区人力资源和社会保障局",
    "● 逾期",
    "2023-03-17",
    -80,
)


def _written(width: int, language: Language = "zh") -> str:
    file = StringIO()
    console = Console(file=file, width=width, highlight=False, markup=False)
    Paper(language, console, console).table(HEADINGS, [ROW], right=(5,), spare=(1, 2))
    return file.getvalue()


def test_a_wide_screen_shows_every_column_on_one_line() -> None:
    heading, _, row = _written(200).splitlines()
    assert heading.split() == list(HEADINGS)
    assert all(str(cell) in row for cell in ROW)


@pytest.mark.parametrize("width", [60, 80, 100])
def test_a_narrow_screen_breaks_no_date_figure_or_light(width: int) -> None:
    told = _written(width)
    assert max(map(cell_len, told.splitlines())) <= width
    assert all(cell in told for cell in ("提案 056", "● 逾期", "2023-03-17", "-80"))


def test_what_a_narrow_screen_has_no_room_for_is_named() -> None:
    assert "未列出" not in _written(80)  # folded, there is room for all
    assert _written(68).splitlines()[-1] == "屏幕较窄，未列出：标题"
    assert _written(50).splitlines()[-1] == "屏幕较窄，未列出：标题、主办单位"
    assert _written(50, "en").splitlines()[-1] == "the screen is too narrow for: 标题, 主办单位"
    assert "关于支持" not in _written(50)
