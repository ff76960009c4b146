"""A notice tells number, term, date and link, in two languages, and nothing else."""

from datetime import date

import attrs
import pytest

from casework.delivery import key_of, notice_of
from casework.errors import Malformed
from casework.ports import Message
from casework.records import Stream
from casework_testing.notifier import a_told

DOCKET = Message("k", Stream("某市", "docket", "某市2023年交办"), "市某局", "rung", "x", a_told().payload)


def told(**payload: object) -> Message:
    """Make a message that says something otherwise."""
    return attrs.evolve(a_told(), payload={**a_told().payload, **payload})  # type: ignore[dict-item]


def happened() -> Message:
    """Make a message of what happened, without a term."""
    payload = {"docket": "某市2023年交办", "kind": "proposal", "number": "056", "day": "2023-07-05"}
    return attrs.evolve(a_told(), about="sent_back", payload={**payload, "labels": {"sent_back": "已退回"}})


def test_what_is_due_is_told_with_its_day() -> None:
    notice = notice_of(a_told())
    assert notice.subject == "提案 056：会办意见 2023-04-10 期满"
    assert notice.text == f"件号：提案 056\n时限：会办意见\n期满：2023-04-10\n通知号：{notice.key}"
    assert (notice.about, notice.label, notice.day) == ("opinion", "会办意见", date(2023, 4, 10))
    assert notice_of(a_told(), language="en").subject == "proposal 056: opinion due on 2023-04-10"


def test_a_date_that_rests_on_an_unpublished_calendar_is_told_as_provisional() -> None:
    notice = notice_of(told(provisional=True))
    assert (notice.provisional, notice_of(a_told()).provisional) == (True, False)
    assert notice.subject == "提案 056：会办意见 2023-04-10（暂定） 期满"


def test_what_was_due_is_told_as_past() -> None:
    late = told(day="2023-04-17")
    assert notice_of(late).subject == "提案 056：会办意见 已于 2023-04-10 期满"
    assert notice_of(late, language="en").subject == "proposal 056: opinion was due on 2023-04-10"
    assert notice_of(late).day == date(2023, 4, 10)


def test_what_happened_is_told_with_its_day() -> None:
    notice = notice_of(happened())
    assert notice.subject == "提案 056：已退回（2023-07-05）"
    assert notice.text.splitlines()[1:3] == ["事项：已退回", "日期：2023-07-05"]
    assert notice_of(happened(), language="en").subject == "proposal 056: sent back (2023-07-05)"


def test_a_docket_is_told_by_its_name() -> None:
    assert notice_of(DOCKET).subject == "某市2023年交办：会办意见 2023-04-10 期满"
    assert (notice_of(DOCKET).kind, notice_of(DOCKET).number) == ("", "")


def test_a_kind_of_a_packs_own_is_told_by_its_label() -> None:
    own = told(kind="petition", labels={"petition": "群众来信", "opinion": "会办意见"})
    assert notice_of(own).subject.startswith("群众来信 056：")
    assert notice_of(own, language="en").subject.startswith("petition 056:")


def test_a_message_of_an_older_release_is_told_by_its_ids() -> None:
    old = attrs.evolve(a_told(), payload={"number": "056", "kind": "proposal", "term": "opinion", "due": "2023-04-10"})
    assert notice_of(old).subject == "提案 056：opinion 2023-04-10 期满"


def test_the_link_is_filled_and_what_fills_it_cannot_break_out() -> None:
    odd = told(docket="a/b?c&d=#e 甲", number="056")
    link = notice_of(odd, "https://oa.example.cn/{docket}/{kind}/{number}?case={case}").link
    assert link.startswith("https://oa.example.cn/a%2Fb%3Fc%26d%3D%23e%20%E7%94%B2/proposal/056?case=")
    assert f"查看：{link}" in notice_of(odd, "https://oa.example.cn/{docket}/{kind}/{number}?case={case}").text
    assert "查看" not in notice_of(odd).text


@pytest.mark.parametrize("link", ["https://x/{title}", "https://x/{}", "https://x/{number.__class__}", "{0}"])
def test_a_place_that_nothing_fills_is_refused(link: str) -> None:
    from casework.delivery.notices import check_link  # noqa: PLC0415 not for everybody

    with pytest.raises(Malformed, match="docket、kind、number、case"):
        check_link(link)


def test_no_line_break_gets_into_a_subject() -> None:
    notice = notice_of(told(number="056\r\nBcc: x@example.cn", labels={"opinion": "会办\n意见"}))
    assert notice.subject == "提案 056 Bcc: x@example.cn：会办 意见 2023-04-10 期满"
    assert len(notice.text.splitlines()) == 4


def test_the_key_is_stable_and_each_receivers_own() -> None:
    assert key_of(a_told()) == notice_of(a_told()).key == notice_of(a_told(), "x", "en").key
    others = (a_told(number="057"), a_told(to="市又一局"), a_told(due="2023-04-17"))
    assert len({key_of(one) for one in (a_told(), *others)}) == 4
    assert len(key_of(a_told())) == 32
    assert "某" not in key_of(a_told())
