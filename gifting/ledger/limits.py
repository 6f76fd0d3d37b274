"""The limits of gifting, from the merchant's file."""

from datetime import timedelta

from guestportal.merchants.definition import Merchant

PAGE_SIZE = 25


def settling_time(merchant: Merchant) -> timedelta:
    """How long an answer or a gift may still be on its way: after it, what still waits or is nowhere is believed."""
    return timedelta(seconds=merchant.limits.gift_settling_seconds)


def call_time(merchant: Merchant) -> timedelta:
    """How long the process that claimed an answer can be busy with it; older claims have lost their process."""
    return timedelta(seconds=merchant.integration.deadline_seconds + 5)


def gift_retention(merchant: Merchant) -> timedelta:
    """How long the contents of a settled wish or answer are kept."""
    return timedelta(days=merchant.limits.gift_retention_days)


def longest_message(merchant: Merchant) -> int:
    """Characters that a message or note may have."""
    return merchant.limits.gift_message_characters
