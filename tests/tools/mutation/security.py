"""Each mitigation of docs/security.md that one test is there for, taken out."""

from typing import Final

from tests.tools.mutation.mutant import Mutant, Suite

TRIES = "tests/portal/accounts/test_tries.py"
ALL_TRIES = "tests/portal/accounts/test_tries_of_all.py"
ENDS = "tests/portal/accounts/test_ends_of_tries.py"
MISCONFIGURED = "tests/portal/accounts/test_misconfiguration.py"
FAILED = "tests/portal/accounts/test_failed_tries.py"
PROOFS = "tests/portal/throttling/test_proofs.py"

MUTANTS: Final = (
    Mutant(
        "failures of a card are counted (T1)",
        "accounts/counting.py",
        '        _end(attempt, Try.fail, "limited"',
        '        _end(attempt, Try.forget, "limited"',
        f"{TRIES}::TestACard::test_makes_no_call_for_the_eleventh_failure_of_a_day_from_any_addresses",
    ),
    Mutant(
        "whatever a wrong code is answered with counts (check 41)",
        "accounts/counting.py",
        '        _end(attempt, Try.fail, "unreadable"',
        '        _end(attempt, Try.forget, "unreadable"',
        f"{ENDS}::test_a_card_is_asked_about_five_times_whatever_status_a_wrong_code_has",
    ),
    Mutant(
        "a failed try takes a place of its card (check 42)",
        "accounts/counting.py",
        "        _end(attempt, Try.doubt, ",
        "        _end(attempt, Try.forget, ",
        f"{FAILED}::test_one_card_alone_is_asked_about_five_times_and_nobody_else_pays_for_it",
    ),
    Mutant(
        "and of nothing else (check 42)",
        "accounts/counting.py",
        "        _end(attempt, Try.doubt, ",
        "        _end(attempt, Try.fail, ",
        f"{FAILED}::test_one_card_alone_is_asked_about_five_times_and_nobody_else_pays_for_it",
    ),
    Mutant(
        "a card gets its places back once a day (check 42)",
        "guestportal/throttling/doubts.py",
        '                if counters.take(counters.key_of("given_back", counter), _ONCE_A_DAY).place:\n',
        "                if True:\n",
        f"{FAILED}::test_a_card_is_given_its_places_back_once_a_day",
    ),
    Mutant(
        "three cards make an outage (check 42)",
        "guestportal/throttling/doubts.py",
        "        if len(cards) >= CARDS_OF_AN_OUTAGE:\n",
        "        if cards:\n",
        f"{FAILED}::test_an_answer_between_makes_two_cards_and_one_no_outage",
    ),
    Mutant(
        "nothing is asked while our own credentials are refused (check 43)",
        "accounts/misconfiguration.py",
        "    if not own_credentials.are_refused(merchant):\n",
        "    if True:\n",
        f"{MISCONFIGURED}::TestWhereTheCallHasOnceSucceeded"
        "::test_a_wrong_secret_is_an_outage_from_the_fourth_guest_on",
    ),
    Mutant(
        "a call proves only where it has once succeeded (check 43)",
        "accounts/misconfiguration.py",
        "            if known and known.has_answered and own",
        "            if known and own",
        f"{MISCONFIGURED}::TestWhereOnlyGuestsHaveComeIn::test_a_refused_call_proves_nothing",
    ),
    Mutant(
        "guesses at a new installation are counted (check 43)",
        "accounts/counting.py",
        '            _end(attempt, Try.fail, "misconfigured", error)\n',
        '            _end(attempt, Try.forget, "misconfigured", error)\n',
        f"{MISCONFIGURED}::TestWhereNothingHasEverSucceeded"
        "::test_refusals_are_told_as_an_outage_and_logged_and_counted",
    ),
    Mutant(
        "cards of an address are counted (T2)",
        "guestportal/throttling/tries.py",
        '        if taking.is_new("card_of_address", address, card_number):\n',
        "        if False:\n",
        f"{TRIES}::TestAnAddress::test_asks_for_a_proof_at_the_sixth_card_and_stops_at_the_eleventh",
    ),
    Mutant(
        "attack mode (T3)",
        "guestportal/throttling/tries.py",
        "    if may_prove and not proven and attack.is_on(merchant):\n",
        "    if False:\n",
        f"{ALL_TRIES}::TestTheWholeSite::test_asks_everybody_for_a_proof_for_a_quarter_of_an_hour",
    ),
    Mutant(
        "user names are counted (T4)",
        "guestportal/throttling/tries.py",
        "        key = taking.take_of_name(username, roomy=inside)\n",
        '        key = ""\n',
        f"{TRIES}::TestAUserName::test_asks_for_a_proof_and_then_refuses_for_the_window",
    ),
    Mutant(
        "a limited card answers like a wrong code (T5)",
        "accounts/services.py",
        "        if attempt.is_limited:\n            raise CredentialsRefused(",
        "        if attempt.is_limited:\n            raise InvalidStatus(",
        f"{TRIES}::TestACard::test_answers_unknown_card_wrong_code_and_limited_card_alike",
    ),
    Mutant(
        "refusals wait for the pace (T5)",
        "guestportal/web/pace.py",
        "    if not pace:\n",
        "    if True:\n",
        "tests/portal/accounts/test_timing.py::test_is_the_same_for_unknown_card_wrong_code_and_limited_card",
    ),
    Mutant(
        "one statement looks and counts (T6)",
        "guestportal/throttling/counters.py",
        "            WHEN substr(counter.hits, %s, %s) <= %s AND",
        "            WHEN length(counter.hits) < 200 OR substr(counter.hits, %s, %s) <= %s AND",
        "tests/portal/throttling/test_counters.py"
        "::test_four_processes_that_hit_at_once_are_let_through_to_the_limit_and_not_once_more",
    ),
    Mutant(
        "forwarded headers count from trusted proxies only (T6)",
        "guestportal/web/client_address.py",
        "    hops = settings.TRUSTED_PROXY_COUNT\n",
        "    hops = settings.TRUSTED_PROXY_COUNT or 1\n",
        f"{TRIES}::TestAnAddress::test_a_forged_header_changes_nothing",
    ),
    Mutant(
        "success clears its own failures only (T7)",
        "guestportal/throttling/tries.py",
        "            counters.clear(self.own_key)\n",
        "            [counters.clear(place.key) for place in self.places]\n",
        f"{TRIES}::TestACard::test_clears_its_own_failures_by_success_and_no_others",
    ),
    Mutant(
        "a proof is good once",
        "guestportal/throttling/proofs.py",
        '    return counters.take(counters.key_of("work", parameters.nonce), _ONCE).place is not None\n',
        "    return True\n",
        f"{PROOFS}::TestWork::test_is_taken_once",
    ),
    Mutant(
        "a proof is for one form",
        "guestportal/throttling/proofs.py",
        '    if (parameters.data or {}).get("for") != _bound_to(merchant, purpose):\n',
        "    if False:\n",
        f"{PROOFS}::TestWork::test_is_for_one_form_of_one_merchant",
    ),
    Mutant(
        "nobody gets in while the counters are out of reach",
        "guestportal/throttling/counters.py",
        "        raise CountersUnreachable from None\n",
        "        raise\n",
        f"{ALL_TRIES}::TestCountersOutOfReach::test_refuse_everybody_who_wants_in",
    ),
    Mutant(
        "keys are hashed (T16)",
        "guestportal/throttling/counters.py",
        '        return lookup_hash("counter", *parts)\n',
        '        return "/".join(parts)[:64]\n',
        f"{TRIES}::test_nothing_of_what_was_typed_stands_in_the_tables",
    ),
    Mutant(
        "new session key at sign-in (T8)",
        "accounts/gate.py",
        "    end_sign_in(request)\n    request.session[_KEY] = str(credential_id)\n",
        "    request.session[_KEY] = str(credential_id)\n",
        "tests/portal/accounts/test_sessions.py::test_drops_the_first_credential_when_a_second_card_is_entered",
    ),
    Mutant(
        "no inline code (T13)",
        "guestportal/settings.py",
        '        "script-src": [SELF],\n',
        '        "script-src": [SELF, "\'unsafe-inline\'"],\n',
        "tests/portal/web/test_headers.py::test_allows_no_inline_code_and_no_other_site",
    ),
    Mutant(
        "requests of other sites are refused",
        "guestportal/settings.py",
        '    "guestportal.web.fetch_site.FetchSiteMiddleware",\n',
        "",
        "tests/portal/web/test_headers.py::test_refuses_unsafe_requests_that_another_site_started",
    ),
    Mutant(
        "log lines are redacted (T16)",
        "guestportal/web/logs.py",
        "            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))\n",
        "            record.exc_text = logging.Formatter().formatException(record.exc_info)\n",
        "tests/portal/web/test_logs.py::test_errors_reach_the_hook_redacted",
    ),
)

SUITE: Final = Suite(MUTANTS)
