"""A gift's reference: what is put at the end of a message is found there, and taken out again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gifting.gift.reference import find_reference, make_reference, with_reference, without_reference
from guestportal.paytronix.calls import CROCKFORD
from guestportal.paytronix.text import clean_text

REFERENCES = st.text(CROCKFORD, min_size=8, max_size=8)
# Any text, and text that is nearly a reference.
MESSAGES = st.one_of(
    st.text(max_size=300),
    st.lists(
        st.sampled_from(["Ref ", "7K3M9QX2", "Ref 7K3M9QX2", "\n", " ", "x", "\u2028", "_"]), max_size=8
    ).map("".join),
)


@given(message=MESSAGES, reference=REFERENCES)
def test_what_is_put_at_the_end_is_found_and_taken_out_again(message: str, reference: str) -> None:
    written = with_reference(message, reference)

    assert find_reference(written) == reference
    assert without_reference(written) == message


@given(message=MESSAGES, reference=REFERENCES)
def test_it_is_found_in_a_message_that_was_cleaned_before_and_after(message: str, reference: str) -> None:
    cleaned = clean_text(message)
    read = clean_text(with_reference(cleaned, reference))

    assert find_reference(read) == reference
    assert without_reference(read) == cleaned


@given(message=MESSAGES, reference=REFERENCES)
def test_it_is_found_where_its_line_was_joined_to_the_words(message: str, reference: str) -> None:
    assert find_reference(f"{message} Ref {reference}") == reference


@given(message=MESSAGES)
def test_without_a_reference_a_message_is_sent_as_it_is(message: str) -> None:
    assert with_reference(message, "") == message


def test_a_new_one_can_be_found() -> None:
    reference = make_reference()
    assert find_reference(with_reference("", reference)) == reference
    assert make_reference() != reference


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("Have one on me\nRef 7K3M9QX2", "Have one on me"),
        ("Ref 7K3M9QX2", ""),
        ("Ref 7K3M9QX2\nmore", "Ref 7K3M9QX2\nmore"),
        ("about Ref 7K3M9QX2", "about Ref 7K3M9QX2"),
        ("", ""),
    ],
)
def test_leaves_out_the_portals_own_line_alone(message: str, shown: str) -> None:
    assert without_reference(message) == shown
