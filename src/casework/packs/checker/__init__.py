"""Checking an edition: every word in the vocabulary, every state reachable, every clock startable."""

from collections.abc import Mapping
from typing import Any

from casework.errors import Fault
from casework.packs.checker.checking import Checking
from casework.packs.checker.contents import check_contents
from casework.packs.checker.days import check_days
from casework.packs.checker.grants import check_grants
from casework.packs.checker.lengths import check_lengths
from casework.packs.checker.lifecycles import check_lifecycles
from casework.packs.checker.naming import check_names
from casework.packs.checker.terms import check_terms
from casework.packs.checker.vocabulary import Vocabulary
from casework.packs.edition import Edition
from casework.packs.forms import Form
from casework.rules.kind import Kind

__all__ = ["check"]


def check(edition: Edition, kinds: Mapping[str, Kind[Any]], forms: Mapping[str, Form]) -> tuple[Fault, ...]:
    """Find what is wrong with an edition whose values were all read; nothing is held against what could not be."""
    checking = Checking(edition, Vocabulary.of(edition, kinds), forms, kinds)
    return (
        *check_names(checking),
        *check_lifecycles(checking),
        *check_terms(checking),
        *check_lengths(checking),
        *check_days(checking),
        *check_grants(checking),
        *check_contents(checking),
    )
