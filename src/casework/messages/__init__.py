"""The one catalogue of texts, Chinese and English, by code."""

from collections.abc import Mapping
from typing import Final, Literal

from casework.messages.en import TEXTS as EN
from casework.messages.shell_en import TEXTS as SHELL_EN
from casework.messages.shell_zh import TEXTS as SHELL_ZH
from casework.messages.zh import TEXTS as ZH

__all__ = ["CATALOGUE", "Language", "say"]

Language = Literal["zh", "en"]

CATALOGUE: Final[Mapping[Language, Mapping[str, str]]] = {"zh": {**ZH, **SHELL_ZH}, "en": {**EN, **SHELL_EN}}


def say(code: str, language: Language = "zh", /, **given: object) -> str:
    """Give the text of a code with what was given filled in.

    A text may leave out what it does not need. A code without a text, as a plugin's kind may bring one, is given
    with what fills it.
    """
    shown = {name: _show(value, language) for name, value in given.items()}
    text = CATALOGUE[language].get(code)
    return text.format_map(shown) if text is not None else " ".join((code, *(f"{k}={v}" for k, v in shown.items())))


def _show(value: object, language: Language) -> str:
    if isinstance(value, (tuple, list, set, frozenset)):
        items = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
        return ("、" if language == "zh" else ", ").join(str(item) for item in items)
    say_it = getattr(value, "say", None)  # an error that is the reason of another
    return str(say_it(language)) if say_it is not None else str(value)
