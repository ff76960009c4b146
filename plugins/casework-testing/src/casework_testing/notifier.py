"""The contract of a notifier: for who writes a channel of his own.

    class TestMyNotifier(NotifierContract):
        @pytest.fixture
        def notifier(self):
            return MyNotifier()

        @pytest.fixture
        def mailbox(self, tmp_path):
            return Mailbox("mine://…", read=…, deaf=("mine://nobody…",), hopeless=("mine://",))

Its tests ask that a notice arrives as it is and is known again by its key, that whoever cannot take it is told from
whoever never will, and that nothing of an address comes out anywhere.
"""

# ruff: noqa: D102, PLR2004 - a test's name is its sentence, and expected numbers are its point

import logging
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import attrs
import pytest

from casework.delivery import key_of, notice_of
from casework.errors import Undeliverable
from casework.ports import Checking, Message, Notice, Notifier
from casework.records import Stream, Value
from casework_testing.storage.racing import run

__all__ = ["SECRET", "Mailbox", "NotifierContract", "a_notice", "a_told"]

SECRET: Final = "s3cret-canary-7f3a"  # noqa: S105 stands for one
"""What stands for a password: put it where an address of the channel has one."""

LINK: Final = "https://oa.example.cn/cases/{kind}/{number}?docket={docket}"


@attrs.frozen
class Mailbox:
    """Where a notifier sends to in a test: a real file, server or receiver, and what arrived there.

    `read` gives the texts that arrived, each with its headers, decoded. `deaf` are addresses where nothing is taken
    now, `hopeless` such as no try would reach. Put SECRET into all of them where the channel has passwords.
    """

    address: str = attrs.field(repr=False)
    read: Callable[[], Sequence[str]]
    deaf: tuple[str, ...] = attrs.field(repr=False)
    hopeless: tuple[str, ...] = attrs.field(repr=False)


def a_told(number: str = "056", to: str = "市某局", due: str = "2023-04-10") -> Message:
    """Make a message of the outbox about a deadline, as the engine puts it there."""
    stream = Stream("某市", "case", f"某市2023年交办/proposal/{number}")
    payload: dict[str, Value] = {
        "docket": "某市2023年交办",
        "kind": "proposal",
        "number": number,
        "labels": {"proposal": "提案", "opinion": "会办意见"},
        "term": "opinion",
        "due": due,
        "rung": "on the day",
        "day": due,
    }
    return Message(f"{stream}/opinion/n2/1/{due}/on the day/{due}/{to}", stream, to, "rung", "opinion/n2/1", payload)


def a_notice(number: str = "056", to: str = "市某局", due: str = "2023-04-10") -> Notice:
    """Make a notice about a deadline."""
    return notice_of(a_told(number, to, due), LINK)


