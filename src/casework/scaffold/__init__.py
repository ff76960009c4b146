"""Scaffolds: the first files of a new rule pack, with a scenario that holds."""

from casework.scaffold.scaffold import Scaffold, scaffold

__all__ = ["Scaffold", "scaffold"]
