"""A visit under production settings, in a process of its own: prints what each answer was, as JSON."""

import json
import sys

import django
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from tests.support.pages import parse_page
from tests.support.plain_browser import SEED_CARD, SEED_CODE

HOST = "rewards.example"


def main(static_root: str) -> None:
    django.setup()
    settings.STATIC_ROOT = static_root
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    client = Client(
        enforce_csrf_checks=True,
        headers={"Host": HOST, "Referer": f"https://{HOST}/"},
        raise_request_exception=False,
    )
    answers: dict[str, object] = {}

    def visit(name: str, method: str, path: str, *, secure: bool = True, **fields: str) -> bytes:
        response = (
            client.post(path, fields, secure=secure) if method == "POST" else client.get(path, secure=secure)
        )
        answers[name] = {
            "status": response.status_code,
            "headers": dict(response.headers.items()),
            "cookies": {
                morsel.key: {
                    **{key: value for key, value in morsel.items() if value},
                    "length": len(morsel.value),
                }
                for morsel in response.cookies.values()
            },
        }
        return response.getvalue()

    visit("plain", "GET", "/help/", secure=False)
    visit("help", "GET", "/help/")
    entrance = parse_page(visit("entrance", "GET", "/"))
    token = entrance.all("input", name="csrfmiddlewaretoken")[0].attributes["value"]
    script = entrance.all("script")[0].attributes["src"]
    visit("script", "GET", script)
    visit("language", "POST", "/language/", language="es")
    visit(
        "sign_in", "POST", "/", card_number=SEED_CARD, registration_code=SEED_CODE, csrfmiddlewaretoken=token
    )
    balance = parse_page(visit("balance", "GET", "/balance/"))
    token = balance.all("input", name="csrfmiddlewaretoken")[0].attributes["value"]
    visit("missing", "GET", "/nowhere/")
    visit("health", "GET", "/healthz", secure=False)
    visit("ready", "GET", "/readyz", secure=False)
    visit("sign_out", "POST", "/sign-out/", csrfmiddlewaretoken=token)
    answers["script_address"] = script
    answers["html"] = visit("again", "GET", "/").decode()
    print(json.dumps(answers))  # noqa: T201 - the test reads it


if __name__ == "__main__":
    main(sys.argv[1])
