"""Reports: rates, shares of units, results by letter or by meaning, scores, and draws that anybody can repeat."""

from casework.reports.draws import draw
from casework.reports.rates import Part, Rate, percent, rates
from casework.reports.results import Result, results
from casework.reports.scores import Scored, ScoredLine, scores
from casework.reports.shares import Share, units

__all__ = [
    "Part", "Rate", "Result", "Scored", "ScoredLine", "Share", "draw", "percent", "rates", "results", "scores", "units",
]  # fmt: skip
