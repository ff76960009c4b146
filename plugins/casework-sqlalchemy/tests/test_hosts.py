"""In a host's transaction: committed and rolled back with it, and never by us."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from casework.errors import Conflict, HostTransaction, TransactionLost, Unavailable
from casework.ports import Write
from casework_sqlalchemy import SQLStore
from casework_sqlalchemy.hosts import MEND
from casework_testing.storage import (
    NOON,
    TENANT,
    a_batch,
    a_case,
    a_deadline,
    a_document,
    a_message,
    a_write,
    append,
    history,
    last,
)


@attrs.frozen
class Host:
    """A host's way to work: its handle, and how it runs SQL and ends its transaction."""

    handle: Any
    run: Callable[[str], Any]
    commit: Callable[[], None]
    rollback: Callable[[], None]


def mended(engine: Engine) -> Engine:
    """Add to an engine the two lines that the refusal names."""
    exec(MEND, {"event": event, "engine": engine})  # noqa: S102 the lines are what is tested
    return engine


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/oa.db"


@pytest.fixture
def store(url: str) -> Iterator[SQLStore]:
    store = SQLStore.open(url)
    store.create()
    yield store
    store.close()


@pytest.fixture
def engine(url: str, store: SQLStore) -> Iterator[Engine]:
    assert store.engine.url.render_as_string() == url
    engine = mended(create_engine(url))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE oa (n INTEGER)"))
    yield engine
    engine.dispose()


@pytest.fixture(params=["connection", "session", "scoped_session"])
def host(request: pytest.FixtureRequest, engine: Engine) -> Iterator[Host]:
    if request.param == "connection":
        with engine.connect() as connection:
            yield Host(
                connection,
                lambda sql: connection.execute(text(sql)),
                connection.commit,
                connection.rollback,
            )
        return
    made = sessionmaker(engine)
    held: Any = made() if request.param == "session" else scoped_session(made)
    yield Host(held, lambda sql: held.execute(text(sql)), held.commit, held.rollback)
    held.close()


def rows(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT n FROM oa ORDER BY n")).scalars())


def rich(write: Callable[..., Write] = a_write) -> Write:
    return write(
        a_case(),
        events=2,
        deadlines=(a_deadline("reply", NOON),),
        messages=(a_message(a_case(), "m"),),
        documents=(a_document(a_case(), "d"),),
    )


def test_both_commit(store: SQLStore, engine: Engine, host: Host) -> None:
    host.run("INSERT INTO oa VALUES (1)")
    with store.transaction(host.handle) as transaction:
        transaction.append(a_batch(rich()))
    host.run("INSERT INTO oa VALUES (2)")
    assert not history(store, a_case())
    host.commit()
    assert len(history(store, a_case())) == 2
    assert rows(engine) == [1, 2]


def test_both_roll_back(store: SQLStore, engine: Engine, host: Host) -> None:
    append(store, a_write(a_case("other")), command="c0")
    before = store.dump(TENANT)
    host.run("INSERT INTO oa VALUES (1)")
    with store.transaction(host.handle) as transaction:
        transaction.append(a_batch(rich(), editions={"h": "{}"}))
        assert transaction.read(a_case())
    host.rollback()
    assert store.dump(TENANT) == before
    assert rows(engine) == []


def test_a_conflict_leaves_the_hosts_transaction_usable(store: SQLStore, engine: Engine, host: Host) -> None:
    append(store, a_write(a_case()), a_write(a_case("002")), command="c0")
    before = store.dump(TENANT)
    host.run("INSERT INTO oa VALUES (1)")
    stale = a_write(a_case("zzz"), documents=(a_document(a_case("zzz"), "d"),)), a_write(a_case())
    with pytest.raises(Conflict), store.transaction(host.handle) as transaction:
        transaction.append(a_batch(*stale))
    host.run("INSERT INTO oa VALUES (2)")
    host.commit()
    assert store.dump(TENANT) == before
    assert rows(engine) == [1, 2]


def test_after_a_conflict_the_same_transaction_decides_anew(store: SQLStore, host: Host) -> None:
    append(store, a_write(a_case()), command="c0")
    host.run("INSERT INTO oa VALUES (1)")
    with store.transaction(host.handle) as transaction:
        with pytest.raises(Conflict):
            transaction.append(a_batch(a_write(a_case())))
        transaction.append(a_batch(a_write(a_case(), transaction.read(a_case())[-1], by="u2")))
    host.commit()
    assert [sealed.event.by for sealed in history(store, a_case())] == ["u1", "u2"]


def test_an_error_of_the_caller_is_the_hosts_to_answer(store: SQLStore, host: Host) -> None:
    host.run("INSERT INTO oa VALUES (1)")
    with pytest.raises(ZeroDivisionError), store.transaction(host.handle) as transaction:  # noqa: PT012 the end fails
        transaction.append(a_batch(rich()))
        raise ZeroDivisionError
    host.commit()
    assert len(history(store, a_case())) == 2


def test_one_savepoint_is_all_that_is_done_to_the_hosts_transaction(
    store: SQLStore, engine: Engine, host: Host
) -> None:
    said: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *heard: said.append(heard[2]))
    for ending in ("commit", "rollback", "begin", "rollback_twophase", "savepoint"):
        event.listen(engine, ending, lambda *_, ending=ending: said.append(ending.upper()))
    host.run("INSERT INTO oa VALUES (1)")
    said.clear()
    with store.transaction(host.handle) as transaction:
        transaction.append(a_batch(rich()))
        with pytest.raises(Conflict):
            transaction.append(a_batch(a_write(a_case()), command="c2"))
    words = [line.split()[0] for line in said]
    assert [word for word in words if word not in {"SELECT", "INSERT", "UPDATE", "DELETE", "PRAGMA"}] == [
        *("SAVEPOINT", "RELEASE"),
        *("SAVEPOINT", "ROLLBACK", "RELEASE"),
    ]
    assert said[-2:] == ["ROLLBACK TO SAVEPOINT casework", "RELEASE SAVEPOINT casework"]


