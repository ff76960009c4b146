"""casework deliver and casework outbox, from a shell: what waits is sent, what fails is shown, and no password is."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casework.cli import main
from casework.records import CHINA
from casework_sqlalchemy import SQLStore
from casework_testing.notifier import SECRET, a_told
from casework_testing.storage import NOON, a_case, a_write, append

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Give the command line on a store with three messages, for two units and a role."""
    store = SQLStore.open(f"sqlite:///{tmp_path}/cases.db")
    store.create()
    for number, to in (("001", "市某局"), ("002", "市又一局"), ("003", "supervisor")):
        stream = a_case(number, tenant="default")
        told = a_told(number, to)
        append(store, a_write(stream, messages=(type(told)(told.key, stream, to, "rung", "x", told.payload),)),
               command=number)  # fmt: skip
    store.close()

    def given(*words: str) -> tuple[int, str, str]:
        code = main([*words, "--store", f"sqlite:///{tmp_path}/cases.db"])
        out, err = capsys.readouterr()
        assert SECRET not in out + err
        return code, out, err

    return given


def listed(run: Run) -> list[dict[str, Any]]:
    """Give what the outbox shows."""
    found: list[dict[str, Any]] = json.loads(run("outbox", "--json")[1])
    return found


def test_what_waits_is_listed_and_sent_into_a_folder(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("outbox")
    assert code == 0
    assert out.splitlines()[2].split()[:7] == ["提案", "001", "会办意见", "2023-04-10", "市某局", "待送", "0"]
    folder = tmp_path / "待发"
    code, out, _ = run("deliver", "--to", folder.as_uri(), "--link", "https://oa.example.cn/{number}", "--limit", "2")
    assert (code, out.strip()) == (0, "已送 2 件；未送到、将再试 0 件；停送 0 件")
    assert json.loads(run("deliver", "--to", folder.as_uri(), "--json")[1]) == {
        "sent": 1,
        "failed": 0,
        "parked": 0,
        "lost": 0,
        "unknown": [],
    }
    files = [json.loads(file.read_text("utf-8")) for file in folder.iterdir()]
    assert sorted(file["number"] for file in files) == ["001", "002", "003"]
    assert sorted(file["link"] for file in files)[1:] == ["https://oa.example.cn/001", "https://oa.example.cn/002"]
    assert run("outbox") == (0, "没有等待发送的通知，也没有停送的\n", "")
    assert listed(run) == []


def test_who_is_not_known_is_shown_and_told_when_the_route_is_mended(run: Run, tmp_path: Path) -> None:
    route = tmp_path / "route.yaml"
    route.write_text(f"市某局: '{(tmp_path / 'a').as_uri()}'\nsupervisor: b\n", "utf-8")
    to = f"file://{tmp_path}/{{address}}"
    code, out, _ = run("deliver", "--to", to, "--route", str(route))
    assert code == 1
    assert "已送 2 件" in out
    assert "没有地址的接收人：市又一局" in out
    (parked,) = listed(run)
    assert (parked["to"], parked["state"], parked["why"]) == ("市又一局", "parked", "receiver_unknown")
    assert "没有此接收人的地址" in run("outbox")[1]
    assert "there is no address of this receiver" in run("outbox", "--lang", "en")[1]
    route.write_text("市又一局: c\n", "utf-8")
    assert "1 件重新等待发送" in run("outbox", "--again")[1]
    assert run("deliver", "--to", to, "--route", str(route))[0] == 0
    assert [len(list((tmp_path / name).iterdir())) for name in "abc"] == [1, 1, 1]


def test_what_fails_is_shown_with_its_next_try(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    route = tmp_path / "route.yaml"
    route.write_text("".join(f"{to}: file\n" for to in ("市某局", "supervisor", "市又一局")), "utf-8")
    words = ("deliver", "--to", f"file://{tmp_path}/{{address}}", "--route", str(route))
    code, out, _ = run(*words)
    assert (code, "将再试 3 件" in out) == (1, True)
    shown = listed(run)
    assert {(one["state"], one["tries"], one["why"]) for one in shown} == {("waiting", 1, "FileExistsError")}
    assert all(one["next"] > NOON.astimezone(CHINA).isoformat() for one in shown)
    assert run(*words)[1].startswith("已送 0 件；未送到、将再试 0 件")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--to", f"nowhere://oa:{SECRET}@x"), "address_unusable"),
        (("--to", "file:///no-such-folder/within"), "address_unusable"),
        (("--to", f"oa:{SECRET}@smtp.example.cn"), "地址无法使用"),
        (("--to", f"mailto://oa:{SECRET}@smtp.example.cn/?to={{address}}"), "--route"),
        (("--to", f"mailto://oa:{SECRET}@smtp.example.cn", "--route", "nowhere.yaml"), "nowhere.yaml"),
        (("--to", f"json://{SECRET}", "--link", "https://x/{title}"), "title"),
        (("--to", f"json://{SECRET}", "--limit", "0"), "limit"),
        ((), "--to"),
    ],
)
def test_what_cannot_be_done_is_told_without_the_address(run: Run, words: tuple[str, ...], says: str) -> None:
    code, out, err = run("deliver", *words)
    assert (code, out) == (2, "")
    assert says in err
    assert {one["state"] for one in listed(run)} == {"waiting"}


def test_an_address_may_come_from_the_environment(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWORK_DELIVER_TO", (tmp_path / "out").as_uri())
    assert run("deliver")[0] == 0
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_a_mail_server_that_is_not_there_is_tried_again_and_its_password_shown_nowhere(
    run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(1)
    to = f"mailto://oa:{SECRET}@127.0.0.1:9/?from=oa%40example.cn&to={{address}}"
    route = tmp_path / "route.yaml"
    route.write_text(
        "市某局: a@example.cn\n市又一局: [b@example.cn, c@example.cn]\nsupervisor: d@example.cn\n", "utf-8"
    )
    code, out, _ = run("deliver", "--to", to, "--route", str(route))
    assert (code, "将再试 3 件" in out) == (1, True)
    assert {one["why"] for one in listed(run)} == {"not_taken"}
    assert SECRET not in caplog.text
    assert SECRET.encode() not in b"".join(file.read_bytes() for file in tmp_path.glob("cases.db*"))
