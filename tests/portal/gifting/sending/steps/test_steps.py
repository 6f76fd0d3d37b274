"""The steps of sending, walked without script: what each page says, keeps and refuses, and what Paytronix hears."""

import json

import pytest
from django.test import Client

from guestportal.merchants.definition import Merchant
from tests.support.answering_steps import operations
from tests.support.changed_merchant import features, limits
from tests.support.pages import parse_page, title_of
from tests.support.password_sign_in import ROSA
from tests.support.sandbox import GIFTING_CONFIG, TRANSFER_HISTORY, SandboxProcess
from tests.support.sending_pages import (
    CHECK,
    MESSAGE,
    STEPS,
    WHAT,
    WHO,
    Visitor,
    facts,
    main,
    visitor,
)
from tests.support.sending_steps import FREE_COFFEE, POINTS, posts, sent_by_api

pytestmark = pytest.mark.django_db


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

    @pytest.mark.parametrize(
        "changes",
        [
            {"left_out": ["configs"]},
            {"members": {"configs": None}},
            {"renamed": {"configs": "giftingConfigs"}},
        ],
        ids=str,
    )
    def test_does_not_say_that_nothing_is_on_offer_when_nobody_can_tell(
        self, rosa: Visitor, sandbox: SandboxProcess, changes: dict[str, object]
    ) -> None:
        sandbox.queue_fault(GIFTING_CONFIG, {"kind": "members", **changes})

        response = rosa.get(WHAT)

        assert response.status_code == 503
        assert "no gift on offer" not in main(response).text


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

    def test_offers_six_people_at_most(self, merchant: Merchant, sandbox: SandboxProcess) -> None:
        for number in range(7):
            who = (f"guest{number}@example.net", f"Guest {number}")
            sandbox.add_gift(from_card=ROSA.card_numbers[0], wallet_code=FREE_COFFEE, to_external=who)
        rosa = visitor(Client())
        rosa.choose()

        assert len(rosa.page(WHO).all("button", name="person")) == 6

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
