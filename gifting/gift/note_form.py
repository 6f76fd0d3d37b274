"""The form of a note to the sender, and of a gift's message."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gifting.gift.message_rules import MessageNotAllowed, MessageProblem, read_message


class NoteForm(forms.Form):
    """An optional message to the other side; `longest` characters, without web or e-mail addresses."""

    message = forms.CharField(required=False, strip=False)

    def __init__(self, *args: object, longest: int, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on unseen
        self.longest = longest
        self.fields["message"].validators = []  # Django's own refuses null characters, which are taken out

    def clean_message(self) -> str:
        try:
            return read_message(self.cleaned_data["message"], longest=self.longest)
        except MessageNotAllowed as refused:
            raise forms.ValidationError(message_problem(refused, longest=self.longest)) from None


def message_problem(refused: MessageNotAllowed, *, longest: int) -> str:
    """What to change in a message that is not taken."""
    match refused.problem:
        case MessageProblem.TOO_LONG:
            too_many = refused.length - longest
            return ngettext(
                "The message is %(count)s character too long. It may have %(longest)s.",
                "The message is %(count)s characters too long. It may have %(longest)s.",
                too_many,
            ) % {"count": too_many, "longest": longest}
        case MessageProblem.EMAIL:
            return _("A message cannot hold an e-mail address. Take it out.")
        case MessageProblem.LINK:
            return _("A message cannot hold a web address. Take it out; after a period, leave a space.")
