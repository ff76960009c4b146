"""What layers come to: every field with its source, every rule in its place, every layer dated."""

from datetime import date
from typing import Any

import pytest

from casework.clauses import Clause
from casework.errors import Unknown
from casework.packs import Library, render
from casework.records import Length, Rung
from casework.rules.kind import Remind
from casework.rules.kinds import KINDS
from casework.rules.rule import Rule
from casework.rules.words import DueSpec, FieldSpec
from casework.rules.words import Test as Asked
from tests.packs.good import BASE, CALENDAR, CITY, book, brief, faults, read

PROVINCE, CITYS = "某省办理办法", "某政发〔2023〕10号"
HEAD = "pack: {}\nextends: {}\nrules:\n"


def rule(name: str, *texts: str, on: date | None = None) -> Rule[Any]:
    return book(*texts, on=on).by_id[name]


def over(text: str, *below: str) -> tuple[str, ...]:
    """Give the layers below with a small one laid over the last of them."""
    last = (below or (BASE,))[-1].partition("\n")[0].removeprefix("pack: ")
    return *(below or (BASE,)), HEAD.format("over@2024", last) + text


def test_a_good_pack_has_no_fault() -> None:
    assert faults(BASE) == ()
    assert faults(BASE, CITY) == ()


def test_every_scalar_is_what_its_field_makes_of_it() -> None:
    contact, opinion, key = (rule(name, BASE, CITY) for name in ("contact", "opinion", "key"))
    assert contact.form.fields["mode"] == FieldSpec("one_of", ("face_to_face", "phone"))
    assert contact.form.fields["note"] == FieldSpec("text", optional=True)
    assert rule("brief", BASE).form.fields["safeguards"] == FieldSpec("some_of", ("people", "money"))
    assert opinion.form.within == Length(1, "months")
    assert opinion.form.remind == (
        Remind(Rung("before", Length(10, "days"))),
        Remind(Rung(), ("supervisor",)),
    )
    assert key.form.values == (True, False)
    assert rule("met_first", BASE).form.where == {"mode": "face_to_face"}


def test_a_number_with_noughts_in_front_and_a_quoted_word_stay_what_was_written() -> None:
    rules = "- change: disclosure\n  clause: 一\n  values: [001, 1, '2', true, 'true', -3, 1.5]\n"
    assert rule("disclosure", *over(rules)).form.values == ("001", 1, "2", True, "true", -3, "1.5")


def test_a_change_keeps_what_it_does_not_name_and_every_field_its_source() -> None:
    opinion = rule("opinion", BASE, CITY)
    said = {name: (source.layer, source.clause, source.norm) for name, source in opinion.sources.items()}
    assert said["within"] == ("city@2023", Clause(CITYS, "二(三)"), "text")
    assert said["until"] == ("land@2020", Clause(PROVINCE, "第四条"), "text")
    assert said["from"] == ("land@2020", Clause(PROVINCE, "第四条"), "open_norm")
    assert str(opinion.sources["within"].position) == "2.yaml:10:3"
    assert (opinion.layer, opinion.clause, opinion.covers) == ("city@2023", Clause(CITYS, "二(三)"), ("C-06",))
    assert (opinion.label, opinion.of, opinion.norm, opinion.open_fields) == (
        "协办意见",
        "each co_handler",
        "text",
        ("from",),
    )


def test_a_date_takes_the_slot_of_a_length_and_a_length_that_of_a_date() -> None:
    dated = over("- change: opinion\n  clause: 一\n  due: 2024-08-30\n")
    form = rule("opinion", *dated).form
    assert (form.within, form.due) == (None, DueSpec(8, 30, 2024))
    back = (*dated, HEAD.format("top@2024", "over@2024") + "- change: opinion\n  clause: 二\n  within: 10 days\n")
    form = rule("opinion", *back).form
    assert (form.within, form.due) == (Length(10, "days"), None)


def test_none_drops_a_field_and_a_quoted_none_is_a_word() -> None:
    opinion = rule("opinion", *over("- change: opinion\n  clause: 一\n  remind: none\n", BASE, CITY))
    assert opinion.form.remind == ()
    assert opinion.sources["remind"].layer == "over@2024"
    key = rule("key", *over("- change: key\n  clause: 一\n  default: none\n"))
    assert key.form.default is None
    disclosure = rule(
        "disclosure", *over("- change: disclosure\n  clause: 一\n  values: [none, a]\n  default: 'none'\n")
    )
    assert disclosure.form.default == "none"


def test_a_table_is_replaced_as_a_whole_and_its_rows_take_the_slot_of_the_rule() -> None:
    told = rule("told", *over("- change: told\n  clause: 一\n  choose:\n  - {until: contact, within: 1 day}\n"))
    assert [row.form.within for row in told.rows] == [Length(1, "days")]
    rows = "- change: opinion\n  clause: 一\n  choose:\n  - {when: {round: 2}, due: 09-30}\n  - {until: assigned}\n"
    opinion = rule("opinion", *over(rows))
    assert [(row.form.within, row.form.due) for row in opinion.rows] == [
        (None, DueSpec(9, 30)),
        (Length(20, "days"), None),
    ]
    assert opinion.rows[0].when == {"round": Asked((2,))}


def test_a_rule_is_removed_replaced_in_its_place_or_added_behind() -> None:
    rules = (
        "- term: later\n  label: 甲\n  clause: 一\n  until: contact\n  within: 1 day\n"
        "- remove: soon\n  clause: 二\n  because: 并入\n"
        "- term: told_twice\n  label: 再告知\n  clause: 三\n  replaces: told\n  until: contact\n  within: 2 days\n"
        "- light: fine\n  label: 正常\n  clause: 四\n  replaces: fine\n  colour: blue\n  word: 正常\n"
    )
    before, after = (tuple(one.id for one in book(*texts).rules) for texts in ((BASE,), over(rules)))
    expected = ["told_twice" if name == "told" else name for name in before if name != "soon"]
    assert after == (*expected, "later")
    assert book(*over(rules)).by_id["fine"].form.colour == "blue"


