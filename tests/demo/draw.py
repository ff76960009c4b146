"""Drew the two allotment tables of the demonstration, once: `python -m tests.demo.draw FOLDER`.

Everything in them is made up: offices that exist in any district, villages by the heavenly stems, proposers by
number. The seed is fixed and only whole numbers are drawn from a hash, so that every machine draws the same.
"""

import csv
import io
import sys
from hashlib import sha256
from pathlib import Path
from typing import Final

SEED: Final = "allotment 2023"
SUGGESTIONS: Final = 126
PROPOSALS: Final = 148

BUREAUS: Final = (
    *("区发展和改革局", "区工业和信息化局", "区教育体育局", "区科学技术局", "区公安局", "区民政局", "区司法局"),
    *("区财政局", "区人力资源和社会保障局", "区自然资源局", "区生态环境局", "区住房和城乡建设局", "区交通运输局"),
    *("区农业农村局", "区水务局", "区商务局", "区文化和旅游局", "区卫生健康局", "区退役军人事务局", "区应急管理局"),
    *("区审计局", "区市场监督管理局", "区林业和草原局", "区统计局", "区医疗保障局", "区乡村振兴局", "区城市管理局"),
    *(
        "区政务服务管理局",
        "区信访局",
        "区机关事务局",
        "区投资促进局",
        "区供销合作社",
        "区消防救援大队",
        "区残疾人联合会",
    ),
)
PLACES: Final = ("甲街道办事处", "乙街道办事处", "丙街道办事处", "丁镇人民政府", "戊镇人民政府", "己乡人民政府")
UNITS: Final = BUREAUS + PLACES

# what a title may be about, and who would lead it and who would help
MATTERS: Final = (
    ("{place}村组道路硬化", "区交通运输局", ("区财政局", "区乡村振兴局", "区自然资源局")),
    ("{place}公交线路延伸和站点增设", "区交通运输局", ("区住房和城乡建设局", "区财政局")),
    ("{place}中小学校舍维修", "区教育体育局", ("区财政局", "区发展和改革局")),
    ("{place}学校门口交通秩序整治", "区公安局", ("区教育体育局", "区城市管理局", "区交通运输局")),
    ("{place}水库除险加固", "区水务局", ("区财政局", "区应急管理局", "区发展和改革局")),
    ("{place}农村饮水管网改造", "区水务局", ("区农业农村局", "区财政局", "区卫生健康局")),
    ("{place}老旧小区加装电梯", "区住房和城乡建设局", ("区财政局", "区自然资源局", "区市场监督管理局")),
    ("{place}生活垃圾分类和清运", "区城市管理局", ("区生态环境局", "区住房和城乡建设局")),
    ("{place}河道水质监测", "区生态环境局", ("区水务局", "区农业农村局")),
    ("{place}卫生院设备更新和人才引进", "区卫生健康局", ("区财政局", "区人力资源和社会保障局", "区医疗保障局")),
    ("{place}居家养老服务点建设", "区民政局", ("区财政局", "区卫生健康局", "区住房和城乡建设局")),
    ("{place}乡村规划师下乡", "区自然资源局", ("区财政局", "区农业农村局", "区住房和城乡建设局")),
    ("{place}设施农业和冷链仓储", "区农业农村局", ("区商务局", "区供销合作社", "区财政局")),
    ("{place}林下经济和森林防火", "区林业和草原局", ("区应急管理局", "区农业农村局")),
    ("{place}文化活动中心免费开放", "区文化和旅游局", ("区财政局", "区教育体育局")),
    ("{place}农贸市场改造提升", "区商务局", ("区市场监督管理局", "区城市管理局", "区住房和城乡建设局")),
    ("{place}工业园区用工保障", "区人力资源和社会保障局", ("区工业和信息化局", "区投资促进局")),
    ("{place}中小企业技术改造奖补", "区工业和信息化局", ("区财政局", "区科学技术局")),
    ("{place}科普进校园", "区科学技术局", ("区教育体育局",)),
    ("{place}门诊费用直接结算", "区医疗保障局", ("区卫生健康局", "区财政局")),
    ("{place}退役军人创业扶持", "区退役军人事务局", ("区人力资源和社会保障局", "区财政局")),
    ("{place}公共法律服务站", "区司法局", ("区信访局", "区财政局")),
    ("{place}消防通道和微型消防站", "区消防救援大队", ("区应急管理局", "区城市管理局")),
    ("{place}无障碍设施改造", "区残疾人联合会", ("区住房和城乡建设局", "区城市管理局")),
    ("{place}小餐饮食品安全", "区市场监督管理局", ("区卫生健康局", "区城市管理局")),
    ("{place}易地搬迁后续产业", "区乡村振兴局", ("区农业农村局", "区发展和改革局", "区财政局")),
    ("{place}政务事项就近办理", "区政务服务管理局", ("区司法局",)),
    ("{place}重大项目前期工作", "区发展和改革局", ("区自然资源局", "区投资促进局", "区生态环境局")),
    ("{place}预算绩效公开", "区财政局", ("区审计局", "区统计局")),
    ("{place}招商引资服务", "区投资促进局", ("区商务局", "区发展和改革局")),
    ("{place}公共机构节能", "区机关事务局", ("区发展和改革局",)),
    ("{place}山体滑坡隐患治理", "区应急管理局", ("区自然资源局", "区水务局", "区财政局")),
)
WAYS: Final = ("关于加强{}的{}", "关于推进{}的{}", "关于做好{}的{}", "关于支持{}的{}")
HEADINGS: Final = {
    "建议": ("编号", "标题", "领衔代表", "联名代表", "主办单位", "协办单位", "类别", "届次"),
    "提案": ("案号", "案由", "提案人", "附议人", "主办单位", "协办单位", "类别", "届次"),
}
SESSIONS: Final = {"建议": "区三届人大三次会议", "提案": "区政协三届二次会议"}
ABOVE: Final = {
    "建议": "附件1 区三届人大三次会议代表建议交办分配表",
    "提案": "附件2 区政协三届二次会议提案交办分配表",
}
PEOPLE: Final = {"建议": ("代表", 180), "提案": ("委员", 210)}
FILES: Final = {"建议": "suggestions.csv", "提案": "proposals.csv"}


