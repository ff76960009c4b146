"""Values of casework for --json output."""

import json
from datetime import date

import attrs
import pytest

from casework.codec import plain
from casework.events import Opened
from casework.history import evolve
from casework.ports import Ledger
from casework.records import Actor, Dossier, Due
from tests.codec.samples import AT, CASE, DEADLINE, DUE, LATER, PARTS, samples

LEDGER = Ledger(
    CASE,
    3,
    "ab" * 32,
    "某市2023年交办",
    "提案",
    "056",
    "handling",
    1,
    "市某局",
    ("市某局", "市又一局"),
    "e",
    "c",
    AT,
    None,
)


def test_a_due_date_names_every_field() -> None:
    assert plain(Due(date(2023, 4, 10))) == {"day": "2023-04-10", "hour": None, "provisional": False, "trace": []}
    assert plain(DUE)["hour"] == "17:30:00"
    assert plain(DUE)["trace"][1]["unit"] == "months"


def test_a_ledger_row_names_every_field() -> None:
    assert plain(LEDGER) == {
        "stream": {"tenant": "某市", "aggregate": "case", "id": "某市2023年交办/提案/056"},
        "seq": 3,
        "hash": "ab" * 32,
        "docket": "某市2023年交办",
        "kind": "提案",
        "number": "056",
        "state": "handling",
        "round": 1,
        "lead": "市某局",
        "units": ["市某局", "市又一局"],
        "edition": "e",
        "calendar": "c",
        "recorded": "2023-03-10T02:49:00.000000Z",
        "next": None,
    }


def test_a_dossier_shows_its_parts_with_their_kind() -> None:
    event = next(event for _, event in samples() if isinstance(event.what, Opened))
    dossier = attrs.evolve(evolve(Dossier(CASE), event), parts={part.id: part for part in PARTS.values()})
    shown = plain(dossier)
    assert {part["id"]: part["part"] for part in shown["parts"].values()} == {
        "p1": "p",
        "n2": "n",
        "v1": "v",
        "r1": "r",
        "q1": "q",
        "c1": "c",
        "i1": "i",
        "u1": "u",
    }
    assert shown["records"]["e2"]["fields"]["with"] == ["p1", "p2"]


@pytest.mark.parametrize(
    "value",
    [
        DUE,
        DEADLINE,
        LEDGER,
        Dossier(CASE),
        Actor("u1", roles=frozenset({"b", "a"})),
        (DUE, LEDGER),
        {"a": [DUE]},
        LATER,
        *PARTS.values(),
    ],
)
def test_everything_plain_is_json(value: object) -> None:
    assert json.loads(json.dumps(plain(value))) == plain(value)
