"""Every fault that a pack can have, each found where it stands, by its code.

A text shows with ‸ where its faults are expected; the code in front of it says which, in the order of the file.
"""

import ast
import re
from pathlib import Path
from typing import Final

import pytest

from tests.packs.good import BASE, CITY, at_places, brief, faults

PACKS: Final = Path(__file__).parents[2] / "src" / "casework" / "packs"
HEAD: Final = "pack: city@2023\ndocument: 某政发〔2023〕10号\nin_force: {from: 2023-03-09}\nextends: land\nrules:\n"
TERM: Final = "- term: x\n  label: 甲\n  clause: 一\n  of: each lead\n  until: submitted\n"
MORE: Final = "- request: more\n  label: 延期\n  clause: 一\n  of: each co_handler\n  extends: opinion\n"
DECIDED: Final = (
    "  decided_by: {by: clerk}\n- permission: some\n  label: 乙\n  clause: 一\n"
    "  may: [request_more, decide_more]\n  who: {role: clerk}\n"
)


FIX: Final = (
    "- act: fix\n  label: 定期限\n  clause: 一\n  of: each lead\n  fields: {limit: date}\n"
    "- permission: fixes\n  label: 乙\n  clause: 一\n  may: fix\n  who: {role: clerk}\n"
)
"""An act that sets a date."""

CHOSEN: Final = "- fact: x\n  label: 乙\n  clause: 一\n  choose: ‸\n  - {when: {key: true}, is: a}\n  - {is: b}\n"
"""A fact that another chooses."""

LATE: Final = (
    "- fact: tardy\n  label: 乙\n  clause: 一\n  of: each node\n  ordered: true\n  values: [b, m, a]\n"
    "  choose: [{when: {key: true}, is: m}, {when: {opinion_due: passed}, is: a}, {is: b}]\n"
)
LATER: Final = (
    "- fact: tardier\n  label: 丙\n  clause: 一\n  of: each node\n  choose: [{when: {tardy: a}, is: yes}, {is: no}]\n"
)
"""Facts that are chosen by what comes with time alone, and by what such a fact chooses."""

SCORE: Final = "- score: x\n  label: 乙\n  clause: 一\n  of: each unit\n"

