"""The stylesheet: made once per palette, and as its source says, without what only its writers need."""

import dataclasses
import gzip

import pytest
from django.test import Client
from pytest_django import Settings

from guestportal.merchants.definition import Merchant
from guestportal.web.stylesheet import stylesheet_for


@pytest.mark.django_db
def test_is_made_once_and_compressed_once(guest_client: Client, merchant: Merchant) -> None:
    made = stylesheet_for(merchant)
    address = f"/assets/{made.digest}/site.css"

    assert stylesheet_for(dataclasses.replace(merchant, name="Another")) is made
    assert gzip.decompress(made.compressed).decode() == made.text
    assert guest_client.get(address, headers={"Accept-Encoding": "gzip"}).content == made.compressed
    assert guest_client.get(address).content.decode() == made.text


def test_is_read_anew_in_development(merchant: Merchant, settings: Settings) -> None:
    settings.DEBUG = True

    assert stylesheet_for(merchant) is not stylesheet_for(merchant)
