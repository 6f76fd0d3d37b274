"""The entrance's form, without script: what it looks like, what it keeps, and what it lets through."""

import dataclasses

import pytest
from django.test import Client

from accounts.models import Credential
from guestportal.merchants.definition import Merchant
from guestportal.sandbox.cards import SEED
from guestportal.web.models import Session
from tests.conftest import serving
from tests.support.pages import Element, parse_page, title_of
from tests.support.plain_browser import enter_card, submit
from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db

FIELDS = ("card_number", "registration_code")


def field(page: Element, name: str) -> Element:
    return page.one("input", name=name)


def description(page: Element, control: Element) -> list[str]:
    """The texts that describe a field to a screen reader, in order."""
    return [page.one(id=part).text for part in control.attributes.get("aria-describedby", "").split()]


def entrance(client: Client, language: str = "en") -> Element:
    return parse_page(client.get("/", headers={"Accept-Language": language}).content)


@pytest.mark.parametrize(
    ("name", "inputmode", "autocomplete"),
    [("card_number", "numeric", "username"), ("registration_code", "text", "current-password")],
)
def test_gives_each_field_the_attributes_that_help_and_none_that_hinder(
    guest_client: Client, name: str, inputmode: str, autocomplete: str
) -> None:
    control = field(entrance(guest_client), name)

    assert control.attributes["type"] == "text"
    assert control.attributes["inputmode"] == inputmode
    assert control.attributes["autocomplete"] == autocomplete
    assert control.attributes["spellcheck"] == "false"
    assert control.attributes["autocapitalize"] == "off"
    assert control.attributes["autocorrect"] == "off"
    assert control.attributes.get("value", "") == ""
    assert control.attributes.keys().isdisjoint({"maxlength", "minlength", "pattern", "placeholder", "size"})
    assert "onpaste" not in control.attributes


def test_offers_letters_on_the_keyboard_when_card_numbers_hold_letters(merchant: Merchant) -> None:
    card = dataclasses.replace(merchant.card, number_has_letters=True)
    with serving(dataclasses.replace(merchant, card=card)):
        control = field(entrance(Client()), "card_number")

    assert control.attributes["inputmode"] == "text"
    assert control.attributes["type"] == "text"


def test_is_one_form_that_leaves_the_checks_to_the_server(guest_client: Client) -> None:
    page = entrance(guest_client)
    form = field(page, "card_number").parent
    while form is not None and form.name != "form":
        form = form.parent

    assert form is not None
    assert "novalidate" in form.attributes
    assert form.attributes["method"] == "post"
    assert form.attributes["action"] == "/"
    assert {control.attributes["name"] for control in form.all("input")} == {*FIELDS, "csrfmiddlewaretoken"}
    assert len(form.all("button", type="submit")) == 1


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_takes_labels_and_hints_from_the_merchant(
    guest_client: Client, merchant: Merchant, language: str
) -> None:
    words = merchant.card.words[language]
    page = entrance(guest_client, language)

    for name, label, hint in (
        ("card_number", words.number_label, words.number_hint),
        ("registration_code", words.code_label, words.code_hint),
    ):
        control = field(page, name)
        assert page.one("label", for_=control.attributes["id"]).text == label
        assert description(page, control) == [" ".join(hint.split())]


def test_shows_where_to_find_both_with_a_picture_and_its_words(
    guest_client: Client, merchant: Merchant
) -> None:
    page = entrance(guest_client)
    (disclosure,) = [each for each in page.all("details") if "Where do I find" in each.text]
    picture = disclosure.one("img")

    assert picture.attributes["alt"] == merchant.card.words["en"].picture_text
    assert guest_client.get(picture.attributes["src"]).status_code == 200


def test_ignores_values_in_the_address(guest_client: Client) -> None:
    page = parse_page(guest_client.get("/?card_number=6000301000418000&registration_code=123456").content)

    assert [field(page, name).attributes["value"] for name in FIELDS] == ["", ""]


MALFORMED = [
    ("", ""),
    ("6000301000418000", ""),
    ("", "123456"),
    ("600030100041800", "123456"),
    ("60003010004180001", "123456"),
    ("600030100041800A", "123456"),
    ("6000301000418000", "12345"),
    ("6000301000418000", "12'; --"),
    ("7" * 5000, "8" * 5000),
    ('"><script>alert(1)</script>', "<b>12</b>"),
    ("{{ 7 }}{% now 'Y' %}", "${7*7}"),
    ("\u202e0008140001030006", "six"),
    ("½½½½½½½½½½½½½½", "¼¼¼¼"),
]


