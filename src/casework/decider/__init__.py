"""The decider: what a command comes to under the rules, what is open now, and why a date is what it is."""

from casework.decider.course import Course, behind
from casework.decider.decision import Decision, conclude, decide
from casework.decider.explanation import explain
from casework.decider.openings import Opening, open_steps
from casework.decider.passage import advance

__all__ = ["Course", "Decision", "Opening", "advance", "behind", "conclude", "decide", "explain", "open_steps"]
