"""A history is read once and kept for a while: sealed, in pieces, and never longer than it is true."""

from datetime import timedelta
from zlib import decompress

import pytest
from django.core.management import call_command
from django.db.models import F
from django.test import Client

from accounts import credentials
from accounts.models import Credential
from gifting.models import Answer, KeptHistory, KeptPiece
from guestportal.merchants.definition import Merchant
from guestportal.storage.sealing import open_sealed
from tests.portal.accounts.test_at_rest import values_at_rest
from tests.support.answering_steps import (
    ANA,
    ANA_ACCOUNT,
    COFFEE_CODE,
    ROSA,
    ROSA_ACCOUNT,
    answer,
    handle_of,
    operations,
    signed_in,
)
from tests.support.changed_merchant import limits
from tests.support.pages import parse, parse_page
from tests.support.plain_browser import submit
from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db

BOTH = ["pendingTransfersToAccount", "transferHistoryForAccount"]
QUERIES = (
    "",
    "?page=2",
    "?direction=out",
    "?status=EXPIRED",
    "?q=number+7",
    "?direction=in&q=nothing+has+this",
)


def calls_of(sandbox: SandboxProcess, client: Client, path: str) -> list[str]:
    """What a page asks Paytronix."""
    sandbox.clear_requests()
    assert client.get(path).status_code == 200
    return operations(sandbox)


def grow_older(seconds: int) -> None:
    """Make what is kept, and what was answered, so much older."""
    past = timedelta(seconds=seconds)
    KeptHistory.objects.update(asked_at=F("asked_at") - past)
    Answer.objects.update(claimed_at=F("claimed_at") - past, settled_at=F("settled_at") - past)


@pytest.fixture
def many(merchant: Merchant, sandbox: SandboxProcess) -> Client:
    """Ana, with 240 gifts more than the seed's."""
    for card, account, status in ((ROSA, ANA_ACCOUNT, "ACCEPTED"), (ANA, ROSA_ACCOUNT, "EXPIRED")):
        sandbox.add_gift(
            from_card=card.number,
            wallet_code=21,
            to_account=account,
            count=120,
            message="Number {n}",
            status=status,
        )
    return signed_in(ANA)


@pytest.mark.parametrize(
    ("path", "first", "then"),
    [
        ("/history/", BOTH, []),
        ("/history/?page=2", BOTH, []),
        ("/history/?direction=in&status=ACCEPTED", BOTH, []),
        ("/history/?q=coffee", BOTH, []),
        ("/history.csv", BOTH, []),
        ("/gifts/", BOTH[:1], BOTH[:1]),  # what waits is always read anew
    ],
)
def test_asks_for_the_lists_once(
    ana: Client, sandbox: SandboxProcess, path: str, first: list[str], then: list[str]
) -> None:
    assert calls_of(sandbox, ana, path) == first
    assert calls_of(sandbox, ana, path) == then


def test_reads_a_visit_with_all_its_pages_in_two_calls(many: Client, sandbox: SandboxProcess) -> None:
    sandbox.clear_requests()
    for query in QUERIES:
        many.get(f"/history/{query}")
    many.get("/history.csv")

    assert operations(sandbox) == BOTH


def test_shows_the_same_from_what_is_kept(many: Client) -> None:
    anew, again = [], []
    for path in (*(f"/history/{query}" for query in QUERIES), "/history.csv?direction=in"):
        KeptHistory.objects.all().delete()
        anew.append(many.get(path).content)
        KeptHistory.objects.update(asked_at=F("asked_at"))
        again.append(many.get(path).content)

    for before, after in zip(anew, again, strict=True):
        assert parse(after).text == parse(before).text


