"""Orders: what a host hands to the engine, and what it gets back."""

from collections.abc import Mapping
from datetime import datetime

import attrs

from casework.commands import Body
from casework.records import Actor, Stream

__all__ = ["Order", "Result", "case_stream", "docket_of", "docket_stream"]


@attrs.frozen
class Order:
    """A command as a host gives it: whose history, what, by whom; when it happened (None: now).

    `on` is the id of a case (docket/kind/number) or, with `docket` set, of a docket. `of` is whose act it was
    where a clerk enters it, `evidence` the digest of the paper, `reasons` what is given where a requirement may be
    met by a reason, by its id.
    """

    body: Body
    on: str
    by: Actor
    at: datetime | None = None
    of: str = ""
    evidence: str = ""
    reasons: Mapping[str, str] = attrs.field(factory=dict)
    docket: bool = False


@attrs.frozen
class Result:
    """What came of a command: its id, and for each stream the first and last sequence that it wrote.

    `repeated` says that the same command had been given before, and this is what came of it then.
    """

    command: str
    written: tuple[tuple[Stream, int, int], ...] = ()
    repeated: bool = False


def case_stream(tenant: str, case: str) -> Stream:
    """Give the stream of a case by its id, docket/kind/number."""
    return Stream(tenant, "case", case)


def docket_of(case: str) -> str:
    """Give the docket that a case's id names."""
    return case.rsplit("/", 2)[0]


def docket_stream(tenant: str, docket: str) -> Stream:
    """Give the stream of a docket by its name."""
    return Stream(tenant, "docket", docket)
