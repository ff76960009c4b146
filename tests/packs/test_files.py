"""Files are read from a folder or one by one, in the order of their names."""

from pathlib import Path

import pytest

from casework.errors import PackFaults, Unknown
from casework.packs import read_packs


def test_a_folder_gives_its_packs_in_order_and_leaves_scenarios_alone(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yaml", "c.scenario.yaml", "d.txt"):
        (tmp_path / name).write_text(f"pack: {name}\n", "utf-8")
    (tmp_path / "e.yaml").mkdir()
    assert [Path(file).name for file, _ in read_packs(tmp_path)] == ["a.yaml", "b.yaml"]
    assert read_packs(str(tmp_path / "b.yaml")) == ((str(tmp_path / "b.yaml"), "pack: b.yaml\n"),)


def test_the_mark_that_some_editors_put_first_is_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes("\ufeffpack: 甲\n".encode())
    assert read_packs(tmp_path)[0][1] == "pack: 甲\n"


def test_a_file_that_is_not_utf8_is_a_fault_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"pack: a@1\nlabel: " + "主办".encode("gbk") + b"\n")
    (tmp_path / "b.yaml").write_bytes(b"\xff")
    with pytest.raises(PackFaults) as caught:
        read_packs(tmp_path)
    places = [
        (Path(fault.position.file).name, fault.position.line, fault.position.column) for fault in caught.value.faults
    ]
    assert places == [("a.yaml", 2, 8), ("b.yaml", 1, 1)]
    assert {fault.code for fault in caught.value.faults} == {"not_utf8"}


@pytest.mark.parametrize("name", ["missing", "."])
def test_a_folder_without_packs_is_unknown(tmp_path: Path, name: str) -> None:
    with pytest.raises(Unknown) as caught:
        read_packs(tmp_path / name)
    assert caught.value.code == "no_packs"
