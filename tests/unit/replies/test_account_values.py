"""Answers of accountInformation as real servers spell numbers, days, names and lots, and what the guest reads out.

Written from docs/paytronix-api.md, sections 5 and 8.
"""

import pytest

from tests.support import builders
from tests.unit.replies.account_page import lines_of, words_of

Rows = list[tuple[object, str]]


def bare(**members: object) -> builders.Payload:
    """A success that says no more than that the card is good, and these members."""
    return {"result": "success", "accountStatus": "ACTIVE", "queryCardStatus": "ACTIVE", **members}


def points(**members: object) -> builders.Payload:
    return bare(pointBalances=[builders.wallet(walletCode=3, name="Points", **members)])


def money(**members: object) -> builders.Payload:
    return bare(storedValueBalance=builders.wallet(walletCode=1, name="Stored Value", **members))


def rewards(*held: builders.Payload) -> builders.Payload:
    return bare(rewardBalances=[builders.wallet(walletCode=21, name="Free Coffee", **each) for each in held])


def lot(amount: object, day: object = "2031-12-31") -> builders.Payload:
    return builders.expiration(amount=amount, expirationDate=day)


# "[+-]mmmm[.nn]" as a string; unquoted by older releases; with an exponent for scales below 0 or above 50.
NUMBERS: Rows = [
    *(("1250", "1,250 Points"), ("+0012.50", "12.5 Points"), ("-3", "-3 Points")),
    *((340, "340 Points"), (12.1, "12.1 Points"), (9007199254740993, "9,007,199,254,740,993 Points")),
    *(("1E+3", "1,000 Points"), ("1.25E3", "1,250 Points"), ("5e-1", "0.5 Points")),
    *(("0E-8", "0 Points"), ("0E+3", "0 Points"), ("0e0", "0 Points")),
    ("1.5E-51", f"0.{'0' * 50}15 Points"),
    *(("1e400", "1e400 Points"), ("1E-400", "1E-400 Points"), ("-1E+999999999", "-1E+999999999 Points")),
    *((".5", "0.5 Points"), ("-.25", "-0.25 Points"), ("5.", "5 Points")),
    *(("-0", "0 Points"), ("-0.00", "0 Points"), ("-0E-8", "0 Points")),
    *((" 7 ", "7 Points"), ("NaN", "NaN Points"), ("12 pts", "12 pts Points")),
    *((None, "Points: Not available"), ("", "Points: Not available"), ("None", "Points: Not available")),
]
MONEY: Rows = [
    *(("42.50", "$42.50"), ("25.5000", "$25.50"), ("-12.5", "-$12.50")),
    *(("1E+1", "$10.00"), ("0E-8", "$0.00"), ("1.999E2", "$199.90")),
    *((".5", "$0.50"), ("5.", "$5.00"), ("-0", "$0.00")),
]


@pytest.mark.parametrize(("balance", "figure"), NUMBERS, ids=repr)
def test_reads_a_number_of_points(balance: object, figure: str) -> None:
    assert figure in lines_of(points(balance=balance))


@pytest.mark.parametrize(("balance", "figure"), MONEY, ids=repr)
def test_reads_an_amount_of_money(balance: object, figure: str) -> None:
    assert f"Stored Value {figure}" in lines_of(money(balance=balance))


LAST = "December 31, 2031"
# A date, also with a time; a moment without an offset is UTC, and its day is the merchant's, here New York's.
DAYS: Rows = [
    *(("2031-12-31", f"1 expires on {LAST}"), ("20311231", f"1 expires on {LAST}")),
    *((f"2031-12-31{time}", f"1 expires on {LAST}") for time in (" 00:00:00", "T00:00:00", "T00:00:00Z")),
    ("2031-12-31T00:00:00.000-05:00", f"1 expires on {LAST}"),
    *((f"2031-12-31{time}", f"1 expires on {LAST}") for time in (" 23:59:59 -0500", "T23:59:59.999Z")),
    *((f"2031-12-31{time}", "1 expires on December 30, 2031") for time in ("T04:30:00Z", " 04:30:00")),
    ("2020-01-01", "1 expired on January 1, 2020"),
    ("2020-01-01T00:00:00.000-05:00", "1 expired on January 1, 2020"),
    ("20200101", "1 expired on January 1, 2020"),
    ("2126-10-01", "1 expires on October 1, 2126"),
    *(("soon", "1 until soon"), ("2031-02-30", "1 until 2031-02-30"), ("31/12/2031", "1 until 31/12/2031")),
    (None, "1 with an end date that is not available"),
    ("", "1 with an end date that is not available"),
    ({}, "1 with an end date that is not available"),
]
NO_END = ["9999-12-31", "99991231", "9999-12-31T23:59:59Z", "2126-11-22", "2999-01-01 00:00:00"]


