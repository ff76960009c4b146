"""Saying a due date: the lines of its trace as sentences in Chinese or English."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time, timedelta
from typing import Final

from casework.messages import Language
from casework.records.due import Due, Length, Line

__all__ = ["explain"]

_DAY: Final = timedelta(days=1)
_RUN: Final = 3  # so many days one after another are said as from and to

_TEXTS: Final[Mapping[Language, Mapping[str, str]]] = {
    "zh": {
        "start": "{day} 起算{source}{cited}",
        "fixed": "指定日期 {day}{source}，本身不因休息日顺延{cited}",
        "hour_from": "自 {day} {hour} 起按小时计{cited}",
        "hour_to": "{to} {hour} 截止{cited}",
        "not_counted": "{day} 当日不计，自 {next} 起计{cited}",
        "counted": "计 {length}，至 {to}{source}{cited}",
        "extended": "延长 {length}，至 {to}{source}{cited}",
        "backward": "自 {day} 倒数 {length}{source}，至 {to}{cited}",
        "month_end": "该月没有 {n} 日，以月末 {to} 为准{cited}",
        "suspended": "{first} 至 {last} 中止{source}，不计入期限，后移 {length}，至 {to}{cited}",
        "suspended_nothing": "{first} 至 {last} 中止{source}，其间没有工作日，期限不变{cited}",
        "suspended_no_day": "{first} 起中止{source}，尚无可加的日数，期限不变{cited}",
        "skipped": "休息日不计：{days}（{cause}）{cited}",
        "made_up": "调休上班日照计：{days}（{cause}）{cited}",
        "rolled": "{days} 休息（{cause}），期满日顺延至 {to}{cited}",
        "rolled_back": "{days} 休息（{cause}），提前至 {to}{cited}",
        "earlier_of": "{day} 与 {to} 两者取早，即 {earlier}{cited}",
        "uncertain": "{day} 以后的放假安排尚未公布，{to} 按周一至周五上班推算，为暂定{cited}",
        "due": "期限至 {day}（当日 24 时）",
        "due_hour": "期限至 {day} {hour}",
        "provisional": "，暂定",
        "weekend": "周末",
        "range": "{0} 至 {1}",
        "comma": "、",
        "cited": "［{0}］",
        "source": "（{0}）",
        "stop": "。",
    },
    "en": {
        "start": "Counted from {day}{source}{cited}",
        "fixed": "Named date {day}{source}, which rest days do not move by themselves{cited}",
        "hour_from": "Hours run from {day} {hour}{cited}",
        "hour_to": "It ends at {to} {hour}{cited}",
        "not_counted": "{day} itself is not counted; the first day is {next}{cited}",
        "counted": "Adding {length} gives {to}{source}{cited}",
        "extended": "Extended by {length}, which gives {to}{source}{cited}",
        "backward": "Counting back {length} from {day}{source} gives {to}{cited}",
        "month_end": "The month has no day {n}: its last day, {to}, takes its place{cited}",
        "suspended": "Suspended from {first} to {last}{source}: adding {length} gives {to}{cited}",
        "suspended_nothing": "Suspended from {first} to {last}{source}: no working day is lost{cited}",
        "suspended_no_day": "Suspended from {first}{source}: there is no day to add{cited}",
        "skipped": "Rest days are left out: {days} ({cause}){cited}",
        "made_up": "Make-up working days count: {days} ({cause}){cited}",
        "rolled": "{days} rest ({cause}): the end moves on to {to}{cited}",
        "rolled_back": "{days} rest ({cause}): the date moves back to {to}{cited}",
        "earlier_of": "The earlier of {day} and {to} applies: {earlier}{cited}",
        "uncertain": "No schedule is published after {day}: {to} takes Monday to Friday as working days and is "
        "provisional{cited}",
        "due": "Due until the end of {day}",
        "due_hour": "Due until {day} {hour}",
        "provisional": ", provisional",
        "weekend": "weekend",
        "range": "{0} to {1}",
        "comma": ", ",
        "cited": " [{0}]",
        "source": " ({0})",
        "stop": ".",
    },
}


def explain(due: Due, language: Language = "zh") -> list[str]:
    """Say how a due date was found, a sentence for each line of its trace, and last what is due."""
    texts = _TEXTS[language]
    said = [_say(line, texts, language) for line in due.trace]
    end = texts["due" if due.hour is None else "due_hour"].format(day=due.day, hour=_clock(due.hour))
    return [*said, end + (texts["provisional"] if due.provisional else "") + texts["stop"]]


def _say(line: Line, texts: Mapping[str, str], language: Language) -> str:
    """Say one line; what a text does not name is not shown."""
    cited = " ".join(part for part in (line.rule, line.clause) if part)
    first, last = (line.days[0], line.days[-1] - _DAY) if line.code == "suspended" else (None, None)
    return (
        texts[_code(line)].format(
            day=line.day,
            to=line.to,
            next=line.day and line.day + _DAY,
            earlier=line.day and line.to and min(line.day, line.to),
            n=line.n,
            length=Length(line.n, line.unit).label(language) if line.n and line.unit else "",
            hour=_clock(line.hour),
            first=first,
            last=last,
            days=texts["comma"].join(_runs(line.days, texts)),
            cause=line.source or texts["weekend"],
            source=texts["source"].format(line.source) if line.source else "",
            cited=texts["cited"].format(cited) if cited else "",
        )
        + texts["stop"]
    )


def _code(line: Line) -> str:
    if line.code == "hour":
        return "hour_from" if line.to is None else "hour_to"
    if line.code == "suspended" and not line.n:
        return "suspended_nothing" if line.days[0] < line.days[1] else "suspended_no_day"
    return line.code


def _clock(hour: time | None) -> str:
    """Say an hour to the minute, where it has seconds exactly."""
    return "" if hour is None else hour.isoformat("auto" if hour.second or hour.microsecond else "minutes")


def _runs(days: Iterable[date], texts: Mapping[str, str]) -> Iterator[str]:
    """Say days that follow each other as from and to, others one by one."""
    run: list[date] = []
    for day in sorted(days):
        if run and day - run[-1] != _DAY:
            yield from _run(run, texts)
            run = []
        run.append(day)
    yield from _run(run, texts)


def _run(run: list[date], texts: Mapping[str, str]) -> list[str]:
    return [texts["range"].format(run[0], run[-1])] if len(run) >= _RUN else [str(day) for day in run]
