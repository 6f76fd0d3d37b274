"""The button at the end of the steps: what it sends, once, and what it says when it sends nothing."""

import pytest
from django.test import Client
from django.utils import timezone

from gifting.models import Wish
from guestportal.merchants.definition import Merchant
from guestportal.storage.models import LookupKey
from tests.support.answering_steps import operations
from tests.support.changed_merchant import limits
from tests.support.pages import parse_page
from tests.support.sandbox import TRANSFER_OUT, SandboxProcess
from tests.support.sending_pages import (
    CHECK,
    MESSAGE,
    MIRA,
    STEPS,
    WHAT,
    WHO,
    Visitor,
    facts,
    main,
    visitor,
    wish_on,
)
from tests.support.sending_steps import FREE_COFFEE, posts, sent_by_api

pytestmark = pytest.mark.django_db


def test_takes_three_calls_in_all(rosa: Visitor, sandbox: SandboxProcess) -> None:
    rosa.decide()
    receipt = rosa.sent()
    rosa.get(receipt)

    assert operations(sandbox) == ["giftingConfig", "transferHistoryForAccount", "transferOut"]


def test_a_second_press_and_back_lead_to_the_receipt(rosa: Visitor, sandbox: SandboxProcess) -> None:
    rosa.decide()
    wish = wish_on(rosa.get(CHECK))
    receipt = rosa.send(wish=wish).headers["Location"]

    assert rosa.send(wish=wish).headers["Location"] == receipt
    for path in STEPS[1:]:
        assert rosa.get(path).headers["Location"] == receipt
    assert rosa.post(MESSAGE, message="once more").headers["Location"] == receipt
    assert len(posts(sandbox)) == 1


def test_the_next_gift_begins_with_nothing_decided(rosa: Visitor) -> None:
    rosa.decide()
    rosa.post(MESSAGE, message="left behind", back="1")
    rosa.sent()

    assert not [each for each in rosa.page(WHAT).all("input") if "checked" in each.attributes]
    rosa.post(WHAT, wallet_code=str(FREE_COFFEE))
    assert rosa.page(WHO).one("input", name="recipient_email").attributes["value"] == ""
    rosa.post(WHO, **MIRA)
    assert rosa.page(MESSAGE).one("textarea").text == ""


def test_asks_before_a_twin_and_sends_it_on_purpose(rosa: Visitor, sandbox: SandboxProcess) -> None:
    rosa.decide()
    receipt = rosa.sent()
    rosa.decide()
    page = rosa.page(CHECK).one("main")
    assert "You sent this to Mira Okafor a moment ago. Send another?" in page.text
    assert page.all("a", href=receipt)

    assert "data-focus" not in page.one("section", aria_labelledby="twin-title").attributes

    asked = rosa.send()
    assert asked.status_code == 409
    question = main(asked).one("section", aria_labelledby="twin-title")
    assert "Send another?" in question.text
    assert "data-focus" in question.attributes
    assert len(posts(sandbox)) == 1
    assert rosa.send(another=True).status_code == 302
    assert len(sent_by_api(sandbox)) == 2


@pytest.mark.parametrize("wish", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_a_key_of_nothing_sends_nothing_and_says_so(
    rosa: Visitor, sandbox: SandboxProcess, wish: str
) -> None:
    rosa.decide()

    response = rosa.post(CHECK, wish=wish)

    assert response.headers["Location"] == CHECK
    assert "nothing was sent. Check your gift again." in rosa.page(CHECK).one(role="status").text
    assert posts(sandbox) == []


def test_a_check_page_that_was_changed_elsewhere_sends_nothing(
    rosa: Visitor, sandbox: SandboxProcess
) -> None:
    rosa.decide()
    older = wish_on(rosa.get(CHECK))
    rosa.post(f"{MESSAGE}?change=1", message="another")
    rosa.get(CHECK)

    assert rosa.send(wish=older).headers["Location"] == CHECK
    assert posts(sandbox) == []


def test_a_gift_sent_from_another_page_leaves_this_draft_alone(rosa: Visitor) -> None:
    rosa.decide(message="For Mira alone")
    rosa.get(CHECK)
    other = visitor(Client(enforce_csrf_checks=True))
    other.decide(recipient_email="ben@example.net", recipient_name="Ben")
    rosa.send(wish=wish_on(other.get(CHECK)))

    assert facts(rosa.page(CHECK))["Message"].startswith("For Mira alone")


def test_a_day_has_its_limit(rosa: Visitor, merchant: Merchant, sandbox: SandboxProcess) -> None:
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


def test_another_gift_under_way_is_shown_instead(rosa: Visitor, sandbox: SandboxProcess) -> None:
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


def test_a_form_without_its_token_sends_nothing(rosa: Visitor, sandbox: SandboxProcess) -> None:
    rosa.decide()
    wish = wish_on(rosa.get(CHECK))

    assert rosa.client.post(CHECK, {"wish": wish}).status_code == 403
    assert posts(sandbox) == []
    assert Wish.objects.get().state == "prepared"


def test_while_claims_are_paused_a_press_sends_nothing_and_loses_nothing(
    rosa: Visitor, sandbox: SandboxProcess
) -> None:
    rosa.decide()
    wish = wish_on(rosa.get(CHECK))
    LookupKey.objects.update(paused_at=timezone.now())  # as `rekey` does
    response = rosa.send(wish=wish)
    LookupKey.objects.update(paused_at=None)
    assert response.status_code == 503
    assert "Try again in a minute" in main(response).text
    assert Wish.objects.get().state == "prepared"
    assert posts(sandbox) == []

    assert rosa.send(wish=wish).status_code == 302
    assert len(posts(sandbox)) == 1
