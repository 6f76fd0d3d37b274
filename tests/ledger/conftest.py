"""Ana, for whom gifts wait, Rosa, who sends, and a merchant that a busy machine does not hurry."""

from tests.portal.gifting.sending.conftest import rosa
from tests.support.gift_guests import ana, merchant

__all__ = ["ana", "merchant", "rosa"]
