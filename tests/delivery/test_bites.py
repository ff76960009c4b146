"""What delivery promises bites: each planted bug is found by the promise that is named, and by the contract."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import attrs
import pytest

from casework.delivery import delivering, notices
from casework.errors import Undeliverable
from casework.memory import MemoryStore, _Transaction
from casework.ports import Delivery, Notice, Notifier
from casework_testing.notifier import SECRET, Mailbox, NotifierContract
from tests.delivery import laws

Patch = pytest.MonkeyPatch


def marked_sent_before_it_is_sent(patch: Patch) -> None:
    real = _Transaction.claim

    def claim(self: Any, tenant: str, owner: str, *given: Any) -> Any:  # noqa: ANN401 a transaction
        found = real(self, tenant, owner, *given)
        self.settle(tenant, owner, [attrs.evolve(one, state="sent", next=None) for one in found])
        return found

    patch.setattr(_Transaction, "claim", claim)


def a_lease_that_never_ends(patch: Patch) -> None:
    real = _Transaction.claim

    def claim(self: Any, tenant: str, owner: str, now: Any, until: Any, limit: int) -> Any:  # noqa: ANN401, PLR0917 a transaction
        return real(self, tenant, owner, now, until.replace(year=9999), limit)

    patch.setattr(_Transaction, "claim", claim)


def no_lease(patch: Patch) -> None:
    real = _Transaction.claim
    patch.setattr(_Transaction, "claim", lambda self, t, o, now, _, limit: real(self, t, o, now, now, limit))


def given_up_in_silence(patch: Patch) -> None:
    patch.setattr(delivering, "_parked", lambda one, _: attrs.evolve(one, state="sent", next=None))


def tried_for_ever(patch: Patch) -> None:
    real = delivering._failed
    patch.setattr(delivering, "_failed", lambda worker, one, why: real(worker, attrs.evolve(one, tries=1), why))


def tried_again_at_once(patch: Patch) -> None:
    patch.setattr(delivering.Patience, "wait", lambda *_: timedelta())


def the_text_of_an_error_kept(patch: Patch) -> None:
    patch.setattr(delivering, "_why", lambda error: f"{error} {vars(error)}")


def everybody_told_again(patch: Patch) -> None:
    patch.setattr(delivering, "_marked", lambda *_: "")


def dead_workers_not_counted(patch: Patch) -> None:
    real = delivering._tried
    patch.setattr(delivering, "_tried", lambda worker, one: real(worker, attrs.evolve(one, tries=1)))


def a_new_key_each_time(patch: Patch) -> None:
    turns = iter(range(999))
    patch.setattr(notices, "key_of", lambda _: str(next(turns)))


def one_failure_ends_it(patch: Patch) -> None:
    real = delivering._sent

    def sent(*given: Any) -> list[Delivery]:  # noqa: ANN401 as the real one
        done = real(*given)
        if any(one.state == "waiting" for one in done):
            raise AssertionError("it ends here")
        return done

    patch.setattr(delivering, "_sent", sent)


BUGS: Final[dict[Callable[[Patch], None], Callable[[Any], None]]] = {
    marked_sent_before_it_is_sent: laws.who_died_before_it_was_told_leaves_it_to_be_told,
    a_lease_that_never_ends: laws.nobody_waits_longer_than_the_lease_for_who_died,
    no_lease: laws.nobody_waits_longer_than_the_lease_for_who_died,
    given_up_in_silence: laws.after_the_last_try_it_is_parked_and_shown,
    tried_for_ever: laws.after_the_last_try_it_is_parked_and_shown,
    tried_again_at_once: laws.what_fails_waits_longer_each_time_and_holds_up_no_other,
    one_failure_ends_it: laws.what_fails_waits_longer_each_time_and_holds_up_no_other,
    the_text_of_an_error_kept: laws.of_an_error_nothing_is_kept_but_its_name,
    everybody_told_again: laws.whoever_took_it_is_not_told_again_because_of_another,
    dead_workers_not_counted: laws.who_dies_of_a_message_again_and_again_is_not_asked_for_ever,
    a_new_key_each_time: laws.who_died_after_it_was_told_has_it_told_again_under_the_same_key,
}


@pytest.mark.parametrize("plant", BUGS, ids=lambda plant: plant.__name__)
def test_a_planted_bug_breaks_the_promise_that_is_named(plant: Callable[[Patch], None]) -> None:
    law = BUGS[plant]
    law(MemoryStore())
    with pytest.MonkeyPatch.context() as patch:
        plant(patch)
        with pytest.raises((AssertionError, ValueError)):
            law(MemoryStore())


# ---- the contract of notifiers


@attrs.define
class Good:
    """A sound notifier: a box in memory, whose address ends with a password."""

    box: dict[str, str] = attrs.field(factory=dict)

    def check(self, address: str) -> None:
        if not address.startswith("box:"):
            raise Undeliverable("address_unusable")

    def send(self, notice: Notice, address: str) -> None:
        Good.check(self, address)
        if address.startswith("box:deaf"):
            raise OSError("deaf")
        self.box[notice.key] = f"{notice.subject}\n{notice.text}"


class Silent(Good):
    def send(self, notice: Notice, address: str) -> None:
        try:
            super().send(notice, address)
        except OSError:
            return


class Hopeless(Good):
    def send(self, notice: Notice, address: str) -> None:
        try:
            super().send(notice, address)
        except OSError as error:
            raise Undeliverable("address_unusable") from error


class Hopeful(Good):
    def send(self, notice: Notice, address: str) -> None:
        try:
            super().send(notice, address)
        except Undeliverable:
            raise OSError("perhaps later") from None


class Talkative(Good):
    def send(self, notice: Notice, address: str) -> None:
        try:
            super().send(notice, address)
        except OSError as error:
            raise OSError("deaf") from ValueError(address, error)


class Logging(Good):
    def send(self, notice: Notice, address: str) -> None:
        logging.getLogger("a.channel").debug("to %s", address)
        super().send(notice, address)


class ByTheCase(Good):
    """Its key is without the receiver."""

    def send(self, notice: Notice, address: str) -> None:
        super().send(attrs.evolve(notice, key=f"{notice.docket}/{notice.number}/{notice.about}/{notice.day}"), address)


class ByTheTerm(Good):
    """Its key is without the due date."""

    def send(self, notice: Notice, address: str) -> None:
        super().send(attrs.evolve(notice, key=f"{notice.number}/{notice.about}/{notice.to}"), address)


class Keyless(Good):
    def send(self, notice: Notice, address: str) -> None:
        super().send(attrs.evolve(notice, text=notice.text.replace(notice.key, "")), address)


class Unchecked(Good):
    """It takes any address for one of use."""

    def check(self, address: str) -> None:
        pass


class Sending(Good):
    """It sends to see whether an address is of use."""

    def check(self, address: str) -> None:
        super().check(address)
        self.box["try"] = "try"


class Stuck(Good):
    """After one failure it takes nothing more."""

    def send(self, notice: Notice, address: str) -> None:
        if self.box.get("stuck"):
            raise OSError("stuck")
        try:
            super().send(notice, address)
        except OSError:
            self.box["stuck"] = "stuck"
            raise


WORSE: Final[dict[type[Good], str]] = {
    Silent: "who_takes_nothing_now_is_to_be_tried_again",
    Hopeless: "who_takes_nothing_now_is_to_be_tried_again",
    Hopeful: "where_no_try_helps_it_says_so",
    Talkative: "nothing_of_an_address_comes_out",
    Logging: "nothing_of_an_address_comes_out",
    ByTheCase: "receivers_of_the_same_matter_do_not_take_each_others_notice",
    ByTheTerm: "another_due_date_is_another_notice",
    Keyless: "what_is_sent_again_is_known_by_its_key",
    Unchecked: "a_hopeless_address_may_be_told_before_anything_is_sent",
    Sending: "a_hopeless_address_may_be_told_before_anything_is_sent",
    Stuck: "one_that_fails_does_not_spoil_the_next",
}


class TestGood(NotifierContract):
    @pytest.fixture
    def notifier(self) -> Notifier:
        return Good()

    @pytest.fixture
    def mailbox(self, notifier: Good) -> Mailbox:
        return mailbox_of(notifier)


def mailbox_of(notifier: Good) -> Mailbox:
    """Give the box of a notifier."""
    return Mailbox(f"box:{SECRET}", lambda: [*notifier.box.values()], (f"box:deaf {SECRET}",), (f"bag:{SECRET}",))


@pytest.mark.parametrize("worse", WORSE, ids=lambda worse: worse.__name__)
def test_a_bad_notifier_fails_the_test_of_the_contract_that_is_named(
    worse: type[Good], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    test = getattr(NotifierContract(), f"test_{WORSE[worse]}")
    given = (caplog, capfd) if test.__name__.endswith("comes_out") else ()
    test(good := Good(), mailbox_of(good), *given)
    with pytest.raises((AssertionError, pytest.fail.Exception, OSError)):
        test(bad := worse(), mailbox_of(bad), *given)


def test_a_key_without_the_receiver_is_found_in_the_core_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "key_of", lambda message: message.key.rpartition("/")[0])
    with pytest.raises(AssertionError):
        NotifierContract().test_receivers_of_the_same_matter_do_not_take_each_others_notice(
            good := Good(), mailbox_of(good)
        )
