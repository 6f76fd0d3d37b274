"""The words of wallets: what one is called that has no name."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.domain import Reward, Wallet
from guestportal.merchants.definition import Unit


def called(wallet: Wallet) -> str:
    """The wallet's name; without one a word for what it counts, singular or plural as its amount asks."""
    if wallet.name:
        return wallet.name
    match wallet.amount.unit:
        case Unit.MONEY:
            return _("Balance")
        case Unit.VISITS:
            return ngettext("Visit", "Visits", wallet.amount.plural_count)
        case Unit.POINTS:
            return ngettext("Point", "Points", wallet.amount.plural_count)
        case Unit.ITEMS:
            return _("Reward")
        case Unit.NUMBER:
            is_reward = isinstance(wallet, Reward)
            return _("Reward") if is_reward else ngettext("Point", "Points", wallet.amount.plural_count)
