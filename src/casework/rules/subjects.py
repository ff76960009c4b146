"""Whom or what a rule is about: the quantifiers of `of`."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from casework.records import Dossier, Item, Node, Promise, Proposer, Reply, Request, Unit, Version
from casework.rules.branches import LEFT, awaited, cut_off, is_root, left
from casework.rules.situation import Subject

__all__ = ["KINDS", "LABELS", "LEFT", "QUANTIFIERS", "counted", "left", "subjects"]

_Pick = Callable[[Dossier], Iterable[Subject]]


def _nodes(*roles: str) -> _Pick:
    return lambda dossier: [node for node in dossier.of(Node) if node.role in roles]


def _own(*roles: str) -> _Pick:
    return lambda dossier: [node for node in dossier.of(Node) if not node.outside and (node.role in roles or not roles)]


def _promises(*, within: bool) -> _Pick:
    """Promises on their own, or those within another promise: its milestones."""
    return lambda dossier: [
        one for one in dossier.of(Promise) if isinstance(dossier.parts.get(one.source), Promise) is within
    ]


QUANTIFIERS: Final[Mapping[str, _Pick]] = {
    "case": lambda dossier: (dossier,) if dossier.stream.aggregate == "case" else (),
    "docket": lambda dossier: (dossier,) if dossier.stream.aggregate == "docket" else (),
    "each proposer": lambda dossier: dossier.of(Proposer),
    "lead_proposer": lambda dossier: [proposer for proposer in dossier.of(Proposer) if proposer.lead],
    "each node": _own(),
    "each root": lambda dossier: [node for node in dossier.of(Node) if is_root(dossier, node)],
    "each lead": _own("lead", "sole", "separate"),
    "each co_handler": lambda dossier: [one for one in dossier.of(Node) if one.role == "co" and awaited(dossier, one)],
    "each section": _nodes("section"),
    "each person": _nodes("person"),
    "each branch": lambda dossier: [node for node in dossier.of(Node) if node.receiver and awaited(dossier, node)],
    "each outside": lambda dossier: [node for node in dossier.of(Node) if node.outside],
    "each version": lambda dossier: dossier.of(Version),
    "each reply": lambda dossier: dossier.of(Reply),
    "each request": lambda dossier: dossier.of(Request),
    "each promise": _promises(within=False),
    "each milestone": _promises(within=True),
    "each item": lambda dossier: dossier.of(Item),
    "each unit": lambda dossier: dossier.of(Unit),
}

KINDS: Final[Mapping[str, str]] = {
    "case": "case",
    "docket": "docket",
    "each proposer": "proposer",
    "lead_proposer": "proposer",
    "each node": "node",
    "each root": "node",
    "each lead": "node",
    "each co_handler": "node",
    "each section": "node",
    "each person": "node",
    "each branch": "node",
    "each outside": "node",
    "each version": "version",
    "each reply": "reply",
    "each request": "request",
    "each promise": "promise",
    "each milestone": "promise",
    "each item": "item",
    "each unit": "unit",
}
"""The kind of subject that each quantifier gives.

What is outside is not among `each node`, `each root` and `each lead`: no rule of ours runs on it unasked. A
co-handler may be outside where a lead of ours waits for it.
"""


LABELS: Final[Mapping[str, str]] = {
    "case": "件",
    "docket": "批次",
    "each proposer": "每位提出人",
    "lead_proposer": "领衔提出人",
    "each node": "每个承办",
    "each root": "每个答复单位",
    "each lead": "每个主办单位",
    "each co_handler": "每个协办单位",
    "each section": "每个承办科室",
    "each person": "每位承办人",
    "each branch": "每个报送意见的承办",
    "each outside": "每个外部单位",
    "each version": "每份拟办件",
    "each reply": "每件答复",
    "each request": "每项申请",
    "each promise": "每项承诺",
    "each milestone": "每个节点",
    "each item": "每条事项",
    "each unit": "每个单位",
    "answered": "已答复",
    "answers_to": "接收方",
    "asked_for": "申请事项",
    "case_state": "件的状态",
    "deadlines_open": "未了时限",
    "docket_state": "批次状态",
    "due_came": "期限已到",
    "item_state": "事项状态",
    "kind": "类别",
    "newest": "最新一件",
    "next_step": "下一步",
    "node_state": "承办状态",
    "nodes_open": "未了承办",
    "opinion": "意见",
    "outside": "外部单位",
    "owed": "应办的是",
    "promise_state": "承诺状态",
    "promises": "承诺",
    "proposers_met": "与提出人面谈",
    "reply_round": "答复轮次",
    "reply_state": "答复状态",
    "request_state": "申请状态",
    "role": "角色",
    "round": "轮次",
    "together": "合并办理",
    "unit_state": "单位状态",
    "version_state": "文稿状态",
    "versions_open": "在办文稿",
    "whole": "所属承办",
    "whole_state": "所属承诺的状态",
    "withdrawals": "撤回",
    "worked": "已着手办理",
    "worst_mark": "评价",
    "due": "日期",
    "every": "周期",
    "from": "起算",
    "not_after": "最迟日期",
    "rolls": "顺延",
    "set_in": "另定的日期",
    "until": "终点",
    "within": "期限长度",
}
"""The quantifiers, the engine's own facts, and what a date rests on, in Chinese; a pack may call them otherwise."""


def subjects(dossier: Dossier, quantifier: str, *, also_left: bool = False) -> tuple[Subject, ...]:
    """Give the subjects of a quantifier in the order of their coming, without those that left unless asked for."""
    every = QUANTIFIERS[quantifier](dossier)
    return tuple(every) if also_left else tuple([subject for subject in every if not left(subject)])


def counted(dossier: Dossier, quantifier: str) -> tuple[Subject, ...]:
    """Give the subjects that figures are of: whoever takes part, and whoever was at work when the case ended.

    Who was returned, replaced or taken off the case owes it nothing; who never did his part until it ended without
    him is in every base.
    """
    every = subjects(dossier, quantifier, also_left=True)
    return tuple([subject for subject in every if not left(subject) or cut_off(dossier, subject)])
