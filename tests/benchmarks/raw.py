"""The floor of W2: the rows of one command written by hand with sqlite3, a fast json and dispatch through a dict."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Literal

__all__ = ["JSON", "Raw", "Rows", "Synchronous", "connect", "lay", "multiply", "rows_of"]

Synchronous = Literal["FULL", "NORMAL"]
Row = dict[str, Any]
Rows = Mapping[str, Sequence[Row]]
"""Rows by table, each by column."""

JSON: Final = "orjson" if find_spec("orjson") else "json"
"""What writes the events of the floor."""

_TABLES: Final = ("event", "ledger", "party", "deadline", "document", "command")


def connect(file: Path, synchronous: Synchronous) -> sqlite3.Connection:
    """Open a database with the settings of the store, and its transactions in our hands."""
    driver = sqlite3.connect(file, isolation_level=None)
    driver.execute("PRAGMA journal_mode = WAL")
    driver.execute(f"PRAGMA synchronous = {synchronous}")
    driver.execute("PRAGMA foreign_keys = ON")
    return driver


def rows_of(driver: sqlite3.Connection, case: str) -> Rows:
    """Give every row of a case; its commands are known by their ids, which begin with the case's."""
    rows = {}
    for table in _TABLES:
        key = "command" if table == "command" else "id"
        found = driver.execute(f"SELECT * FROM casework_{table} WHERE {key} LIKE ? || '%'", (case,))  # noqa: S608
        names = [column[0] for column in found.description]
        rows[table] = [dict(zip(names, row, strict=True)) for row in found]
    return rows


def multiply(driver: sqlite3.Connection, case: str, numbers: Iterable[str]) -> None:
    """Copy a case under other numbers, each with a chain of its own; its own number is a word found nowhere else."""
    word, rows = case.rpartition("/")[2], rows_of(driver, case)
    driver.execute("BEGIN IMMEDIATE")
    for number in numbers:
        copies = {table: [_renumbered(row, word, number) for row in found] for table, found in rows.items()}
        digest = copies["event"][0]["previous"]
        for row in copies["event"]:
            row["previous"], digest = digest, _chained(digest, row["text"].encode())
            row["hash"] = digest
        copies["ledger"][0]["hash"] = digest
        for table, found in copies.items():
            driver.executemany(_insert(table, found[0]), [tuple(row.values()) for row in found])
    driver.execute("COMMIT")


def lay(driver: sqlite3.Connection, case: str, numbers: Iterable[str], due: str) -> None:
    """Lay rows of the ledger with two deadlines each, due at a time, beside a case: open cases without a history."""
    rows, word = rows_of(driver, case), case.rpartition("/")[2]
    ledger, deadlines = rows["ledger"][0], [{**row, "next": due} for row in rows["deadline"][:2]]

    def copies(rows: Sequence[Row]) -> Iterator[tuple[Any, ...]]:
        plain = [tuple(row.items()) for row in rows]
        for number in several:
            for row in plain:
                yield tuple(value if name != "id" else value.replace(word, number) for name, value in row)

    several = tuple(numbers)
    driver.execute("BEGIN IMMEDIATE")
    driver.executemany(_insert("ledger", ledger), copies([{**ledger, "number": word, "next": due}]))
    driver.executemany(_insert("deadline", deadlines[0]), copies(deadlines))
    driver.execute("COMMIT")


class Raw:
    """Writes one command of a case as its rows were recorded: `before` are those of the case, `after` what they became.

    It reads the head, finds the step in a dict, checks the version when it writes, and chains the events.
    """

    def __init__(self, driver: sqlite3.Connection, before: Rows, after: Rows) -> None:
        """Keep what changes with the case apart from what does not."""
        new = {table: [row for row in rows if row not in before[table]] for table, rows in after.items()}
        self.driver = driver
        self.tenant = new["event"][0]["tenant"]
        self.steps = {before["ledger"][0]["state"]: new["ledger"][0]}
        self.events = [({**row, "text": None}, json.loads(row["text"])) for row in new["event"]]
        self.rest = {table: new[table] for table in ("deadline", "document") if new[table]}
        self.command = new["command"][0]
        self.sql = {table: _insert(table, rows[0], "INSERT OR REPLACE") for table, rows in self.rest.items()}
        self.sql |= {"event": _insert("event", new["event"][0]), "command": _insert("command", self.command)}
        self.dumps = _dumps()

    def handle(self, case: str, command: str) -> None:
        """Take the command once more, for another case."""
        run, tenant = self.driver.execute, self.tenant
        run("BEGIN IMMEDIATE")
        asked = "SELECT content, result FROM casework_command WHERE tenant = ? AND command = ?"
        if run(asked, (tenant, command)).fetchone():
            raise ValueError(command)
        head = "SELECT seq, hash, state FROM casework_ledger WHERE tenant = ? AND aggregate = 'case' AND id = ?"
        seq, digest, state = run(head, (tenant, case)).fetchone()
        expected, after, events = seq, self.steps[state], []
        for row, data in self.events:
            seq += 1
            text = self.dumps({**data, "id": case, "seq": seq, "command": command})
            previous, digest = digest, _chained(digest, text)
            here = {"id": case, "seq": seq, "command": command, "text": text.decode(), "hash": digest}
            events.append(tuple({**row, **here, "previous": previous}.values()))
        self.driver.executemany(self.sql["event"], events)
        move = (
            "UPDATE casework_ledger SET seq = ?, hash = ?, state = ?, round = ?, recorded = ?, next = ? "
            "WHERE tenant = ? AND aggregate = 'case' AND id = ? AND seq = ?"
        )
        to = (seq, digest, after["state"], after["round"], after["recorded"], after["next"])
        if run(move, (*to, tenant, case, expected)).rowcount != 1:
            raise ValueError(case)
        for table, rows in self.rest.items():
            self.driver.executemany(self.sql[table], [tuple({**row, "id": case}.values()) for row in rows])
        content = sha256(self.dumps([case, command, after["state"]])).hexdigest()
        run(self.sql["command"], tuple({**self.command, "command": command, "content": content}.values()))
        run("COMMIT")


def _renumbered(row: Row, word: str, number: str) -> Row:
    return {name: value.replace(word, number) if isinstance(value, str) else value for name, value in row.items()}


def _chained(previous: str, text: bytes) -> str:
    return sha256(previous.encode() + text).hexdigest()


def _insert(table: str, row: Row, way: str = "INSERT") -> str:
    names, holes = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
    return f"{way} INTO casework_{table} ({names}) VALUES ({holes})"


def _dumps() -> Callable[[object], bytes]:
    """Give the fastest writer of canonical JSON at hand."""
    if JSON == "json":
        encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
        return lambda data: encode(data).encode()
    orjson = import_module("orjson")
    return lambda data: orjson.dumps(data, option=orjson.OPT_SORT_KEYS)
