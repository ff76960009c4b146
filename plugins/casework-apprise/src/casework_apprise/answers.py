"""Answers: the group robots say no with status 200, and Apprise takes that for a yes. So their answers are read here.

WeCom, DingTalk and Feishu answer a wrong key, a missing keyword or too many messages with a code in the body.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

import apprise
import attrs
import requests

__all__ = ["Answers", "heard"]

_CODES: Final[Mapping[str, tuple[str, ...]]] = {
    "wecombot": ("errcode",),
    "dingtalk": ("errcode",),
    "feishu": ("code", "StatusCode"),
    "lark": ("code", "StatusCode"),
}
"""By scheme: where a robot's answer holds its code, which is 0 when it took the message."""


@attrs.define
class Answers:
    """The answers of one sending."""

    codes: tuple[str, ...]
    bodies: list[Any] = attrs.field(factory=list, repr=False)

    def refused(self) -> bool:
        """Tell whether a robot said no, or nothing that can be understood."""
        return bool(self.codes) and not (self.bodies and all(map(self._yes, self.bodies)))

    def _yes(self, body: object) -> bool:
        return isinstance(body, Mapping) and any(body.get(code) == 0 for code in self.codes)


_HEARD: Final[ContextVar[Answers | None]] = ContextVar("casework_apprise_heard", default=None)


class _Ear:
    """The library `requests` for a channel of Apprise: the same, but what is answered to a sending is kept."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the library has
        return getattr(requests, name)

    def post(self, *given: Any, **named: Any) -> requests.Response:  # noqa: ANN401 - as the library takes it
        """Post as the library does."""
        answer = requests.post(*given, **named)  # noqa: S113 - the channel gives the timeout
        if (heard := _HEARD.get()) is not None:
            try:
                heard.bodies.append(answer.json())
            except ValueError:
                heard.bodies.append(None)
        return answer


_EAR: Final = _Ear()


@contextmanager
def heard(channel: apprise.NotifyBase) -> Iterator[Answers]:
    """Keep what a robot answers in this context; of other channels Apprise knows whether they took it."""
    answers = Answers(_CODES.get(str(channel.secure_protocol), ()))
    module = sys.modules[type(channel).__module__]
    if answers.codes and getattr(module, "requests", None) is requests:
        module.requests = _EAR  # type: ignore[attr-defined] # the name under which the channel knows the library
    token = _HEARD.set(answers)
    try:
        yield answers
    finally:
        _HEARD.reset(token)
