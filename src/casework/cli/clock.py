"""casework tick: time passes; warnings fall, silence speaks. Harmless when it is run again."""

from typing import Annotated

from cyclopts import Parameter

from casework.cli.desk import AtDesk, moment
from casework.cli.paper import OnPaper
from casework.records import CHINA

__all__ = ["tick"]


def tick(
    *,
    at: Annotated[str, Parameter(help="走到哪一刻，默认现在 / until when, by default now")] = "",
    confirm: Annotated[bool, Parameter(negative="", help="确认跨越六十日以上 / yes, more than 60 days")] = False,
    desk: AtDesk,
    paper: OnPaper,
) -> int:
    """时间推移：该提醒的提醒，该届满的届满 / let time pass: warnings fall, what is due lapses."""
    now = moment(at) if at else desk.clock()
    moved = desk.engine.tick(now, confirm=confirm)
    if desk.json:
        paper.data({"at": now, "moved": moved})
    else:
        paper.say("tick_moved", at=now.astimezone(CHINA).strftime("%Y-%m-%d %H:%M"), n=moved)
    return 0
