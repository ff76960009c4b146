"""Every law holds for Xianning's rules, in few histories and a short walk."""

from casework_testing.suite import PackLaws


class TestXianning(PackLaws):
    pack = "xianning@2022"
    examples = 15
    states = 20
