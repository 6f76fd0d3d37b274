"""The steps of sending, walked without script: what each page says, keeps and refuses, and what Paytronix hears."""

import dataclasses
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Credential
from gifting.models import Wish
from guestportal.merchants.definition import Merchant
from tests.conftest import serving
from tests.gifting.doing import operations
from tests.gifting.sending.doing import FREE_COFFEE, POINTS, posts, sent_by_api
from tests.gifting.sending.pages import (
    CHECK,
    MESSAGE,
    MIRA,
    WHAT,
    WHO,
    Visitor,
    facts,
    main,
    visitor,
    wish_on,
)
from tests.html import parse_page, title_of
from tests.sandbox_process import GIFTING_CONFIG, TRANSFER_HISTORY, TRANSFER_OUT, SandboxProcess
from tests.signing_in import ROSA

pytestmark = pytest.mark.django_db
STEPS = (WHAT, WHO, MESSAGE, CHECK)


@pytest.fixture
def rosa(guest_client: Client, sandbox: SandboxProcess) -> Visitor:
    """Rosa, in a browser without script; what sign-in asked Paytronix is forgotten."""
    rosa = visitor(guest_client)
    sandbox.clear_requests()
    return rosa


@contextmanager
def features(merchant: Merchant, **changed: bool) -> Iterator[None]:
    with serving(dataclasses.replace(merchant, features=dataclasses.replace(merchant.features, **changed))):
        yield


@contextmanager
def limits(merchant: Merchant, **changed: int) -> Iterator[None]:
    with serving(dataclasses.replace(merchant, limits=dataclasses.replace(merchant.limits, **changed))):
        yield


class TestWhat:
    def test_shows_what_each_reward_takes_and_what_is_left(self, rosa: Visitor) -> None:
        page = rosa.page(WHAT)

        assert page.one("h1").text == "What would you like to send?"
        assert "Step 1 of 4" in page.one("main").text
        choices = [label.text for label in page.one("main").all("label")]
        assert choices == [
            "Free Coffee Takes 1. You have 3, and 2 after sending.",
            "5 Off Any Order Takes 1. You have 2, and 1 after sending.",
            "500 Points Takes 500 Points. You have 1,250, and 750 after sending.",
        ]

    def test_says_why_something_cannot_be_sent(self, rosa: Visitor) -> None:
        rest = rosa.page(WHAT).one("section", aria_labelledby="obstacles-title").text

        assert "Bag of Beans 1 more to send it: it takes 2, and you have 1." in rest
        assert "Birthday Pastry This reward cannot be given away." in rest
        assert "Coffee and a Pastry 2 more Visits to send it: it takes 29, and you have 27." in rest

    def test_reads_configuration_and_history_once(self, rosa: Visitor, sandbox: SandboxProcess) -> None:
        for _visit in range(3):
            rosa.get(WHAT)

        assert operations(sandbox) == ["giftingConfig", "transferHistoryForAccount"]

    def test_remembers_the_choice(self, rosa: Visitor) -> None:
        rosa.get(WHAT)
        rosa.post(WHAT, wallet_code=str(POINTS))

        assert "checked" in rosa.page(WHAT).one("input", value=str(POINTS)).attributes

    @pytest.mark.parametrize("code", ["", "22", "24", "999", "x"])
    def test_takes_only_what_can_be_sent(self, rosa: Visitor, code: str) -> None:
        rosa.get(WHAT)
        response = rosa.post(WHAT, wallet_code=code)

        page = parse_page(response.content)
        assert response.status_code == 422
        assert title_of(page).startswith("Error: What would you like to send?")
        assert page.one("section", id="error-summary").one("a").attributes["href"] == "#wallet-0"
        assert "Choose what you would like to send." in page.one("fieldset").text

    def test_a_post_without_a_draft_begins_anew(self, rosa: Visitor) -> None:
        response = rosa.post(WHAT, wallet_code=str(FREE_COFFEE))

        assert response.status_code == 200
        assert main(response).one("h1").text == "What would you like to send?"

    def test_nothing_on_offer_has_a_page_that_says_so(self, rosa: Visitor, sandbox: SandboxProcess) -> None:
        body = json.dumps({"result": "success", "configs": []})
        sandbox.queue_fault(GIFTING_CONFIG, {"kind": "replace", "body": body})

        page = rosa.page(WHAT)

        assert page.one("h1").text == "There is nothing to send just now"
        assert page.one("main").all("a", href="/balance/")

    def test_nothing_within_reach_says_what_each_would_take(
        self, rosa: Visitor, sandbox: SandboxProcess
    ) -> None:
        configs = [{"descriptiveLabel": "Feast", "walletCode": FREE_COFFEE, "quantityRequired": "40"}]
        body = json.dumps({"result": "success", "configs": configs})
        sandbox.queue_fault(GIFTING_CONFIG, {"kind": "replace", "body": body})

        page = rosa.page(WHAT).one("main").text

        assert "There is nothing to send just now" in page
        assert "Feast 37 more Free Coffee to send it: it takes 40, and you have 3." in page

    @pytest.mark.parametrize("operation", [GIFTING_CONFIG, TRANSFER_HISTORY])
    def test_cannot_begin_when_paytronix_is_down(
        self, rosa: Visitor, sandbox: SandboxProcess, operation: str
    ) -> None:
        sandbox.queue_fault(operation, {"kind": "status", "status": 503}, times=2)

        response = rosa.get(WHAT)

        assert response.status_code == 503
        assert main(response).one("a", href=WHAT).text == "Try again"
        assert rosa.get(WHAT).status_code == 200


