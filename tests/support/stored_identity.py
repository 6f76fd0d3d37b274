"""The identity in the one credential row: read, or written as another request would write it."""

from accounts.identities import Identity, OAuthIdentity, read_identity, write_identity
from accounts.models import Credential
from guestportal.storage.sealing import open_sealed, seal_for


def identity_of(row: Credential) -> Identity:
    """The identity that is sealed in this row."""
    return read_identity(row.kind, open_sealed(row, "identity"))


def stored_oauth() -> OAuthIdentity:
    """The identity in the one row there is, of a guest who came in by OAuth."""
    identity = identity_of(Credential.objects.get())
    assert isinstance(identity, OAuthIdentity)
    return identity


def write_stored_identity(identity: Identity, **more: object) -> None:
    """Replace the identity of the one row there is, and whatever else of it is named."""
    row = Credential.objects.get()
    text = seal_for(Credential, "identity", write_identity(identity), row=row.id, merchant=row.merchant)
    Credential.objects.update(identity=text, **more)
