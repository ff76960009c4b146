"""Routes: who is reached where, read from a file; and channels by the scheme of an address."""

from pathlib import Path

import pytest

from casework.delivery import Channels, Routes, read_routes
from casework.errors import CaseworkError, Malformed, Undeliverable, Unknown
from casework.ports import Notice
from casework_testing.notifier import SECRET, a_notice, a_told

MAIL = f"mailto://oa:{SECRET}@smtp.example.cn/?to={{address}}"


def test_without_a_mapping_everybody_is_reached_at_the_url() -> None:
    assert Routes("file:///var/notices")(a_told(to="谁")) == ("file:///var/notices",)


def test_what_the_mapping_gives_is_filled_in_and_a_url_stands_for_itself() -> None:
    routes = Routes(MAIL, {"市某局": ("a&b@example.cn", "wecombot://KEY"), "supervisor": ()})
    filled = MAIL.replace("{address}", "a%26b%40example.cn")
    assert routes(a_told(to="市某局")) == [filled, "wecombot://KEY"]
    assert routes(a_told(to="supervisor")) == routes(a_told(to="市又一局")) == []


def test_a_route_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "route.yaml"
    file.write_text("# 谁在哪里\n市某局: a@example.cn\nsupervisor: [b@example.cn, 'wecombot://KEY']\n", "utf-8")
    routes = read_routes(file, "x://{address}")
    assert routes(a_told(to="市某局")) == ["x://a%40example.cn"]
    assert routes(a_told(to="supervisor")) == ["x://b%40example.cn", "wecombot://KEY"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("市某局:\n  mail: s3cret-canary-7f3a\n", "2:3"),
        ("市某局: [[s3cret-canary-7f3a]]\n", "1:7"),
        ("市某局: a\n市某局: s3cret-canary-7f3a\n", "2:1"),
        ("- s3cret-canary-7f3a\n", "1:1"),
        ("市某局：s3cret-canary-7f3a\n", "1:1"),
        ("市某局: *s3cret-canary-7f3a\n", "1:6"),
        ("市某局: ''\n", "1:6"),
        ("", "1:1"),
    ],
)
def test_what_is_wrong_with_a_route_is_told_by_its_place_and_not_by_what_stands_there(
    tmp_path: Path, text: str, place: str
) -> None:
    file = tmp_path / "route.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(Malformed) as caught:
        read_routes(file, "x://{address}")
    assert f"{file}:{place}:" in caught.value.say()
    assert SECRET not in f"{caught.value!r} {caught.value.say()} {caught.value.given}"


def test_a_route_that_is_not_there_or_does_not_fit_is_told() -> None:
    with pytest.raises(Unknown):
        read_routes(Path("nowhere.yaml"), MAIL)
    for url, receivers in ((MAIL, None), (f"file:///{SECRET}", {"市某局": ("a@example.cn",)})):
        with pytest.raises(CaseworkError) as caught:
            Routes(url, receivers)
        assert SECRET not in caught.value.say("en")


def test_a_route_does_not_show_what_it_holds() -> None:
    assert SECRET not in repr(Routes(MAIL, {"市某局": (f"x://{SECRET}",)}))


class _Told:
    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, notice: Notice, address: str) -> None:
        self.sent.append(f"{notice.number} {address}")


def test_a_channel_is_found_by_the_scheme_and_made_once() -> None:
    made: list[_Told] = []

    def make() -> _Told:
        made.append(_Told())
        return made[-1]

    channels = Channels({"a": make, "*": make})
    for address in ("a://1", "A://2", "b+c://3", "b://4"):
        channels.send(a_notice(), address)
    assert [one.sent for one in made] == [["056 a://1", "056 A://2"], ["056 b+c://3", "056 b://4"]]


def test_a_channel_that_cannot_be_made_fails_alone() -> None:
    told = _Told()

    def broken() -> _Told:
        raise ImportError("no library")

    channels = Channels({"a": broken, "b": lambda: told})
    with pytest.raises(ImportError):
        channels.send(a_notice(), "a://")
    channels.send(a_notice(), "b://")
    assert told.sent == ["056 b://"]


@pytest.mark.parametrize("address", [f"c://{SECRET}", f"oa:{SECRET}@example.cn", f"{SECRET}/://x", "", "://x"])
def test_an_address_without_a_channel_is_undeliverable_and_not_shown(address: str) -> None:
    with pytest.raises(Undeliverable) as caught:
        Channels({"a": _Told}).send(a_notice(), address)
    assert SECRET not in f"{caught.value!r} {caught.value.say()} {caught.value.given}"
