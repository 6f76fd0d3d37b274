"""Ana, signed in with the seed's card, for whom gifts wait; and a merchant that a busy machine does not hurry."""

from tests.support.gift_guests import ana, merchant

__all__ = ["ana", "merchant"]
