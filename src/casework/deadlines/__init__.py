"""Due dates: counted, read from their traces, warned of and explained. Pure, and sharing no state."""

from casework.deadlines.counting import back, count, earlier, fix
from casework.deadlines.ladder import fallen, next_rung, rung_day
from casework.deadlines.proof import recompute
from casework.deadlines.sentences import explain

__all__ = ["back", "count", "earlier", "explain", "fallen", "fix", "next_rung", "recompute", "rung_day"]
