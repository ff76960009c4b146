"""The commands and the global options, put together; and what becomes of an error."""

import os
import sys
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from cyclopts import App, CycloptsError, Group, Parameter

from casework.cli import (
    calendar,
    cases,
    clock,
    delivery,
    demonstration,
    health,
    importing,
    ledger,
    reporting,
    rules,
    scaffolds,
    scenarios,
)
from casework.cli.desk import STORE, Desk
from casework.cli.paper import Paper
from casework.errors import CaseworkError, Conflict, Refused, RepeatedDifferently, TransactionLost
from casework.messages import Language

__all__ = ["run"]

_REFUSED: Final = (Refused, Conflict, RepeatedDifferently, TransactionLost)
_GLOBAL: Final = Group("全局选项 / Global options", sort_key=0)
_NEEDED: Final = {"desk", "paper"}

RulesDir = Annotated[
    list[Path] | None,
    Parameter(negative="", help="另加一个规则包文件夹，可重复 / a folder of loose rule packs, repeatable"),
]
StoreUrl = Annotated[str, Parameter(help="存储的地址 / where the cases are kept")]
Lang = Annotated[Literal["zh", "en"], Parameter(help="输出的语言 / the language of what is written")]
Json = Annotated[bool, Parameter(negative="", help="读取类命令输出 JSON / write JSON where something is read")]


def run(arguments: list[str]) -> int:
    """Run one command; give 0, 1 or 2, and say on stderr what went wrong."""
    paper = Paper.of(_language(arguments))
    with ExitStack() as held:
        try:
            code = _application(paper, held)(
                arguments, exit_on_error=False, print_error=False, result_action="return_value"
            )
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has gone: no complaint at exit
            return 0
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - a sentence for whoever sits there
            if os.environ.get("CASEWORK_DEBUG"):
                traceback.print_exc()
            return _told(paper, error, as_data="--json" in arguments)
        return code if isinstance(code, int) else 0


def _told(paper: Paper, error: BaseException, *, as_data: bool) -> int:
    """Say an error as a sentence, with its code behind the first line, and give its exit code."""
    match error:
        case Refused(reasons=(reason,)) if reason.code == "not_permitted":
            text = f"{error.say(paper.language)}\n{paper.text('cli_hidden')}"
            paper.failed(reason.code, text, error, as_data=as_data)
            return 1
        case CaseworkError():
            paper.failed(error.code, error.say(paper.language), error, as_data=as_data)
            return 1 if isinstance(error, _REFUSED) or error.code == "jump" else 2
        case CycloptsError():
            code, given = "cli_usage", str(error).strip()
        case KeyboardInterrupt():
            paper.say_wrong("cli_stopped")
            return 1
        case OSError():
            code, given = "cli_system", f"{error.strerror or error} {error.filename or ''}".strip()
        case _:
            code, given = "cli_bug", f"{type(error).__name__}: {error}"
    paper.failed(code, paper.text(code, error=given), error, as_data=as_data)
    return 2


def _application(paper: Paper, held: ExitStack) -> App:
    """Put the commands under one roof; the global options may stand before or behind the command."""
    app = App(
        name="casework",
        help="代表建议、政协提案的办理引擎 / carries suggestions and proposals to the last promise kept",
    )
    app.meta.group_parameters = _GLOBAL
    app.suppress_keyboard_interrupt = app.meta.suppress_keyboard_interrupt = False  # told in `run`
    for name, command in (
        ("demo", demonstration.demo),
        ("import", importing.import_),
        ("ledger", ledger.ledger),
        ("report", reporting.report),
        ("score", reporting.score),
        ("draw", reporting.draw_),
        ("tick", clock.tick),
        ("play", scenarios.play),
        ("explain", cases.explain),
        ("open", cases.open_),
        ("deliver", delivery.deliver),
        ("outbox", delivery.outbox),
        ("reproject", calendar.reproject_),
        ("plugins", health.plugins),
        ("doctor", health.doctor),
    ):
        app.command(command, name=name)
    shelf = App(name="rules", help="规则 / the rules")
    shelf.command(rules.list_, name="list")
    shelf.command(rules.show, name="show")
    shelf.command(rules.diagram, name="diagram")
    shelf.command(scaffolds.new, name="new")
    app.command(shelf)
    days = App(name="calendar", default_command=calendar.show)
    days.command(calendar.import_, name="import")
    app.command(days)

    @app.meta.default
    def chosen(
        *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
        rules_dir: RulesDir = None,
        store: StoreUrl = STORE,
        lang: Lang = "zh",
        json: Json = False,
    ) -> Any:  # noqa: ANN401 - an exit code, or whatever help gives
        desk = Desk(tuple(rules_dir or ()), store, lang, json=json)
        held.callback(desk.close)
        command: Callable[..., Any]
        command, bound, ignored = app.parse_args(tokens, exit_on_error=False, print_error=False)
        needed = {"desk": desk, "paper": paper}
        return command(*bound.args, **bound.kwargs, **{name: needed[name] for name in ignored if name in _NEEDED})

    return app.meta


def _language(arguments: list[str]) -> Language:
    """Tell the language before anything is read, so that also what is wrong with the arguments is said in it."""
    text = "\0".join(arguments)
    return "en" if "--lang\0en" in text or "--lang=en" in text else "zh"
