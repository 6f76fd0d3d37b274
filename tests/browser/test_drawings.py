"""A merchant's drawings: shown as drawing programs write them, and harmless even when one is opened by itself."""

import dataclasses
from typing import Final

from guestportal.merchants.definition import Asset, Merchant
from tests.browser.guest import Guest
from tests.conftest import serving

DRAWING: Final = b"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [
  <!ENTITY ns_extend "http://ns.adobe.com/Extensibility/1.0/">
]>
<svg xmlns:x="&ns_extend;" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 40" width="160" height="40"
  onload="document.documentElement.setAttribute('data-ran', 'handler')">
<style type="text/css">.st0{fill:#00FF00;}</style>
<rect class="st0" width="160" height="40"/>
<script>document.documentElement.setAttribute("data-ran", "script")</script>
<script href="/static/django_htmx/htmx-2.min.js"/>
</svg>
"""
LOGO: Final = Asset(name="logo.svg", content_type="image/svg+xml", content=DRAWING, digest="ab12cd34ab12cd34")


def test_shows_a_drawing_with_a_document_type_and_styles(guest: Guest, patient_merchant: Merchant) -> None:
    theme = dataclasses.replace(patient_merchant.theme, logo=LOGO)
    with serving(dataclasses.replace(patient_merchant, theme=theme)):
        guest.open("/help/")

        colour = guest.page.locator(".brand-logo").evaluate(
            """(logo) => {
              const canvas = document.createElement("canvas").getContext("2d");
              canvas.drawImage(logo, 0, 0);
              return [...canvas.getImageData(5, 5, 1, 1).data];
            }"""
        )

    assert colour == [0, 255, 0, 255]


def test_runs_nothing_in_a_drawing_that_is_opened_by_itself(guest: Guest, patient_merchant: Merchant) -> None:
    theme = dataclasses.replace(patient_merchant.theme, logo=LOGO)
    guest.expect_problem("Content Security Policy", "sandboxed", "policy: ")
    with serving(dataclasses.replace(patient_merchant, theme=theme)):
        guest.page.goto(f"/assets/{LOGO.digest}/{LOGO.name}")

        ran = guest.page.evaluate("() => document.documentElement.getAttribute('data-ran')")
        fill = guest.page.evaluate("() => getComputedStyle(document.querySelector('rect')).fill")

    assert ran is None
    assert fill == "rgb(0, 255, 0)"
    assert [request.url for request in guest.requests if request.url.endswith(".js")] == []
