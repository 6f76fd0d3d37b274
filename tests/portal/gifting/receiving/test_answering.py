"""Accepting and declining when all goes well, and the calls that it takes."""

import pytest
from django.test import Client

from guestportal.sandbox.cards import SEED
from tests.support.answering_steps import (
    ANA_ACCOUNT,
    COFFEE_MESSAGE,
    FREE_COFFEE,
    HTMX,
    ROSA,
    answer,
    handle_of,
    operations,
    sent_fields,
    shown_gifts,
    transfer,
    waiting,
    words,
    writes,
)
from tests.support.pages import Element, parse, parse_page, title_of
from tests.support.sandbox import ACCOUNT_INFORMATION, SandboxProcess

PENDING = "pendingTransfersToAccount"


def test_shows_what_waits_soonest_deadline_first_with_one_call(ana: Client, sandbox: SandboxProcess) -> None:
    page = ana.get("/gifts/")
    texts = [each.text for each in shown_gifts(page.content)]

    assert page.status_code == 200
    assert operations(sandbox) == [PENDING]
    assert [
        next(name for name in ("Bag of Beans", "Free Coffee", "5 Off", "250") if name in text)
        for text in texts
    ] == ["Bag of Beans", "Free Coffee", "5 Off", "Free Coffee", "250"]
    assert "Someone" in texts[0]
    assert "1 day left" in texts[0]
    assert "Rosa L." in texts[1]
    assert COFFEE_MESSAGE in texts[1]
    assert "2 × 5 Off Any Order" in texts[2]
    assert "drew a fern on every cup" in texts[2]
    assert "open the link" in texts[3].lower()
    assert "(5)" in title_of(parse_page(page.content))


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/balance/", ("Balance", "page")),
        ("/gifts/", ("Gifts", "page")),
        ("/gifts/{handle}/decline/", ("Gifts", "true")),
        ("/history/", ("History", "page")),
    ],
)
def test_marks_in_the_navigation_where_the_guest_is(ana: Client, path: str, marked: tuple[str, str]) -> None:
    page = parse_page(ana.get(path.format(handle=handle_of(ana))).content)
    links = page.one("nav", class_="nav").all("a")
    here = [(each.text.split(" ")[0], each.attributes.get("aria-current")) for each in links]

    assert [each for each in here if each[1]] == [marked]


@pytest.mark.parametrize("action", ["accept", "decline"])
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_names_what_is_wrong_at_the_note_itself(ana: Client, action: str, headers: dict[str, str]) -> None:
    response = answer(ana, action, handle_of(ana), "see evil.example", **headers)
    root = parse(response.content)
    (note,) = [each for each in root.all("textarea") if each.text]

    assert response.status_code == 422
    assert note.attributes["aria-invalid"] == "true"
    assert "Error:" in root.one(id=note.attributes["aria-describedby"]).text


def test_accepts_with_one_press_and_two_calls(ana: Client, sandbox: SandboxProcess) -> None:
    handle = handle_of(ana)
    before = sandbox.wallets(SEED.number)
    sandbox.clear_requests()
    response = answer(ana, "accept", handle, "That was kind \U0001f64f")

    assert (response.status_code, response.headers["Location"]) == (302, "/gifts/")
    assert operations(sandbox) == ["acceptTransferIn", PENDING]
    (write,) = writes(sandbox)
    assert sent_fields(write)["acceptingPrintedCardNumber"] == SEED.number
    assert sent_fields(write)["message"] == "That was kind \U0001f64f"
    gift = transfer(sandbox)
    assert (gift.status, gift.response_message) == ("ACCEPTED", "That was kind \U0001f64f")
    gained = sandbox.wallets(SEED.number)[FREE_COFFEE].balance
    assert gained - (before[FREE_COFFEE].balance if FREE_COFFEE in before else 0) == 1
    page = parse_page(ana.get("/gifts/").content)
    assert "You accepted the gift from Rosa L." in page.one(role="status").text
    assert handle not in {each.handle for each in shown_gifts(page)}
    assert "(4)" in title_of(page)


def test_leaves_out_a_note_that_nobody_wrote(ana: Client, sandbox: SandboxProcess) -> None:
    answer(ana, "accept", handle_of(ana), "  \r\n ")

    assert "message" not in sent_fields(writes(sandbox)[0])


