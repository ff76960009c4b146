"""Permissions that grant something to somebody, and nothing to do that nobody may."""

from collections.abc import Iterator
from typing import Any

from casework.errors import Fault
from casework.packs.checker.checking import Checking
from casework.packs.checker.vocabulary import TRIGGERS
from casework.rules.kinds.permission import Who
from casework.rules.rule import Rule

__all__ = ["check_grants"]

_NOBODY = Who()


def check_grants(checking: Checking) -> Iterator[Fault]:
    """Find permissions for nobody, or for everybody in silence; acts, steps and requests that nobody may take."""
    permissions = tuple(checking.of_kind("permission", sound=False))
    for rule in permissions:
        yield from _check_who(checking, rule)
    made = {rule.id for rule in permissions}
    if any(draft.kind == "permission" and name not in made for name, draft in checking.edition.drafts.items()):
        return  # what it grants is not known
    granted = {command for rule in permissions if not rule.floor for row in rule.rows for command in row.form.may}
    granted |= checking.edition.excused("")
    for rule in checking.edition.rules:
        for command, field in _commands(rule):
            if command not in granted:
                granted.add(command)  # once is enough
                yield checking.fault(rule, (field,) if field else (), "nobody_may", given=command)


def _check_who(checking: Checking, rule: Rule[Any]) -> Iterator[Fault]:
    for place, row in enumerate(rule.rows):
        path = checking.path(rule, place, "who")
        for number, who in enumerate(row.form.who):
            if who == _NOBODY:
                yield checking.fault(rule, (*path, number), "who_is_anybody")
        if not row.form.who and not row.form.whose and checking.edition.sound(rule.id):
            yield checking.fault(rule, (), "limits_nothing" if rule.floor else "permission_for_nobody")


def _commands(rule: Rule[Any]) -> tuple[tuple[str, str], ...]:
    """Give the commands that a rule brings, with the field that names each."""
    match rule.kind:
        case "act":
            return ((rule.id, ""),)
        case "step" if rule.form.command and rule.form.command not in TRIGGERS:
            return ((rule.form.command, "command"),)
        case "request":
            return ((f"request_{rule.id}", ""), (f"decide_{rule.id}", ""))
        case _:
            return ()
