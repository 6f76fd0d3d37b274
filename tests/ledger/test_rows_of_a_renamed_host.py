"""`rekey` after the program's host was renamed: rows of before and after stand for the same card and gift."""

import dataclasses
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from gifting.ledger import answers, rows
from gifting.ledger.answers import Action, Claim, State
from gifting.ledger.rows import Step
from gifting.models import Answer
from guestportal.merchants.definition import Merchant
from guestportal.storage import rekeying
from guestportal.storage.lookup import claims_are_paused
from tests.conftest import serving
from tests.support.answering_steps import answer, handle_of
from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)

NEW = "another look-up key 0123456789abcdef0123456789abcdef"


@pytest.fixture
def claims(ana: Client, merchant: Merchant, sandbox: SandboxProcess) -> tuple[Claim, Claim]:
    """An answer that was given under today's host, and a later one that is unknown, under yesterday's."""
    answer(ana, "accept", handle_of(ana))
    given = Claim.read(Answer.objects.get())
    integration = dataclasses.replace(merchant.integration, base_url="https://old.example/rest/26.6")
    before = dataclasses.replace(merchant, integration=integration)
    with serving(before):
        claimed = answers.claim(
            merchant=before,
            card_number=given.card_number,
            transaction_id=given.transaction_id,
            code="CODE",
            action=Action.DECLINE,
            standing=None,
        )
        assert claimed is not None
        unknown = rows.write(claimed, Step(state=State.UNKNOWN, cause="test"), merchant=before)
    assert unknown is not None
    return given, unknown


def test_of_two_rows_for_one_gift_one_is_found_and_the_other_begins_anew(
    claims: tuple[Claim, Claim], merchant: Merchant, settings: Settings
) -> None:
    given, unknown = claims
    settings.LOOKUP_KEYS = [NEW, *settings.LOOKUP_KEYS]
    said = StringIO()
    call_command("rekey", stdout=said)

    assert "gifting.Answer: 1 hashed anew, 1 begin anew" in said.getvalue()
    assert not claims_are_paused()
    (found,) = answers.claims_of(merchant=merchant, card_number=given.card_number)
    assert found.id == unknown.id, "the one whose end is unknown, which bars the opposite answer"
    assert rows.reread(given) == given


def test_a_key_that_could_not_be_changed_says_that_claims_are_paused_and_what_to_do(
    claims: tuple[Claim, Claim], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = settings.LOOKUP_KEYS
    settings.LOOKUP_KEYS = [NEW, *old]
    told = StringIO()
    with monkeypatch.context() as patch:

        def fail() -> None:
            raise RuntimeError

        patch.setattr(rekeying, "_keepers", fail)
        with pytest.raises(RuntimeError):
            call_command("rekey", stderr=told)
    assert claims_are_paused()
    assert "claims are paused" in told.getvalue()
    assert "make the old key the only one" in told.getvalue()

    settings.LOOKUP_KEYS = old
    call_command("rekey", stdout=StringIO())
    assert not claims_are_paused()
