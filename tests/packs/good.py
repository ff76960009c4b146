"""A small pack that is right in every respect, and what the tests need to read it. Not any city's rules."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from casework.calendars import WorkCalendar
from casework.errors import Fault, PackFaults
from casework.packs import Library
from casework.rules.book import Book
from casework.rules.kind import Kind
from casework.rules.kinds import KINDS

CALENDAR: Final = WorkCalendar.of(date(2022, 1, 1), date(2025, 12, 31))

BASE: Final = """\
pack: land@2020
document: 某省办理办法
in_force: {from: 2020-01-01}
roles: {assigning_office: 交办机构, handler: 承办人, leader: 主要领导, clerk: 经办人}
labels: {registered: 已登记, assigned: 已交办}
rules:
# 第一条 lifecycle
- step: registering
  label: 登记
  clause: 第一条
  on: case
  to: registered
  command: register
- step: assigning
  label: 交办
  clause: 第一条
  on: case
  from: registered
  to: assigned
  command: assign
- step: begins
  label: 开始办理
  clause: 第一条
  on: case
  from: assigned
  to: handling
  when: {acknowledged: [some, all]}
- step: node_assigned
  label: 交办
  clause: 第一条
  on: node
  to: assigned
  command: assign
- step: signing_for
  label: 签收
  clause: 第一条
  on: node
  from: assigned
  to: acknowledged
  command: acknowledge
- step: returned
  label: 退办
  clause: 第一条
  on: node
  from: [assigned, acknowledged]
  to: returned
  when: {return: granted}
- step: drafted
  label: 起草
  clause: 第一条
  on: version
  to: drafting
  command: draft_reply
- step: submitting
  label: 报送
  clause: 第一条
  on: version
  from: drafting
  to: submitted
  command: submit_reply
- step: issuing
  label: 签发
  clause: 第一条
  on: reply
  to: issued
  command: issue_reply
- step: asking
  label: 申请
  clause: 第一条
  on: request
  to: asked
  command: ask
- step: granting
  label: 同意
  clause: 第一条
  on: request
  from: asked
  to: granted
  command: grant
- step: refusing
  label: 不同意
  clause: 第一条
  on: request
  from: asked
  to: refused
  command: refuse
# 第二条 acts and facts
- act: contact
  label: 沟通
  clause: 第二条
  of: case
  fields: {mode: [face_to_face, phone], proposers: proposers, day?: date, note?: text}
- act: brief
  label: 明确协办要求
  clause: 第二条
  of: case
  fields: {limit?: date, why?: text, nodes: nodes, safeguards: {some_of: [people, money]}}
- act: give_mark
  label: 评价
  clause: 第二条
  of: reply
  fields: {mark: [satisfied, basically, dissatisfied]}
- act: deliver_reply
  label: 送达
  clause: 第二条
  of: reply
  fields: {proposers: proposers}
- act: set_key
  label: 列为重点
  clause: 第二条
  of: case
  fields: {key: yes_no}
- fact: key
  label: 重点
  clause: 第二条
  of: case
  values: [true, false]
  set_by: set_key
  default: false
- fact: disclosure
  label: 公开
  clause: 第二条
  of: version
  values: [public, closed]
# 第三条 who may
- permission: office_may
  label: 交办机构职责
  clause: 第三条
  may: [read, register, assign, decide_return, set_key, issue_reply, deliver_reply]
  who:
  - {role: assigning_office, relation: office}
  - {role: clerk, phase: [registered, assigned]}
- permission: unit_may
  label: 承办单位职责
  clause: 第三条
  may: [read, read_text, acknowledge, draft_reply, review, submit_reply, contact, brief, request_return]
  who: {role: handler, relation: holder}
- permission: proposer_may
  label: 提出人权利
  clause: 第三条
  may: [read, give_mark]
  who: {relation: proposer}
- permission: no_self_rating
  label: 承办单位不得自评
  clause: 第三条
  may: give_mark
  whose: proposer
  floor: true
# 第四条 terms
- term: reply_by_law
  label: 法定答复期限
  clause: 第四条
  floor: true
  of: each lead
  until: submitted
  within: 3 months
- term: opinion
  label: 协办意见
  clause: 第四条
  open_norm: [from, within]
  of: each co_handler
  until: acknowledged
  within: 20 days