class TestWho:
    @pytest.fixture(autouse=True)
    def begun(self, rosa: Visitor) -> None:
        rosa.get(WHAT)
        rosa.post(WHAT, wallet_code=str(FREE_COFFEE))

    def test_offers_people_of_the_history_without_their_addresses(self, rosa: Visitor) -> None:
        response = rosa.get(WHO)

        people = main(response).all("button", name="person")
        assert [person.text.split(" a…")[0].split(" o…")[0] for person in people] == ["Ana", "Grandpa Olof"]
        assert "ana@example.com" not in response.content.decode()
        assert "a…@example.com" in response.content.decode()

    def test_one_press_takes_somebody_known(self, rosa: Visitor) -> None:
        ana = rosa.page(WHO).all("button", name="person")[0].attributes["value"]
        assert rosa.post(WHO, person=ana).headers["Location"] == MESSAGE

        assert facts(rosa.page(CHECK))["For"].startswith("Ana ana@example.com")
        assert "You have not sent to this address before." not in rosa.page(CHECK).text

    @pytest.mark.parametrize("key", ["p0", "", "f" * 24])
    def test_a_key_of_nobody_asks_again(self, rosa: Visitor, key: str) -> None:
        response = rosa.post(WHO, person=key)

        assert response.status_code == 200
        assert main(response).one("h1").text == "Who is it for?"

    def test_keeps_what_was_typed_beside_what_is_wrong(self, rosa: Visitor) -> None:
        response = rosa.post(WHO, recipient_email="mira.example.net", recipient_name="Mira <b>")

        page = parse_page(response.content)
        assert response.status_code == 422
        assert title_of(page).startswith("Error: Who is it for?")
        assert page.one("input", name="recipient_email").attributes["value"] == "mira.example.net"
        assert page.one("input", name="recipient_name").attributes["value"] == "Mira <b>"
        assert page.one("section", id="error-summary").one("a").attributes["href"] == "#id_recipient_email"

    def test_the_address_field_is_one_email_field_that_no_browser_fills(self, rosa: Visitor) -> None:
        field = rosa.page(WHO).one("input", name="recipient_email")

        assert field.attributes["type"] == "email"
        assert field.attributes["autocomplete"] == "off"

    def test_back_keeps_what_stands_in_the_form(self, rosa: Visitor) -> None:
        assert (
            rosa.post(WHO, recipient_email="half an", recipient_name="M", back="1").headers["Location"]
            == WHAT
        )

        page = rosa.page(WHO)
        assert page.one("input", name="recipient_email").attributes["value"] == "half an"
        assert page.one("input", name="recipient_name").attributes["value"] == "M"

    def test_takes_an_account_code(self, rosa: Visitor) -> None:
        assert rosa.post(WHO, account_code="900 001").headers["Location"] == MESSAGE
        assert facts(rosa.page(CHECK))["For"] == "Account 900001"

    def test_an_account_code_that_is_none_is_asked_for_again_in_an_open_part(self, rosa: Visitor) -> None:
        page = parse_page(rosa.post(WHO, account_code="12a").content)

        assert "open" in page.one("main").one("details").attributes
        assert page.one("input", name="account_code").attributes["value"] == "12a"
        assert page.one("section", id="error-summary").one("a").attributes["href"] == "#id_account_code"

    def test_asks_for_no_account_code_where_the_merchant_takes_none(
        self, rosa: Visitor, merchant: Merchant
    ) -> None:
        with features(merchant, send_to_account=False):
            assert not rosa.page(WHO).all("input", name="account_code")
            assert rosa.post(WHO, account_code="900001").status_code == 422


