"""The bounded exhaustive walk over the states of a case under a pack."""

from casework_testing.walk.search import Found, Walk, walk
from casework_testing.walk.shape import Shape, Shapes

__all__ = ["Found", "Shape", "Shapes", "Walk", "walk"]