# What a layer above BASE may get wrong.
LAYER: Final = [
    # the look before parsing
    ("full_width_colon", TERM.replace("label: ", "label‸：") + "  within: 1 month\n"),
    ("full_width_comma", TERM + "  within: 1 month\n  covers: [C-1‸，C-2]\n"),
    ("space_after_colon", TERM + "  within‸:1 month\n"),
    ("tab", TERM + "‸\twithin: 1 month\n"),
    # YAML
    ("unclosed", TERM + "  within: 1 month\n  covers: ‸[C-1, C-2\n" + TERM.replace("x", "y") + "  within: 1 day\n"),
    ("unclosed", TERM + "  within: 1 month\n  because: ‸'甲\n"),
    ("no_colon", TERM + "  within: 1 month\n  ‸covers C-1\n  floor: false\n"),
    ("colon_in_text", TERM + "  within: 1 month\n  because: 甲‸: 乙\n"),
    ("indentation", TERM + "  within: 1 month\n ‸because: 甲\n"),
    ("character", TERM + "  within: 1 month\n  because: ‸\u0007\n"),
    ("syntax", TERM + "  within: 1 month\n  because: ‸@甲\n"),
    ("second_document", TERM + "  within: 1 month\n‸---\nrules: []\n"),
    ("too_deep", TERM + "  within: 1 month\n  covers: " + "[" * 38 + "‸[" + "]" * 39 + "\n"),
    ("not_plain", TERM + "  within: ‸&one 1 month\n"),
    ("not_plain", TERM + "  within: ‸!!str 1 month\n"),
    ("key_not_text", TERM + "  within: 1 month\n  ? ‸[a]\n  : b\n"),
    ("key_twice", TERM + "  within: 1 month\n  ‸of: each root\n"),
    # blocks
    ("not_a_rule", TERM + "  within: 1 month\n- ‸gate\n"),
    ("unknown_kind", TERM + "  within: 1 month\n- ‸gat: y\n  label: 乙\n"),
    ("head_not_first", "- label: 甲\n  ‸term: x\n  clause: 一\n  of: each lead\n  until: submitted\n  within: 1 day\n"),
    ("not_an_id", TERM.replace("x", "‸Xa") + "  within: 1 month\n"),
    ("not_an_id", TERM.replace("x", "‸[x]") + "  within: 1 month\n"),
    ("head_missing", TERM + "  within: 1 month\n  ‸label: 乙\n  clause: 二\n  by: clerk\n"),
    ("second_head", TERM + "  within: 1 month\n  ‸gate: y\n  label: 乙\n  clause: 二\n  by: clerk\n"),
    # fields
    ("unknown_key", TERM + "  ‸witin: 1 month\n"),
    ("unknown_key", "- remove: told\n  clause: 一\n  ‸until: submitted\n"),
    ("clause_needed", "- ‸term: x\n  label: 甲\n  of: each lead\n  until: submitted\n  within: 1 day\n"),
    ("clause_needed", "- ‸remove: told\n"),
    ("rule_lacks", "- ‸term: x\n  clause: 一\n  of: each lead\n  until: submitted\n  within: 1 day\n"),
    ("rule_lacks", "- ‸term: x\n  label: 甲\n  clause: 一\n  of: each lead\n  within: 1 day\n"),
    ("rule_lacks", TERM.replace("  until: submitted\n", "") + "  choose:\n  - ‸{within: 1 day}\n"),
    ("field_needed_here", "- change: opinion\n  clause: 一\n  remind:\n  - ‸{to: [clerk]}\n"),
    ("empty", TERM + "  within: 1 month\n  ‸by:\n"),
    ("not_a_word", TERM + "  within: ‸[1 month]\n"),
    ("not_a_table", TERM + "  within: 1 month\n  when: ‸round\n"),
    ("not_a_list", TERM + "  choose: ‸{within: 1 day}\n"),
    ("not_a_number", "- change: again\n  clause: 一\n  limit: ‸two\n"),
    ("unknown_value", TERM + "  within: 1 month\n  counts_from: ‸recordd\n"),
    ("unknown_value", TERM + "  within: 1 month\n  keeps: ‸yes\n"),
    ("not_a_date", TERM + "  due: ‸2023-8-31\n"),
    ("no_such_date", TERM + "  due: ‸2023-09-31\n"),
    ("no_such_date", TERM + "  due: ‸13-01\n"),
    ("no_such_date", TERM + "  due: ‸02-29\n"),  # three years out of four
    ("not_a_length", TERM + "  within: ‸10 wroking days\n"),
    ("not_a_rung", TERM + "  within: 1 month\n  remind: ‸10 days befor\n"),
    ("not_a_due", TERM + "  due: ‸end of month\n"),
    ("not_an_hour", TERM + "  within: 1 month\n  hour: ‸17\n"),
    ("not_an_hour", TERM + "  within: 1 month\n  hour: ‸24:00\n"),
    ("no_effect", TERM + "  within: 24 hours\n  hour: ‸17:30\n"),
    (
        "unknown_type",
        (
            "- change: contact\n  clause: 一\n  fields: {mode: [a], note: ‸txt}\n- change: met_first\n"
            "  clause: 一\n  where: none\n"
        ),
    ),
    ("one_slot", TERM + "  within: 1 month\n  ‸due: 2023-08-31\n"),
    ("marked_twice", TERM + "  within: 1 month\n  open_norm: [of]\n  our_reading: [‸of]\n"),
    ("marked_twice", TERM + "  within: 1 month\n  open_norm: true\n  ‸our_reading: true\n"),
    # layers
    ("unknown_rule", "- change: ‸opinon\n  clause: 一\n"),
    ("unknown_rule", "- remove: ‸opinon\n  clause: 一\n"),
    ("unknown_rule", TERM + "  within: 1 month\n  replaces: ‸opinon\n"),
    ("floor_kept", "- change: ‸reply_by_law\n  clause: 一\n  within: 6 months\n"),
    ("floor_kept", "- remove: ‸reply_by_law\n  clause: 一\n"),
    ("floor_kept", TERM + "  within: 1 month\n  replaces: ‸reply_by_law\n"),
    ("id_twice", TERM.replace("x", "‸opinion") + "  within: 1 month\n"),
    ("id_twice", TERM + "  within: 1 month\n" + TERM.replace("x", "‸x") + "  within: 1 month\n"),
    ("set_in_rows", "- change: told\n  clause: 一\n  ‸within: 1 month\n"),
    ("set_in_rows", "- change: told\n  clause: 一\n  ‸due: 2023-08-31\n"),
    (
        "changed_twice",
        "- change: opinion\n  clause: 一\n  within: 1 month\n- change: opinion\n  clause: 二\n  ‸within: 1 day\n",
    ),
    ("when_wider", "- change: begins\n  clause: 一\n  when: {acknowledged: ‸[some, all, none]}\n"),
    ("when_wider", "- change: begins\n  clause: 一\n  when: ‸none\n"),
    ("still_named", "- remove: ‸head_signs\n  clause: 一\n"),
    # words
    ("unknown_role", "- change: head_signs\n  clause: 一\n  by: ‸leadr\n"),
    ("unknown_relation", "- change: unit_may\n  clause: 一\n  who: {role: handler, relation: ‸holdr}\n"),
    ("unknown_owner", TERM + "  within: 1 month\n  by: ‸led\n"),
    ("unknown_moment", TERM.replace("submitted", "‸submited") + "  within: 1 month\n"),
    ("unknown_command", "- change: head_signs\n  clause: 一\n  before: [submit_reply, ‸isue_reply]\n"),
    ("unknown_act", "- change: met_first\n  clause: 一\n  where: none\n  needs: ‸contct\n"),
    ("unknown_fact", TERM + "  within: 1 month\n  when: {‸keyy: true}\n"),
    ("unknown_gate", "- change: office_checks\n  clause: 一\n  after: [‸head_sings]\n"),
    ("unknown_term", TERM + "  within: 1 month\n  not_past: ‸reply_by_lw\n"),
    ("unknown_term", TERM + "  due: ‸20 days before reply_by_lw\n"),
    ("unknown_subject", TERM.replace("each lead", "‸each led") + "  within: 1 month\n"),
    ("unknown_lifecycle", "- change: head_signs\n  clause: 一\n  on: ‸verson\n"),
    ("unknown_state", "- change: office_may\n  clause: 一\n  who: {role: clerk, phase: [registered, ‸asigned]}\n"),
    ("unknown_class", "- change: B\n  clause: 一\n  may_become: [A, ‸C]\n"),
    ("unknown_mark", "- change: owed\n  clause: 一\n  fields: [class, ‸disclosur]\n"),
    ("unknown_act_field", "- change: met_first\n  clause: 一\n  where: {‸mod: phone}\n"),
    ("unknown_act_field", "- change: opinion\n  clause: 一\n  set_in: ‸brief.limt\n"),
    ("unknown_act_field", "- change: opinion\n  clause: 一\n  set_in: brief.limit\n  longer_needs: ‸wy\n"),
    ("unknown_value", TERM + "  within: 1 month\n  when: {handling: [sole, ‸jont]}\n"),
    ("unknown_value", TERM + "  within: 1 month\n  when: {case_state: ‸asigned}\n"),
    (
        "unknown_value",
        TERM + "  within: 1 month\n  when: {disclosure: none}\n".replace("none", "‸none").replace("disclosure", "key"),
    ),
    ("unknown_value", "- change: met_first\n  clause: 一\n  where: {mode: ‸phon}\n"),
    ("unknown_value", "- change: disclosure\n  clause: 一\n  default: ‸opn\n"),
    ("fact_not_here", TERM + "  within: 1 month\n  when: {‸disclosure: public}\n"),
    ("not_ordered", TERM + "  within: 1 month\n  when: {handling: {at_least: ‸sole}}\n"),
    ("comes_with_time", TERM + "  within: 1 month\n  when: {opinion_due: ‸passed}\n"),
    ("comes_with_time", TERM + "  choose:\n  - {when: {opinion_due: [met, ‸running]}, within: 1 month}\n"),
    (
        "comes_with_time",
        TERM.replace("lead", "promise") + "  within: 1 month\n  when: {due_came: ‸true}\n",
    ),
    ("comes_with_time", LATE + TERM + "  within: 1 month\n  when: {tardy: ‸a}\n"),
    ("comes_with_time", LATE + TERM + "  within: 1 month\n  when: {tardy: ‸b}\n"),
    ("comes_with_time", LATE + TERM + "  within: 1 month\n  when: {tardy: [m, ‸b]}\n"),
    ("comes_with_time", LATE + TERM + "  within: 1 month\n  when: {tardy: {at_least: ‸m}}\n"),
    (
        "comes_with_time",
        LATE.replace(", {is: b}", "") + TERM + "  within: 1 month\n  when: {tardy: {none: ‸true}}\n",
    ),
    (
        "comes_with_time",
        "- gate: y\n  label: 乙\n  clause: 二\n  by: clerk\n  before: submit_reply\n  when: {opinion_due: ‸passed}\n",
    ),
    ("comes_with_time", LATE + LATER + TERM + "  within: 1 month\n  when: {tardier: ‸yes}\n"),
    # lifecycles
    ("state_unreached", "- change: submitting\n  clause: 一\n  from: [drafting, ‸reviewd]\n"),
    (
        "steps_alike",
        (
            "- ‸step: other\n  label: 乙\n  clause: 一\n  on: version\n  from: drafting\n  to: submitted\n"
            "  command: submit_reply\n"
        ),
    ),
    ("own_step_without_when", "- ‸step: other\n  label: 乙\n  clause: 一\n  on: node\n  from: assigned\n  to: gone\n"),
    (
        "no_beginning",
        "- ‸step: other\n  label: 乙\n  clause: 一\n  on: unit\n  from: admitted\n  to: admitted\n  command: assign\n",
    ),
    # terms and requests
    (
        "never_ended",
        "- term: x\n  label: 甲\n  clause: 一\n  of: each proposer\n  until: ‸submitted\n  within: 1 month\n",
    ),
    (
        "never_started",
        (
            "- term: x\n  label: 甲\n  clause: 一\n  of: each proposer\n  from: ‸issued\n"
            "  until: contact\n  within: 1 month\n"
        ),
    ),
    (
        "never_comes",
        "- notice: tell\n  label: 通知\n  clause: 一\n  of: each proposer\n  about: ‸submitted\n  to: proposers\n",
    ),
    ("tells_nobody", "- ‸notice: tell\n  label: 通知\n  clause: 一\n  of: each lead\n  about: submitted\n"),
    ("term_undated", "- ‸term: x\n  label: 甲\n  clause: 一\n  of: each lead\n  until: submitted\n"),
    ("longer_than_what", TERM + "  within: 1 month\n  longer_needs: ‸why\n"),
    ("not_past_itself", TERM + "  within: 1 month\n  not_past: ‸x\n"),
    ("not_after_counted", TERM + "  within: 1 month\n  not_after: ‸20 days before reply_by_law\n"),
    ("no_effect", TERM + "  due: 5 days before reply_by_law\n  pauses: ‸{by: contact, until: contact}\n"),
    ("no_effect", TERM + "  due: 5 days before reply_by_law\n  lengthened: ‸{act: contact, by: 1 day}\n"),
    ("no_effect", TERM + "  due: 5 days before reply_by_law\n  counts_from: ‸recorded\n"),
    ("no_effect", TERM + "  every: 1 month\n  within: ‸1 month\n"),
    ("no_effect", TERM + "  every: 1 month\n  not_after: ‸09-30\n"),
    ("no_effect", TERM + "  within: 1 month\n  keeps: true\n  lengthened: ‸{act: contact, by: 1 day}\n"),
    ("no_effect", MORE.replace("opinion", "‸x") + DECIDED + TERM + "  due: 5 days before reply_by_law\n"),
    ("no_effect", MORE.replace("opinion", "‸x") + DECIDED + TERM + "  every: 1 month\n"),
    (
        "no_effect",
        (
            MORE.replace("opinion", "‸x")
            + DECIDED
            + TERM
            + "  choose: [{when: {round: 1}, every: 1 month}, {due: 5 days before reply_by_law}]\n"
        ),
    ),
    ("cap_below_base", MORE + "  total: ‸15 days\n" + DECIDED),
    ("extension_past_cap", MORE + "  total: 1 month\n  extra: ‸60 days\n" + DECIDED),
    ("extension_past_cap", TERM + "  within: 1 month\n  lengthened: {act: contact, by: ‸2 months, extra: 1 month}\n"),
    ("cap_below_base", TERM + "  within: 3 months\n  lengthened: {act: contact, by: 1 day, total: ‸2 months}\n"),
    ("longer_than_reply", "- change: opinion\n  clause: 一\n  within: ‸4 months\n"),
    ("names_no_day", "- ‸days: fair\n  label: 集市\n  clause: 一\n"),
    (
        "day_twice",
        "- days: fair\n  label: 集市\n  clause: 一\n  closed: 2023-04-20\n  opened: [2023-04-22, ‸2023-04-20]\n",
    ),
    ("no_such_date", "- days: fair\n  label: 集市\n  clause: 一\n  closed: [2023-04-20, ‸2023-04-31]\n"),
    ("silence_endless", "- change: return\n  clause: 一\n  decided_by: {by: clerk, silence: ‸granted}\n"),
    ("circle", TERM + "  due: ‸20 days before y\n" + TERM.replace("x", "y") + "  due: 20 days before x\n"),
    ("circle", "- change: head_signs\n  clause: 一\n  after: ‸office_checks\n"),
    # permissions
    ("nobody_may", "- ‸act: visit\n  label: 回访\n  clause: 一\n"),
    (
        "nobody_may",
        (
            "- ‸request: more_time\n  label: 延期\n  clause: 一\n  of: each lead\n  decided_by: {by: clerk}\n"
            "- permission: some\n  label: 乙\n  clause: 一\n  may: decide_more_time\n  who: {role: clerk}\n"
        ),
    ),
    ("permission_for_nobody", "- ‸permission: some\n  label: 乙\n  clause: 一\n  may: read\n"),
    (
        "limits_nothing",
        "- ‸permission: some\n  label: 乙\n  clause: 一\n  may: read\n  floor: true\n",
    ),
    ("act_without_mark", "- change: rating\n  clause: 一\n  act: ‸contact\n"),
    (
        "unknown_value",
        (
            "- change: rating\n  clause: 一\n  scale: {‸bad: 不满意, satisfied: 满意}\n- change: again\n  clause: 一\n"
            "  begins: {worst_mark: bad}\n"
        ),
    ),
    ("who_is_anybody", "- permission: some\n  label: 乙\n  clause: 一\n  may: read\n  who: [{role: clerk}, ‸{}]\n"),
    # what single rules say
    (
        "no_table_here",
        (
            "- light: more\n  label: 乙\n  clause: 一\n  choose:\n  ‸- {when: {key: true}, colour: a, word: b}\n"
            "  ended: true\n"
        ),
    ),
    ("row_unreached", TERM + "  choose:\n  - {within: 1 day}\n  - ‸{when: {key: true}, within: 2 days}\n"),
    ("requires_nothing", "- ‸requirement: nil\n  label: 乙\n  clause: 一\n  before: submit_reply\n"),
    (
        "people_of_none",
        "- indicator: rate\n  label: 乙\n  clause: 一\n  of: each reply\n  counts: {class: A}\n  people: ‸true\n",
    ),
    ("name_taken", "- act: ‸review\n  label: 乙\n  clause: 一\n"),
    (
        "name_of_state",
        (
            "- act: ‸drafting\n  label: 乙\n  clause: 一\n- permission: some\n  label: 乙\n  clause: 一\n"
            "  may: drafting\n  who: {role: clerk}\n"
        ),
    ),
    ("fact_twice", "- fact: ‸round\n  label: 乙\n  clause: 一\n  of: case\n"),
    (
        "fact_never_set",
        (
            "- change: key\n  clause: 一\n  set_by: ‸contact\n  values: [a, b]\n  default: none\n"
            "- change: told\n  clause: 一\n  choose:\n  - {until: contact, within: 1 day}\n"
        ),
    ),
    ("lists_no_texts", "- step: listing\n  label: 乙\n  clause: 一\n  on: item\n  command: ‸contact\n  to: listed\n"),
    ("unknown_act", "- step: making\n  label: 乙\n  clause: 一\n  on: promise\n  command: ‸assign\n  to: open\n"),
    ("chosen_and_set", CHOSEN.replace("‸", "") + "  set_by: ‸contact\n"),
    (
        "circle",
        (
            "- ‸fact: x\n  label: 乙\n  clause: 一\n  choose: [{when: {y: a}, is: a}]\n"
            "- fact: y\n  label: 乙\n  clause: 一\n  choose: [{when: {x: a}, is: a}]\n"
        ),
    ),
    ("no_table_here", CHOSEN.replace(" ‸", "").replace("  - {when", "  ‸- {when").replace("is: b", "default: b")),
    ("unknown_value", CHOSEN.replace("‸", "").replace("is: b", "is: ‸c") + "  values: [a, b]\n"),
    ("unknown_subject", "- change: rating\n  clause: 一\n  of: ‸each unit\n"),
    ("act_without_mark", "- change: rating\n  clause: 一\n  act: ‸contact\n  questions: {reply: {label: 乙}}\n"),
    ("points_unclear", SCORE + "  points: [‸{of: case, label: 甲}]\n"),
    ("points_unclear", SCORE + "  points: [‸{of: case, label: 甲, adds: 1, takes_off: 1}]\n"),
    ("unknown_value", SCORE + "  points: [{of: each reply, label: 甲, adds: 1, when: {class: ‸X}}]\n"),
    ("fact_not_here", SCORE + "  points: [{of: case, label: 甲, adds: 1, when: {‸class: A}}]\n"),
    ("unknown_subject", SCORE.replace("each unit", "‸case") + "  points: [{of: case, label: 甲, adds: 1}]\n"),
    ("scale_too_short", "- change: rating\n  clause: 一\n  scale: ‸{dissatisfied: 不满意}\n"),
    ("light_hidden", "- ‸light: more\n  label: 乙\n  clause: 一\n  colour: blue\n  word: 乙\n  at_most: 5\n"),
    ("not_a_rung", TERM + "  within: 1 month\n  remind: ‸3 hours before\n"),
]