class TestMessage:
    @pytest.fixture(autouse=True)
    def begun(self, rosa: Visitor) -> None:
        rosa.decide()

    def test_loses_no_text_that_is_too_long(self, rosa: Visitor) -> None:
        response = rosa.post(MESSAGE, message="a" * 281)

        page = parse_page(response.content)
        assert response.status_code == 422
        assert "The message is 1 character too long." in page.one("section", id="error-summary").text
        assert page.one("textarea").text == "a" * 281

    @pytest.mark.parametrize("text", ["see www.example.com", "write to mira@example.net"])
    def test_takes_no_addresses(self, rosa: Visitor, text: str) -> None:
        assert rosa.post(MESSAGE, message=text).status_code == 422

    def test_back_keeps_what_stands_in_the_form_even_if_it_could_not_be_sent(self, rosa: Visitor) -> None:
        assert rosa.post(MESSAGE, message="see www.example.com", back="1").headers["Location"] == WHO
        assert rosa.page(MESSAGE).one("textarea").text == "see www.example.com"
        assert facts(rosa.page(CHECK))["Message"].startswith("No message")

    def test_is_left_out_where_the_merchant_allows_no_messages(
        self, rosa: Visitor, merchant: Merchant
    ) -> None:
        with limits(merchant, gift_message_characters=0):
            assert rosa.get(MESSAGE).headers["Location"] == CHECK
            page = rosa.page(CHECK).one("main")

        assert "Step 3 of 3" in page.text
        assert not page.all("a", href=f"{MESSAGE}?change=1")

    def test_gives_the_counter_its_limit_and_words(self, rosa: Visitor) -> None:
        page = rosa.page(MESSAGE).one("main")

        assert page.one("textarea").attributes["data-longest"] == "280"
        assert page.one("p", aria_live="polite").text == ""
        assert "hidden" in page.one("p", data_left="Characters left: {count}").attributes


class TestCheck:
    def test_shows_everything_as_it_will_be_sent(self, rosa: Visitor, sandbox: SandboxProcess) -> None:
        rosa.decide(message="Have <b>one</b> on me")
        page = rosa.page(CHECK)
        shown = facts(page)

        assert shown["From"] == "Card ending 731206"
        assert shown["Gift"] == "Free Coffee"
        assert shown["It takes"] == "1 × Free Coffee"
        assert shown["You have now"].startswith("3 × Free Coffee as of")
        assert shown["You have after"] == "2 × Free Coffee"
        assert shown["For"] == "Mira Okafor mira@example.net You have not sent to this address before."
        assert shown["Message"].startswith("Have <b>one</b> on me Ref ")
        assert "A gift cannot be called back." in page.text
        assert "comes back to your card by itself" in page.text
        rosa.sent()
        (transfer,) = sent_by_api(sandbox)
        assert shown["Message"].startswith((transfer.message or "").replace("\n", " "))

    def test_each_decision_can_be_changed_and_leads_back(self, rosa: Visitor) -> None:
        rosa.decide()
        links = [
            link.attributes["href"]
            for link in rosa.page(CHECK).one("main").all("a")
            if "change" in link.attributes["href"]
        ]
        assert links == [f"{WHAT}?change=1", f"{WHO}?change=1", f"{MESSAGE}?change=1"]

        for path, fields in (
            (links[0], {"wallet_code": str(POINTS)}),
            (links[1], {"recipient_email": "jo@example.net", "recipient_name": "Jo"}),
            (links[2], {"message": "Changed"}),
        ):
            assert rosa.post(path, **fields).headers["Location"] == CHECK
        shown = facts(rosa.page(CHECK))
        assert shown["Gift"] == "500 Points"
        assert shown["For"].startswith("Jo jo@example.net")
        assert shown["Message"].startswith("Changed")

    def test_asks_whether_another_address_was_meant_and_can_be_ignored(self, rosa: Visitor) -> None:
        rosa.decide(recipient_email="jo@gmial.com", recipient_name="Jo")
        page = rosa.page(CHECK).one("main")

        assert "Did you mean jo@gmail.com?" in page.text
        form = page.one("form", action=f"{WHO}?change=1")
        fields = {each.attributes["name"]: each.attributes["value"] for each in form.all("input")[1:]}
        assert rosa.post(f"{WHO}?change=1", **fields).headers["Location"] == CHECK
        assert facts(rosa.page(CHECK))["For"].startswith("Jo jo@gmail.com")

    @pytest.mark.parametrize("path", STEPS[1:])
    def test_no_step_can_be_opened_before_its_time(self, rosa: Visitor, path: str) -> None:
        assert rosa.get(path).headers["Location"] == WHAT
        rosa.get(WHAT)
        rosa.post(WHAT, wallet_code=str(FREE_COFFEE))
        assert rosa.get(path).status_code == 200 if path == WHO else rosa.get(path).headers["Location"] == WHO

    def test_what_is_gone_meanwhile_leads_back_with_the_reason(
        self, rosa: Visitor, sandbox: SandboxProcess
    ) -> None:
        rosa.decide(wallet_code=POINTS)
        sandbox.override_fields(
            ROSA.card_numbers[0], pointBalances=[{"walletCode": POINTS, "name": "Points", "balance": "20"}]
        )
        rosa.post("/balance/refresh/")

        assert rosa.get(CHECK).headers["Location"] == WHAT
        assert "480 more Points to send it: it takes 500, and you have 20." in rosa.page(WHAT).text

    def test_opening_any_page_sends_nothing(self, rosa: Visitor, sandbox: SandboxProcess) -> None:
        rosa.decide()
        for path in STEPS:
            rosa.get(path)
            rosa.client.head(path)

        assert posts(sandbox) == []


