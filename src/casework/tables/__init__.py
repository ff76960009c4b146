"""Allotment tables (分配表) as they travel between offices: read from CSV, checked row by row, turned into orders.

Nothing is guessed. A row that can be read in two ways is a fault with its place and a proposal, and a table with a
fault gives no orders at all.
"""

from casework.tables.allotment import Row, Table, orders, read_table
from casework.tables.comparing import Change
from casework.tables.importing import Import, Refusal, bring_in, prepare, unit_list

__all__ = ["Change", "Import", "Refusal", "Row", "Table", "bring_in", "orders", "prepare", "read_table", "unit_list"]
