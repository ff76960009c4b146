"""Notices: a message of the outbox in words. Number, term, date and link; the outbox holds nothing else to tell."""

import re
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Final
from urllib.parse import quote

from casework.errors import Malformed
from casework.messages import CATALOGUE, Language, say
from casework.ports import Message, Notice

__all__ = ["check_link", "key_of", "notice_of"]

_PLACES: Final = ("docket", "kind", "number", "case")
_PLACE: Final = re.compile(r"\{([^{}]*)\}")
_KEY: Final = 32


def key_of(message: Message) -> str:
    """Give the key under which a receiver recognises a message that comes again: 32 hexadecimal digits.

    It covers the receiver, so no two of them share one, and tells nothing to who does not have the outbox.
    """
    return sha256(message.key.encode()).hexdigest()[:_KEY]


def check_link(link: str) -> None:
    """Refuse a template of links with a place that nothing fills: Malformed."""
    for name in _PLACE.findall(link):
        if name not in _PLACES:
            raise Malformed("link_unknown", given=name, allowed=_PLACES)


def notice_of(message: Message, link: str = "", language: Language = "zh") -> Notice:
    """Put a message into words; {docket}, {kind}, {number} and {case} (its whole id) in `link` are filled in."""
    told = message.payload
    about, docket = str(told.get("term") or message.about), str(told.get("docket") or message.stream.id)
    named = message.stream.aggregate == "case"  # a docket has no number
    kind, number = (str(told.get(name, "")) if named else "" for name in ("kind", "number"))
    label = _line(_worded(about, told, language))
    fell, due = _day(told.get("day")), _day(told.get("due"))
    day = due or fell
    case = _line(f"{_kind(kind, told, language)} {number}" if number else docket)
    key = key_of(message)
    provisional = due is not None and told.get("provisional") is True
    shown = f"{day or '—'}{say('provisional_mark', language) if provisional else ''}"
    given = {"case": case, "label": label, "day": shown, "key": key}
    code = "told" if due is None else "overdue" if fell and fell > due else "due"
    filled = _filled(link, {"docket": docket, "kind": kind, "number": number, "case": message.stream.id})
    lines = [say(f"notice_{code}_text", language, **given)]
    lines += [say("notice_link", language, link=filled)] if filled else []
    lines += [say("notice_key", language, **given)]
    return Notice(
        key=key,
        to=message.to,
        docket=docket,
        kind=kind,
        number=number,
        about=about,
        label=label,
        day=day,
        link=filled,
        subject=say(f"notice_{code}", language, **given),
        text="\n".join(lines),
        provisional=provisional,
    )


def _line(text: str) -> str:
    """Give a text as one line: a break in a subject would begin another header of a mail."""
    return " ".join(text.split())


def _worded(name: str, told: Mapping[str, object], language: Language) -> str:
    """Give the label of an id; in English the id, which is English, as words."""
    labels = told.get("labels")
    if language == "zh" and isinstance(labels, Mapping):
        return str(labels.get(name, name))
    return name.replace("_", " ")


def _kind(kind: str, told: Mapping[str, object], language: Language) -> str:
    known = f"kind_{kind}"
    return say(known, language) if known in CATALOGUE[language] else _worded(kind, told, language)


def _day(given: object) -> date | None:
    return date.fromisoformat(given) if isinstance(given, str) else None


def _filled(link: str, given: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda found: quote(given[found[1]], safe=""), link)
