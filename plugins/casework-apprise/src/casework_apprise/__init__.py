"""Notices of casework by mail, WeCom, DingTalk, Feishu and what else Apprise reaches, by URL."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from casework.hookspecs import hookimpl
from casework.ports import Notifier

if TYPE_CHECKING:
    from casework_apprise.notifier import AppriseNotifier

__all__ = ["AppriseNotifier", "casework_notifiers", "open_notifier"]

_CHANNELS: Final = ("mailto", "mailtos", "wecombot", "wechat", "dingtalk", "feishu", "lark", "json", "jsons", "*")
"""What offices here use, by name, so that a list of channels shows it; "*" for the rest of Apprise."""


def open_notifier() -> Notifier:
    """Make the notifier of this plugin."""
    return __getattr__("AppriseNotifier")()


@hookimpl
def casework_notifiers() -> Mapping[str, Callable[[], Notifier]]:
    """Give one notifier for all that Apprise reaches."""
    return dict.fromkeys(_CHANNELS, open_notifier)


def __getattr__(name: str) -> type["AppriseNotifier"]:
    """Load Apprise when a notice is first sent: whoever only lists plugins does not wait for it."""
    if name == "AppriseNotifier":
        from casework_apprise.notifier import AppriseNotifier  # noqa: PLC0415

        return AppriseNotifier
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