def test_what_a_fact_is_before_time_decides_may_be_asked() -> None:
    assert brief(BASE, HEAD + LATE + TERM + "  within: 1 month\n  when: {tardy: m}\n") == []


MINUTES: Final = MORE.replace("opinion", "x") + DECIDED + TERM
"""A request that extends the term which follows."""


@pytest.mark.parametrize(
    "text",
    [
        MINUTES + "  choose: [{when: {round: 1}, within: 20 days}, {due: 5 days before reply_by_law}]\n",
        MINUTES + "  within: 20 days\n  choose: [{when: {round: 1}}, {keeps: true}]\n",
        MINUTES + "  due: 5 days before reply_by_law\n  set_in: fix.limit\n" + FIX,
        TERM
        + "  due: 5 days before reply_by_law\n  set_in: fix.limit\n  pauses: {by: contact, until: contact}\n"
        + FIX,
    ],
)
def test_what_moves_the_date_of_one_row_or_one_that_somebody_sets_has_an_effect(text: str) -> None:
    assert brief(BASE, HEAD + text) == []


@pytest.mark.parametrize(("code", "text"), LAYER, ids=[f"{n}-{code}" for n, (code, _) in enumerate(LAYER)])
def test_a_fault_of_a_layer_is_found_where_it_stands(code: str, text: str) -> None:
    clean, places = at_places(HEAD + text, "2.yaml")
    assert brief(BASE, clean) == [(place, code) for place in places]


