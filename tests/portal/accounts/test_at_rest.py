"""Who can read or write the database signs in as nobody: nothing is readable, and texts open in their place only.

(docs/threats.md, check 54)
"""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from django.test import Client
from pytest_django import Settings

from accounts import credentials
from accounts.credentials import use
from accounts.models import Credential
from guestportal.merchants.definition import Merchant
from guestportal.sandbox.cards import RICH, SEED
from guestportal.storage.sealing import open_sealed, seal_for
from guestportal.web.models import Session
from tests.conftest import serving
from tests.support.pages import parse_page
from tests.support.plain_browser import sign_in_with_card, submit
from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db

SESSION = "sessionid"
SEALED = ("identity", "card", "account")
OF_THE_VICTIM = ("731206", "42.50", "Free Coffee")


def values_at_rest() -> Iterator[object]:
    """Every value of every table."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own tables' names
            for row in cursor.fetchall():
                yield from row


def page_of(client: Client) -> tuple[int, str]:
    response = client.get("/balance/")
    return response.status_code, response.content.decode()


@pytest.fixture
def victim(merchant: Merchant) -> Credential:
    client = Client()
    sign_in_with_card(client, RICH.number, RICH.code)
    assert all(word in page_of(client)[1] for word in OF_THE_VICTIM)
    return Credential.objects.get()


@pytest.fixture
def thief(victim: Credential) -> Client:
    """A guest with a card and a cookie of their own, who may write to the database."""
    client = Client()
    sign_in_with_card(client)
    return client


def test_no_text_of_the_database_is_a_cookie(guest_client: Client) -> None:
    sign_in_with_card(guest_client)
    cookie = guest_client.cookies[SESSION].value
    texts = {value for value in values_at_rest() if isinstance(value, str)}

    assert page_of(guest_client)[0] == 200
    assert not any(cookie in text for text in texts)
    for text in texts:
        reader = Client()
        reader.cookies[SESSION] = text
        assert page_of(reader)[0] == 302, text[:8]


@pytest.mark.parametrize("column", ["identity", "card"])
def test_a_text_moved_to_another_row_signs_nobody_in(thief: Client, victim: Credential, column: str) -> None:
    own = Credential.objects.exclude(id=victim.id)
    number = RICH.number.encode()
    chosen = seal_for(Credential, "card", number, row=victim.id, merchant=victim.merchant)
    assert own.update(**{column: chosen if column == "card" else victim.identity}) == 1

    status, page = page_of(thief)

    assert status == 302
    assert not any(word in page for word in OF_THE_VICTIM)
    assert not own.exists(), "a row that does not open is removed"


def test_an_account_moved_to_another_row_is_not_shown(thief: Client, victim: Credential) -> None:
    Credential.objects.exclude(id=victim.id).update(account=victim.account, read_at=victim.read_at)

    assert not any(word in page_of(thief)[1] for word in OF_THE_VICTIM)


def test_all_texts_moved_to_another_row_sign_nobody_in(thief: Client, victim: Credential) -> None:
    Credential.objects.exclude(id=victim.id).update(**{name: getattr(victim, name) for name in SEALED})

    assert page_of(thief)[0] == 302


def test_a_row_that_takes_the_id_of_another_signs_nobody_in(thief: Client, victim: Credential) -> None:
    own_id = Credential.objects.exclude(id=victim.id).get().id
    Credential.objects.filter(id=own_id).delete()
    Credential.objects.filter(id=victim.id).update(id=own_id)

    assert page_of(thief)[0] == 302


@pytest.mark.parametrize(("column", "source"), list(permutations(SEALED, 2)))
def test_a_text_moved_to_another_column_opens_nothing(guest_client: Client, column: str, source: str) -> None:
    sign_in_with_card(guest_client)
    moved = getattr(Credential.objects.get(), source)
    Credential.objects.update(**{column: moved})

    status, page = page_of(guest_client)

    assert status == 302 or column == "account", "an account that does not open may be read anew"
    assert SEED.code not in page


def test_a_row_moved_to_another_merchant_signs_nobody_in(merchant: Merchant, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["a.example", "b.example"]
    first = dataclasses.replace(merchant, slug="first", hosts=("a.example",))
    second = dataclasses.replace(merchant, slug="second", hosts=("b.example",))
    with serving(first, second):
        client = Client(headers={"Host": "a.example"})
        sign_in_with_card(client)
        Credential.objects.update(merchant="second")
        there = Client(headers={"Host": "b.example"})
        there.cookies[SESSION] = client.cookies[SESSION].value

        assert page_of(there)[0] == 302


def test_the_content_of_another_session_does_not_open(thief: Client, victim: Credential) -> None:
    older, newer = Session.objects.order_by("expire_date")
    Session.objects.filter(pk=newer.pk).update(session_data=older.session_data)

    status, page = page_of(thief)

    assert status == 302
    assert not any(word in page for word in OF_THE_VICTIM)


def test_keeps_nothing_readable_at_rest(guest_client: Client, sandbox: SandboxProcess) -> None:
    sign_in_with_card(guest_client, RICH.number, RICH.code)
    guest_client.get("/balance/")
    submit(guest_client, "/balance/refresh/", {})
    dump = repr(list(values_at_rest()))
    row = Credential.objects.get()

    assert str(row.id).replace("-", "") in dump.replace("-", "")
    for canary in (RICH.number, RICH.number[-6:], RICH.code, "gold.rosa", "42.50", "Free Coffee", "Points"):
        assert canary not in dump, canary
    assert not row.card, "the number of an only card stands in the identity"
    for sealed in (row.identity, row.account, Session.objects.get().session_data):
        assert sealed.startswith("gAAAA"), "a Fernet token"
    assert str(row.id) not in Session.objects.get().session_data


def test_holds_no_number_in_what_a_log_or_a_traceback_prints(
    guest_client: Client, merchant: Merchant
) -> None:
    sign_in_with_card(guest_client)
    row = Credential.objects.get()
    guest = use(merchant=merchant, credential_id=row.id)
    printed = f"{row} {row!r} {guest} {guest!r}"

    assert guest
    assert guest.card_number == SEED.number
    assert SEED.number not in printed
    assert SEED.code not in printed.replace(str(row.id), "").replace(repr(row.id), "")


def test_opens_the_account_for_pages_that_show_it_alone(
    guest_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def opening(row: Credential, column: str) -> bytes:
        opened.extend([column] if getattr(row, column) else [])
        return open_sealed(row, column)

    monkeypatch.setattr(credentials, "open_sealed", opening)
    sign_in_with_card(guest_client)
    row = Credential.objects.get()
    Credential.objects.update(confirmed_at=row.confirmed_at - timedelta(hours=1))

    assert guest_client.get("/sign-in/again/").status_code == 200
    assert opened == ["identity"]
    assert "As of" in guest_client.get("/balance/").content.decode()
    assert opened == ["identity", "identity", "account"]


@pytest.mark.parametrize("content", ["", "gAAAA", "\u00e9\u0000", "{}"])
def test_reads_an_account_anew_that_cannot_be_opened(
    guest_client: Client, sandbox: SandboxProcess, content: str
) -> None:
    sign_in_with_card(guest_client)
    Credential.objects.update(account=content)
    sandbox.clear_requests()

    assert "As of" in guest_client.get("/balance/").content.decode()
    assert len(sandbox.requests()) == 1


def test_reads_rows_that_a_retired_key_sealed(guest_client: Client, settings: Settings) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [old]
    sign_in_with_card(guest_client)
    settings.ENCRYPTION_KEYS = [new, old]

    assert guest_client.get("/balance/").status_code == 200
    submit(guest_client, "/balance/refresh/", {})
    row = Credential.objects.get()
    assert Fernet(new).decrypt(row.account)


def test_signs_the_guest_out_calmly_when_no_key_opens_the_row(
    guest_client: Client, settings: Settings
) -> None:
    sign_in_with_card(guest_client)
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]

    response = guest_client.get("/balance/", follow=True)

    assert response.status_code == 200
    assert parse_page(response.content).one(role="status").text.endswith(".")
    sign_in_with_card(guest_client)
    assert guest_client.get("/balance/").status_code == 200


@pytest.mark.parametrize("column", ["identity", "card"])
@pytest.mark.parametrize("content", ["gAAAA", "\u00e9\u0000", "{}"])
def test_signs_the_guest_out_calmly_when_a_row_is_damaged(
    guest_client: Client, column: str, content: str
) -> None:
    sign_in_with_card(guest_client)
    Credential.objects.update(**{column: content})

    response = guest_client.get("/balance/")

    assert response.status_code == 302
    assert not Credential.objects.exists()


def test_keeps_only_an_id_in_the_session(guest_client: Client) -> None:
    sign_in_with_card(guest_client)

    assert dict(guest_client.session.items()) == {"credential": str(Credential.objects.get().id)}