class TestSending:
    def test_takes_three_calls_in_all(self, rosa: Visitor, sandbox: SandboxProcess) -> None:
        rosa.decide()
        receipt = rosa.sent()
        rosa.get(receipt)

        assert operations(sandbox) == ["giftingConfig", "transferHistoryForAccount", "transferOut"]

    def test_a_second_press_and_back_lead_to_the_receipt(
        self, rosa: Visitor, sandbox: SandboxProcess
    ) -> None:
        rosa.decide()
        wish = wish_on(rosa.get(CHECK))
        receipt = rosa.send(wish=wish).headers["Location"]

        assert rosa.send(wish=wish).headers["Location"] == receipt
        for path in STEPS[1:]:
            assert rosa.get(path).headers["Location"] == receipt
        assert rosa.post(MESSAGE, message="once more").headers["Location"] == receipt
        assert len(posts(sandbox)) == 1

    def test_the_next_gift_begins_with_nothing_decided(self, rosa: Visitor) -> None:
        rosa.decide()
        rosa.post(MESSAGE, message="left behind", back="1")
        rosa.sent()

        assert not [each for each in rosa.page(WHAT).all("input") if "checked" in each.attributes]
        rosa.post(WHAT, wallet_code=str(FREE_COFFEE))
        assert rosa.page(WHO).one("input", name="recipient_email").attributes["value"] == ""
        rosa.post(WHO, **MIRA)
        assert rosa.page(MESSAGE).one("textarea").text == ""

    def test_asks_before_a_twin_and_sends_it_on_purpose(self, rosa: Visitor, sandbox: SandboxProcess) -> None:
        rosa.decide()
        receipt = rosa.sent()
        rosa.decide()
        page = rosa.page(CHECK).one("main")
        assert "You sent this to Mira Okafor a moment ago. Send another?" in page.text
        assert page.all("a", href=receipt)

        asked = rosa.send()
        assert asked.status_code == 409
        assert "Send another?" in main(asked).text
        assert len(posts(sandbox)) == 1
        assert rosa.send(another=True).status_code == 302
        assert len(sent_by_api(sandbox)) == 2

    @pytest.mark.parametrize("wish", ["", "x", "00000000-0000-4000-8000-000000000000"])
    def test_a_key_of_nothing_sends_nothing_and_says_so(
        self, rosa: Visitor, sandbox: SandboxProcess, wish: str
    ) -> None:
        rosa.decide()

        response = rosa.post(CHECK, wish=wish)

        assert response.headers["Location"] == CHECK
        assert "nothing was sent. Check your gift again." in rosa.page(CHECK).one(role="status").text
        assert posts(sandbox) == []

    def test_a_check_page_that_was_changed_elsewhere_sends_nothing(
        self, rosa: Visitor, sandbox: SandboxProcess
    ) -> None:
        rosa.decide()
        older = wish_on(rosa.get(CHECK))
        rosa.post(f"{MESSAGE}?change=1", message="another")
        rosa.get(CHECK)

        assert rosa.send(wish=older).headers["Location"] == CHECK
        assert posts(sandbox) == []

    def test_a_day_has_its_limit(self, rosa: Visitor, merchant: Merchant, sandbox: SandboxProcess) -> None:
        with limits(merchant, gifts_per_day=1):
            rosa.decide()
            tab = visitor(Client(enforce_csrf_checks=True))
            tab.decide(recipient_email="jo@example.net", recipient_name="Jo")
            rosa.sent()
            pressed, begun = tab.send(), rosa.get(WHAT)

        for response, end in ((pressed, "so this one was not sent."), (begun, "You have reached that.")):
            page = parse_page(response.content)
            assert response.status_code == 429
            assert page.one("h1").text == "That is enough for one day"
            assert "You can send 1 gift a day." in page.text
            assert end in page.text
            assert page.one("main").all("a", href="/balance/")
        assert len(posts(sandbox)) == 1

    def test_another_gift_under_way_is_shown_instead(self, rosa: Visitor, sandbox: SandboxProcess) -> None:
        rosa.decide()
        tab = visitor(Client(enforce_csrf_checks=True))
        tab.decide(recipient_email="jo@example.net", recipient_name="Jo")
        sandbox.queue_fault(TRANSFER_OUT, {"kind": "late"})
        receipt = rosa.sent()

        assert tab.send().headers["Location"] == receipt
        assert "The new one was not sent." in tab.page(receipt).one(role="status").text
        stopped = tab.page(WHAT).one("main")
        assert stopped.one("h1").text == "One gift is still being confirmed"
        assert stopped.all("a", href=receipt)
        assert len(posts(sandbox)) == 1