def test_opens_no_piece_but_that_of_the_page(many: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    many.get("/history/")
    assert KeptPiece.objects.count() > 2
    opened: list[str] = []

    def noted(row: KeptHistory | KeptPiece, column: str) -> bytes:
        opened.append(f"piece {row.number}" if isinstance(row, KeptPiece) else column)
        return open_sealed(row, column)

    monkeypatch.setattr("gifting.history.kept.open_sealed", noted)
    many.get("/history/?page=6")

    assert opened == ["index", "piece 1"]


def test_says_when_it_was_read_and_reads_anew_on_refresh(ana: Client, sandbox: SandboxProcess) -> None:
    ana.get("/history/?direction=in&q=coffee")
    page = parse_page(ana.get("/history/?direction=in&q=coffee").content)
    assert "As of" in page.text
    (form,) = [each for each in page.all("form") if "refresh" in each.attributes.get("action", "")]
    sandbox.clear_requests()
    response = submit(ana, form.attributes["action"], {})

    assert (response.status_code, response.headers["Location"]) == (302, "/history/?direction=in&q=coffee")
    assert calls_of(sandbox, ana, response.headers["Location"]) == BOTH


def test_is_read_anew_when_it_is_no_longer_fresh(ana: Client, sandbox: SandboxProcess) -> None:
    ana.get("/history/")
    grow_older(299)
    assert calls_of(sandbox, ana, "/history/") == []
    grow_older(2)

    assert calls_of(sandbox, ana, "/history/") == BOTH
    assert KeptHistory.objects.count() == 1


def test_lasts_as_long_as_the_merchant_says(merchant: Merchant, ana: Client, sandbox: SandboxProcess) -> None:
    with limits(merchant, account_fresh_seconds=900):
        ana.get("/history/")
        grow_older(600)
        assert calls_of(sandbox, ana, "/history/") == []


def test_is_deleted_after_its_time_without_the_guest(ana: Client) -> None:
    ana.get("/history/")
    call_command("settle_gifts")
    assert KeptHistory.objects.exists()
    assert KeptPiece.objects.exists()
    grow_older(301)
    call_command("settle_gifts")

    assert not KeptHistory.objects.exists()
    assert not KeptPiece.objects.exists()


def test_goes_with_the_sign_in(ana: Client) -> None:
    ana.get("/history/")
    assert KeptPiece.objects.exists()
    submit(ana, "/sign-out/", {})

    assert not Credential.objects.exists()
    assert not KeptHistory.objects.exists()
    assert not KeptPiece.objects.exists()


def test_counts_sign_ins_and_not_what_hangs_on_them(ana: Client) -> None:
    ana.get("/history/")

    assert credentials.end_all() == 1


@pytest.mark.parametrize("of_card", [True, False])
def test_is_withdrawn_by_what_withdraws_the_balance(
    ana: Client, sandbox: SandboxProcess, of_card: bool
) -> None:
    ana.get("/history/")
    row = Credential.objects.get()
    if of_card:
        credentials.withdraw_accounts_of_card(card_key=row.card_key)
    else:
        credentials.withdraw_account(credential_id=row.id)
    ana.get("/balance/")  # the balance is read anew, and the history is not mended by that

    assert calls_of(sandbox, ana, "/history/") == BOTH
    assert calls_of(sandbox, ana, "/history/") == []


@pytest.mark.parametrize(("action", "status"), [("accept", "Accepted"), ("decline", "Declined")])
def test_never_shows_a_gift_as_it_was_before_the_guest_answered(
    ana: Client, sandbox: SandboxProcess, action: str, status: str
) -> None:
    handle = handle_of(ana)
    ana.get("/history/")
    answer(ana, action, handle)

    assert calls_of(sandbox, ana, "/history/") == BOTH
    assert calls_of(sandbox, ana, "/history/") == BOTH, "lists lag: what is read now is not believed for long"
    assert status in parse(ana.get("/history/?q=thank+you+for+the+lift").content).text
    grow_older(300)
    ana.get("/history/")
    assert calls_of(sandbox, ana, "/history/") == []


def test_is_read_anew_while_an_answer_is_open(ana: Client, sandbox: SandboxProcess) -> None:
    ana.get("/history/")
    handle = handle_of(ana)
    sandbox.queue_fault("gifttransfer/acceptTransferIn", {"kind": "drop_after"})
    for reader in ("gifttransfer/pendingTransfer", "gifttransfer/transferHistoryForAccount"):
        sandbox.queue_fault(reader, {"kind": "status", "status": 500}, times=2)
    answer(ana, "accept", handle)
    sandbox.clear_faults()

    assert calls_of(sandbox, ana, "/history/") == BOTH
    assert Answer.objects.get().state == Answer.State.ACCEPTED


def test_holds_nothing_that_can_be_read(ana: Client) -> None:
    ana.get("/history/")
    kept_texts = [text for text in values_at_rest() if isinstance(text, str) and len(text) > 200]

    assert KeptPiece.objects.count() == 1
    for secret in ("Thank you for the lift", "Rosa", COFFEE_CODE, ROSA.number, ANA.number, "Free Coffee"):
        assert not any(secret in text for text in kept_texts), secret


def test_has_no_code_of_a_gift_and_no_card_of_another(ana: Client) -> None:
    ana.get("/history/")
    content = decompress(open_sealed(KeptPiece.objects.get(), "gifts")).decode()

    assert "Thank you for the lift" in content
    for secret in (COFFEE_CODE, ROSA.number):
        assert secret not in content


def test_opens_for_no_other_sign_in(ana: Client, sandbox: SandboxProcess) -> None:
    ana.get("/history/")
    rosa = signed_in(ROSA)
    rosa.get("/history/")
    mine, theirs = KeptHistory.objects.order_by("asked_at")
    KeptHistory.objects.filter(id=theirs.id).update(index=mine.index)
    assert calls_of(sandbox, rosa, "/history/") == BOTH
    theirs = KeptHistory.objects.order_by("asked_at")[1]
    KeptPiece.objects.filter(history=theirs).update(gifts=KeptPiece.objects.get(history=mine).gifts)
    assert calls_of(sandbox, rosa, "/history/") == BOTH

    # The row itself moved to another sign-in: its seal opens, and it is about another card.
    of_rosa = Credential.objects.latest("created_at")
    KeptHistory.objects.filter(credential=of_rosa).delete()
    KeptHistory.objects.filter(id=mine.id).update(credential=of_rosa)
    assert calls_of(sandbox, rosa, "/history/") == BOTH


def test_is_read_anew_in_another_language(ana: Client, sandbox: SandboxProcess) -> None:
    """The merchant's own names of rewards are words of a language."""
    ana.get("/history/")
    submit(ana, "/language/", {"language": "es", "next": "/history/"})

    assert calls_of(sandbox, ana, "/history/") == BOTH


def test_reads_anew_where_pieces_went_after_the_index_was_read(ana: Client, sandbox: SandboxProcess) -> None:
    ana.get("/history/")
    KeptPiece.objects.all().delete()

    assert calls_of(sandbox, ana, "/history/") == BOTH
    assert calls_of(sandbox, ana, "/history.csv") == []
