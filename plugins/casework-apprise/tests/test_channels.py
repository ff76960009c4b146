"""What arrives at the other end: a mail with a Chinese subject, a webhook, and robots that say no."""

import json
import logging
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import requests

import casework_apprise
from casework.errors import NotTaken, Undeliverable
from casework.plugins import load_plugins
from casework_apprise import AppriseNotifier
from casework_testing.notifier import SECRET, a_notice

if TYPE_CHECKING:
    from conftest import Office, Post


def test_a_mail_with_a_chinese_subject_is_read_back_from_the_server(post: "Post") -> None:
    notice = a_notice()
    AppriseNotifier().send(notice, post.address())
    (mail,) = post.mails
    assert mail["Subject"] == "提案 056：会办意见 2023-04-10 期满"
    assert mail["X-Casework-Notice"] == notice.key
    assert (mail["From"], mail["To"]) == ("oa@example.cn", "cz@example.cn")
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().split() == notice.text.split()
    assert "Apprise" not in mail.as_string()


def test_a_webhook_carries_the_notice_and_its_key(office: "Office") -> None:
    notice = a_notice()
    AppriseNotifier().send(notice, office.address())
    ((path, headers, body),) = office.calls
    assert path == f"/{SECRET}/notices"
    assert headers["X-Casework-Notice"] == notice.key
    assert (body["title"], body["message"]) == (notice.subject, notice.text)


ROBOTS = {
    f"wecombot://{SECRET}": ("qyapi.weixin.qq.com", {"errcode": 0, "errmsg": "ok"}, {"errcode": 93000}),
    "dingtalk://" + "a" * 64: ("oapi.dingtalk.com", {"errcode": 0}, {"errcode": 310000, "errmsg": "keywords not in"}),
    f"feishu://{SECRET}": ("open.feishu.cn", {"code": 0, "data": {}, "msg": "success"}, {"code": 9499}),
    "lark://01234567-89ab-cdef-0123-456789abcdef": ("open.larksuite.com", {"StatusCode": 0}, {"StatusCode": 19021}),
}


@pytest.fixture
def robot(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Stand in for the robots' servers: give what they are asked, and answer what is put behind it."""
    asked: list[Any] = []

    def post(url: str, **given: Any) -> requests.Response:  # noqa: ANN401 as the library takes it
        answer = asked.pop()
        asked.append((url, given))
        held = requests.Response()
        held.status_code = 200
        held._content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        return held

    monkeypatch.setattr(requests, "post", post)
    return asked


@pytest.mark.parametrize("url", ROBOTS)
def test_a_robot_is_told_and_a_no_with_status_200_is_a_no(robot: list[Any], url: str) -> None:
    host, yes, no = ROBOTS[url]
    notice = a_notice()
    robot.append(yes)
    AppriseNotifier().send(notice, url)
    ((asked, given),) = robot
    assert f"https://{host}/" in asked
    said = json.dumps(json.loads(given.get("data") or json.dumps(given.get("json"))), ensure_ascii=False)
    assert notice.subject in said
    assert notice.key in said
    for answer in (no, b"<html>", {}, []):
        robot[:] = [answer]
        with pytest.raises(NotTaken):
            AppriseNotifier().send(notice, url)


def test_others_who_use_the_same_libraries_still_log(office: "Office", caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "urllib3")
    caplog.set_level(logging.DEBUG, "apprise")
    AppriseNotifier().send(a_notice(), office.address())
    assert not caplog.records
    requests.post(f"http://127.0.0.1:{office.port}/host", json={}, timeout=5)
    assert any("/host" in record.getMessage() for record in caplog.records)


def test_the_plugin_brings_its_channels_and_loads_apprise_only_to_send() -> None:
    channels = load_plugins().channels()
    assert {"file", "mailto", "mailtos", "wecombot", "dingtalk", "feishu", "json", "*"} <= set(channels.openers)
    assert channels.scheme("telegram://x") == "*"
    with pytest.raises(Undeliverable):
        channels.send(a_notice(), f"unheard-of://{SECRET}")
    program = (
        "import sys; from casework.plugins import load_plugins; load_plugins(); assert 'apprise' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
    with pytest.raises(AttributeError, match="no attribute 'AppriseShop'"):
        casework_apprise.AppriseShop  # noqa: B018 asked for on purpose
