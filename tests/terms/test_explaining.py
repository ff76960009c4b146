"""An explanation is complete: everything that the sum rests on is said, and the trace alone gives the date again."""

from casework import deadlines
from casework.engine import Editions
from tests.terms.stage import CASE, OFFICE, Stage


def lived(held: Editions) -> Stage:
    """Give a case whose terms were extended, suspended, lengthened by an act and counted back."""
    stage = Stage(held, "2023-04-20 11:00")
    stage.do("2023-04-21 09:00", "halt", reason="等待勘测")
    stage.do("2023-04-25 09:00", "go_on")
    stage.ask("2023-05-10 09:00", "5 working days")
    stage.answer("2023-05-11 09:00", "granted")
    stage.do("2023-05-12 09:00", "interim", text="正在勘测")
    return stage


def test_every_step_is_said_in_both_languages_and_the_trace_gives_the_date(held: Editions) -> None:
    stage = lived(held)
    with stage.engine.reading(OFFICE, at=stage.now) as reading:
        zh, en = reading.explain(CASE), reading.explain(CASE, language="en")
        book = reading.book(CASE)
    for (one, chinese), (_, english) in zip(zh, en, strict=True):
        assert deadlines.recompute(one.due.trace) == one.due.day
        for said in (chinese, english):
            text = "\n".join(said)
            assert one.rule in text
            assert str(book.by_id[one.rule].clause) in text
            assert str(one.due.day) in text
            for line in one.due.trace:
                for day in (line.day, line.to):
                    assert day is None or str(day) in text, (one.key, line)
                name = line.source.partition(" (")[0]
                assert name in text or book.label(name) in text
                if line.code in {"skipped", "made_up"} and len(line.days) < 3:
                    assert all(str(day) in text for day in line.days)


def test_it_names_the_extension_the_suspension_the_make_up_days_and_their_notices(held: Editions) -> None:
    stage = lived(held)
    with stage.engine.reading(OFFICE, at=stage.now) as reading:
        ((_, draft),) = reading.explain(CASE, "draft_due")
        ((_, result),) = reading.explain(CASE, "result_due")
        ((_, opinion),) = reading.explain(CASE, "opinion_due_in")
    assert any("延长 5 个工作日" in line and "more_time" in line for line in draft)
    assert any("中止（中止 (a3)）" in line and "2023-04-21 至 2023-04-24" in line for line in draft)
    assert any("延长 1 个月" in line and "阶段性答复" in line and "第六条" in line for line in result)
    assert any(
        "调休上班日照计" in line and "2023-04-23" in line and "国务院办公厅关于2023年" in line for line in opinion
    )
    assert any("休息日不计" in line and "2023-04-29 至 2023-05-03" in line and "劳动节" in line for line in opinion)


def test_a_clock_that_stands_still_says_since_when_and_by_what(held: Editions) -> None:
    stage = Stage(held, "2023-04-20 11:00")
    stage.do("2023-04-21 09:00", "halt", reason="等待勘测")
    with stage.engine.reading(OFFICE, at=stage.now) as reading:
        ((_, zh),) = reading.explain(CASE, "draft_due")
        ((_, en),) = reading.explain(CASE, "draft_due", "en")
    assert "自 2023-04-21 起中止（中止 (a3)）；恢复后按中止的日数顺延" in zh
    assert any(line.startswith("suspended since 2023-04-21 (halt (a3))") for line in en)
    stage.do("2023-04-25 09:00", "go_on")
    with stage.engine.reading(OFFICE, at=stage.now) as reading:
        ((_, again),) = reading.explain(CASE, "draft_due")
    assert not any("起中止" in line for line in again)


def test_what_is_late_says_by_how_many_days(held: Editions) -> None:
    stage = Stage(held)
    stage.tick("2023-04-13 09:00")
    with stage.engine.reading(OFFICE, at=stage.now) as reading:
        ((_, zh),) = reading.explain(CASE, "draft_due")
        ((_, en),) = reading.explain(CASE, "draft_due", "en")
    assert zh[-1].endswith("已超过 3 日")
    assert en[-1].endswith("3 days late")
