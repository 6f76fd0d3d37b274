"""`manage.py rekey`, beside processes that go on: nothing is claimed twice, nothing is lost, limits hold."""

import logging
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import credentials
from accounts.identities import CardIdentity
from accounts.models import Credential
from guestportal.merchants.definition import Merchant
from guestportal.sandbox.cards import SEED
from guestportal.storage.lookup import (
    ClaimsPaused,
    LookupKeyMissing,
    claiming,
    claims_are_paused,
    hold_lookup_key,
    lookup_hash,
    lookup_hashes,
)
from guestportal.storage.models import LookupKey
from guestportal.throttling.models import Counter
from tests.support import rekeying_process
from tests.support.plain_browser import SEED_CODE, enter_card, sign_in_with_card
from tests.support.processes import kill_within, standing_within
from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
OLD, NEW = "the old key " * 4, "the new key " * 4


@pytest.fixture(autouse=True)
def old_key(settings: Settings, db: None) -> None:
    """A deployment whose hashes were made with the old key, and that knows the new one by now."""
    settings.LOOKUP_KEYS = [OLD]
    lookup_hash("any")
    settings.LOOKUP_KEYS = [NEW, OLD]


def rekey() -> str:
    out = StringIO()
    call_command("rekey", stdout=out)
    return out.getvalue()


def is_found(merchant: Merchant) -> bool:
    """Whether the row of the seeded card is found by what a later request knows of it."""
    key = credentials.card_key_of(merchant=merchant, card_number=SEED.number)
    return Credential.objects.filter(card_key=key).exists()


def is_refused() -> bool:
    try:
        with claiming():
            return False
    except ClaimsPaused:
        return True


def test_a_key_put_first_is_not_in_force_before_the_command(settings: Settings) -> None:
    settings.LOOKUP_KEYS = [OLD]
    before = lookup_hash("kind", "part")
    settings.LOOKUP_KEYS = [NEW, OLD]

    assert lookup_hash("kind", "part") == before
    rekey()
    assert lookup_hash("kind", "part") != before
    settings.LOOKUP_KEYS = [NEW]
    assert lookup_hash("kind", "part") != before


def test_hashes_several_as_it_hashes_one() -> None:
    assert lookup_hashes("kind", [("a",), ("b", "c")]) == [
        lookup_hash("kind", "a"),
        lookup_hash("kind", "b", "c"),
    ]


def test_finds_what_was_signed_in_before_when_the_old_key_is_dropped(
    guest_client: Client, merchant: Merchant, settings: Settings
) -> None:
    sign_in_with_card(guest_client)
    sign_in_with_card(Client())

    assert "accounts.Credential: 2 hashed anew, 0 begin anew" in rekey()
    settings.LOOKUP_KEYS = [NEW]

    assert is_found(merchant)
    assert guest_client.get("/balance/").status_code == 200
    assert not is_refused()


def test_says_what_begins_anew(guest_client: Client, merchant: Merchant) -> None:
    sign_in_with_card(guest_client)
    Credential.objects.update(card="gAAAAbroken")
    enter_card(Client(), SEED.number, "999999")
    counters = Counter.objects.count()

    said = rekey()

    assert counters
    assert f"throttling.Counter: 0 hashed anew, {counters} begin anew" in said
    assert "accounts.Credential: 0 hashed anew, 1 begin anew" in said


def test_holds_the_limits_from_then_on(merchant: Merchant, sandbox: SandboxProcess) -> None:
    rekey()
    sandbox.clear_requests()

    for _try in range(8):
        enter_card(Client(), SEED.number, "999999")

    assert len(sandbox.requests()) == 5


def test_does_nothing_when_the_first_key_is_in_force(settings: Settings) -> None:
    settings.LOOKUP_KEYS = [OLD]
    before = lookup_hash("kind")

    assert "in force already" in rekey()
    assert lookup_hash("kind") == before


