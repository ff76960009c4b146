"""casework rules new: the first files of a pack of one's own, with a scenario that holds."""

import shlex
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from casework.cli.desk import AtDesk, program, today
from casework.cli.paper import OnPaper
from casework.scaffold import Scaffold, scaffold

__all__ = ["new"]


def new(
    name: Annotated[str, Parameter(help="包名，如 my-district 或 my-district@2024，默认今年 / its name, and its year")],
    *,
    plugin: Annotated[bool, Parameter(negative="", help="做成可安装的插件包 / as a package to install")] = False,
    into: Annotated[Path, Parameter(help="建在哪个文件夹里，默认此处 / the folder that it is made in")] = Path(),
    desk: AtDesk,
    paper: OnPaper,
) -> int:
    """新建规则包：几条示例规则和一个相符的情景 / begin a rule pack: a few rules, and a scenario that holds."""
    drawn = scaffold(name, into, desk.plugins, today(desk.clock()), desk.language, plugin=plugin)
    drawn.write()
    if desk.json:
        paper.data({"pack": drawn.pack, "folder": drawn.folder, "files": tuple(drawn.files)})
        return 0
    paper.say("new_made", pack=drawn.pack)
    for path in drawn.files:
        paper.line(f"  {drawn.folder / path}")
    paper.head("new_next")
    for line in _next(drawn, plugin=plugin):
        paper.line(f"  {line}")
    return 0


def _next(drawn: Scaffold, *, plugin: bool) -> tuple[str, ...]:
    folder, called = shlex.quote(str(drawn.folder)), program()
    if plugin:
        return (
            f"{program('pip')} install -e {shlex.quote(f'{drawn.folder}[test]')}",
            f"{program('pytest')} {folder}",
            f"{called} rules show {drawn.pack} --own",
        )
    (scenario,) = (path for path in drawn.files if path.endswith(".scenario.yaml"))
    return (
        f"{called} play {shlex.quote(str(drawn.folder / scenario))}",
        f"{called} --rules-dir {folder} rules show {drawn.pack} --own",
    )
