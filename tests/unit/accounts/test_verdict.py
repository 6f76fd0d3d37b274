"""The one sentence that says whether a card can be used, for every state and every set of words."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from accounts.domain import Account
from accounts.reading import read_account
from accounts.verdict import Tone, judge
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.replies.account import AccountInformation, CardReply
from guestportal.paytronix.replies.structs import ABSENT, Lenient, Text
from tests.support.merchant_files import only_merchant

NUMBER = "6000301000418000"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Merchant:
    """A merchant without words of its own."""
    file = tmp_path_factory.mktemp("merchants") / "plain.toml"
    file.write_text(
        'name = "Plain"\nhosts = ["*"]\n[paytronix]\nbase_url = "https://m1.api.pxslab.com/rest/26.6"\n'
        'merchant_id = 1\nsign_in = ["card"]\nsandbox = false\n',
        encoding="utf-8",
    )
    credentials = {"PAYTRONIX_PLAIN_CLIENT_ID": "id", "PAYTRONIX_PLAIN_CLIENT_SECRET": "secret"}
    return only_merchant(file.parent, credentials, languages=("en", "es"))


def worded(merchant: Merchant, messages: dict[str, dict[str, str]]) -> Merchant:
    return replace(merchant, messages=messages)


def told(text: str | None) -> Lenient[Text]:
    return ABSENT if text is None else Lenient(Text(text))


def account(
    merchant: Merchant,
    card: str | None,
    account_status: str | None = None,
    replacement: str = "",
    replacement_status: str | None = None,
) -> Account:
    reply = AccountInformation(
        query_card_status=told(card),
        account_status=told(account_status),
        primary_card=Lenient(
            CardReply(printed_card_number=told(replacement), status=told(replacement_status))
        )
        if replacement
        else ABSENT,
    )
    return read_account(
        reply, merchant=merchant, card_number=NUMBER, read_at=datetime(2026, 11, 22, tzinfo=UTC)
    )


def sentence(merchant: Merchant, status: str, *, replacement: str = "", language: str = "en") -> str:
    return judge(
        account=account(merchant, status, replacement=replacement), merchant=merchant, language=language
    ).sentence


@pytest.mark.parametrize(
    ("card", "account_status", "tone", "words"),
    [
        ("ACTIVE", "ACTIVE", Tone.GOOD, "is active and can be used"),
        ("ACTIVE", None, Tone.GOOD, "is active and can be used"),
        (None, "ACTIVE", Tone.GOOD, "is active and can be used"),
        ("ACTIVE", "SUSPENDED", Tone.WARNING, "suspended and cannot be used"),
        (None, "SUSPENDED", Tone.WARNING, "suspended and cannot be used"),
        ("SUSPENDED", "ACTIVE", Tone.WARNING, "suspended and cannot be used"),
        ("DISABLED", "ACTIVE", Tone.BAD, "disabled and can no longer be used"),
        ("ACTIVE", "DISABLED", Tone.BAD, "disabled and can no longer be used"),
        (None, "DISABLED", Tone.BAD, "disabled and can no longer be used"),
        ("EXCHANGED", None, Tone.WARNING, "exchanged"),
        ("ACTIVE", "EXCHANGED", Tone.WARNING, "exchanged"),
        ("DISABLED", "SUSPENDED", Tone.BAD, "disabled and can no longer be used"),
        ("EXCHANGED", "ACTIVE", Tone.WARNING, "exchanged"),
        (None, None, Tone.UNKNOWN, "not available"),
        ("", "  ", Tone.UNKNOWN, "not available"),
        ("FROZEN", "ACTIVE", Tone.UNKNOWN, "FROZEN"),
        ("ACTIVE", "FROZEN", Tone.UNKNOWN, "FROZEN"),
        ("active", "Active", Tone.GOOD, "is active and can be used"),
        ("ACTIVE", "suspended", Tone.WARNING, "suspended and cannot be used"),
        ("ACTIVE", "TERMINATED", Tone.BAD, "moved to another card"),
        ("Terminated", None, Tone.BAD, "moved to another card"),
    ],
)
def test_says_whether_the_card_can_be_used(
    demo: Merchant, card: str | None, account_status: str | None, tone: Tone, words: str
) -> None:
    verdict = judge(account=account(demo, card, account_status), merchant=demo, language="en")

    assert verdict.tone is tone
    assert words in verdict.sentence
    assert verdict.sentence.endswith(".")


def test_names_the_replacements_ending_and_never_its_number(demo: Merchant) -> None:
    text = sentence(demo, "EXCHANGED", replacement="6000301000909909")

    assert "ending 909909" in text
    assert "6000301000909909" not in text


USE_IT = "Use the card ending 909909 instead."
ASK = "Ask us whether that one can be used."


@pytest.mark.parametrize(
    ("replacement", "account_status", "said", "unsaid"),
    [
        ("ACTIVE", "ACTIVE", USE_IT, ASK),
        ("ACTIVE", None, ASK, USE_IT),
        (None, "ACTIVE", ASK, USE_IT),
        (None, None, ASK, USE_IT),
        ("SUSPENDED", "ACTIVE", ASK, USE_IT),
        ("ACTIVE", "SUSPENDED", ASK, USE_IT),
        ("FROZEN", "ACTIVE", ASK, USE_IT),
        ("ACTIVE", "FROZEN", ASK, USE_IT),
        ("active", "Active", USE_IT, ASK),
        ("ACTIVE", "TERMINATED", ASK, USE_IT),
    ],
)
def test_sends_a_guest_only_to_a_replacement_that_is_known_to_be_usable(
    demo: Merchant, replacement: str | None, account_status: str | None, said: str, unsaid: str
) -> None:
    exchanged = account(demo, "EXCHANGED", account_status, "6000301000909909", replacement)

    verdict = judge(account=exchanged, merchant=demo, language="en")

    assert verdict.tone is Tone.WARNING
    assert "ending 909909" in verdict.sentence
    assert said in verdict.sentence
    assert unsaid not in verdict.sentence


@pytest.mark.parametrize(
    ("replacement", "account_status", "said"),
    [
        ("ACTIVE", "ACTIVE", "Take the new one."),
        (None, None, "Take the new one."),
        ("SUSPENDED", "ACTIVE", ASK),
        ("ACTIVE", "SUSPENDED", ASK),
        (None, "SUSPENDED", ASK),
        ("EXCHANGED", None, ASK),
    ],
)
def test_lets_no_words_of_the_merchant_send_a_guest_to_a_barred_replacement(
    demo: Merchant, replacement: str | None, account_status: str | None, said: str
) -> None:
    merchant = worded(demo, {"en": {"card_exchanged": "Take the new one."}})
    exchanged = account(merchant, "EXCHANGED", account_status, "6000301000909909", replacement)

    assert said in judge(account=exchanged, merchant=merchant, language="en").sentence


def test_names_no_replacement_where_there_is_none(demo: Merchant) -> None:
    assert "ending" not in sentence(demo, "EXCHANGED")
    assert "ending" not in sentence(demo, "EXCHANGED", replacement=NUMBER)


@pytest.mark.parametrize("status", ["ACTIVE", "SUSPENDED", "DISABLED", "EXCHANGED", "TERMINATED", "FROZEN"])
def test_prefers_the_merchants_words(demo: Merchant, status: str) -> None:
    merchant = worded(demo, {"en": {f"card_{status.lower()}": "Our own words."}})

    assert sentence(merchant, status) == "Our own words."


def test_takes_the_words_of_the_guests_language_then_of_the_first_one(demo: Merchant) -> None:
    merchant = replace(
        worded(demo, {"en": {"card_disabled": "Off."}, "es": {"card_suspended": "Retenida."}}),
        locale=replace(demo.locale, languages=("en", "es")),
    )

    assert sentence(merchant, "SUSPENDED", language="es") == "Retenida."
    assert sentence(merchant, "DISABLED", language="es") == "Off."


def test_does_not_let_a_status_pick_words_that_are_not_about_cards(demo: Merchant) -> None:
    merchant = worded(demo, {"en": {"invalid_status": "Not active yet.", "gifttransfer.x": "Answered."}})

    assert "Not active yet." not in sentence(merchant, "invalid_status")
    assert "Answered." not in sentence(merchant, "gifttransfer.x")


@pytest.mark.parametrize(
    ("number", "said"), [("6000301000909909", "Take 909909."), ("", "exchanged for another one")]
)
def test_puts_the_replacements_last_digits_into_the_merchants_words(
    demo: Merchant, number: str, said: str
) -> None:
    merchant = worded(demo, {"en": {"card_exchanged": "Take {ending}."}})
    exchanged = account(merchant, "EXCHANGED", "ACTIVE", number)

    assert said in judge(account=exchanged, merchant=merchant, language="en").sentence