- term: told
  label: 告知
  clause: 第四条
  choose:
  - {when: {key: true}, until: contact, within: 10 days}
  - {when: {round: {at_least: 2}}, until: contact, due: 09-30}
  - {until: give_mark, due: 20 days before reply_by_law}
# 第五条 the rest
- requirement: met_first
  label: 先协商、后答复
  clause: 第五条
  before: submit_reply
  of: each proposer
  needs: contact
  where: {mode: face_to_face}
  unless: reason
  waive: {by: leader, needs: [reason, evidence]}
- gate: head_signs
  label: 主要领导审签
  clause: 第五条
  by: leader
  before: submit_reply
  checklist: [针对性, 真实性]
- gate: office_checks
  label: 综合审核
  clause: 第五条
  by: clerk
  before: submit_reply
  after: head_signs
- request: return
  label: 退办
  clause: 第五条
  of: each lead
  within: 5 working days
  fields: [reason]
  decided_by: {by: assigning_office, within: 3 working days, silence: refused, remind: [1 day before]}
- round: again
  label: 重新办理
  clause: 第五条
  begins: {worst_mark: dissatisfied}
  limit: 2
- reply: owed
  label: 答复
  clause: 第五条
  to: each proposer
  fields: [class, disclosure]
- class: A
  label: 已解决
  clause: 第五条
  meaning: [solved, adopted]
- class: B
  label: 列入计划
  clause: 第五条
  meaning: planned
  may_become: [A]
- mark: rating
  label: 满意度
  clause: 第五条
  scale: {dissatisfied: 不满意, basically: 基本满意, satisfied: 满意}
- light: late
  label: 超期
  clause: 第五条
  colour: red
  word: 超期
  at_most: -1
- light: soon
  label: 临期
  clause: 第五条
  colour: yellow
  word: 临期
  at_most: 10
- light: fine
  label: 正常
  clause: 第五条
  colour: green
  word: 正常
- indicator: met_rate
  label: 面商率
  clause: 第五条
  of: each root
  counts: {proposers_met: all}
  target: 100
"""

CITY: Final = """\
pack: city@2023
document: 某政发〔2023〕10号
in_force: {from: 2023-03-09}
extends: land
roles: {supervisor: 督办人}
rules:
- change: opinion
  clause: 二(三)
  covers: C-06
  within: 1 month
  set_in: brief.limit
  longer_needs: why
  remind:
  - 10 days before
  - {at: on the day, to: [supervisor]}
- term: submit
  label: 报送拟办件
  clause: 二(五)
  covers: [C-10, C-11]
  of: each lead
  by: lead
  until: submitted
  due: 2023-08-31
  not_past: reply_by_law
"""


def read(*texts: str) -> Library:
    """Parse texts as the files 1.yaml, 2.yaml …."""
    return Library.parse([(f"{n}.yaml", text) for n, text in enumerate(texts, 1)], KINDS)


def book(*texts: str, on: date | None = None, kinds: Mapping[str, Kind[Any]] = KINDS) -> Book:
    """Resolve the pack of the last text."""
    library = Library.parse([(f"{n}.yaml", text) for n, text in enumerate(texts, 1)], kinds)
    return library.resolve(tuple(library.packs)[-1], kinds, CALENDAR, on)


def faults(*texts: str) -> tuple[Fault, ...]:
    """Give what is wrong with the pack of the last text, none where it resolves."""
    try:
        book(*texts)
    except PackFaults as error:
        return error.faults
    return ()


def brief(*texts: str) -> list[tuple[str, str]]:
    """Give the faults as (position, code)."""
    return [(str(fault.position), fault.code) for fault in faults(*texts)]


def faults_with(kinds: Mapping[str, Kind[Any]], *texts: str) -> list[tuple[str, str]]:
    """Give the faults as (position, code) where the kinds are others."""
    try:
        book(*texts, kinds=kinds)
    except PackFaults as error:
        return [(str(fault.position), fault.code) for fault in error.faults]
    return []


def at_places(text: str, file: str) -> tuple[str, list[str]]:
    """Take the marks ‸ out of a text and give the places at which they stood."""
    places = []
    while "‸" in text:
        before, _, after = text.partition("‸")
        lines = before.split("\n")
        places.append(f"{file}:{len(lines)}:{len(lines[-1]) + 1}")
        text = before + after
    return text, places