def test_a_child_narrows_when_a_rule_holds() -> None:
    begins = rule("begins", *over("- change: begins\n  clause: 一\n  when: {acknowledged: all, key: true}\n"))
    assert begins.when == {"acknowledged": Asked(("all",)), "key": Asked((True,))}
    begins = rule("begins", *over("- change: begins\n  clause: 一\n  when: {key: true}\n"))
    assert begins.when == {"acknowledged": Asked(("some", "all")), "key": Asked((True,))}


def test_a_removed_rule_may_come_again_and_one_that_a_layer_above_removes_may_be_changed_below() -> None:
    assert (
        brief(
            *over("- remove: fine\n  clause: 一\n- light: fine\n  label: 甲\n  clause: 二\n  colour: b\n  word: 甲\n")
        )
        == []
    )
    top = HEAD.format("top@2025", "over@2024") + "- remove: soon\n  clause: 一\n"
    assert brief(*over("- change: soon\n  clause: 一\n  at_most: 5\n"), top) == []


def test_roles_labels_and_documents_come_from_the_layers_below() -> None:
    resolved = book(*over("- change: soon\n  clause: 一\n  document: 某通知\n  at_most: 5\n", BASE, CITY))
    assert resolved.roles["clerk"] == "经办人"
    assert resolved.roles["supervisor"] == "督办人"
    assert resolved.label("assigned") == "已交办"
    assert [layer.document for layer in resolved.layers] == [PROVINCE, CITYS, CITYS]
    assert [layer.pack for layer in resolved.layers] == ["land@2020", "city@2023", "over@2024"]
    assert resolved.by_id["soon"].clause == Clause("某通知", "一")


def test_marks_say_how_far_the_text_carries_each_field() -> None:
    whole = rule("opinion", *over("- change: opinion\n  clause: 一\n  our_reading: true\n  within: 5 days\n"))
    assert (whole.norm, whole.sources["within"].norm, whole.open_fields) == ("our_reading", "our_reading", ())
    part = rule(
        "opinion", *over("- change: opinion\n  clause: 一\n  planned: keeps\n  open_norm: [rolls]\n  keeps: true\n")
    )
    assert (part.norm, part.sources["keeps"].norm) == ("text", "planned")
    assert part.sources["rolls"].norm == "open_norm"  # the default that is taken, though nothing is written
    assert part.open_fields == ("from", "keeps", "rolls", "within")
    assert part.marked == {"open_norm": ("from", "rolls", "within"), "planned": ("keeps",)}
    assert whole.marked == {"open_norm": ("from",)}


LAWS = [
    f"pack: law@{year}\ndocument: 某法（{year}）\nin_force: {{from: {year}-07-01{until}}}\nrules: []\n"
    for year, until in ((2010, ", until: 2015-06-30"), (2015, ""), (2025, ""))
]


@pytest.mark.parametrize(
    ("on", "year"),
    [(None, "2015"), (date(2012, 1, 1), "2010"), (date(2025, 7, 1), "2025"), (date(2025, 6, 30), "2015")],
)
def test_an_undated_layer_is_the_one_in_force_on_the_day(on: date | None, year: str) -> None:
    local = BASE.replace("document:", "extends: law\ndocument:", 1)
    resolved = book(*LAWS, local, on=on)
    assert [layer.pack for layer in resolved.layers] == [f"law@{year}", "land@2020"]
    assert resolved.layers[0].in_force == date(int(year), 7, 1)


def test_a_layer_whose_text_is_missing_is_named_and_says_so() -> None:
    missing = "pack: measures@2019\ndocument: 某办法（试行）\ntext: missing\n"
    resolved = book(missing, BASE.replace("document:", "extends: measures@2019\ndocument:", 1))
    assert [(layer.pack, layer.text) for layer in resolved.layers] == [
        ("measures@2019", "missing"),
        ("land@2020", "at hand"),
    ]


def test_a_pack_is_found_by_its_id_or_the_latest_of_its_name() -> None:
    library = read(*LAWS, BASE)
    assert library.resolve("land", KINDS, CALENDAR).pack == "land@2020"
    assert [pack.id for pack in (library.find("law"), library.find("law", date(2011, 1, 1))) if pack] == [
        "law@2025",
        "law@2010",
    ]
    with pytest.raises(Unknown) as caught:
        library.resolve("lnd@2020", KINDS, CALENDAR)
    assert caught.value.code == "unknown_pack"
    assert caught.value.given["proposal"] == ("land@2020", "law@2025", "law@2010")


def test_a_library_of_nothing_knows_nothing() -> None:
    assert Library.parse([], KINDS).packs == {}


def test_the_table_says_every_rule_and_what_comes_from_elsewhere() -> None:
    shown = {row.id: row for row in render(book(BASE, CITY))}
    assert tuple(shown) == tuple(one.id for one in book(BASE, CITY).rules)
    opinion = shown["opinion"]
    assert (opinion.label, opinion.clause, opinion.layer) == ("协办意见", f"{CITYS} 二(三)", "city@2023")
    assert [(one.field, one.layer, one.norm) for one in opinion.origins] == [
        ("from", "land@2020", "open_norm"),
        ("of", "land@2020", "text"),
        ("until", "land@2020", "text"),
    ]
    assert shown["reply_by_law"].floor
    assert all(row.says and row.clause for row in render(book(BASE, CITY), "en"))
