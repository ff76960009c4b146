"""Drew the allotment table of Puyang's demonstration, once: `python plugins/casework-puyang/tests/draw_puyang.py`.

Everything in it is made up: departments that exist in any city, places by the heavenly stems, proposers by number. The
first sixteen are those of class 1: thirteen departments of the government lead one each, and three units of other
systems. Only whole numbers are drawn from a hash, so that every machine draws the same.
"""

import csv
import io
from hashlib import sha256
from pathlib import Path
from typing import Final

SEED: Final = "allotment puyang 2023"
ROWS: Final = 316
CLASS_1: Final = 16
FILE: Final = Path(__file__).parents[1] / "src" / "casework_puyang" / "demo" / "suggestions.csv"

# what a title may be about, who would lead it and who would help
GOVERNMENT: Final = (
    ("民营企业科技创新", "市科学技术局", ("市财政局", "市工业和信息化局")),
    ("公共充电设施建设", "市发展和改革局", ("市住房和城乡建设局", "市财政局")),
    ("氢能产业链培育", "市工业和信息化局", ("市发展和改革局", "市财政局")),
    ("城市书房和文化广场", "市文化广电和旅游局", ("市财政局", "市城市管理局")),
    ("政务事项一次办结", "市行政审批服务局", ("市市场监督管理局",)),
    ("作物种质资源保护", "市农业农村局", ("市财政局", "市科学技术局")),
    ("中小企业上市辅导", "市金融工作局", ("市财政局", "市工业和信息化局")),
    ("河道清淤和护岸", "市水利局", ("市财政局", "市生态环境局")),
    ("社区养老服务站", "市民政局", ("市卫生健康委", "市财政局")),
    ("乡镇卫生院设备更新", "市卫生健康委", ("市财政局", "市医疗保障局")),
    ("义务教育学位供给", "市教育局", ("市财政局", "市自然资源和规划局")),
    ("职业技能培训", "市人力资源和社会保障局", ("市财政局", "市教育局")),
    ("农村公路养护", "市交通运输局", ("市财政局", "市自然资源和规划局")),
    ("老旧小区改造", "市住房和城乡建设局", ("市财政局", "市城市管理局")),
    ("垃圾分类和清运", "市城市管理局", ("市生态环境局",)),
    ("工业园区水质监测", "市生态环境局", ("市水利局", "市工业和信息化局")),
    ("建设用地报批服务", "市自然资源和规划局", ("市发展和改革局",)),
    ("食品小作坊监管", "市市场监督管理局", ("市卫生健康委",)),
    ("危险路段治理", "市公安局", ("市交通运输局",)),
    ("门诊费用直接结算", "市医疗保障局", ("市卫生健康委",)),
    ("商贸物流园配套", "市商务局", ("市交通运输局", "市自然资源和规划局")),
    ("安全生产宣传", "市应急管理局", ("市教育局",)),
    ("惠企资金直达", "市财政局", ("市工业和信息化局",)),
    ("公共法律服务", "市司法局", ("市财政局",)),
    ("退役军人创业", "市退役军人事务局", ("市人力资源和社会保障局",)),
    ("全民健身步道", "市体育局", ("市城市管理局", "市财政局")),
    ("防护林更新", "市林业局", ("市农业农村局",)),
    ("统计服务下沉", "市统计局", ("市财政局",)),
)
OTHERS: Final = (
    ("涉企案件快审快执", "市中级人民法院", ("市司法局",)),
    ("公益诉讼协作", "市人民检察院", ("市生态环境局",)),
    ("基层宣讲队伍", "市委宣传部", ("市文化广电和旅游局",)),
    ("职工权益维护", "市总工会", ("市人力资源和社会保障局",)),
)
PLACES: Final = ("甲县", "乙县", "丙县", "丁区", "戊区", "己镇", "庚乡", "辛街道")
WAYS: Final = ("关于加强{}{}的建议", "关于推进{}{}的建议", "关于做好{}{}的建议", "关于支持{}{}的建议")
HEADING: Final = ("编号", "标题", "领衔代表", "联名代表", "主办单位", "协办单位", "类别", "届次")
ABOVE: Final = "市九届人大一次会议代表建议交办分配表"
PEOPLE: Final = 260


def table() -> bytes:
    """Draw the table as a spreadsheet program writes it: with a title above, a byte order mark, and CRLF."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow((ABOVE, *("" for _ in HEADING[1:])))
    writer.writerow(HEADING)
    for number in range(1, ROWS + 1):
        writer.writerow(_row(number))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _matter(number: int) -> tuple[str, str, tuple[str, ...]]:
    class_1 = (*GOVERNMENT[:13], *OTHERS[:3])
    if number <= CLASS_1:
        return class_1[number - 1]
    every = GOVERNMENT * 4 + OTHERS
    return every[_draw(number, "matter") % len(every)]


def _row(number: int) -> tuple[str, ...]:
    matter, lead, helpers = _matter(number)
    place = PLACES[_draw(number, "place") % len(PLACES)]
    title = WAYS[_draw(number, "way") % len(WAYS)].format(place, matter)
    first = _draw(number, "first") % PEOPLE
    people = [f"代表{(first + 7 * n) % PEOPLE + 1:03d}" for n in range((1, 1, 1, 2)[_draw(number, "joint") % 4])]
    co = helpers[: (0, 0, 1, 1, 2)[_draw(number, "many") % 5]]
    session = "市九届人大一次会议"
    return (f"{number:03d}", title, people[0], "、".join(people[1:]), lead, "、".join(co), "建议", session)


def _draw(*what: object) -> int:
    return int.from_bytes(sha256("/".join((SEED, *map(str, what))).encode()).digest()[:8])


if __name__ == "__main__":
    FILE.write_bytes(table())
