"""The kinds of rule that the engine knows; a plugin may bring more."""

from collections.abc import Mapping
from typing import Any, Final

from casework.rules.kind import Kind
from casework.rules.kinds.act import ACT
from casework.rules.kinds.days import DAYS
from casework.rules.kinds.fact import FACT
from casework.rules.kinds.gate import GATE
from casework.rules.kinds.indicator import INDICATOR
from casework.rules.kinds.light import LIGHT
from casework.rules.kinds.mark import MARK
from casework.rules.kinds.notice import NOTICE
from casework.rules.kinds.permission import PERMISSION
from casework.rules.kinds.reply import REPLY
from casework.rules.kinds.request import REQUEST
from casework.rules.kinds.requirement import REQUIREMENT
from casework.rules.kinds.result import CLASS
from casework.rules.kinds.round import ROUND
from casework.rules.kinds.score import SCORE
from casework.rules.kinds.step import STEP
from casework.rules.kinds.term import TERM

__all__ = ["KINDS"]

KINDS: Final[Mapping[str, Kind[Any]]] = {
    kind.name: kind
    for kind in (
        STEP,
        ACT,
        FACT,
        PERMISSION,
        TERM,
        REQUIREMENT,
        GATE,
        REQUEST,
        ROUND,
        REPLY,
        CLASS,
        MARK,
        NOTICE,
        LIGHT,
        INDICATOR,
        SCORE,
        DAYS,
    )
}
