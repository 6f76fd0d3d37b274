"""The history in a browser without script: filters and pages are plain links, the table downloads, details copy."""

import re
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewGuest
from tests.browser.guest import Guest
from tests.browser.inbox import ANA, THANKS, gift, give
from tests.support.sandbox import PENDING_TRANSFERS, TRANSFER_HISTORY, SandboxProcess

PAGE: Final = 25
_SELECTED: Final = """(block) => {
  getSelection().selectAllChildren(block);
  return [getSelection().toString(), getComputedStyle(block).userSelect];
}"""


def test_finds_gifts_by_direction_state_and_words(new_guest: NewGuest, sandbox: SandboxProcess) -> None:
    guest = new_guest(script=False)
    guest.come_with_card(ANA)
    sandbox.clear_requests()
    guest.open("/history/")
    everything = guest.page.get_by_role("article").count()
    asked = sorted(request.operation for request in sandbox.requests())
    assert asked == [PENDING_TRANSFERS, TRANSFER_HISTORY]

    guest.page.locator("summary", has_text="Find a gift").click()
    guest.page.get_by_label("Which way").select_option(label="Sent to you")
    guest.page.get_by_label("Where it is now").select_option(label="Declined")
    guest.submit("Show")
    expect(guest.page).to_have_url(f"{guest.origin}/history/?direction=in&status=REJECTED&q=")
    expect(guest.page.get_by_role("article")).to_have_count(1)
    expect(guest.page.get_by_role("article")).to_contain_text("Kind of you, but I only drink tea.")
    expect(guest.page.get_by_text(f"1 of {everything} gifts fits")).to_be_visible()
    expect(guest.page.get_by_label("Where it is now")).to_have_value("REJECTED")
    expect(guest.page).to_have_title("History of gifts, filtered – Harbor & Pine Coffee")

    guest.page.get_by_label("Name, gift or words").fill("nothing like this")
    guest.submit("Show")
    expect(guest.page.get_by_text("Nothing matches")).to_be_visible()
    guest.page.get_by_role("link", name="Show everything").click()
    expect(guest.page.get_by_role("article")).to_have_count(everything)


def test_turns_pages_by_plain_links_and_keeps_the_filters(
    new_guest: NewGuest, sandbox: SandboxProcess
) -> None:
    sandbox.clear_transfers()
    give(sandbox, count=PAGE + 5, status="ACCEPTED", answer=THANKS, message="Number {n}.")
    guest = new_guest(script=False)
    guest.come_with_card(ANA)
    guest.open("/history/?status=ACCEPTED")
    expect(guest.page.get_by_role("article")).to_have_count(PAGE)
    guest.page.get_by_role("link", name="Older gifts").click()
    expect(guest.page).to_have_url(f"{guest.origin}/history/?status=ACCEPTED&page=2")
    expect(guest.page.get_by_role("article")).to_have_count(5)
    expect(guest.page.get_by_text("26–30 of 30")).to_be_visible()
    expect(guest.page.get_by_role("link", name="Older gifts")).to_have_count(0)
    expect(guest.page.get_by_text("You received 30 Free Coffees")).to_be_visible()

    guest.page.get_by_role("link", name="Newer gifts").click()
    expect(guest.page).to_have_url(f"{guest.origin}/history/?status=ACCEPTED")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_downloads_what_the_filters_leave_as_a_table(
    new_guest: NewGuest, sandbox: SandboxProcess, tmp_path: Path, script: bool
) -> None:
    sandbox.clear_transfers()
    give(sandbox, status="ACCEPTED", answer=THANKS, message="=1+1")
    give(sandbox, status="RETURNED", message="Left out")
    guest = new_guest(script=script)
    guest.come_with_card(ANA)
    guest.open("/history/?status=ACCEPTED")
    with guest.page.expect_download() as started:
        guest.page.get_by_role("link", name="Download these gifts").click()
    assert started.value.suggested_filename == "gifts.csv"
    file = tmp_path / "gifts.csv"
    started.value.save_as(file)
    table = file.read_text(encoding="utf-8-sig")

    assert THANKS in table
    assert "'=1+1" in table
    assert "Left out" not in table


def test_shows_the_numbers_for_support_and_lets_them_be_copied(guest: Guest, sandbox: SandboxProcess) -> None:
    sandbox.clear_transfers()
    (sent,) = give(sandbox, status="ACCEPTED", answer=THANKS)
    guest.come_with_card(ANA)
    guest.open("/history/")
    parcel = gift(guest, "Free Coffee")
    number = parcel.get_by_text(str(sent.transaction_id))
    expect(number).to_be_hidden()
    parcel.locator("summary", has_text="Details").click()
    expect(number).to_be_visible()
    copied, selectable = number.evaluate(_SELECTED)

    assert str(sent.transaction_id) in copied
    assert str(sent.transfer_in_id) in copied
    assert len(copied.splitlines()) >= 2
    assert selectable != "none"


def test_leads_from_a_waiting_gift_to_its_answer(guest: Guest) -> None:
    guest.come_with_card(ANA)
    guest.open("/history/?direction=in&status=PENDING")
    guest.page.get_by_role("link", name=re.compile("Answer it ?: Free Coffee, Rosa L.")).first.click()

    expect(guest.page.get_by_role("heading", level=1)).to_have_text("Gifts for you")
    expect(
        guest.page.get_by_role("navigation", name="Your card").get_by_role("link", name="Gifts")
    ).to_have_attribute("aria-current", "page")
