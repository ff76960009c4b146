"""casework rules: the packs at hand, the rules of one of them with their sources, and its lifecycles drawn."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from cyclopts import Parameter

from casework.cli.desk import AtDesk, Desk, moment, today
from casework.cli.paper import OnPaper, Paper
from casework.errors import CaseworkError, Malformed, Unknown
from casework.packs import Exceeding, Shown, exceeding, provisions, render
from casework.rules.book import Book

__all__ = ["diagram", "list_", "show"]

Pack = Annotated[str, Parameter(help="规则包，如 zhanyi@2023 / a rule pack")]
On = Annotated[str, Parameter(help="按哪一天有效的各层 / as in force on which day")]


def list_(*, desk: AtDesk, paper: OnPaper) -> int:
    """列出并检查各规则包 / list the rule packs and check each of them."""
    rows, broken = [], {name: error.say(desk.language) for name, error in desk.plugins.broken.items()}
    for name, pack in desk.library.packs.items():
        try:
            book = desk.editions.current(name, _day(desk, name, ""))
        except CaseworkError as error:
            broken[name] = error.say(desk.language)
            continue
        layer = book.layers[-1]
        own = sum(rule.layer == name for rule in book.rules)
        rows.append((name, layer.document, layer.in_force, layer.until, pack.head.extends, own, len(book.rules), book))
    if desk.json:
        names = ("pack", "document", "in_force", "until", "extends", "own", "rules")
        packs = [{**dict(zip(names, row, strict=False)), "hash": row[-1].hash} for row in rows]
        paper.data({"packs": packs, "broken": broken})
    else:
        headings = ("pack", "document", "in_force", "until", "extends", "own", "rules")
        cells = [(*row[:5], row[5], row[6]) for row in rows]
        paper.table([paper.text(f"column_{heading}") for heading in headings], cells, right=(5, 6))
    for name, why in broken.items():
        paper.wrong(f"{name}: {why}")
    return 2 if broken else 0


def show(
    pack: Pack = "",
    *,
    on: On = "",
    kind: Annotated[str, Parameter(help="只看一种规则，如 term / one kind of rule only")] = "",
    own: Annotated[bool, Parameter(negative="", help="只看本层的规则 / the rules of its own layer only")] = False,
    desk: AtDesk,
    paper: OnPaper,
) -> int:
    """列出规则：依据、所在层、未定数值、超出法定期限 / the rules: clause, layer, open norms, statutory limits."""
    book = _book(desk, pack, on)
    if kind and kind not in book.kinds:
        raise Unknown("rules_no_kind", given=kind, allowed=tuple(book.kinds))
    rules = [one for one in render(book, desk.language) if kind in ("", one.kind)]
    rules = [one for one in rules if not own or one.layer == book.pack]
    past = exceeding(book)
    if desk.json:
        shown = {"pack": book.pack, "hash": book.hash, "layers": book.layers, "rules": rules, "exceeding": past}
        paper.data({**shown, "provisions": provisions(book)})
        return 0
    paper.head("rules_layers", pack=book.pack, hash=book.hash[:12])
    layer_headings = ("pack", "document", "in_force", "text")
    layers = [
        (one.pack, one.document, one.in_force, paper.text(f"text_{one.text.replace(' ', '_')}")) for one in book.layers
    ]
    paper.table([paper.text(f"column_{heading}") for heading in layer_headings], layers)
    paper.head("rules_rules", n=len(rules))
    headings = ("kind", "rule", "says", "clause", "layer", "norm", "covers")
    rows = [
        (
            one.kind,
            paper.both(one.id, {one.id: one.label}),
            one.says,
            one.clause,
            one.layer,
            _norm(paper, one),
            "、".join(one.covers),
        )
        for one in rules
    ]
    paper.table([paper.text(f"column_{heading}") for heading in headings], rows, spare=(4, 6))
    _provisions(paper, book)
    _past(paper, book, past)
    return 0


def _provisions(paper: Paper, book: Book) -> None:
    """Write which provisions are covered, and by which rules, or layers as a whole."""
    covered = provisions(book)
    if covered:
        paper.head("rules_provisions")
        rows = [(name, "、".join(held)) for name, held in covered.items()]
        paper.table([paper.text("column_provision"), paper.text("column_rules")], rows)


def _norm(paper: Paper, rule: Shown) -> str:
    """Say how far the text carries a rule, which fields are marked otherwise, and which come from another layer."""
    said = [] if rule.norm == "text" else [paper.text(f"mark_{rule.norm}")]
    said += [f"{paper.text(f'mark_{norm}')}: {'、'.join(fields)}" for norm, fields in rule.marked.items()]
    said += [f"{one.field} ← {one.layer} {one.clause}" for one in rule.origins if one.layer != rule.layer]
    said += [paper.text("mark_floor")] if rule.floor else []
    return "；".join(said)


def _past(paper: Paper, book: Book, past: Iterable[Exceeding]) -> None:
    found = tuple(past)
    if not found:
        return
    paper.head("rules_exceeding")
    for one in found:
        paper.say(
            "rules_exceeds",
            label=paper.word(one.term, book.labels), term=one.term, clause=one.clause, due=one.due, start=one.start,
            law=paper.word(one.law, book.labels), law_clause=one.law_clause, limit=one.limit,
        )  # fmt: skip


def diagram(
    pack: Pack = "",
    lifecycle: Annotated[str, Parameter(help="哪一种状态图，如 case / which lifecycle")] = "",
    *,
    on: On = "",
    desk: AtDesk,
    paper: OnPaper,
) -> int:
    """以 Mermaid 画出状态图 / draw the lifecycles as Mermaid diagrams."""
    book = _book(desk, pack, on)
    if lifecycle and lifecycle not in book.lifecycles:
        raise Unknown("rules_no_lifecycle", given=lifecycle, allowed=tuple(book.lifecycles))
    labels = book.labels if desk.language == "zh" else {}
    drawn = {name: one.mermaid(labels) for name, one in book.lifecycles.items() if lifecycle in ("", name)}
    if desk.json:
        paper.data(drawn)
        return 0
    for name, text in drawn.items():
        paper.line(f"%% {name}")
        paper.line(text)
    return 0


def _book(desk: Desk, pack: str, on: str) -> Book:
    name = pack or _only(desk)
    return desk.editions.current(name, _day(desk, name, on))


def _only(desk: Desk) -> str:
    """The one pack that no other builds on; Malformed where there are several."""
    packs = desk.library.packs
    below = {one.head.extends for one in packs.values()}
    top = tuple(name for name, one in packs.items() if name not in below and one.name not in below and one.head.extends)
    dated = {packs[name].name for name in below if name in packs}
    top = tuple(name for name in top if packs[name].name not in dated) or top
    if len(top) != 1:
        raise Malformed("rules_which", allowed=tuple(packs))
    return top[0]


def _day(desk: Desk, pack: str, on: str) -> date:
    """The day given, else the first on which the pack is in force, else today."""
    if on:
        return today(moment(on))
    found = desk.library.find(pack)
    return (found.head.in_force.from_ if found else None) or today(desk.clock())
