"""The year's figures counted again from the event table alone: SQL and JSON, and nothing of the engine."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import attrs

__all__ = ["Counted", "Figure", "recount"]

LEFT: Final = {"returned", "released", "replaced"}
CUT_OFF: Final = "cut off"
"""Whom the rules released when the case ended: still at work, he owed what he had not done."""
ROOTS: Final = {"lead", "sole", "separate"}
OUTSIDE: Final = {"registered", "admitted", "declined", "withdrawn"}
DUE: Final = {"met", "met_late", "passed"}
CHINA: Final = timedelta(hours=8)
Things = list[tuple["Counted", str, bool]]
"""What a rate has in its base: of which case or docket, which part, and whether it counts."""


@attrs.frozen
class Figure:
    """A rate counted again: what counts, and what there is, each by its name."""

    counted: frozenset[str]
    base: frozenset[str]


@attrs.define
class Counted:
    """One case or docket as its events tell it."""

    id: str
    parts: dict[str, dict[str, Any]] = attrs.field(factory=dict)
    states: dict[str, list[str]] = attrs.field(factory=lambda: defaultdict(list))
    records: list[dict[str, Any]] = attrs.field(factory=list)
    ends: dict[str, dict[str, Any]] = attrs.field(factory=dict)

    def of(self, letter: str) -> list[str]:
        """Name the parts of a letter that have not left."""
        return [name for name in self.parts if name[0] == letter and self.state(name) not in LEFT]

    def roots(self) -> list[str]:
        """Name the nodes that reply."""
        return [name for name in self.of("n") if not self.parts[name]["receiver"]]

    def state(self, name: str) -> str:
        """Give the state that a part came to last."""
        return (self.states[name] or [""])[-1]

    def named(self, name: str) -> list[dict[str, Any]]:
        """Give the records of a name."""
        return [record for record in self.records if record["name"] == name]

    def about(self, name: str, part: str) -> list[dict[str, Any]]:
        """Give the records of a name that concern a part."""
        return [record for record in self.named(name) if part in record["subjects"]]

    def newest(self) -> list[str]:
        """Name the last reply of each node."""
        return list({self.parts[name]["node"]: name for name in self.of("r")}.values())

    def letter(self, reply: str) -> str:
        """Give the class of a reply as it is now."""
        changed = self.about("change_class", reply)
        return str(changed[-1]["fields"]["class"] if changed else self.parts[reply]["fields"]["class"])

    def term(self, name: str, part: str) -> str:
        """Tell of the first deadline of a term and a part: met, met_late, passed, running, or that there is none."""
        held = self.ends.get(f"{name}/{part}/1")
        if held is None:
            return "none"
        limit = datetime.fromisoformat(held["day"]) + timedelta(days=1)
        if held["state"] == "void":
            late = self.state(part) == CUT_OFF and _local(held["at"]) >= limit
            return "passed" if late else "none"
        if held["state"] == "met":
            return "met" if _local(held["at"]) < limit else "met_late"
        return "passed" if held["now"] >= limit else "running"

    def units(self, name: str) -> set[str]:
        """Name the units that a part is of; a case and its proposers are of those that reply."""
        part = self.parts.get(name, {})
        if name[0] == "u":
            return {part["name"]}
        if name[0] == "r":
            part = self.parts[part["node"]]
        if "holder" in part:
            return {part["holder"].partition("/")[0]}
        return {self.parts[root]["holder"].partition("/")[0] for root in self.roots()}


def recount(file: Path, now: datetime, unit: str = "") -> dict[str, Figure]:
    """Count every rate of the report as of a time (UTC), from what was recorded by then; of a unit what is its own."""
    held = list(_read(file, now))
    things = {**_of_nodes(held), **_of_replies(held), **_of_people(held), **_of_wholes(held)}
    return {
        name: Figure(
            frozenset(_name(one, part) for one, part, counts in mine if counts),
            frozenset(_name(one, part) for one, part, _ in mine),
        )
        for name, every in things.items()
        for mine in ([thing for thing in every if not unit or unit in thing[0].units(thing[1])],)
    }


def _name(one: Counted, part: str) -> str:
    return one.id if part == "case" else f"{one.id}#{part}"


def _cases(held: list[Counted]) -> list[Counted]:
    """Give the cases that were assigned and did not leave again."""
    return [one for one in held if "/" in one.id and one.state("") not in OUTSIDE]


def _of_nodes(held: list[Counted]) -> dict[str, Things]:
    nodes = [(case, name) for case in _cases(held) for name in case.of("n")]
    roots = [(case, name) for case, name in nodes if case.parts[name]["role"] in ROOTS]
    fellows = [(case, name) for case, name in nodes if case.parts[name]["role"] == "co"]
    opinions = [(case, name) for case, name in fellows if case.term("opinion", name) in DUE]
    submits = [(case, name) for case, name in roots if case.term("submit", name) in DUE]
    return {
        "acknowledged_rate": [(case, name, bool(case.about("acknowledge", name))) for case, name in nodes],
        "organised_rate": [(case, name, bool(case.about("organise", name))) for case, name in nodes],
        **{
            f"opinions_{rate}": [
                (case, name, _weight(case, name) == weight)
                for case, name in fellows
                if case.about("submit_opinion", name)
            ]
            for rate, weight in (("adopted", "adopted"), ("partly_adopted", "partly"))
        },
        "opinions_in_time": [(case, name, case.term("opinion", name) == "met") for case, name in opinions],
        "replied_rate": [(case, name, "delivered" in case.states[name]) for case, name in roots],
        "in_time_rate": [(case, name, case.term("submit", name) == "met") for case, name in submits],
    }


def _of_replies(held: list[Counted]) -> dict[str, Things]:
    replies = [(case, name) for case in _cases(held) for name in case.of("r")]
    newest = [(case, name) for case in _cases(held) for name in case.newest()]
    first = [(case, name) for case, name in replies if case.parts[name]["round"] == 1]
    begun = [(case, name) for case, name in newest if case.parts[name]["fields"]["class"] == "B"]
    full = [(case, name) for case, name in first if _complete([_rating(case, name, one) for one in case.of("p")])]
    public = [(case, name) for case, name in newest if case.parts[name]["fields"]["disclosure"] == "public"]
    shares: dict[str, Things] = {
        f"class_{letter.lower()}_share": [(case, name, case.letter(name) == letter) for case, name in newest]
        for letter in "ABC"
    }
    return shares | {
        "face_to_face_rate": [(case, name, _faced(case, name)) for case, name in newest],
        "solved_rate": [(case, name, case.letter(name) == "A") for case, name in newest],
        "solved_at_first": [(case, name, case.parts[name]["fields"]["class"] == "A") for case, name in first],
        "told_progress_in_time": [(case, name, case.term("told_progress", name) == "met") for case, name in begun],
        "satisfied_first_broad": [
            (case, name, all(_rating(case, name, one) != "dissatisfied" for one in case.of("p"))) for case, name in full
        ],
        "satisfied_first": [
            (case, name, all(_rating(case, name, one) == "satisfied" for one in case.of("p"))) for case, name in full
        ],
        "published_rate": [(case, name, bool(case.about("publish", name))) for case, name in newest],
        "published_of_public": [(case, name, bool(case.about("publish", name))) for case, name in public],
    }


def _of_people(held: list[Counted]) -> dict[str, Things]:
    people = [(case, name) for case in _cases(held) for name in case.of("p")]
    given = {(case.id, name): case.about("give_mark", name) for case, name in people}
    rated = [(case, name, given[case.id, name][-1]["fields"]["mark"]) for case, name in people if given[case.id, name]]
    answered = [(case, name) for case, name in people if any("delivered" in case.states[one] for one in case.of("r"))]
    return {
        "forms_returned_rate": [(case, name, bool(case.about("take_back_form", name))) for case, name in people],
        "satisfied_strict": [(case, name, mark == "satisfied") for case, name, mark in rated],
        "satisfied_broad": [(case, name, mark != "dissatisfied") for case, name, mark in rated],
        "marked_rate": [(case, name, bool(given[case.id, name])) for case, name in answered],
    }


def _of_wholes(held: list[Counted]) -> dict[str, Things]:
    cases = _cases(held)
    (docket,) = (one for one in held if "/" not in one.id)
    lawful = [case for case in cases if "/suggestion/" in case.id and case.term("reply_by_law", "case") in DUE]
    owed = {
        rate: [(docket, unit, docket.term(term, unit) == "met") for unit in docket.of("u")]
        for rate, term in (("people_reported_rate", "people_reported"), ("summaries_in_time", "summary_sent"))
    }
    return owed | {
        "assigned_right": [(case, "case", not case.named("reassign")) for case in cases],
        "items_adopted": [],
        "items_partly_adopted": [],
        "promises_kept": [],
        "finished_rate": [(case, "case", case.state("") == "finished") for case in cases],
        "in_time_by_law": [(case, "case", case.term("reply_by_law", "case") == "met") for case in lawful],
        "criticised_units": [(docket, unit, bool(docket.about("criticise", unit))) for unit in docket.of("u")],
    }


def _faced(case: Counted, reply: str) -> bool:
    """Whether every proposer was met face to face in the round of a reply, before it was issued."""
    issued = next(record for record in case.named("issue_reply") if reply in record["subjects"])
    met = {
        one
        for record in case.named("contact")
        if record["fields"]["mode"] == "face_to_face"
        and record["round"] == case.parts[reply]["round"]
        and record["moment"]["at"] < issued["moment"]["at"]
        for one in record["subjects"]
    }
    return set(case.of("p")) <= met


def _weight(case: Counted, node: str) -> str:
    """Tell how the lead weighed an opinion, last."""
    given = case.about("weigh_opinion", node)
    return str(given[-1]["fields"]["weight"]) if given else ""


def _complete(ratings: list[str]) -> bool:
    """Whether the marks of a reply are in, or one of them already made handling begin again."""
    return "dissatisfied" in ratings or all(ratings)


def _rating(case: Counted, reply: str, proposer: str) -> str:
    given = [record for record in case.about("give_mark", reply) if proposer in record["subjects"]]
    return str(given[-1]["fields"]["mark"]) if given else ""


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None) + CHINA


def _read(file: Path, now: datetime) -> Iterator[Counted]:
    held: dict[str, Counted] = {}
    connection = sqlite3.connect(file)
    query = "SELECT id, text FROM casework_event WHERE recorded <= ? ORDER BY aggregate, id, seq"
    for name, text in connection.execute(query, (f"{now:%Y-%m-%dT%H:%M:%S}.000000Z",)):
        event = json.loads(text)
        _fold(held.setdefault(name, Counted(name)), event["name"], event["what"], now + CHINA)
    connection.close()
    return iter(held.values())


def _fold(one: Counted, name: str, what: dict[str, Any], now: datetime) -> None:
    for part in what.get("parts", ()):
        one.parts[part["id"]] = part
        if "state" in part and not one.states[part["id"]]:
            one.states[part["id"]].append(part["state"])
    ended = what.get("latch", {}).get("rule") == "node_released"
    for move in what.get("moves", ()):
        one.states[move.get("part", "")].append(CUT_OFF if ended else move["state"])
    if "record" in what:
        one.records.append({"fields": {}, "subjects": [], **what["record"]})
    if name == "deadline_started":
        deadline = what["deadline"]
        ended = deadline.get("ended") or {}
        state = deadline.get("state", "running")
        one.ends[deadline["key"]] = {"day": deadline["due"]["day"], "state": state, "at": ended.get("at"), "now": now}
    elif name in {"deadline_moved", "deadline_reopened"}:
        one.ends[what["key"]]["day"] = what["due"]["day"]
        if name == "deadline_reopened":
            one.ends[what["key"]]["state"] = "running"
    elif name == "deadline_ended":
        one.ends[what["key"]] |= {"state": what["state"], "at": what["ended"]["at"]}