def test_a_savepoint_of_the_hosts_own_holds(store: SQLStore, engine: Engine, host: Host) -> None:
    host.run("INSERT INTO oa VALUES (1)")
    host.run("SAVEPOINT casework")
    with store.transaction(host.handle) as transaction:
        transaction.append(a_batch(rich()))
    host.run("ROLLBACK TO SAVEPOINT casework")
    host.commit()
    assert not history(store, a_case())
    assert rows(engine) == [1]


def test_an_interruption_inside_an_append_leaves_nothing_of_it(
    store: SQLStore, engine: Engine, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.run("INSERT INTO oa VALUES (1)")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("casework_sqlalchemy.rows.message_rows", interrupted)
    before = store.dump(TENANT)
    with pytest.raises(KeyboardInterrupt), store.transaction(host.handle) as transaction:
        transaction.append(a_batch(rich()))
    host.commit()
    assert store.dump(TENANT) == before
    assert rows(engine) == [1]


def test_when_the_database_ends_the_transaction_it_is_lost(store: SQLStore, engine: Engine, host: Host) -> None:
    host.run(
        "CREATE TRIGGER strict BEFORE INSERT ON casework_message "
        "BEGIN SELECT RAISE(ROLLBACK, 'the database ends it'); END"
    )
    host.commit()
    before = store.dump(TENANT)
    host.run("INSERT INTO oa VALUES (1)")
    with pytest.raises(TransactionLost) as caught, store.transaction(host.handle) as transaction:
        transaction.append(a_batch(rich()))
    assert caught.value.code == "transaction_lost"
    host.rollback()
    assert store.dump(TENANT) == before
    assert rows(engine) == []
    host.run("INSERT INTO oa VALUES (2)")
    host.commit()
    assert rows(engine) == [2]


def test_the_tables_are_created_in_the_hosts_transaction_too(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    store, engine = SQLStore.open(url), mended(create_engine(url))
    with engine.connect() as connection:
        connection.begin()
        store.create(connection)
        connection.rollback()
    with pytest.raises(Unavailable), store.transaction():
        pass
    with engine.begin() as connection:
        store.create(connection)
    append(store, a_write(a_case()))
    store.close()
    engine.dispose()


@pytest.mark.parametrize("kind", [Engine.connect, Session])
def test_a_driver_that_opens_no_transaction_is_refused_and_the_two_lines_mend_it(
    url: str, store: SQLStore, kind: Callable[[Engine], Connection | Session]
) -> None:
    engine = create_engine(url)
    with kind(engine) as handle:
        handle.begin()
        with pytest.raises(HostTransaction) as caught, store.transaction(handle):
            pass
    assert caught.value.code == "host_transaction"
    assert len(MEND.splitlines()) == 2
    assert caught.value.say("zh").splitlines()[-2:] == MEND.splitlines()
    assert caught.value.say("en").splitlines()[-2:] == MEND.splitlines()
    engine.dispose()
    engine = mended(create_engine(url))
    with kind(engine) as handle:
        handle.begin()
        with store.transaction(handle) as transaction:
            transaction.append(a_batch(a_write(a_case())))
        assert not history(store, a_case())
        handle.commit()
    assert len(history(store, a_case())) == 1
    engine.dispose()


def test_a_default_driver_that_has_written_has_a_transaction(url: str, store: SQLStore) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE oa (n INTEGER)"))
    with engine.connect() as connection:
        connection.execute(text("INSERT INTO oa VALUES (1)"))
        with store.transaction(connection) as transaction:
            transaction.append(a_batch(a_write(a_case())))
        connection.rollback()
    assert not history(store, a_case())
    assert rows(engine) == []
    engine.dispose()


def test_a_connection_on_which_nothing_was_begun_is_refused(store: SQLStore, engine: Engine) -> None:
    with engine.connect() as connection:
        with pytest.raises(HostTransaction) as caught, store.transaction(connection):
            pass
        assert not connection.in_transaction()
    assert caught.value.code == "host_not_begun"


@pytest.mark.parametrize("thing", [object(), "sqlite:///oa.db", None.__class__])
def test_what_is_no_connection_or_session_is_refused(store: SQLStore, thing: object) -> None:
    with pytest.raises(HostTransaction) as caught, store.transaction(thing):
        pass
    assert caught.value.code == "host_kind"


def test_another_kind_of_database_is_refused(store: SQLStore, engine: Engine) -> None:
    engine.dialect.name = "postgresql"
    with engine.begin() as connection:
        with pytest.raises(HostTransaction) as caught, store.transaction(connection):
            pass
        engine.dialect.name = "sqlite"
    assert caught.value.given["given"] == "postgresql"


def test_a_host_that_read_before_others_wrote_gets_a_conflict_and_may_go_on_reading(url: str, store: SQLStore) -> None:
    append(store, a_write(a_case()), command="c0")
    late = create_engine(url, connect_args={"timeout": 5})
    event.listen(late, "connect", lambda driver, _: setattr(driver, "isolation_level", None))
    event.listen(late, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))  # deferred: it upgrades
    with late.connect() as connection, connection.begin():
        with store.transaction(connection) as transaction:
            past = transaction.read(a_case())
            append(store, a_write(a_case(), last(store, a_case()), by="u2"), command="c1")
            with pytest.raises(Conflict) as caught:
                transaction.append(a_batch(a_write(a_case(), past[-1], by="u3"), command="c2"))
        assert caught.value.code == "store_busy"
        assert connection.execute(text("SELECT count(*) FROM casework_ledger")).scalar() == 1
    assert [sealed.event.by for sealed in history(store, a_case())] == ["u1", "u2"]
    late.dispose()


def test_a_host_only_reads(store: SQLStore, engine: Engine, host: Host) -> None:
    append(store, a_write(a_case()))
    host.run("INSERT INTO oa VALUES (1)")
    with store.transaction(host.handle, write=False) as transaction:
        assert len(transaction.read(a_case())) == 1
        with pytest.raises(ValueError, match="does not append"):
            transaction.append(a_batch(rich()))
    host.commit()
    assert rows(engine) == [1]