# What a pack may get wrong in its head, alone or beside others; the last file is resolved.
HEADS: Final = [
    ("pack_empty", ["‸# nothing here\n"]),
    ("pack_empty", ["‸- term: x\n"]),
    ("pack_nameless", ["‸document: 甲\nrules: []\n"]),
    ("not_a_pack_id", ["pack: ‸City\ndocument: 甲\n"]),
    ("document_needed", ["pack: ‸city@2023\nrules: []\n"]),
    ("not_an_id", ["pack: city@2023\ndocument: 甲\nroles: {‸Office: 甲}\n"]),
    ("unknown_key", ["pack: city@2023\ndocument: 甲\n‸rulez: []\n"]),
    ("key_twice", ["pack: city@2023\ndocument: 甲\nrules: []\n‸rules: []\n"]),
    ("not_a_list", ["pack: city@2023\ndocument: 甲\nrules: ‸{term: x}\n"]),
    ("not_a_word", ["pack: city@2023\ndocument: ‸[甲]\n"]),
    ("unknown_value", ["pack: city@2023\ndocument: 甲\ntext: ‸mising\n"]),
    ("not_a_date", ["pack: city@2023\ndocument: 甲\nin_force: {from: ‸2023}\n"]),
    ("pack_twice", ["pack: city@2023\ndocument: 甲\n", "pack: ‸city@2023\ndocument: 乙\n"]),
    ("unknown_layer", ["pack: city@2023\ndocument: 甲\nextends: ‸lnd\n"]),
    ("extends_circle", ["pack: a@1\nextends: b@1\n", "pack: b@1\nextends: ‸a@1\n"]),
    ("role_twice", [BASE, "pack: city@2023\nextends: land\nroles: {‸clerk: 乙}\n"]),
    (
        "no_layer_in_force",
        ["pack: a@1\ndocument: 甲\nin_force: {from: 2024-01-01}\n", ("pack: b@1\nin_force: {from: 2023-01-01}\n"
         "extends: ‸a\n")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("code", "texts"), HEADS, ids=[f"{n}-{code}" for n, (code, _) in enumerate(HEADS)])
def test_a_fault_of_a_head_is_found_where_it_stands(code: str, texts: list[str]) -> None:
    marked = [at_places(text, f"{n}.yaml") for n, text in enumerate(texts, 1)]
    found = [pair for pair in brief(*(text for text, _ in marked)) if code != "extends_circle" or pair[0][0] == "2"]
    assert found == [(place, code) for _, places in marked for place in places]


def test_a_text_that_is_no_yaml_hides_no_fault_of_the_rules_around_it() -> None:
    text = HEAD.replace("某", "‸@") + "- change: opinion\n  clause: 一\n  ‸witin: 1 day\n- term: [\n".replace("[", "‸[")
    clean, places = at_places(text + "- change: ‸opinon\n  clause: 一\n", "2.yaml")
    codes = ["syntax", "unknown_key", "unclosed", "unknown_rule"]
    assert brief(BASE, clean) == list(zip(places, codes, strict=True))


def test_a_colon_that_is_missing_behind_rules_is_told_where_it_is_missing() -> None:
    assert brief(BASE.replace("rules:\n", "rules\n")) == [("1.yaml:6:1", "no_colon")]


def test_a_rule_whose_id_is_taken_is_read_to_its_end() -> None:
    text = TERM.replace("x", "‸opinion").replace("submitted", "‸submited") + "  within: 1 month\n  by: ‸clrk\n"
    clean, places = at_places(HEAD + text, "2.yaml")
    assert brief(BASE, clean) == list(zip(places, ["id_twice", "unknown_moment", "unknown_owner"], strict=True))
    clean, places = at_places(HEAD + "- term: ‸told\n  label: 甲\n  clause: 一\n", "2.yaml")
    assert [code for _, code in brief(BASE, clean)] == ["rule_lacks", "id_twice"]


def test_what_a_broken_rule_declares_is_not_held_against_those_who_name_it() -> None:
    text = BASE.replace(
        "  to: assigned\n  command: assign\n- step: begins", "  to: assigned\n  comand: assign\n- step: begins"
    )
    assert [code for _, code in brief(text)] == ["unknown_key"]
    text = BASE.replace("- act: contact\n  label: 沟通\n  clause: 第二条\n", "- act: contact\n  label: 沟通\n")
    assert [code for _, code in brief(text)] == ["clause_needed"]
    text = BASE.replace("roles: {assigning_office: 交办机构, ", "roles: {assigning_office: [], ")
    assert [code for _, code in brief(text)] == ["not_a_word"]


def test_a_fault_of_a_layer_below_is_told_once_however_many_packs_stand_on_it() -> None:
    text = BASE.replace("target: 100", "target: all")
    found = brief(text, CITY, CITY.replace("city@2023", "town@2023"))
    assert [code for _, code in found] == ["not_a_number"]


BROKEN: Final = """\
pack: broken@2023
document: 某政发〔2023〕11号
in_force: {from: ‸2023-02-30}
extends: land
rules:
- change: opinion
  clause: 一
  ‸witin: 20 days
- term: submit
  label: 报送
  clause: 二
  of: each lead
  until: ‸submited
  due: ‸2023-09-31
- gate: ‸head_signs
  label: 审签
  clause: 三
  by: leader
- ‸fact: topic
  label: 主题
  values: [water, roads]
- step: sent_back
  label‸：退回
  clause: 四
  on: version
  from: [‸reviewed]
  to: drafting
  command: submit_reply
- ‸stp: skip
- {change: again, clause: 五, limit: ‸二}
"""
TEN: Final = (
    "no_such_date unknown_key unknown_moment no_such_date id_twice clause_needed full_width_colon state_unreached "
    "unknown_kind not_a_number"
)


def test_a_broken_pack_of_thirty_lines_shows_its_ten_faults_in_one_run() -> None:
    clean, places = at_places(BROKEN, "2.yaml")
    assert len(clean.splitlines()) == 30
    assert brief(BASE, clean) == list(zip(places, TEN.split(), strict=True))


def test_every_fault_proposes_the_right_word() -> None:
    clean, _ = at_places(BROKEN, "2.yaml")
    proposals = {(f.position.line, f.code): f.given["proposal"] for f in faults(BASE, clean) if "proposal" in f.given}
    assert proposals == {
        (3, "no_such_date"): ("2023-02-28",),
        (8, "unknown_key"): ("within",),
        (13, "unknown_moment"): ("submitted", "submit_reply"),
        (14, "no_such_date"): ("2023-09-30",),
        (23, "full_width_colon"): "label: 退回",
        (26, "state_unreached"): proposals[26, "state_unreached"],
        (29, "unknown_kind"): ("step",),
    }


def test_every_code_of_the_loader_has_a_case_here() -> None:
    found = {
        "not_utf8",
        "no_packs",
        "unknown_pack",
        "refused_by_form",
        "unknown_request",
        "kind_versions",
        "unavailable",
    }
    found |= {code for code, _ in (*LAYER, *HEADS)}
    assert codes() - found == set()


def codes() -> set[str]:
    """Collect the codes that the loader can say, from its syntax trees."""
    said = set()
    for file in PACKS.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("ault", "Wrong", "Unknown", "_Kind")):
                strings = [one.value for one in node.args if isinstance(one, ast.Constant)]
                words = [one for one in strings if isinstance(one, str) and re.fullmatch("[a-z][a-z0-9_]{2,}", one)]
                said |= set(words[-1:])
    return said