def table(kind: str, rows: int) -> bytes:
    """Draw a table as a spreadsheet program writes it: with a title above, a byte order mark, and CRLF."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    heading = HEADINGS[kind]
    writer.writerow((ABOVE[kind], *("" for _ in heading[1:])))
    writer.writerow(heading)
    for number in range(1, rows + 1):
        writer.writerow(_row(kind, number))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _row(kind: str, number: int) -> tuple[str, ...]:
    place = PLACES[_draw(kind, number, "place") % len(PLACES)]
    matter, lead, helpers = MATTERS[_draw(kind, number, "matter") % len(MATTERS)]
    if _draw(kind, number, "local") % 9 == 0:
        lead, helpers = place, (lead, *helpers)
    many = (0, 0, 1, 1, 2, 2, 3)[_draw(kind, number, "many") % 7]
    way = WAYS[_draw(kind, number, "way") % len(WAYS)]
    title = way.format(matter.format(place=place.removesuffix("办事处").removesuffix("人民政府")), kind)
    word, pool = PEOPLE[kind]
    first = _draw(kind, number, "first") % pool
    people = [
        f"{word}{(first + 7 * n) % pool + 1:03d}" for n in range((1, 1, 1, 2, 3)[_draw(kind, number, "joint") % 5])
    ]
    co = [unit for unit in helpers if unit != lead][:many]
    return (f"{number:03d}", title, people[0], "、".join(people[1:]), lead, "、".join(co), kind, SESSIONS[kind])


def _draw(*what: object) -> int:
    return int.from_bytes(sha256("/".join((SEED, *map(str, what))).encode()).digest()[:8])


def main(folder: Path) -> None:
    """Write both tables."""
    for kind, rows in (("建议", SUGGESTIONS), ("提案", PROPOSALS)):
        (folder / FILES[kind]).write_bytes(table(kind, rows))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
