"""Where a rule comes from: the document, the clause in it, and the line of the pack that says so."""

from typing import Literal

import attrs

__all__ = ["Clause", "Norm", "Position"]

Norm = Literal["text", "open_norm", "our_reading", "planned"]
"""How far the document itself carries a value.

`text` says it; `open_norm` leaves it open and a default is taken; `our_reading` is an interpretation;
`planned` is an intention that the document states, not a practice.
"""


@attrs.frozen
class Clause:
    """A place in a document, such as 沾区政发〔2023〕10号 二(三)."""

    document: str
    article: str = ""

    def __str__(self) -> str:
        """Write the document and the article with a blank between them."""
        return f"{self.document} {self.article}".strip()


@attrs.frozen
class Position:
    """A place in a file; line and column count from 1, and 0 means that there is none."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Write file:line:column as editors understand it."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)
