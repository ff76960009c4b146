"""Every law holds for Ganzhou's rules, in few histories and a short walk."""

from casework_testing.suite import PackLaws


class TestGanzhou(PackLaws):
    pack = "ganzhou@2020"
    examples = 15
    states = 20
