"""Sealing and reading again, the chain, and what breaks it."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import attrs
import pytest
from hypothesis import given

from casework.codec import canonical, digest, instant, read_instant, read_value, seal, unseal, verify
from casework.commands import Assign, Command, Do, Register
from casework.errors import Malformed, Tampered, Unavailable
from casework.events import Acted, Adopted, Annulled, Event
from casework.ports import FIRST, Sealed
from casework.records import CHINA, Actor, Stream, Value
from tests.codec.samples import AT, CASE, LATER, RECORD, enveloped, samples
from tests.codec.values import EVENTS

SAMPLES: Final = dict(samples())


def said(fields: Mapping[str, Any]) -> Event:
    return enveloped(Acted(attrs.evolve(RECORD, fields=fields)))


def chained(n: int) -> list[Sealed]:
    chain: list[Sealed] = []
    for seq in range(1, n + 1):
        chain.append(seal(enveloped(Annulled(f"e{seq}", "e9"), seq), chain[-1].hash if chain else FIRST))
    return chain


def lie(sealed: Sealed, by: str) -> Sealed:
    """Change the event and write its text anew, but leave the hash."""
    return attrs.evolve(seal(attrs.evolve(sealed.event, by=by), sealed.previous), hash=sealed.hash)


@given(EVENTS)
def test_what_is_sealed_reads_back_the_same(event: Event) -> None:
    sealed = seal(event)
    assert unseal(sealed.text) == event
    assert seal(unseal(sealed.text)) == sealed


@given(EVENTS)
def test_the_text_is_canonical(event: Event) -> None:
    text = seal(event).text
    again = json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert text == again
    assert "\n" not in text


def test_the_order_of_fields_does_not_show() -> None:
    turned = dict(reversed(list(RECORD.fields.items())))
    assert seal(said(turned)) == seal(said(RECORD.fields))
    assert seal(said(turned)).text == seal(said(RECORD.fields)).text


def test_times_are_stored_as_utc_and_read_as_the_time_of_china() -> None:
    assert instant(AT) == "2023-03-10T02:49:00.000000Z"
    assert instant(AT.astimezone(UTC)) == instant(AT)
    assert read_instant(instant(LATER)) == LATER
    assert read_instant(instant(LATER)).tzinfo is CHINA
    before, after = AT, AT + timedelta(microseconds=1)
    assert instant(before) < instant(after)


def test_a_value_by_itself_is_written_and_read_the_same() -> None:
    value: Value = {"b": (1, None), "a": {"c": "甲"}}
    assert canonical(value) == '{"a":{"c":"甲"},"b":[1,null]}'
    assert read_value(canonical(value)) == value
    with pytest.raises(ValueError, match="no fractions"):
        read_value("[1.5]")


def test_a_time_without_a_zone_is_not_stored() -> None:
    with pytest.raises(ValueError, match="has no zone"):
        instant(datetime(2023, 3, 10))  # noqa: DTZ001 the point


@pytest.mark.parametrize("value", [1.5, float("nan"), {"a": (1.5,)}, {1: "x"}, AT, object(), b"x"])
def test_what_has_no_one_canonical_form_is_not_stored(value: object) -> None:
    with pytest.raises(Malformed) as caught:
        seal(said({"x": value}))
    assert caught.value.code == "not_storable"


def test_a_sound_history_verifies() -> None:
    chain = chained(5)
    verify([])
    verify([], head=FIRST)
    verify(chain)
    verify(chain, head=chain[-1].hash)
    verify(Sealed(unseal(sealed.text), sealed.text, sealed.hash, sealed.previous) for sealed in chain)


@pytest.mark.parametrize(
    ("broken", "seq"),
    [
        pytest.param(lambda c: [c[0], lie(c[1], by="u18"), *c[2:]], 2, id="an edited event"),
        pytest.param(lambda c: [c[0], attrs.evolve(c[1], text=c[1].text + " "), *c[2:]], 2, id="an edited text"),
        pytest.param(lambda c: [*c[:2], attrs.evolve(c[2], hash="0" * 64), *c[3:]], 3, id="an edited hash"),
        pytest.param(lambda c: [*c[:2], attrs.evolve(c[2], previous="0" * 64), *c[3:]], 3, id="an edited link"),
        pytest.param(lambda c: [c[0], seal(attrs.evolve(c[1].event, by="x"), c[0].hash), *c[2:]], 3, id="hashed anew"),
        pytest.param(lambda c: c[1:], 1, id="no head"),
        pytest.param(lambda c: [*c[:2], *c[3:]], 3, id="one left out"),
        pytest.param(lambda c: [c[0], c[2], c[1], *c[3:]], 2, id="two swapped"),
        pytest.param(lambda c: [*c[:2], c[1], *c[2:]], 3, id="one doubled"),
        pytest.param(lambda c: c[:-1], 5, id="the tail cut off"),
        pytest.param(lambda _: [], 1, id="all gone"),
        pytest.param(lambda c: [attrs.evolve(c[0], event=c[1].event), *c[1:]], 1, id="an event that is not its text"),
    ],
)
def test_what_was_changed_is_found_and_named(broken: Callable[[list[Sealed]], list[Sealed]], seq: int) -> None:
    chain = chained(5)
    with pytest.raises(Tampered) as caught:
        verify(broken(chain), head=chain[-1].hash)
    assert caught.value.given["seq"] == seq


def test_an_event_of_another_stream_is_found_though_the_chain_is_whole() -> None:
    chain = chained(1)
    other = seal(enveloped(Annulled("e2", "e9"), 2, Stream("某市", "case", "x")), chain[0].hash)
    with pytest.raises(Tampered) as caught:
        verify([*chain, other])
    assert caught.value.given["seq"] == 2


def test_a_numbering_that_starts_late_or_stays_is_found_though_the_chain_is_whole() -> None:
    for seqs in ((2,), (1, 1), (1, 3)):
        previous, chain = FIRST, []
        for seq in seqs:
            chain.append(seal(enveloped(Annulled("e1", "e9"), seq), previous))
            previous = chain[-1].hash
        with pytest.raises(Tampered):
            verify(chain)


def test_a_text_that_no_longer_reads_is_found_though_it_was_hashed_anew() -> None:
    text = chained(1)[0].text.replace('"annulled"', '"anulled"')
    forged = Sealed(chained(1)[0].event, text, sha256((FIRST + text).encode()).hexdigest(), FIRST)
    with pytest.raises(Tampered) as caught:
        verify([forged])
    assert caught.value.given["seq"] == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1],
        lambda _: "[]",
        lambda _: "1",
        lambda text: text.replace('"seq":3,', ""),
        lambda text: text.replace('"name":"deadline_ended"', '"name":"deadline_finished"'),
        lambda text: text.replace('"key":"opinion/n2/1"', '"clé":"opinion/n2/1"'),
        lambda text: text.replace('"key":"opinion/n2/1"', '"key":"opinion/n2/1","more":1'),
        lambda text: text.replace('"state":"met"', '"state":"done"'),
        lambda text: text.replace('"shape":1', '"shape":1.0'),
        lambda text: text.replace('"shape":1', '"shape":"1"'),
        lambda text: text.replace("2023-03-10T02:49:00.000000Z", "2023-02-30T02:49:00.000000Z"),
    ],
)
def test_what_is_no_event_is_refused(change: Callable[[str], str]) -> None:
    text = seal(SAMPLES["deadline_ended"]).text
    assert change(text) != text
    with pytest.raises(Tampered) as caught:
        unseal(change(text))
    assert caught.value.code == "unreadable_event"


def test_a_shape_of_a_newer_release_is_not_guessed_at() -> None:
    text = chained(1)[0].text.replace('"shape":1', '"shape":2')
    with pytest.raises(Unavailable) as caught:
        unseal(text)
    assert caught.value.code == "newer_shape"


def test_an_old_shape_is_lifted_step_by_step() -> None:
    def rename(data: dict[str, Any]) -> dict[str, Any]:
        return data | {"name": "adopted" if data["name"] == "taken_over" else data["name"]}

    def fill(data: dict[str, Any]) -> dict[str, Any]:
        return data | {"what": {"calendar": "c1", **data["what"]}}

    old = canonical(
        json.loads(seal(enveloped(Adopted("e1", "c1"))).text) | {"name": "taken_over", "what": {"edition": "e1"}}
    )
    assert unseal(old, shape=3, upcasts={1: rename, 2: fill}).what == Adopted("e1", "c1")
    with pytest.raises(Tampered):
        unseal(old, shape=2, upcasts={1: rename})


COMMAND = Command(
    "c-1",
    CASE,
    AT,
    LATER,
    Actor("u1", "区某办", frozenset({"assigning_office", "handler"})),
    Assign("市某局"),
    reasons={"a": "b"},
)


def test_a_repetition_has_the_same_digest_whenever_it_is_recorded() -> None:
    assert digest(attrs.evolve(COMMAND, recorded=LATER + timedelta(days=1))) == digest(COMMAND)
    assert digest(attrs.evolve(COMMAND, at=AT.astimezone(UTC))) == digest(COMMAND)
    assert digest(
        attrs.evolve(COMMAND, by=Actor("u1", "区某办", frozenset({"handler", "assigning_office"})))
    ) == digest(COMMAND)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "c-2"},
        {"stream": Stream("某市", "docket", CASE.id)},
        {"at": LATER},
        {"by": Actor("u1", "区某办", frozenset({"handler"}))},
        {"body": Assign("市某局", ("市又一局",))},
        {"body": Do("assign", fields={"lead": "市某局"})},
        {"of": "委员乙"},
        {"evidence": "ab"},
        {"reasons": {}},
    ],
)
def test_other_content_has_another_digest(changes: dict[str, Any]) -> None:
    assert digest(attrs.evolve(COMMAND, **changes)) != digest(COMMAND)


def test_the_digest_is_pinned_because_it_is_stored() -> None:
    assert digest(COMMAND) == "a99676f1ebb78bf5f299ed06942d4382569fc7faee92985e01ec912fd7f42550"
    assert (
        digest(attrs.evolve(COMMAND, body=Register("标题", ("委员甲", "委员乙"), facts={"key": True})))
        == "59b58329cdfb222d406a474bf4b7242c1e3e1a6591d007ae0d317bb6fa6af744"
    )
