"""A demonstration: a docket played through the engine on a store, from its allotment tables to the replies.

What happens to which case is data of a plugin (`casework_demos`): a folder with demo.yaml and its tables. Nothing is
drawn: which case goes which way follows from the numbers in demo.yaml, so that two runs come to the same.
"""

from casework.demo.place import Place, place_for
from casework.demo.plan import Plan, read_plan
from casework.demo.play import Told, play

__all__ = ["Place", "Plan", "Told", "place_for", "play", "read_plan"]
