"""The authentication styles as values."""

import pytest

from guestportal.paytronix.styles import B2BStyle, CardStyle, GuestStyle, OAuthStyle, Style


@pytest.mark.parametrize(
    "style",
    [
        CardStyle("6000309182736450", "CANARY"),
        GuestStyle("CANARY-name", "CANARY-password"),
        OAuthStyle("CANARY-token"),
        B2BStyle(),
    ],
    ids=lambda style: style.name,
)
def test_shows_no_credential_in_its_repr(style: Style) -> None:
    assert "CANARY" not in repr(style)
    assert "6000309182736450" not in repr(style)
