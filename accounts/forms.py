"""What guests type to come in, normalised and checked for its shape. What it opens is not its business."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.identities import CardIdentity
from accounts.normalisation import LONGEST_MESSAGE, NumberAndCode, find_in_message, normalise, normalise_code
from guestportal.merchants.definition import CardFormat, CardWords
from guestportal.merchants.wording import lengths_in_words

LONGEST_TYPED = 500  # characters of a number or a code with whatever stands between its digits
# Characters. A user name is often an e-mail address; counting it takes the square of its length.
LONGEST_USERNAME = 254
# Characters, in a call's body and in the search for secrets in what is logged about the call.
LONGEST_PASSWORD = 1000
_UNREADABLE = "?"  # stands for a longer one: what a cut leaves may look like another card's number


class CardForm(forms.Form):
    """Card number and registration code. A message that holds both may be pasted into either field."""

    card_number = forms.CharField(required=False, strip=False, max_length=None)
    registration_code = forms.CharField(required=False, strip=False, max_length=None)

    def __init__(self, *args: object, card: CardFormat, words: CardWords, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on unseen
        self._card = card
        self._words = words
        self.fields["card_number"].label = words.number_label
        self.fields["registration_code"].label = words.code_label
        for field in self.fields.values():
            field.validators = []  # Django's own refuses null characters, which `normalise` drops

    def clean(self) -> None:
        number_text, code_text = self._text("card_number"), self._text("registration_code")
        number, code = (
            normalise(_typed(number_text)),
            normalise_code(_typed(code_text), ignores_case=self._card.code_ignores_case),
        )
        if found := self._found(number_text, code=code) or self._found(code_text, number=number):
            number, code = found.number, found.code
            # Whatever becomes of the try, the page shows what was read in the message and not the message.
            self.data = {"card_number": number, "registration_code": code}
        self.cleaned_data["card_number"] = self._checked(
            "card_number",
            number,
            self._words.number_label,
            self._card.number_lengths,
            letters=self._card.number_has_letters,
        )
        self.cleaned_data["registration_code"] = self._checked(
            "registration_code", code, self._words.code_label, self._card.code_lengths, letters=True
        )

    @property
    def identity(self) -> CardIdentity:
        """The card that a valid form holds."""
        return CardIdentity(
            card_number=self.cleaned_data["card_number"],
            registration_code=self.cleaned_data["registration_code"],
        )

    def _text(self, field: str) -> str:
        text: str = self.cleaned_data.get(field, "")
        return text if len(text) <= LONGEST_MESSAGE else _UNREADABLE

    def _found(self, text: str, *, number: str = "", code: str = "") -> NumberAndCode | None:
        """Both from a message in one field, unless the other one has another `number` or `code`."""
        found = find_in_message(text, self._card, code_label=self._words.code_label)
        agrees = found and number in {"", found.number} and code in {"", found.code}
        return found if agrees else None

    def _checked(self, field: str, value: str, label: str, lengths: tuple[int, ...], *, letters: bool) -> str:
        """`value`, after adding the one sentence that says what to change, if anything."""
        if not value:
            self.add_error(field, _("Enter the %(label)s.") % {"label": _in_sentence(label)})
        elif not letters and not (value.isascii() and value.isdigit()):
            self.add_error(field, _("%(label)s has digits only. Check what you entered.") % {"label": label})
        elif not (value.isascii() and value.isalnum()):
            self.add_error(
                field, _("%(label)s has letters and digits only. Check what you entered.") % {"label": label}
            )
        elif len(value) not in lengths:
            self.add_error(field, _length_sentence(label, lengths, len(value), letters=letters))
        return value


def _typed(text: str) -> str:
    """What a field holds, if it is short enough for a number or a code; a message is neither."""
    text = text.strip()
    return text if len(text) <= LONGEST_TYPED else _UNREADABLE


def _in_sentence(label: str) -> str:
    """A label inside a sentence: in lower case unless it is an abbreviation such as PIN."""
    return label if label.isupper() or label[1:2].isupper() else label[:1].lower() + label[1:]


def _length_sentence(label: str, lengths: tuple[int, ...], length: int, *, letters: bool) -> str:
    expected = lengths_in_words(lengths, get_language() or "en")
    if letters:
        sentence = _("%(label)s has %(expected)s characters; you entered %(count)s.")
    else:
        sentence = _("%(label)s has %(expected)s digits; you entered %(count)s.")
    return sentence % {"label": label, "expected": expected, "count": length}


class PasswordForm(forms.Form):
    """A password alone, for guests whose password is not kept. It is never stripped or changed."""

    password = forms.CharField(required=False, strip=False)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not password:
            raise forms.ValidationError(_("Enter your password."))
        if len(password) > LONGEST_PASSWORD:
            raise forms.ValidationError(
                _("The password may have up to %(count)s characters.") % {"count": LONGEST_PASSWORD}
            )
        return password


class CodeForm(forms.Form):
    """A registration code alone, for guests who came in with a card. Whether it is the one, the service says."""

    registration_code = forms.CharField(required=False, strip=False)

    def __init__(self, *args: object, code_label: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on unseen
        self._code_label = code_label
        self.fields["registration_code"].validators = []  # Django's own refuses null characters

    def clean_registration_code(self) -> str:
        code: str = self.cleaned_data["registration_code"][:LONGEST_MESSAGE]
        if not normalise_code(code):
            raise forms.ValidationError(_("Enter the %(label)s.") % {"label": _in_sentence(self._code_label)})
        return code


class SignInForm(PasswordForm):
    """A user name and a password. The name loses blanks at its ends, which keyboards add."""

    username = forms.CharField(required=False, strip=True)
    field_order = ("username", "password")

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if not username:
            raise forms.ValidationError(_("Enter your user name."))
        if len(username) > LONGEST_USERNAME:
            raise forms.ValidationError(
                _("The user name may have up to %(count)s characters.") % {"count": LONGEST_USERNAME}
            )
        return username


class CardChoiceForm(PasswordForm):
    """One of the guest's cards, by its place in the list; with the password where it is not kept."""

    card = forms.CharField(required=False)
    field_order = ("card", "password")

    def __init__(self, *args: object, count: int, needs_password: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on unseen
        self._count = count
        if not needs_password:
            del self.fields["password"]

    def clean_card(self) -> int:
        chosen: str = self.cleaned_data["card"]
        if not (chosen.isascii() and chosen.isdigit() and int(chosen[:4]) < self._count):
            raise forms.ValidationError(_("Choose one of your cards."))
        return int(chosen[:4])
