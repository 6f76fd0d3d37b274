"""The siege can still be laid: docs/threats.md, section 3, cites its figures, and `make siege` is run by hand."""

import pytest

from tests.tools.siege.__main__ import AT_ONCE, one_card


@pytest.mark.long
def test_counts_what_reaches_paytronix_of_a_small_attack_on_one_card(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert one_card(tries=2 * AT_ONCE)

    assert "calls admitted           5 (a quarter of an hour's limit is 5)" in capsys.readouterr().out
