"""The CSV: every cell as text for a spreadsheet, and nothing of the other side that is not on the page."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gifting.gift.domain import Gift
from gifting.history.csv_export import harmless, history_file
from tests.support.builders import Payload, without
from tests.support.gift_payloads import ROSA_CARD, balance, external, gift, person, sent, transfer

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\0=1", " =1", "\n=1", "＝1", "－1", "＋1", "＠x"]


def rows_of(*gifts: Gift) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(history_file(gifts), newline="")))


@pytest.mark.parametrize("formula", FORMULAS)
def test_puts_an_apostrophe_before_whatever_starts_a_formula(formula: str) -> None:
    assert harmless(formula).startswith("'")
    assert "\0" not in harmless(formula)


@pytest.mark.parametrize("text", ["", "Rosa L.", "5", "a=b", "'tis", "1-2"])
def test_leaves_other_text_alone(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize("formula", ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "＝1"])
def test_has_no_live_formula_in_any_column(formula: str) -> None:
    nasty: Payload = {
        "status": formula,
        "transferMessage": formula,
        "responseMessage": formula,
        "transferDatetime": formula,
        "responseDatetime": formula,
        "transferOutTransactionId": formula,
        "transferInTransactionId": formula,
        "voidTransferOutTransactionId": formula,
        "balance": balance(
            destinationWalletName=formula,
            destinationAmount=formula,
            sourceWalletName=formula,
            sourceWalletCode=5,
            sourceAmount=formula,
            expirationDate=formula,
        ),
        "externalTarget": external(name=formula),
    }
    names = person(firstName=formula, lastName=formula)
    for row in rows_of(gift(transfer(fromUserInformation=names, **nasty)), gift(sent(**nasty))):
        live = [cell for cell in row.values() if cell[:1] in {"=", "+", "-", "@", "＝", "\t", "\r"}]
        assert not live


@given(st.text(max_size=50))
def test_reads_back_as_one_row_whatever_stands_in_a_message(text: str) -> None:
    (row,) = rows_of(gift(transfer(transferMessage=text.encode("utf-8", "ignore").decode())))

    assert row["Reward"] == "Free Coffee"
    assert row["Transfer out"] == "'9007199254800001"


@given(st.text(alphabet="=+-@＝;,\t\r\n\"' a\0", max_size=12), st.sampled_from([";", "\t", ","]))
def test_has_no_live_formula_wherever_a_spreadsheet_splits(text: str, delimiter: str) -> None:
    message = gift(transfer(transferMessage=f"Hi{text}", responseMessage=text, status="ACCEPTED"))
    file = io.StringIO(history_file([message]), newline="")
    cells = [cell for row in csv.reader(file, delimiter=delimiter) for cell in row]

    assert not [cell for cell in cells if cell.lstrip()[:1] in set("=+-@＝")]


@pytest.mark.parametrize("number", ["9007199254800001", "1234567890123456", "12345678901234567.50"])
def test_keeps_all_digits_of_a_number_as_text(number: str) -> None:
    assert harmless(number) == f"'{number}"


@pytest.mark.parametrize(
    "text", ["123456789012345", "12.50", "2026-11-20 16:29:22 -0500", "1234567890123456 a"]
)
def test_leaves_alone_what_a_spreadsheet_keeps(text: str) -> None:
    assert harmless(text) == text


def test_quotes_quotes_and_keeps_line_breaks() -> None:
    (row,) = rows_of(gift(transfer(transferMessage='She said "two",\nthen left')))

    assert row["Message"] == 'She said "two",\nthen left'
    assert '"She said ""two"",\nthen left"' in history_file(
        [gift(transferMessage='She said "two",\nthen left')]
    )


def test_tells_both_directions_apart_and_names_the_other_side_as_the_page_does() -> None:
    received, given_away = rows_of(gift(transfer(status="ACCEPTED")), gift(sent(status="RETURNED")))

    assert (received["Direction"], received["Status"], received["From"]) == (
        "Received",
        "Accepted",
        "Rosa L.",
    )
    assert (given_away["Direction"], given_away["Status"]) == ("Given", "Returned")
    assert given_away["To"] == "Jo from next door"


def test_holds_no_card_number_no_last_name_and_no_address() -> None:
    text = history_file(
        [gift(transfer(status="ACCEPTED")), gift(sent()), gift(without(sent(), "externalTarget"))]
    )

    for secret in (ROSA_CARD, ROSA_CARD[-6:], "Lindqvist", "jo@example.net", "ANAC0FFEE7QK2MZP"):
        assert secret not in text