@pytest.mark.parametrize(("day", "line"), DAYS, ids=repr)
def test_reads_the_day_on_which_something_ends(day: object, line: str) -> None:
    assert line in lines_of(points(balance="5", expirations=[lot("1", day)]))


@pytest.mark.parametrize("day", NO_END)
def test_takes_never_for_no_end(day: str) -> None:
    text = words_of(rewards({"balance": "1", "expirations": [lot("1", day)]}))

    assert "1 × Free Coffee" in text
    assert [word for word in ("expire", "until", "9999", "2126", "2999") if word in text] == []


@pytest.mark.parametrize(
    ("day", "line"),
    [
        *((day, "July 29, 2014") for day in ("2014-07-29", "20140729", "2014-07-29T00:00:00.000Z")),
        *(("2014-07-29 16:29:22 -0400", "July 29, 2014"), ("2014-07-29T02:00:00Z", "July 28, 2014")),
        *(("29/07/2014", "29/07/2014"), (None, "Not available"), ([], "Not available")),
    ],
    ids=repr,
)
def test_reads_the_day_on_which_a_guest_joined(day: object, line: str) -> None:
    lines = lines_of(bare(fields={"enrollDate": day}))

    assert lines[lines.index("Member since") + 1] == line


@pytest.mark.parametrize(
    ("lots", "said"),
    [
        # One day, one line.
        ([lot("1"), lot("2"), lot("1")], [f"4 expire on {LAST}"]),
        ([lot("0.5"), lot(".5")], [f"1 expires on {LAST}"]),
        ([lot("1"), lot("1", "20311231"), lot("1", "2031-12-31 00:00:00")], [f"3 expire on {LAST}"]),
        ([lot("1"), lot("1", "2031-12-30")], ["1 expires on December 30, 2031", f"1 expires on {LAST}"]),
        ([lot("1", None), lot("1", None)], ["2 with an end date that is not available"]),
        ([lot("1", "soon"), lot("1", "soon"), lot("1", "later")], ["2 until soon", "1 until later"]),
        # What cannot be added up stands beside the sum.
        ([lot("1"), lot(None), lot("2")], [f"3 expire on {LAST}", f"Some expire on {LAST}"]),
        ([lot(None), lot({}), lot("")], [f"Some expire on {LAST}"]),
        ([lot("many"), lot("1")], [f"many expire on {LAST}", f"1 expires on {LAST}"]),
        # Nothing does not end.
        *(([lot(nothing), lot("1")], [f"1 expires on {LAST}"]) for nothing in ("0", "0.00", "0E-8")),
        ([lot("0")], []),
        ([lot("0", "2020-01-01"), lot("1", "9999-12-31")], []),
        # Some of it never ends.
        ([lot("1"), lot("4", "9999-12-31")], [f"1 expires on {LAST}"]),
    ],
    ids=repr,
)
def test_joins_the_lots_of_one_day(lots: list[builders.Payload], said: list[str]) -> None:
    lines = lines_of(points(balance="9", expirations=lots))

    ends = [line for line in lines if any(word in line for word in ("expire", "until", "end date"))]
    assert [line for line in ends if "Points" not in line] == said  # without the item that holds them all


def test_joins_money_of_one_day_to_the_cent() -> None:
    lots = [lot("12.10"), lot("2.25"), lot("1E+1")]

    assert f"$24.35 expires on {LAST}" in lines_of(money(balance="42.50", expirations=lots))


PAST = "2020-01-01"


