"""Every law holds for Jiaozuo's rules, in few histories and a short walk."""

from casework_testing.suite import PackLaws


class TestJiaozuo(PackLaws):
    pack = "jiaozuo@2023"
    examples = 15
    states = 20