def test_declines_in_two_steps_with_one_call_for_the_first(ana: Client, sandbox: SandboxProcess) -> None:
    handle = handle_of(ana)
    sandbox.clear_requests()
    confirmation = ana.get(f"/gifts/{handle}/decline/")
    page = parse_page(confirmation.content)

    assert confirmation.status_code == 200
    assert operations(sandbox) == [PENDING]
    assert "Free Coffee" in page.text
    assert "Rosa L." in page.text
    assert transfer(sandbox).status == "PENDING"

    sandbox.clear_requests()
    response = answer(ana, "decline", handle, "I only drink tea.")

    assert (response.status_code, response.headers["Location"]) == (302, "/gifts/")
    assert operations(sandbox) == [PENDING, "rejectTransferIn"]
    assert sent_fields(writes(sandbox)[0])["rejectingPrintedCardNumber"] == SEED.number
    gift = transfer(sandbox)
    assert (gift.status, gift.response_message) == ("REJECTED", "I only drink tea.")
    assert "You declined the gift" in parse_page(ana.get("/gifts/").content).one(role="status").text


def test_says_on_the_gifts_own_card_what_happened_when_htmx_asks(
    ana: Client, sandbox: SandboxProcess
) -> None:
    handle = handle_of(ana)
    response = answer(ana, "accept", handle, **HTMX)
    fragment = parse(response.content)
    (card,) = shown_gifts(fragment)

    assert response.status_code == 200
    assert card.handle == handle
    assert "You accepted" in card.text
    (status,) = [each for each in fragment.all() if "#status" in each.attributes.get("hx-swap-oob", "")]
    assert "You accepted the gift from Rosa L." in status.text
    count = fragment.one(id="gift-count")
    assert count.attributes["hx-swap-oob"]
    assert count.text.startswith("4")
    assert "(4)" in title_of(fragment)
    assert transfer(sandbox).status == "ACCEPTED"


def test_reads_the_balance_anew_after_a_gift_was_accepted(ana: Client, sandbox: SandboxProcess) -> None:
    assert "Free Coffee" not in parse_page(ana.get("/balance/").content).text
    answer(ana, "accept", handle_of(ana))
    sandbox.clear_requests()
    page = parse_page(ana.get("/balance/").content)

    assert [request.operation for request in sandbox.requests()] == [ACCOUNT_INFORMATION]
    assert "Free Coffee" in page.text


