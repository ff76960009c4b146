"""Commands out of a name and plain data."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.codec import read_command
from casework.codec.bodies import _READERS
from casework.commands import (
    BODIES,
    Advance,
    Answer,
    Ask,
    Assign,
    Body,
    Correct,
    Do,
    DraftReply,
    OpenDocket,
    Reassign,
    Register,
    Review,
    SetAside,
)
from casework.errors import Malformed


@pytest.mark.parametrize(
    ("name", "fields", "body"),
    [
        ("advance", {}, Advance()),
        ("assign", {"lead": "市某局", "co": ["市又一局"]}, Assign("市某局", ("市又一局",))),
        (
            "open_docket",
            {"office": "区某办", "rules": "r@2023", "year": 2023},
            OpenDocket("区某办", "r@2023", year=2023),
        ),
        ("reassign", {"to": "市某局", "of": "n1"}, Reassign("市某局", "n1")),
        ("reassign", {"to": "市某局", "subject": "n1"}, Reassign("市某局", "n1")),
        (
            "register",
            {"title": "标题", "proposers": ["委员甲", "委员乙"], "in_session": False, "level": "key"},
            Register("标题", ("委员甲", "委员乙"), in_session=False, facts={"level": "key"}),
        ),
        (
            "register",
            {"title": "t", "proposers": [], "facts": {"a": 1}, "b": 2},
            Register("t", (), facts={"a": 1, "b": 2}),
        ),
        ("register", {"title": "t", "proposers": [], "of": "x"}, Register("t", (), facts={"of": "x"})),
        ("request_return", {"of": "n1", "reason": "职责"}, Ask("return", "n1", {"reason": "职责"})),
        ("decide_return", {"verdict": "granted", "to": "市某局"}, Answer("return", "granted", fields={"to": "市某局"})),
        ("request_extra_days", {"n": 3}, Ask("extra_days", fields={"n": 3})),
        ("draft_reply", {"text": "文", "class": "A"}, DraftReply("文", fields={"class": "A"})),
        ("review", {"gate": "head", "checklist": ["a", "b"]}, Review("head", checklist=("a", "b"))),
        ("set_aside", {"deadline": "d", "until": "2023-05-10", "reason": "r"}, SetAside("d", date(2023, 5, 10), "r")),
        (
            "set_aside",
            {"deadline": "d", "until": date(2023, 5, 10), "reason": "r"},
            SetAside("d", date(2023, 5, 10), "r"),
        ),
        (
            "correct",
            {"record": "e1", "field": "with", "value": ["p1"], "reason": "r"},
            Correct("e1", "with", ("p1",), "r"),
        ),
        (
            "contact",
            {"of": "p1", "mode": "visit", "n": [1, {"b": None}]},
            Do("contact", "p1", {"mode": "visit", "n": (1, {"b": None})}),
        ),
        ("contact", {"on": date(2023, 5, 1)}, Do("contact", fields={"on": "2023-05-01"})),
        (
            "contact",
            {"on": datetime(2023, 5, 1, 9, tzinfo=UTC)},
            Do("contact", fields={"on": "2023-05-01T09:00:00+00:00"}),
        ),
        ("request_", {"a": 1}, Do("request_", fields={"a": 1})),
    ],
)
def test_plain_data_becomes_a_body(name: str, fields: Mapping[str, object], body: Body) -> None:
    assert read_command(name, fields) == body


@pytest.mark.parametrize(
    ("name", "fields", "code", "given"),
    [
        (
            "assign",
            {"leed": "市某局"},
            "unknown_field",
            {"field": "leed", "proposal": "lead", "allowed": ("lead", "co", "sole", "separate")},
        ),
        ("assign", {"qqq": "市某局"}, "strange_field", {"field": "qqq", "allowed": ("lead", "co", "sole", "separate")}),
        ("advance", {"by": 3}, "no_fields", {"field": "by", "command": "advance"}),
        ("assign", {"of": "n1"}, "strange_field", {"field": "of"}),
        ("assign", {"lead": 7}, "needs_text", {"field": "lead", "given": "7"}),
        ("assign", {"lead": None}, "needs_text", {"field": "lead", "given": "None"}),
        ("assign", {"co": "市某局"}, "needs_texts", {"field": "co"}),
        ("assign", {"co": [1]}, "needs_text", {"field": "co", "given": "1"}),
        ("assign", {"lead": "a\0b"}, "needs_whole_text", {"field": "lead"}),
        ("assign", {"lead": "a\ud800"}, "needs_whole_text", {"field": "lead"}),
        (
            "open_docket",
            {"office": "区某办", "rules": "r", "year": "2023"},
            "needs_number",
            {"field": "year", "given": "'2023'"},
        ),
        ("open_docket", {"office": "区某办", "rules": "r", "year": True}, "needs_number", {"field": "year"}),
        ("register", {"title": "t", "proposers": [], "in_session": "yes"}, "needs_flag", {"field": "in_session"}),
        ("register", {"titel": "t", "proposers": []}, "unknown_field", {"field": "titel", "proposal": "title"}),
        ("register", {"proposers": []}, "missing_field", {"field": "title", "command": "register"}),
        ("register", {"title": "t", "proposers": [], "facts": 3}, "needs_fields", {"field": "facts"}),
        (
            "register",
            {"title": "t", "proposers": [], "facts": {"a": 1}, "a": 2},
            "field_twice",
            {"field": "a", "other": "facts.a"},
        ),
        (
            "register",
            {"title": "t", "proposers": [], "level": 1.5},
            "needs_value",
            {"field": "facts.level", "given": "1.5"},
        ),
        (
            "set_aside",
            {"deadline": "d", "until": "2023-09-31", "reason": "r"},
            "needs_day",
            {"field": "until", "given": "'2023-09-31'"},
        ),
        ("set_aside", {"deadline": "d", "until": 20230901, "reason": "r"}, "needs_day", {"field": "until"}),
        (
            "review",
            {"gate": "g", "verdict": "passed"},
            "needs_choice",
            {"field": "verdict", "given": "'passed'", "allowed": ("pass", "send_back")},
        ),
        ("review", {"gate": "g", "verdict": ["pass"]}, "needs_choice", {"field": "verdict"}),
        ("decide_return", {"of": "q1"}, "missing_field", {"field": "verdict"}),
        ("decide_return", {"verdct": "granted"}, "unknown_field", {"field": "verdct", "proposal": "verdict"}),
        ("reassign", {"to": "x", "of": "n1", "subject": "n1"}, "field_twice", {"field": "subject", "other": "subject"}),
        ("contact", {"of": 3}, "needs_text", {"field": "subject"}),
        ("contact", {"x": {"y": [object]}}, "needs_value", {"field": "fields.x.y"}),
        ("contact", {3: "x"}, "needs_text", {"given": "3"}),
        ("contact", {"x": {3: "x"}}, "needs_text", {"given": "3"}),
    ],
)
def test_what_does_not_fit_is_refused_by_name(
    name: str, fields: Mapping[Any, object], code: str, given: Mapping[str, object]
) -> None:
    with pytest.raises(Malformed) as caught:
        read_command(name, fields)
    assert caught.value.code == code
    assert {key: caught.value.given[key] for key in given} == given


def test_the_fields_come_in_the_order_of_their_names_as_they_do_from_the_store() -> None:
    body = read_command("contact", {"b": 1, "a": {"d": 1, "c": 2}})
    assert isinstance(body, Do)
    assert list(body.fields) == ["a", "b"]
    assert list(body.fields["a"]) == ["c", "d"]  # type: ignore[arg-type]


def test_what_is_given_is_shown_cut() -> None:
    with pytest.raises(Malformed) as caught:
        read_command("assign", {"lead": ["市某局"] * 1000})
    assert len(str(caught.value.given["given"])) < 70


@pytest.mark.parametrize("kind", [*BODIES.values(), Ask, Answer, Do])
def test_every_field_of_every_body_has_a_reader(kind: type) -> None:
    for slot in attrs.fields(kind):
        assert slot.type in _READERS or slot.name == "verdict", slot


@given(
    st.sampled_from([*BODIES, "request_return", "decide_return", "contact"]),
    st.dictionaries(
        st.sampled_from([slot.name for kind in (*BODIES.values(), Ask, Answer, Do) for slot in attrs.fields(kind)])
        | st.text(max_size=4),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.dates(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        ),
        max_size=5,
    ),
)
def test_any_plain_data_gives_a_body_or_a_malformed(name: str, fields: dict[str, object]) -> None:
    try:
        body = read_command(name, fields)
    except Malformed:
        return
    hash(repr(body))
