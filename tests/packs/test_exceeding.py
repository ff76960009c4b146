"""A date past the law is no fault: it is shown beside the law, with both clauses."""

from datetime import date

from casework.packs import Exceeding, exceeding
from tests.packs.good import BASE, CITY, book


def test_a_date_past_the_statutory_one_is_listed_with_both_clauses() -> None:
    assert exceeding(book(BASE, CITY)) == (
        Exceeding(
            term="submit",
            clause="某政发〔2023〕10号 二(五)",
            due=date(2023, 8, 31),
            law="reply_by_law",
            law_clause="某省办理办法 第四条",
            limit=date(2023, 6, 9),
            start=date(2023, 3, 9),
        ),
    )


def test_a_date_within_the_law_is_not_listed() -> None:
    assert exceeding(book(BASE, CITY), date(2023, 7, 1)) == ()
    assert exceeding(book(BASE, CITY.replace("due: 2023-08-31", "within: 2 months"))) == ()
    assert exceeding(book(BASE)) == ()


def test_each_row_is_compared_with_each_row_of_the_law() -> None:
    law = BASE.replace(
        "  within: 3 months\n", "  choose:\n  - {when: {key: true}, within: 6 months}\n  - {within: 3 months}\n"
    )
    rows = "choose:\n  - {when: {round: 2}, due: 20 days before reply_by_law}\n  - {due: 10-01}"
    found = exceeding(book(law, CITY.replace("due: 2023-08-31", rows)))
    assert [(one.row, one.law_row, one.limit) for one in found] == [(1, 0, date(2023, 9, 11)), (1, 1, date(2023, 6, 9))]


def test_the_earlier_of_two_dates_counts_and_what_cannot_be_counted_is_left_out() -> None:
    assert exceeding(book(BASE, CITY.replace("due: 2023-08-31", "due: 2023-08-31\n  not_after: 06-01"))) == ()
    assert exceeding(book(BASE, CITY.replace("due: 2023-08-31", "set_in: brief.limit"))) == ()
    assert exceeding(book(BASE, CITY), date(2019, 1, 1)) == ()  # before the calendar