@pytest.mark.parametrize("action", ["accept", "decline"])
@pytest.mark.parametrize(
    ("note", "complaint"),
    [
        ("x" * 283, "3 characters too long"),
        ("see evil.example", "web address. Take it out; after a period, leave a space."),
        ("write ana@example.com", "e-mail address"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_keeps_a_note_that_is_not_taken_and_answers_nothing(
    ana: Client,
    sandbox: SandboxProcess,
    action: str,
    note: str,
    complaint: str,
    headers: dict[str, str],
) -> None:
    handle = handle_of(ana)
    sandbox.clear_requests()
    response = answer(ana, action, handle, note, **headers)
    root = parse(response.content)

    assert response.status_code == 422
    assert operations(sandbox) == [PENDING]
    assert complaint in root.text
    assert note in [each.text for each in root.all("textarea")]
    assert transfer(sandbox).status == "PENDING"
    if not headers:
        assert title_of(root).startswith("Error: ")


def test_strips_control_and_direction_characters_from_a_note(ana: Client, sandbox: SandboxProcess) -> None:
    answer(ana, "accept", handle_of(ana), "Thank\x00 you\u202e!\r\nAna")

    assert transfer(sandbox).response_message == "Thank you!\nAna"


def test_refuses_get_on_accept(ana: Client, sandbox: SandboxProcess) -> None:
    handle = handle_of(ana)

    assert ana.get(f"/gifts/{handle}/accept/").status_code == 405
    assert transfer(sandbox).status == "PENDING"


def test_needs_the_forms_token(ana: Client, sandbox: SandboxProcess) -> None:
    handle = handle_of(ana)

    for action in ("accept", "decline"):
        assert ana.post(f"/gifts/{handle}/{action}/", {"message": ""}).status_code == 403
    assert writes(sandbox) == []


def test_a_second_press_finds_the_first_answer(ana: Client, sandbox: SandboxProcess) -> None:
    handle = handle_of(ana)
    answer(ana, "accept", handle)
    again = answer(ana, "accept", handle)
    opposite = answer(ana, "decline", handle)

    assert again.status_code == opposite.status_code == 409
    assert "accepted earlier" in words(again)
    assert "accepted earlier" in words(opposite)
    assert len(writes(sandbox)) == 1


def test_shows_a_gift_without_a_code_to_be_read_only(ana: Client, sandbox: SandboxProcess) -> None:
    (gift,) = [each for each in waiting(ana) if "For the early shift." in each.text]
    response = answer(ana, "accept", gift.handle)

    assert response.status_code == 409
    assert "open the link" in words(response).lower()
    assert writes(sandbox) == []


def test_offers_the_deadline_for_the_calendar(ana: Client, sandbox: SandboxProcess) -> None:
    handle = handle_of(ana)
    sandbox.clear_requests()
    response = ana.get(f"/gifts/{handle}/deadline.ics")

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "attachment" in response.headers["Content-Disposition"]
    assert "BEGIN:VEVENT" in response.content.decode()
    assert operations(sandbox) == [PENDING]


def test_has_no_calendar_file_for_a_gift_without_a_deadline(ana: Client) -> None:
    (gift,) = [each for each in waiting(ana) if "No hurry" in each.text]

    assert ana.get(f"/gifts/{gift.handle}/deadline.ics").status_code == 404


def test_says_when_a_gift_whose_time_is_up_is_still_listed(ana: Client, sandbox: SandboxProcess) -> None:
    sandbox.clear_transfers()
    days = {"destinationWalletName": "Free Coffee", "destinationAmount": "1", "expirationDate": "2020-11-20"}
    sandbox.add_gift(from_card=ROSA.number, wallet_code=21, to_account=ANA_ACCOUNT, members={"balance": days})
    (gift,) = waiting(ana)

    assert "Waited until Friday, November 20, 2020" in gift.text
    assert "calendar" not in gift.text
    assert ana.get(f"/gifts/{gift.handle}/deadline.ics").status_code == 404
    history = parse(ana.get("/history/").content).text
    assert "Friday, November 20, 2020" in history
    assert "until Friday" not in history


def named(root: Element, *tags: str) -> list[str]:
    """What assistive technology calls these elements, in document order."""
    return [each.text for each in root.all() if each.name in tags]


def test_names_the_gift_in_whatever_is_offered_for_it(ana: Client) -> None:
    page = parse_page(ana.get("/gifts/").content)
    gifts = [each for each in page.all("article") if each.all("form")]
    names = [name for gift in gifts for name in named(gift, "a", "summary", "label", "button")]
    coffee = next(gift for gift in gifts if COFFEE_MESSAGE in gift.text)

    assert len(gifts) > 2
    assert len(names) == len(set(names))
    assert named(coffee, "a", "summary", "label", "button") == [
        "Put it in your calendar: Free Coffee from Rosa L.",
        "Add a thank-you note: Free Coffee from Rosa L.",
        "A note, if you like (up to 280 characters): Free Coffee from Rosa L.",
        "Accept Free Coffee from Rosa L.",
        "Decline Free Coffee from Rosa L.",
    ]


def test_says_once_that_an_answer_is_being_confirmed(ana: Client, sandbox: SandboxProcess) -> None:
    handle = handle_of(ana)
    sandbox.queue_fault("gifttransfer/acceptTransferIn", {"kind": "drop_before"})
    for reader in ("gifttransfer/pendingTransfer", "gifttransfer/transferHistoryForAccount"):
        sandbox.queue_fault(reader, {"kind": "status", "status": 500}, times=2)
    fragment = parse(answer(ana, "accept", handle, **HTMX).content)
    article = fragment.one("article")

    assert article.one("h2").text == "We are confirming your answer"
    assert (
        article.one("p", class_="gift-state").text == "It has not failed; there is no need to answer again."
    )
    assert article.one("a").text == "Look again: Free Coffee from Rosa L."
    assert "We are confirming your answer. It has not failed" in fragment.text
    sandbox.clear_faults()
    waiting_still = parse(ana.get("/gifts/").content).one("article", id=f"gift-{handle}")
    assert "We are confirming your answer. It has not failed" in waiting_still.text
    assert waiting_still.one("a").text == "Look again: Free Coffee from Rosa L."


@pytest.mark.parametrize("action", ["accept", "decline"])
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_says_what_is_wrong_with_a_note_between_its_label_and_its_box(
    ana: Client, action: str, headers: dict[str, str]
) -> None:
    root = parse(answer(ana, action, handle_of(ana), "see www.example.com", **headers).content)
    (field,) = (each for each in root.all("div") if "field-wrong" in each.attributes.get("class", ""))
    label, error, box = (each for each in field.children if isinstance(each, Element))

    assert (label.name, error.attributes["class"], box.name) == ("label", "field-error", "textarea")
    assert label.text.startswith("A note, if you like")
    assert label.attributes["for"] == box.attributes["id"]
    assert box.attributes["aria-describedby"] == error.attributes["id"]
    assert root.one("section", id="error-summary").one("a").attributes["href"] == f"#{box.attributes['id']}"


def test_shows_an_empty_page_with_what_next(ana: Client, sandbox: SandboxProcess) -> None:
    sandbox.clear_transfers()
    page = parse_page(ana.get("/gifts/").content)

    assert "No gift is waiting" in page.text
    assert "(" not in title_of(page).partition("–")[0]


def test_asks_nobody_about_what_cannot_be_a_handle(ana: Client, sandbox: SandboxProcess) -> None:
    for handle in ("short", "x" * 19, "x" * 21, "x" * 19 + "!"):
        assert ana.get(f"/gifts/{handle}/decline/").status_code == 404
        assert ana.get(f"/gifts/{handle}/deadline.ics").status_code == 404
    assert sandbox.requests() == []