@pytest.mark.parametrize(
    ("held", "listed"),
    [
        ([{"balance": "2"}], ["2 × Free Coffee"]),
        # None left.
        *(([{"balance": nothing}], []) for nothing in ("0", "0.00", "0E-8")),
        ([{"balance": "0"}, {"balance": "3"}], ["3 × Free Coffee"]),
        # All of it is over.
        ([{"balance": "1", "expirations": [lot("1", PAST)]}], []),
        ([{"balance": "1", "expirations": [lot(None, PAST)]}], []),
        ([{"balance": "2", "expirations": [lot("1", PAST), lot("1", "20191231")]}], []),
        # Some of it is, or nobody knows.
        ([{"balance": "2", "expirations": [lot("1", PAST), lot("1")]}], ["2 × Free Coffee"]),
        ([{"balance": "3", "expirations": [lot("1", PAST)]}], ["3 × Free Coffee"]),
        ([{"balance": "1", "expirations": [lot("1", "2026-11-22")]}], ["1 × Free Coffee"]),
        ([{"balance": None, "expirations": [lot("1", PAST)]}], ["Free Coffee: Not available"]),
        ([{"balance": "some", "expirations": [lot("1", PAST)]}], ["some × Free Coffee"]),
    ],
    ids=repr,
)
def test_lists_the_rewards_of_which_there_is_one_to_use(
    held: list[builders.Payload], listed: list[str]
) -> None:
    lines = lines_of(rewards(*held))

    found = dict.fromkeys(line for line in lines if "Free Coffee" in line and "expire" not in line)
    assert list(found) == listed
    assert ("No rewards to use now" in lines) == (listed == [])


def test_shows_a_counter_of_zero_and_what_has_ended_of_others() -> None:
    assert "0 Points" in lines_of(points(balance="0"))
    assert "1 expired on January 1, 2020" in lines_of(points(balance="1", expirations=[lot("1", PAST)]))


def unnamed(code: int, balance: object) -> builders.Payload:
    return builders.without(builders.wallet(walletCode=code, balance=balance), "name")


@pytest.mark.parametrize(
    ("members", "line"),
    [
        ({"pointBalances": [unnamed(3, "12")]}, "12 Points"),
        ({"pointBalances": [unnamed(3, "1")]}, "1 Point"),
        ({"pointBalances": [unnamed(3, None)]}, "Points: Not available"),
        ({"pointBalances": [unnamed(4711, "12")]}, "12 Points"),
        ({"pointBalances": [{**unnamed(4711, "2"), "name": " "}]}, "2 Points"),
        ({"pointBalances": [{**unnamed(4711, "2"), "name": None}]}, "2 Points"),
        ({"pointBalances": [{**unnamed(4711, "2"), "name": ["Stars"]}]}, "2 Points"),
        ({"rewardBalances": [unnamed(21, "1")]}, "1 × Reward"),
        ({"rewardBalances": [unnamed(4711, "3")]}, "3 × Reward"),
        ({"storedValueBalance": unnamed(1, "7.05")}, "Balance $7.05"),
        # Paytronix's own word, as it is.
        ({"pointBalances": [builders.wallet()]}, "1 Visits"),
    ],
    ids=repr,
)
def test_has_a_word_for_what_has_no_name(members: builders.Payload, line: str) -> None:
    assert line in lines_of(bare(**members))


# Decoded once, whatever comes out.
ENTITIES = [
    *(("Ben &amp; Jerry&#39;s", "Ben & Jerry's"), ("Caf&eacute;", "Café"), ("Tom &#x26; Sue", "Tom & Sue")),
    *(("&lt;b&gt;Bold&lt;/b&gt;", "<b>Bold</b>"), ("&amp;lt;b&amp;gt;", "&lt;b&gt;"), ("&amp;amp;", "&amp;")),
    *(("Fish&chips", "Fish&chips"), ("AT&T &copy 2026", "AT&T &copy 2026"), ("R&D &nosuch;", "R&D &nosuch;")),
    ("Gold &#8238;card&#x202E;", "Gold card"),
]


@pytest.mark.parametrize(("sent", "shown"), ENTITIES)
def test_decodes_the_entities_of_a_name_once(sent: str, shown: str) -> None:
    assert f"7 {shown}" in lines_of(bare(pointBalances=[builders.wallet(name=sent, balance="7")]))


@pytest.mark.parametrize(
    "members",
    [
        {"tierLabel": "Ben &amp; Co"},
        {"cardTemplateLabel": "Ben &amp; Co"},
        {"enrollmentStore": {"code": "1", "label": "Ben &amp; Co"}},
        {"fields": {"perks": [{"label": "Ben &amp; Co"}]}},
        {"fields": {"perks": [{"perkLabel": "Ben &amp; Co"}]}},
        {"fields": {"externalAccounts": [{"accountCode": 7, "integrationName": "Ben &amp; Co"}]}},
        {"pointBalances": [builders.wallet(description="Ben &amp; Co")]},
    ],
    ids=repr,
)
def test_decodes_the_entities_of_every_label(members: builders.Payload) -> None:
    lines = lines_of(bare(**members))

    assert "Ben & Co" in lines
    assert "&amp;" not in "".join(lines)