class TestWhoMaySend:
    @pytest.mark.parametrize("path", STEPS)
    def test_a_card_is_sent_to_sign_in(self, ana: Client, sandbox: SandboxProcess, path: str) -> None:
        for response in (ana.get(path), ana.head(path)):
            assert response.status_code == 200
        page = parse_page(ana.get(path).content)

        assert page.one("h1").text == "Sign in with a user name to send a gift"
        assert page.one("main").all("a", href="/sign-in/?next=/gifts/send/")
        assert sandbox.requests() == []

    def test_a_card_may_send_where_the_merchant_allows_it(self, ana: Client, merchant: Merchant) -> None:
        with features(merchant, send_with_card=True):
            assert ana.get(WHAT).status_code == 200
            assert b'href="/gifts/send/"' in ana.get("/balance/").content

    def test_navigation_offers_sending_to_whoever_may(self, rosa: Visitor, ana: Client) -> None:
        assert rosa.page("/balance/").one("nav", aria_label="Your card").all("a", href=WHAT)
        page = parse_page(ana.get("/balance/").content)
        assert not page.one("nav", aria_label="Your card").all("a", href=WHAT)

    @pytest.mark.parametrize("path", STEPS)
    def test_nobody_finds_it_where_gifting_is_off(self, rosa: Visitor, merchant: Merchant, path: str) -> None:
        with features(merchant, gifting=False):
            assert rosa.get(path).status_code == 404

    @pytest.mark.parametrize("path", STEPS)
    def test_leads_to_sign_in_and_back(self, guest_client: Client, path: str) -> None:
        way_in = f"/sign-in/?next={quote(path, safe='')}"
        assert guest_client.get(path).headers["Location"].startswith(way_in), "cards may not send here"

    def test_leads_to_the_first_step_when_the_sign_in_ends_under_a_form(self, rosa: Visitor) -> None:
        rosa.decide()
        Credential.objects.all().delete()
        left = rosa.send(wish=str(uuid4()))
        assert left.headers["Location"].startswith("/sign-in/?next=%2Fgifts%2Fsend%2F&")

    def test_leads_card_holders_to_the_card_where_that_may_send(
        self, guest_client: Client, merchant: Merchant
    ) -> None:
        with features(merchant, send_with_card=True):
            assert guest_client.get(WHAT).headers["Location"].startswith("/?next=%2Fgifts%2Fsend%2F")

    def test_an_old_sign_in_gives_the_password_again(self, rosa: Visitor, sandbox: SandboxProcess) -> None:
        rosa.decide()
        wish = wish_on(rosa.get(CHECK))
        Credential.objects.update(confirmed_at=timezone.now() - timedelta(minutes=16))

        asked = "/sign-in/again/?next=%2Fgifts%2Fsend%2Fcheck%2F"
        assert rosa.get(CHECK).headers["Location"] == asked
        assert rosa.send(wish=wish).headers["Location"] == asked
        assert posts(sandbox) == []
        confirmed = rosa.post("/sign-in/again/", password=ROSA.password, next=CHECK)
        assert confirmed.headers["Location"] == CHECK
        assert facts(rosa.page(CHECK))["For"].startswith("Mira Okafor")
        assert rosa.send(wish=wish).status_code == 302

    def test_a_form_without_its_token_sends_nothing(self, rosa: Visitor, sandbox: SandboxProcess) -> None:
        rosa.decide()
        wish = wish_on(rosa.get(CHECK))

        assert rosa.client.post(CHECK, {"wish": wish}).status_code == 403
        assert posts(sandbox) == []
        assert Wish.objects.get().state == "prepared"