class NotifierContract:
    """All that delivery relies on in a notifier. Subclass it and give the fixtures `notifier` and `mailbox`."""

    @pytest.fixture
    def notifier(self) -> Notifier:
        """Give the notifier."""
        raise NotImplementedError("give a fixture `notifier`")

    @pytest.fixture
    def mailbox(self) -> Mailbox:
        """Give where it sends to."""
        raise NotImplementedError("give a fixture `mailbox`")

    def test_a_notice_arrives_as_it_is(self, notifier: Notifier, mailbox: Mailbox) -> None:
        notice = a_notice()
        notifier.send(notice, mailbox.address)
        (arrived,) = mailbox.read()
        assert "提案 056：会办意见 2023-04-10 期满" in arrived
        assert notice.link in arrived
        assert notice.key in arrived

    def test_a_hopeless_address_may_be_told_before_anything_is_sent(self, notifier: Notifier, mailbox: Mailbox) -> None:
        if not isinstance(notifier, Checking):
            return  # what is of no use is told when it is sent
        notifier.check(mailbox.address)
        for address in mailbox.hopeless:
            with pytest.raises(Undeliverable) as raised:
                notifier.check(address)
            assert SECRET not in "".join(traceback.format_exception(raised.value))
        assert not mailbox.read()

    def test_what_is_sent_again_is_known_by_its_key(self, notifier: Notifier, mailbox: Mailbox) -> None:
        notice = a_notice()
        notifier.send(notice, mailbox.address)
        notifier.send(notice, mailbox.address)
        arrived = mailbox.read()
        assert arrived
        assert all(notice.key in one for one in arrived)

    def test_receivers_of_the_same_matter_do_not_take_each_others_notice(
        self, notifier: Notifier, mailbox: Mailbox
    ) -> None:
        notices = [a_notice(to=to) for to in ("市某局", "市又一局", "supervisor")]
        for notice in notices:
            notifier.send(notice, mailbox.address)
        arrived = mailbox.read()
        assert len({notice.key for notice in notices}) == len(arrived) == 3
        assert all(any(notice.key in one for one in arrived) for notice in notices)

    def test_another_due_date_is_another_notice(self, notifier: Notifier, mailbox: Mailbox) -> None:
        notices = [a_notice(due=due) for due in ("2023-04-10", "2023-04-17")]
        for notice in notices:
            notifier.send(notice, mailbox.address)
        assert len(mailbox.read()) == 2

    def test_who_takes_nothing_now_is_to_be_tried_again(self, notifier: Notifier, mailbox: Mailbox) -> None:
        for address in mailbox.deaf:
            with pytest.raises(Exception) as caught:  # noqa: PT011 whatever it raises is a reason to try again
                notifier.send(a_notice(), address)
            assert not isinstance(caught.value, Undeliverable)
        assert not mailbox.read()

    def test_where_no_try_helps_it_says_so(self, notifier: Notifier, mailbox: Mailbox) -> None:
        for address in mailbox.hopeless:
            with pytest.raises(Undeliverable):
                notifier.send(a_notice(), address)
        assert not mailbox.read()

    def test_one_that_fails_does_not_spoil_the_next(self, notifier: Notifier, mailbox: Mailbox) -> None:
        for address in (*mailbox.deaf, *mailbox.hopeless):
            with pytest.raises(Exception):  # noqa: B017, PT011 see above
                notifier.send(a_notice(), address)
            notifier.send(a_notice(), mailbox.address)
        assert mailbox.read()

    def test_nothing_of_an_address_comes_out(
        self,
        notifier: Notifier,
        mailbox: Mailbox,
        caplog: pytest.LogCaptureFixture,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        told = [repr(notifier), str(notifier)]
        notifier.send(a_notice(), mailbox.address)  # so that every library that it needs is loaded
        for name in (None, *logging.root.manager.loggerDict):
            caplog.set_level(1, name)
        notifier.send(a_notice(), mailbox.address)
        for address in (*mailbox.deaf, *mailbox.hopeless):
            try:
                notifier.send(a_notice(), address)
            except Exception as error:  # noqa: BLE001 what it says is the point
                told += _said(error)
        told += [repr(notifier), *(f"{record.getMessage()} {record.args}" for record in caplog.records)]
        told += capfd.readouterr()
        assert not [one for one in told if SECRET in one]

    def test_several_threads_may_send_at_once(self, notifier: Notifier, mailbox: Mailbox) -> None:
        def work(thread: int) -> None:
            for turn in range(3):
                notifier.send(a_notice(f"{thread}{turn:02}"), mailbox.address)

        run([lambda thread=thread: work(thread) for thread in range(1, 5)])  # type: ignore[misc]
        keys = {key_of(a_told(f"{thread}{turn:02}")) for thread in range(1, 5) for turn in range(3)}
        arrived = mailbox.read()
        assert len(arrived) == len(keys) == 12
        assert all(any(key in one for one in arrived) for key in keys)


def _said(error: BaseException) -> Iterator[str]:
    """Give all that an error says, with what caused it and as a traceback shows it."""
    yield "".join(traceback.format_exception(error))
    held: BaseException | None = error
    while held is not None:
        yield f"{held} {held!r} {held.args} {vars(held) if hasattr(held, '__dict__') else ''}"
        held = held.__cause__ or held.__context__
