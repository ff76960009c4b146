"""Every law holds for Puyang's rules, in few histories and a short walk."""

from casework_testing.suite import PackLaws


class TestPuyang(PackLaws):
    pack = "puyang@2023"
    examples = 15
    states = 20
