"""The notifier passes the contract over SMTP and over HTTP."""

from typing import TYPE_CHECKING

import pytest

from casework.ports import Notifier
from casework_apprise import AppriseNotifier
from casework_testing.notifier import SECRET, Mailbox, NotifierContract

if TYPE_CHECKING:
    from conftest import Office, Post


class TestMail(NotifierContract):
    @pytest.fixture
    def notifier(self) -> Notifier:
        return AppriseNotifier()

    @pytest.fixture
    def mailbox(self, post: "Post") -> Mailbox:
        def read() -> list[str]:
            return [
                "\n".join((*(f"{name}: {value}" for name, value in mail.items()), mail.get_content()))
                for mail in post.mails
            ]

        return Mailbox(
            post.address(),
            read,
            deaf=(post.address(port=9), post.address(to="nobody@example.cn"), post.address(password=f"{SECRET}x")),
            hopeless=(f"mailto://{SECRET}", f"nowhere://oa:{SECRET}@127.0.0.1/", f"mailto:{SECRET}", ""),
        )


class TestWebhook(NotifierContract):
    @pytest.fixture
    def notifier(self) -> Notifier:
        return AppriseNotifier()

    @pytest.fixture
    def mailbox(self, office: "Office") -> Mailbox:
        office.answers.update(down=(500, b"{}"), full=(429, b"{}"), moved=(302, b""), slow=(200, b"{}"))
        deaf = (*map(office.address, ("down", "full", "moved", "slow")), f"json://oa:{SECRET}@127.0.0.1:9/")

        def read() -> list[str]:
            return [f"{headers}\n{body['title']}\n{body['message']}" for _, headers, body in office.calls]

        return Mailbox(office.address(), read, deaf, hopeless=(f"json://:{SECRET}@", f"jsonx://{SECRET}"))