def test_lifts_a_pause_that_was_left_when_the_operator_keeps_the_old_key(settings: Settings) -> None:
    LookupKey.objects.update(paused_at=timezone.now())
    settings.LOOKUP_KEYS = [OLD]

    rekey()

    assert not claims_are_paused()


def test_refuses_everything_without_the_key_in_force_and_says_so(
    merchant: Merchant, settings: Settings, caplog: pytest.LogCaptureFixture, sandbox: SandboxProcess
) -> None:
    settings.LOOKUP_KEYS = [NEW]
    before = list(LookupKey.objects.values())

    with pytest.raises(LookupKeyMissing):
        lookup_hash("kind")
    assert [(each.levelno, each.message) for each in caplog.records] == [
        (logging.ERROR, "lookup_key_missing")
    ]
    with pytest.raises(CommandError, match="a key that LOOKUP_KEY does not hold"):
        rekey()
    assert enter_card(Client()).status_code == 503
    assert sandbox.requests() == []
    assert list(LookupKey.objects.values()) == before


@pytest.mark.django_db(transaction=True)
def test_a_writer_of_hashes_says_so_in_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        hold_lookup_key()
    with pytest.raises(RuntimeError), transaction.atomic(), claiming():
        pass


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
class TestBesideOtherProcesses:
    @pytest.fixture(autouse=True)
    def signed_in(self, other_processes: None, old_key: None, merchant: Merchant) -> None:
        """A row that is found by a hash of the old key."""
        sign_in_with_card(Client())

    @pytest.mark.parametrize("step", ["paused", "half hashed"])
    def test_refuses_claims_meanwhile_and_loses_nothing(
        self, merchant: Merchant, settings: Settings, step: str
    ) -> None:
        with standing_within(rekeying_process.rekey, [NEW, OLD], step, "stand") as go_on:
            assert claims_are_paused()
            assert is_refused()
            assert is_found(merchant), "by the key that is in force until the change is committed"
            go_on()

        assert not is_refused()
        assert is_found(merchant)
        settings.LOOKUP_KEYS = [NEW]
        assert is_found(merchant)

    @pytest.mark.parametrize("step", ["paused", "half hashed"])
    def test_is_run_again_when_it_was_killed(self, merchant: Merchant, settings: Settings, step: str) -> None:
        kill_within(rekeying_process.rekey, [NEW, OLD], step, "die")
        assert is_refused()
        assert is_found(merchant)

        assert "accounts.Credential: 1 hashed anew" in rekey()

        assert not is_refused()
        settings.LOOKUP_KEYS = [NEW]
        assert is_found(merchant)

    def test_is_done_when_it_was_killed_at_the_end(self, merchant: Merchant, settings: Settings) -> None:
        kill_within(rekeying_process.rekey, [NEW, OLD], "changed", "die")

        settings.LOOKUP_KEYS = [NEW]
        assert is_found(merchant)
        assert not is_refused()
        assert "in force already" in rekey()

    def test_waits_for_a_claim_that_is_being_written(self, impatient: None) -> None:
        with standing_within(rekeying_process.claim, [NEW, OLD], "claimed") as go_on:
            with pytest.raises(OperationalError):
                rekey()
            assert not claims_are_paused()
            go_on()

        rekey()
        assert Counter.objects.filter(key="claimed").exists()

    def test_a_sign_in_never_keeps_a_hash_of_the_key_that_is_going(
        self, merchant: Merchant, impatient: None
    ) -> None:
        identity = CardIdentity(card_number=SEED.number, registration_code=SEED_CODE)
        with standing_within(rekeying_process.rekey, [NEW, OLD], "half hashed", "stand") as go_on:
            with pytest.raises(OperationalError):
                credentials.keep(merchant=merchant, identity=identity, read_at=timezone.now())
            go_on()

    @pytest.fixture
    def impatient(self) -> Iterator[None]:
        """This process waits for no lock, where another would wait its turn."""
        sqlite = connection.vendor == "sqlite"
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 1" if sqlite else "SET lock_timeout = 1")
        yield
        connection.close()
