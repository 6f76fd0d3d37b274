"""Which merchant files lead to one Paytronix program."""

import dataclasses

import pytest

from guestportal.paytronix.integration import Integration
from tests.support.builders import integration

HERE = integration("https://m1.api.pxslab.example/rest/26.6")


@pytest.mark.parametrize(
    "base_url",
    [
        "https://m1.api.pxslab.example/rest/27.1",
        "https://m1.api.pxslab.example:443/rest/26.6",
        "https://M1.API.pxslab.example/rest/26.6",
    ],
)
def test_is_one_program_however_its_address_is_written(base_url: str) -> None:
    assert integration(base_url).program == HERE.program


@pytest.mark.parametrize(
    "other",
    [
        integration("https://m1.api.pxslab.example:8443/rest/26.6"),
        integration("https://m2.api.pxslab.example/rest/26.6"),
        dataclasses.replace(HERE, merchant_id=HERE.merchant_id + 1),
    ],
)
def test_another_host_port_or_merchant_is_another_program(other: Integration) -> None:
    assert other.program != HERE.program