@pytest.mark.parametrize(("number", "code"), MALFORMED)
def test_says_what_to_change_and_asks_nobody(
    guest_client: Client, sandbox: SandboxProcess, number: str, code: str
) -> None:
    response = enter_card(guest_client, number, code)
    page = parse_page(response.content)
    elements = list(page.all())
    (heading,) = [each for each in page.all("h2") if each.text == "There is a problem"]
    summary = heading.parent
    assert summary is not None
    links = summary.all("a")

    assert response.status_code == 422
    assert title_of(page).startswith("Error: ")
    assert elements.index(heading) < elements.index(page.one("h1"))
    assert summary.attributes["tabindex"] == "-1"
    assert links
    for link in links:
        control = page.one(id=link.attributes["href"].removeprefix("#"))
        assert control.name == "input"
        assert control.attributes["aria-invalid"] == "true"
        assert any(link.text in text for text in description(page, control))
    linked = {link.attributes["href"] for link in links}
    assert len(linked) == len(links), "one sentence for each field"
    for name in FIELDS:
        control = field(page, name)
        wrong = f"#{control.attributes['id']}" in linked
        assert ("aria-invalid" in control.attributes) is wrong
        assert len(description(page, control)) == (2 if wrong else 1)
    assert [field(page, name).attributes["value"] for name in FIELDS] == [number, code]
    assert sandbox.requests() == []
    assert not Session.objects.exists()


def test_never_speaks_down_to_the_guest(guest_client: Client) -> None:
    for number, code in MALFORMED:
        page = parse_page(enter_card(guest_client, number, code).content)
        summary = next(each for each in page.all("h2") if each.text == "There is a problem").parent
        assert summary is not None
        assert not [word for word in ("invalid", "please", "oops", "sorry") if word in summary.text.lower()]


@pytest.mark.parametrize("name", FIELDS)
def test_drops_null_characters_like_other_invisible_ones(guest_client: Client, name: str) -> None:
    fields = {"card_number": SEED.number, "registration_code": SEED.code}
    fields[name] = f"\x00{fields[name][:3]}\x00{fields[name][3:]}"

    assert submit(guest_client, "/", fields).status_code == 302


@pytest.mark.parametrize("name", FIELDS)
def test_opens_a_card_from_one_pasted_message_with_one_call(
    guest_client: Client, sandbox: SandboxProcess, name: str
) -> None:
    message = f"Hello,\r\nyour card: 6000 3010-0041 8000\r\nRegistration code: {SEED.code}\r\nEnjoy!"

    response = submit(guest_client, "/", {**dict.fromkeys(FIELDS, ""), name: message})

    assert response.status_code == 302
    assert len(sandbox.requests()) == 1


@pytest.mark.parametrize("name", FIELDS)
def test_shows_what_it_read_in_a_message_after_a_refusal(guest_client: Client, name: str) -> None:
    message = "Card: 6000 3010-0041 8000, registration code: 99-99-99 or 999999"

    response = submit(guest_client, "/", {**dict.fromkeys(FIELDS, ""), name: message})
    page = parse_page(response.content)

    assert response.status_code == 422
    assert [field(page, each).attributes["value"] for each in FIELDS] == [SEED.number, "999999"]


def test_reads_the_fields_of_the_body_only(guest_client: Client, sandbox: SandboxProcess) -> None:
    response = submit(guest_client, f"/?card_number={SEED.number}&registration_code={SEED.code}", {})

    assert response.status_code == 422
    assert sandbox.requests() == []


def test_names_what_an_error_report_must_not_hold(guest_client: Client) -> None:
    request = enter_card(guest_client, code="999999").wsgi_request  # type: ignore[attr-defined]  # a test's response

    assert set(request.sensitive_post_parameters) == {"card_number", "registration_code"}


def test_refuses_a_post_without_a_token(guest_client: Client, sandbox: SandboxProcess) -> None:
    response = guest_client.post("/", {"card_number": SEED.number, "registration_code": SEED.code})

    assert response.status_code == 403
    assert sandbox.requests() == []


def test_neither_offers_nor_takes_cards_while_the_merchant_has_paused_the_form(
    merchant: Merchant, sandbox: SandboxProcess
) -> None:
    paused = dataclasses.replace(merchant, features=dataclasses.replace(merchant.features, card_form=False))
    with serving(paused):
        client = Client()
        page = entrance(client)
        response = client.post("/", {"card_number": SEED.number, "registration_code": SEED.code})

    assert page.all("input", name="card_number") == []
    assert response.status_code != 302
    assert sandbox.requests() == []
    assert not Credential.objects.exists()


def test_changes_nothing_on_head(guest_client: Client, sandbox: SandboxProcess) -> None:
    response = guest_client.head("/?next=/balance/")

    assert response.status_code == 200
    assert response.content == b""
    assert sandbox.requests() == []
    assert not Session.objects.exists()
    assert not Credential.objects.exists()


def test_says_why_the_guest_is_back(guest_client: Client) -> None:
    ended = parse_page(guest_client.get("/?next=/balance/&ended=1").content)
    left = parse_page(guest_client.get("/?left=1").content)
    plain = entrance(guest_client)

    assert ended.one(role="status").text.endswith(".")
    assert left.one(role="status").text.endswith(".")
    assert ended.one(role="status").text != left.one(role="status").text
    assert plain.one(role="status").text == ""
