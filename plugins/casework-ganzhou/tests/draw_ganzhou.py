"""Drew the table of Ganzhou's demonstration, once: `python plugins/casework-ganzhou/tests/draw_ganzhou.py`.

Everything in it is made up but the numbers: the bureau leads eleven suggestions of the session, helps with seventeen,
and handles two of the session before again. Only whole numbers are drawn from a hash, so that every machine draws the
same.
"""

import csv
import io
from hashlib import sha256
from pathlib import Path
from typing import Final

SEED: Final = "bureau ganzhou 2020"
FILE: Final = Path(__file__).parents[1] / "src" / "casework_ganzhou" / "demo" / "suggestions.csv"
BUREAU: Final = "市自然资源局"

LED: Final = (
    ("港口用地报批", ("市发展和改革委员会", "市交通运输局")),
    ("科创中心规划选址", ("市科学技术局",)),
    ("产业示范区用地指标", ("市发展和改革委员会",)),
    ("爱心公园用地", ("市城市管理局", "市民政局")),
    ("传统村落保护规划", ("市住房和城乡建设局",)),
    ("城中村改造用地", ("市住房和城乡建设局", "市城市管理局")),
    ("农村建房审批", ()),
    ("不动产登记便民", ("市行政审批局",)),
    ("风电项目生态红线调整", ("市生态环境局",)),
    ("矿山生态修复", ("市生态环境局",)),
    ("标准厂房用地", ()),
)
HELPED: Final = (
    ("快速路网建设", "市交通运输局"),
    ("中心城区停车设施", "市城市管理局"),
    ("学校建设布局", "市教育局"),
    ("医养结合项目", "市卫生健康委员会"),
    ("冷链物流园", "市商务局"),
    ("高标准农田", "市农业农村局"),
    ("污水处理设施", "市住房和城乡建设局"),
    ("数字产业园", "市工业和信息化局"),
    ("康养旅游基地", "市文化广电旅游局"),
    ("审批服务提速", "市行政审批局"),
)
PLACES: Final = ("甲县", "乙县", "丙县", "丁区", "戊区", "己镇")
WAYS: Final = ("关于支持{}{}的建议", "关于加快{}{}的建议", "关于协调{}{}的建议")
LED_NUMBERS: Final = (7, 15, 23, 34, 41, 52, 60, 68, 77, 82, 95)
HELPED_NUMBERS: Final = (3, 9, 12, 18, 26, 29, 37, 44, 49, 55, 63, 71, 79, 88, 91, 99, 104)
AGAIN: Final = (("901", "030"), ("902", "057"))
HEADING: Final = ("编号", "标题", "领衔代表", "联名代表", "主办单位", "协办单位", "类别", "届次", "结转自")
EARLIER: Final = "市自然资源局2019年建议/suggestion"


def table() -> bytes:
    """Draw the table as a spreadsheet program writes it: with a title above, a byte order mark, and CRLF."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("市五届人大五次会议代表建议任务分解表", *("" for _ in HEADING[1:])))
    writer.writerow(HEADING)
    rows = [_led(f"{number:03d}", place, "") for place, number in enumerate(LED_NUMBERS)]
    rows += [_helped(f"{number:03d}", place) for place, number in enumerate(HELPED_NUMBERS)]
    writer.writerows(sorted(rows))
    writer.writerows(_led(number, place, f"{EARLIER}/{earlier}") for place, (number, earlier) in enumerate(AGAIN, 5))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _led(number: str, place: int, carries: str) -> tuple[str, ...]:
    matter, co = LED[place]
    session = "市五届人大四次会议" if carries else "市五届人大五次会议"
    return (number, _title(number, matter), *_people(number), BUREAU, "、".join(co), "建议", session, carries)


def _helped(number: str, place: int) -> tuple[str, ...]:
    matter, lead = HELPED[place % len(HELPED)]
    others = [unit for _, unit in HELPED if unit != lead][: _draw(number, "many") % 2]
    co = "、".join((BUREAU, *others))
    return (number, _title(number, matter), *_people(number), lead, co, "建议", "市五届人大五次会议", "")


def _title(number: str, matter: str) -> str:
    place = PLACES[_draw(number, "place") % len(PLACES)]
    return WAYS[_draw(number, "way") % len(WAYS)].format(place, matter)


def _people(number: str) -> tuple[str, str]:
    first = _draw(number, "first") % 200
    people = [f"代表{(first + 7 * n) % 200 + 1:03d}" for n in range((1, 1, 2)[_draw(number, "joint") % 3])]
    return people[0], "、".join(people[1:])


def _draw(*what: object) -> int:
    return int.from_bytes(sha256("/".join((SEED, *map(str, what))).encode()).digest()[:8])


if __name__ == "__main__":
    FILE.write_bytes(table())
