"""The receipt and tracker: what it says in each state, how it looks again by itself, and who may see it."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from gifting.gift.looking_again import PAUSES
from gifting.models import Wish
from tests.support.answering_steps import ANA, ANA_ACCOUNT, answer, handle_of, operations, signed_in
from tests.support.pages import Element, parse, parse_page, title_of
from tests.support.password_sign_in import SEED_GUEST
from tests.support.sandbox import TRANSFER_HISTORY, TRANSFER_OUT, SandboxProcess
from tests.support.sending_pages import CHECK, WHAT, Visitor, facts, main, visitor, wish_of, wish_on
from tests.support.sending_steps import grow_older, make_due, posts, sent_by_api

pytestmark = pytest.mark.django_db
BY_ITSELF = {"HX-Request": "true", "X-Background": "1"}
REFUSAL = {
    "kind": "replace",
    "work": False,
    "body": json.dumps(
        {"result": "failure", "errorCode": "gifttransfer.paused", "errorMessage": "Not today, we are sorry."}
    ),
}


@pytest.fixture
def rosa(guest_client: Client, sandbox: SandboxProcess) -> Visitor:
    rosa = visitor(guest_client)
    rosa.decide(message="Have one on me")
    return rosa


def told(rosa: Visitor, receipt: str) -> str:
    return rosa.page(receipt).one("main").text


def poll(rosa: Visitor, address: str) -> HttpResponse:
    """What htmx does by itself."""
    return rosa.get(address, **BY_ITSELF)


def test_says_for_whom_it_waits_and_until_when(rosa: Visitor, sandbox: SandboxProcess) -> None:
    receipt = rosa.sent()
    page = rosa.page(receipt)
    (transfer,) = sent_by_api(sandbox)

    assert title_of(page).startswith("Your gift is sent – ")
    assert page.one("h1").text == "Your gift is sent"
    text = page.one("main").text
    assert "It waits for Mira Okafor to accept it." in text
    assert "30 days left Waits until" in text
    shown = facts(page)
    assert shown["It took"] == "1 × Free Coffee"
    assert shown["For"] == "Mira Okafor mira@example.net"
    assert shown["Message"] == "Have one on me"
    assert shown["Transaction number"] == str(transfer.transaction_id)
    assert (transfer.message or "").endswith(f"Ref {shown['Reference']}")
    assert not page.all(id="look-again")
    assert "mail" not in page.one("article").text.replace("mira@example.net", "")


def test_reloading_reads_and_sends_nothing(rosa: Visitor, sandbox: SandboxProcess) -> None:
    receipt = rosa.sent()
    sandbox.clear_requests()
    for _reload in range(3):
        rosa.get(receipt)

    assert sandbox.requests() == []


def test_refresh_reads_the_history(rosa: Visitor, sandbox: SandboxProcess) -> None:
    receipt = rosa.sent()
    sandbox.clear_requests()
    link = rosa.page(receipt).one("article").one("a", href=f"{receipt}?look=1")

    assert link.text == "Refresh"
    rosa.get(link.attributes["href"])
    assert operations(sandbox) == ["transferHistoryForAccount"]


class TestSettled:
    @pytest.mark.parametrize(
        ("action", "heading", "sentence"),
        [
            ("accept", "Your gift was accepted", "has it now."),
            ("decline", "Your gift was declined", "did not take it, and it goes back to your card."),
        ],
    )
    def test_shows_the_answer_with_its_note(
        self, rosa: Visitor, sandbox: SandboxProcess, action: str, heading: str, sentence: str
    ) -> None:
        sandbox.clear_transfers()
        rosa.decide(account_code=str(ANA_ACCOUNT), message="For Tuesday")
        receipt = rosa.sent()
        ana = signed_in(ANA)
        answer(ana, action, handle_of(ana, "For Tuesday"), "A note <i>back</i>")

        page = rosa.page(f"{receipt}?look=1")
        assert page.one("h1").text == heading
        assert sentence in page.one("main").text
        assert page.one("blockquote").text == "A note <i>back</i>"

    def test_shows_a_gift_that_was_given_back(self, rosa: Visitor, sandbox: SandboxProcess) -> None:
        receipt = rosa.sent()
        sandbox.return_gift(sent_by_api(sandbox)[0].transaction_id)

        assert "Your gift came back" in told(rosa, f"{receipt}?look=1")

    def test_shows_a_gift_that_nobody_took_in_time(self, rosa: Visitor, sandbox: SandboxProcess) -> None:
        rosa.decide(account_code=str(ANA_ACCOUNT))
        receipt = rosa.sent()
        sandbox.set_clock_offset(timedelta(days=32).total_seconds())

        text = told(rosa, f"{receipt}?look=1")
        assert "Your gift has expired It was not accepted in time, and goes back to your card." in text
        assert "left" not in text

    def test_reads_again_by_itself_once_a_minute_has_passed(
        self, rosa: Visitor, sandbox: SandboxProcess
    ) -> None:
        receipt = rosa.sent()
        sandbox.return_gift(sent_by_api(sandbox)[0].transaction_id)
        with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=True):
            assert "Your gift came back" in told(rosa, receipt)


class TestBalance:
    """What was read before the gift went on is not shown any more once its page has told."""

    def coffees(self, rosa: Visitor) -> str:
        rosa.get(WHAT)
        return next(
            label.text for label in rosa.page(WHAT).one("main").all("label") if "Coffee" in label.text
        )

    def test_is_asked_for_anew_after_a_gift_was_settled_without_its_guest(
        self, rosa: Visitor, sandbox: SandboxProcess
    ) -> None:
        sandbox.queue_fault(TRANSFER_OUT, {"kind": "late"})
        receipt = rosa.sent()
        rosa.get("/balance/")
        sandbox.run_late()
        with time_machine.travel(timezone.now() + timedelta(seconds=30), tick=True):
            make_due()
            call_command("settle_gifts")
            assert "You have 2, and 1 after sending." in self.coffees(rosa), "even if nobody looked"
            sandbox.clear_requests()
            rosa.get(receipt)
            rosa.get("/balance/")
            assert operations(sandbox) == []

    def test_is_asked_for_anew_once_the_page_has_told_of_it(
        self, rosa: Visitor, sandbox: SandboxProcess
    ) -> None:
        sandbox.queue_fault(TRANSFER_OUT, {"kind": "late"})
        receipt = rosa.sent()
        rosa.get("/balance/")
        sandbox.run_late()
        with time_machine.travel(timezone.now() + timedelta(seconds=30), tick=True):
            make_due()
            call_command("settle_gifts")
            assert told(rosa, receipt).startswith("Your gift is sent")
            sandbox.clear_requests()
            rosa.get("/balance/")
            assert operations(sandbox) == ["accountInformation"]
            rosa.get("/balance/")
            assert operations(sandbox) == ["accountInformation"]

    def test_is_asked_for_anew_after_the_gift_came_back(self, rosa: Visitor, sandbox: SandboxProcess) -> None:
        receipt = rosa.sent()
        rosa.get("/balance/")
        other = visitor(Client(enforce_csrf_checks=True))
        sandbox.return_gift(sent_by_api(sandbox)[0].transaction_id)
        assert "Your gift came back" in told(rosa, f"{receipt}?look=1")
        for device in (rosa, other):
            device.get(receipt)
            sandbox.clear_requests()
            device.get("/balance/")
            assert operations(sandbox) == ["accountInformation"]


class TestUnsettled:
    @pytest.fixture
    def receipt(self, rosa: Visitor, sandbox: SandboxProcess) -> str:
        sandbox.queue_fault(TRANSFER_OUT, {"kind": "late"})
        return rosa.sent()

    def test_is_calm_and_never_says_that_it_failed(self, rosa: Visitor, receipt: str) -> None:
        page = rosa.page(receipt)
        text = page.one("main").text

        assert title_of(page).startswith("We are confirming your gift – ")
        assert "It has not failed; there is no need to send it again." in text
        assert not re.search(
            r"fail|error|problem|wrong", text.replace("It has not failed", ""), re.IGNORECASE
        )
        assert page.one("article").all("a", href=f"{receipt}?look=1")
        assert not page.all("form", action=f"{receipt}again/")

    def test_looks_again_with_growing_pauses_that_are_nobodys_activity(
        self, rosa: Visitor, receipt: str
    ) -> None:
        asking = rosa.page(receipt).one(id="look-again")
        pauses = []
        for _look in range(8):
            pauses.append(int(re.findall(r"load delay:(\d+)s", asking.attributes["hx-trigger"])[0]))
            assert json.loads(asking.attributes["hx-headers"]) == {"X-Background": "1"}
            assert asking.attributes["hx-get"].startswith(f"{receipt}?again=")
            response = poll(rosa, asking.attributes["hx-get"])
            assert "HX-Retarget" not in response.headers
            (asking,) = [each for each in parse(response.content).children if isinstance(each, Element)]

        assert pauses == [3, 6, 12, 24, 48, 60, 60, 60]
        assert PAUSES[-1] == 60

    def test_shows_the_news_and_stops_asking(
        self, rosa: Visitor, sandbox: SandboxProcess, receipt: str
    ) -> None:
        asking = rosa.page(receipt).one(id="look-again")
        sandbox.run_late()
        response = poll(rosa, asking.attributes["hx-get"])

        fragment = parse(response.content)
        assert response.headers["HX-Retarget"] == "#sent"
        assert response.headers["HX-Reswap"] == "outerHTML"
        assert fragment.one("article", id="sent").one("h1").text == "Your gift is sent"
        assert not fragment.all(id="look-again")
        assert title_of(fragment).startswith("Your gift is sent – ")
        assert "It waits for Mira Okafor" in fragment.one(hx_swap_oob="innerHTML:#status").text
        assert len(posts(sandbox)) == 1

    def test_refresh_without_script_shows_the_news(
        self, rosa: Visitor, sandbox: SandboxProcess, receipt: str
    ) -> None:
        sandbox.run_late()

        assert "Your gift is sent" in told(rosa, f"{receipt}?look=1")

    def test_says_when_it_could_not_look(self, rosa: Visitor, sandbox: SandboxProcess, receipt: str) -> None:
        sandbox.queue_fault(TRANSFER_HISTORY, {"kind": "status", "status": 503}, times=2)

        response = rosa.get(receipt)
        assert response.status_code == 200
        assert "We could not look just now; this is what was known before." in main(response).text

    @pytest.mark.parametrize("again", ["-1", "x", "99999", "٣", ""])
    def test_a_count_that_is_none_is_the_first_look(self, rosa: Visitor, receipt: str, again: str) -> None:
        assert rosa.get(f"{receipt}?again={again}").status_code == 200


class TestNotSent:
    @pytest.fixture
    def receipt(self, rosa: Visitor, sandbox: SandboxProcess) -> str:
        sandbox.queue_fault(TRANSFER_OUT, {"kind": "drop_before"})
        receipt = rosa.sent()
        Wish.objects.update(state="not_sent")
        return receipt

    def test_offers_to_try_again_as_a_new_wish(
        self, rosa: Visitor, sandbox: SandboxProcess, receipt: str
    ) -> None:
        page = rosa.page(receipt)
        assert page.one("h1").text == "Your gift was not sent"
        assert page.one("form", action=f"{receipt}again/").one("button").text == "Try again"
        assert page.one("article").one("a", href="/balance/").find_parent("form"), "beside the button only"
        before = len(posts(sandbox))

        assert rosa.post(f"{receipt}again/").headers["Location"] == CHECK
        check = rosa.get(CHECK)
        assert facts(main(check))["For"].startswith("Mira Okafor mira@example.net")
        assert facts(main(check))["Message"].startswith("Have one on me")
        assert wish_on(check) != str(wish_of(receipt))
        assert len(posts(sandbox)) == before

    def test_claims_to_have_taken_nothing(self, rosa: Visitor, receipt: str) -> None:
        shown = facts(rosa.page(receipt))

        assert shown["It takes"] == "1 × Free Coffee"
        assert "It took" not in shown

    def test_trying_again_is_a_post(self, rosa: Visitor, receipt: str) -> None:
        assert rosa.get(f"{receipt}again/").status_code == 405

    def test_what_may_have_been_sent_is_not_tried_again(self, rosa: Visitor, receipt: str) -> None:
        Wish.objects.update(state="sent")

        assert rosa.post(f"{receipt}again/").headers["Location"] == receipt


def test_a_refusal_is_told_in_its_own_words_at_once(rosa: Visitor, sandbox: SandboxProcess) -> None:
    sandbox.queue_fault(TRANSFER_OUT, REFUSAL)
    receipt = rosa.sent()
    page = rosa.page(receipt)
    text = page.one("main").text
    assert page.one("h1").text == "We are making sure about your gift"
    assert "Paytronix says: Not today, we are sorry. We are making sure that nothing was taken." in text
    assert "gifttransfer.paused" in text
    assert page.one("form", action=f"{receipt}again/").one("button").text == "Change the gift"
    assert page.all(id="look-again"), "the page looks again by itself"

    assert rosa.post(f"{receipt}again/").headers["Location"] == CHECK
    check = rosa.page(CHECK).one("main")
    assert "This gift can be sent in a minute or two" in check.text
    assert check.one("a", href=CHECK).text == "Look again"
    assert not check.all("input", name="wish")
    pressed = rosa.send(another=True, wish=str(Wish.objects.get(state="prepared").id))
    assert pressed.headers["Location"] == receipt
    assert len(posts(sandbox)) == 1
    for seconds in (100, 16):
        grow_older(seconds)
        rosa.get(receipt)
    assert rosa.page(CHECK).one("main").all("input", name="wish")


def test_a_refusal_is_called_one_once_it_is_confirmed(rosa: Visitor, sandbox: SandboxProcess) -> None:
    sandbox.queue_fault(TRANSFER_OUT, REFUSAL)
    receipt = rosa.sent()
    for seconds in (100, 16):
        grow_older(seconds)
        page = rosa.page(receipt)

    assert page.one("h1").text == "Your gift could not be sent"
    assert "Not today, we are sorry." in page.one("main").text
    assert "gifttransfer.paused" in page.one("main").text
    assert page.one("main").all("button")[0].text == "Try again"
    assert facts(page)["It takes"] == "1 × Free Coffee"


def test_a_persons_case_is_calm_and_names_whom_to_ask(rosa: Visitor) -> None:
    receipt = rosa.sent()
    reference = facts(rosa.page(receipt))["Reference"]
    Wish.objects.update(state="needs_review")
    page = rosa.page(receipt)

    text = page.one("article").text
    assert page.one("h1").text == "We are looking into this gift"
    assert "there is no need to send it again" in text
    assert reference in text
    assert (
        "Questions about this gift? Tell us its reference. +1 207 555 0142 cards@harborpine.example" in text
    )
    assert not page.all("form", action=f"{receipt}again/")


def test_a_thinned_row_says_that_its_contents_are_gone(rosa: Visitor) -> None:
    receipt = rosa.sent()
    Wish.objects.update(contents="", transfer="", refusal="")
    text = told(rosa, receipt)

    assert text.startswith("Your gift was sent What this gift was is no longer kept here.")
    assert "Mira" not in text
    assert "waits" not in text


class TestWhoMaySeeIt:
    def test_nobody_else(self, rosa: Visitor, sandbox: SandboxProcess) -> None:
        receipt = rosa.sent()
        other = visitor(Client(enforce_csrf_checks=True), guest=SEED_GUEST)
        sandbox.clear_requests()

        for address in (receipt, f"{receipt}?look=1"):
            assert other.get(address).status_code == 404
        assert other.post(f"{receipt}again/").headers["Location"] == receipt
        assert operations(sandbox) == []

    def test_an_unknown_one_is_not_here(self, rosa: Visitor) -> None:
        response = rosa.get(f"/gifts/sent/{uuid4()}/")

        assert response.status_code == 404
        assert parse_page(response.content).one("h1").text == "This gift is not here"

    def test_one_that_is_only_being_checked_has_no_receipt(self, rosa: Visitor) -> None:
        assert rosa.get(f"/gifts/sent/{wish_on(rosa.get(CHECK))}/").status_code == 404

    def test_other_peoples_words_are_escaped(self, rosa: Visitor) -> None:
        rosa.decide(recipient_email="jo@example.net", recipient_name='<script>"Jo"</script>')
        assert b"<script>&" not in rosa.get(CHECK).content
        receipt = rosa.sent()

        assert facts(rosa.page(receipt))["For"].startswith('<script>"Jo"</script>')
