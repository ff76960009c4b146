"""What people wrote into a case comes out in no notice, by whatever channel: not in a file, a mail or a webhook."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from casework.delivery import Outcome, Routes, deliver
from casework.plugins import load_plugins
from casework.ports import Store
from casework.scenario import editions_of, load, play
from casework_sqlalchemy import SQLStore
from casework_testing.notifier import SECRET

if TYPE_CHECKING:
    from conftest import Office, Post

SCENARIO: Final = Path(__file__).parents[3] / "tests/delivery/packs/canaries.scenario.yaml"
CANARY: Final = "金丝雀"
TENANT: Final = "scenario"
LINK: Final = "https://oa.example.cn/{docket}/{kind}/{number}"
NOTICES: Final = 11
FORMS: Final = (CANARY, json.dumps(CANARY).strip('"'), "13800000000")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> SQLStore:
    """Give a store in which a case went through everything that is told."""
    held = SQLStore.open(f"sqlite:///{tmp_path_factory.mktemp('canaries')}/cases.db")
    held.create()
    scenario = load(SCENARIO)
    assert not [one for outcome in play(scenario, editions_of(scenario), held).outcomes for one in outcome.failures]
    return held


def told(store: Store, url: str) -> Outcome:
    """Tell everything by one channel, whatever was told before."""
    outcome = deliver(store, load_plugins().channels(), TENANT, Routes(url), link=LINK)
    with store.transaction() as transaction:
        sent = transaction.deliveries(TENANT, "sent")
        assert len(sent) == outcome.sent
    return outcome


def again(store: SQLStore) -> None:
    """Let everything wait once more."""
    driver = store.engine.raw_connection()
    driver.cursor().execute("UPDATE casework_message SET state = 'waiting', next = recorded, reached = '[]'")
    driver.commit()
    driver.close()


def clean(texts: Sequence[str]) -> bool:
    """Tell that no text holds a canary, however it is written."""
    return not [text for text in texts for form in FORMS if form in text]


def test_the_case_is_full_of_canaries_and_the_outbox_holds_none(store: SQLStore) -> None:
    dump = store.dump(TENANT)
    assert repr(dump["document"]).count(CANARY) >= 8
    assert len(dump["message"]) == NOTICES
    assert clean([repr(dump["message"])])


def test_no_canary_comes_out_by_any_channel(store: SQLStore, post: "Post", office: "Office", tmp_path: Path) -> None:
    folder = tmp_path / "notices"
    for url in (folder.as_uri(), post.address(), office.address()):
        again(store)
        assert told(store, url) == Outcome(sent=NOTICES)
    files = [file.read_text("utf-8") for file in folder.iterdir()]
    mails = [f"{mail.as_string()} {dict(mail)} {mail.get_content()}" for mail in post.mails]
    calls = [json.dumps(call, ensure_ascii=False) for call in office.calls]
    assert len(files) == len(mails) == len(calls) == NOTICES
    assert clean([*files, *mails, *calls])
    keys = {file.stem for file in folder.iterdir()}
    assert {mail["X-Casework-Notice"] for mail in post.mails} == keys
    assert {headers["X-Casework-Notice"] for _, headers, _ in office.calls} == keys


def test_what_is_told_is_number_term_date_and_link(store: SQLStore, post: "Post") -> None:
    again(store)
    told(store, post.address())
    subjects = sorted(str(mail["Subject"]) for mail in post.mails)
    assert subjects == sorted(
        [
            "提案 056：已交办（2023-03-10）",
            "提案 056：已退办（2023-03-20）",
            "提案 056：已退办（2023-03-20）",
            "提案 056：已退办（2023-03-20）",
            "提案 056：已交办（2023-03-21）",
            "提案 056：办理中（2023-03-22）",
            "提案 056：已退回（2023-07-05）",
            "提案 056：已退回（2023-07-05）",
            "提案 056：报送拟办件 2023-08-31 期满",
            "提案 056：报送拟办件 已于 2023-08-31 期满",
            "提案 056：报送拟办件 已于 2023-08-31 期满",
        ]
    )
    link = "https://oa.example.cn/%E6%9F%90%E5%B8%822023%E5%B9%B4%E4%BA%A4%E5%8A%9E/proposal/056"
    assert all(link in mail.get_content() for mail in post.mails)


def test_a_password_stands_nowhere_in_the_store(store: SQLStore, post: "Post") -> None:
    again(store)
    outcome = deliver(store, load_plugins().channels(), TENANT, Routes(post.address(password=f"{SECRET}-wrong")))
    assert outcome == Outcome(failed=NOTICES)
    assert SECRET not in repr(store.dump(TENANT))
    assert SECRET not in repr(outcome)
