"""The notifier: a notice as Apprise sends it, and nothing of the address in any error or log."""

import warnings
from typing import Final

import apprise
import attrs
from apprise.manager_plugins import NotificationManager

from casework.errors import NotTaken, Undeliverable
from casework.ports import Notice
from casework_apprise.answers import heard
from casework_apprise.silence import silent

__all__ = ["HEADER", "AppriseNotifier"]

HEADER: Final = "X-Casework-Notice"
"""The header that carries the key of a notice where the channel has headers: mail, and webhooks."""

with warnings.catch_warnings():  # or a host that takes warnings for errors could send nothing
    warnings.simplefilter("ignore")
    NotificationManager().load_modules()  # type: ignore[no-untyped-call] # Apprise types what it shows

_ASSET: Final = apprise.AppriseAsset(
    app_id="casework",
    app_desc="casework",
    app_url="",
    http_redirects=False,  # whoever answers with another address may send us anywhere
    secure_logging=True,
)


@attrs.frozen
class AppriseNotifier:
    """Sends notices to the URLs of Apprise, such as mailtos://user:password@smtp.example.cn/?to=someone@example.cn.

    Each notice is sent by itself: nothing is kept from one to the next, so several threads may share it.
    """

    def send(self, notice: Notice, address: str) -> None:
        """Send a notice; Undeliverable for a URL that Apprise cannot use, NotTaken for anything else that fails."""
        try:
            with silent():
                taken = _sent(notice, address)
        except Exception:  # noqa: BLE001 - whatever it is, it may name the address
            taken = False
        if taken is None:
            raise Undeliverable("address_unusable")
        if not taken:
            raise NotTaken("not_taken")

    def check(self, address: str) -> None:
        """Undeliverable for a URL that Apprise cannot use; nothing is sent."""
        try:
            with silent():
                channel = apprise.Apprise.instantiate(address, asset=_ASSET)
        except Exception:  # noqa: BLE001 - whatever it is, it may name the address
            channel = None
        if channel is None:
            raise Undeliverable("address_unusable")


def _sent(notice: Notice, address: str) -> bool | None:
    """Send a notice and tell whether it was taken; None where Apprise can make nothing of the address."""
    channel = apprise.Apprise.instantiate(address, asset=_ASSET)
    if channel is None:
        return None
    channel.request_rate_per_sec = 0  # it waits between messages of its own; ours are spaced by who delivers
    headers = vars(channel).get("headers")
    if isinstance(headers, dict):
        headers[HEADER] = notice.key
    with heard(channel) as answers:
        taken = channel.notify(body=notice.text, title=notice.subject, body_format=apprise.NotifyFormat.TEXT)
    return taken and not answers.refused()
