"""Packs whose dates cannot be meant are refused when they load, each with file, line and column."""

from pathlib import Path
from typing import Final

import pytest

from casework.cli import main
from tests.packs.good import BASE, at_places, brief

HEAD: Final = "pack: wrong@2023\ndocument: 某政发〔2023〕9号\nin_force: {from: 2023-03-09}\nextends: land\nrules:\n"
NAMED: Final = BASE.replace("within: 3 months", "due: 2023-08-31")
YEARLY: Final = BASE.replace("within: 3 months", "due: 08-31")
REPLY: Final = "- term: submit\n  label: 报送\n  clause: 一\n  of: each lead\n  until: submitted\n"
OPINION: Final = "- change: opinion\n  clause: 二\n"
TOLD: Final = "- term: visit\n  label: 回访\n  clause: 三\n  of: each proposer\n"
MORE: Final = (
    "- request: more\n  label: 延期\n  clause: 三\n  of: each lead\n  fields: [reason, length]\n  extends: submit\n"
)
MONTH: Final = REPLY + "  within: 1 month\n"
DECIDED: Final = (
    "  decided_by: {by: clerk}\n- permission: some\n  label: 甲\n  clause: 三\n"
    "  may: [request_more, decide_more]\n  who: {role: clerk}\n"
)
GATHERED: Final = (
    "- act: gather\n  label: 交办会\n  clause: 三\n  of: docket\n- permission: gathers\n  label: 甲\n  clause: 三\n"
    "  may: gather\n  who: {role: clerk}\n"
)
"""What is done for the docket comes to no case."""
HELD: Final = "- term: held\n  label: 开会\n  clause: 三\n  of: docket\n"
WRONG: Final = [
    ("no_such_date", BASE, REPLY + "  due: ‸2023-09-31\n"),
    ("no_such_date", BASE, REPLY + "  due: ‸09-31\n"),
    ("cap_below_base", BASE, REPLY + "  within: 3 months\n" + MORE + "  total: ‸2 months\n" + DECIDED),
    ("extension_past_cap", BASE, MONTH + MORE + "  total: 2 months\n  extra: ‸3 months\n" + DECIDED),
    ("extension_past_cap", BASE, MONTH + "  lengthened: {act: contact, by: ‸20 days, extra: 10 days}\n"),
    ("longer_than_reply", BASE, OPINION + "  within: ‸4 months\n"),
    ("longer_than_reply", NAMED, OPINION + "  due: ‸2023-09-15\n"),
    ("longer_than_reply", YEARLY, OPINION + "  due: ‸09-01\n"),
    ("never_started", BASE, TOLD + "  from: ‸issued\n  until: contact\n  within: 1 day\n"),
    ("never_ended", BASE, TOLD + "  until: ‸submitted\n  within: 1 day\n"),
    ("never_started", BASE, GATHERED + TOLD + "  from: ‸gather\n  until: contact\n  within: 1 day\n"),
    ("never_ended", BASE, GATHERED + TOLD + "  until: ‸gather\n  within: 1 day\n"),
    ("never_ended", BASE, HELD + "  from: opened\n  until: ‸contact\n  within: 1 day\n"),
    ("never_started", BASE, GATHERED + HELD + "  from: ‸session_closed\n  until: gather\n  within: 1 day\n"),
    ("unknown_moment", BASE, TOLD + "  from: ‸asigned\n  until: contact\n  within: 1 day\n"),
    ("unknown_moment", BASE, TOLD + "  until: ‸contackt\n  within: 1 day\n"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "base", "text"), WRONG, ids=[f"{n}-{code}" for n, (code, _, _) in enumerate(WRONG)])
def test_a_pack_that_contradicts_itself_is_refused_where_it_does(code: str, base: str, text: str) -> None:
    clean, places = at_places(HEAD + text, "2.yaml")
    assert brief(base, clean) == [(place, code) for place in places]


@pytest.mark.parametrize(
    ("base", "text"),
    [
        (BASE, OPINION + "  within: 3 months\n"),  # as long as the reply has
        (BASE, OPINION + "  due: 2024-09-15\n"),  # a named date and a length cannot be told apart when a pack loads
        (NAMED, OPINION + "  due: 2023-08-31\n"),
        (NAMED, OPINION + "  due: 09-15\n"),  # of whichever year
        (BASE, REPLY + "  within: 1 month\n" + MORE + "  total: 1 month\n" + DECIDED),
        (BASE, REPLY + "  due: 2024-02-29\n"),
    ],
)
def test_dates_that_can_be_meant_are_taken(base: str, text: str) -> None:
    assert brief(base, HEAD + text) == []


def test_the_command_line_says_file_line_and_column(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clean, (place,) = at_places(HEAD.replace("land", "ordinary@2015") + WRONG[0][2], "wrong.yaml")
    (tmp_path / "wrong.yaml").write_text(clean, "utf-8")
    assert main(("--rules-dir", str(tmp_path), "rules", "show", "wrong@2023")) == 2
    told = "".join(capsys.readouterr())
    assert place in told
    assert "2023-09-30" in told  # what it proposes
