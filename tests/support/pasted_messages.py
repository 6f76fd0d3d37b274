"""Messages that guests paste: such as hold one number and one code, and such as leave a doubt."""

from typing import Final

NUMBER, CODE = "6000301000418000", "123456"
SHORT = "04210077315562"
LETTERS = "AB12CD34EF56GH78"

# Each holds NUMBER and CODE.
MESSAGES: Final = {
    "a mail": f"Hello Ana,\n\nyour card number is {NUMBER}.\nYour registration code is {CODE}.\n\nSee you soon!",
    "labels": f"Card number: 6000 3010 0041 8000\r\nRegistration code: {CODE}",
    "labels without line breaks": f"Card number: 6000 3010 0041 8000Registration code: {CODE}",
    "code first": f"Code: {CODE}, card: {NUMBER}",
    "two lines": f"6000-3010-0041-8000\n{CODE}",
    "a blank between": f"{NUMBER} {CODE}",
    "a tab between": f"{NUMBER}\t{CODE}",
    "groups and a blank between": f"6000 3010 0041 8000 {CODE}",
    "dashes and a blank between": f"6000-3010-0041-8000 {CODE}",
    "a year with the digits of a code": f"Thank you for joining on 07/29/2014! {NUMBER} code {CODE}",
    "a word for the code before the number": f"Card code {NUMBER} 654321, PIN {CODE}",
    "a comma between": f"{NUMBER},{CODE}",
    "a slash between": f"{NUMBER} / {CODE}",
    "PIN": f"6000 3010 0041 8000 PIN: {CODE}",
    "PIN in one word": f"{NUMBER} PIN {CODE}",
    "with a date": f"Card {NUMBER}, code {CODE}, valid until 12/2031",
    "with a date first": f"2026-11-22: card {NUMBER}, code {CODE}",
    "with a phone number": f"Card {NUMBER}, code {CODE}. Questions? +1 207 555 0142",
    "with a time": f"22:14 card {NUMBER} code {CODE}",
    "with an amount": f"Your $2500 card: {NUMBER}. Code: {CODE}",
    "full width": "カード６０００３０１０００４１８０００ code １２３４５６",
    "zero width": "6000\u200b301000418000 code 12\u200b3456",
    "Spanish": f"Hola, su tarjeta: {NUMBER}. Código de registro: {CODE}.",
    "Spanish without accents": f"Numero de tarjeta {NUMBER} codigo {CODE}",
    "French": f"Bonjour, votre carte : {NUMBER}. Code d’inscription : {CODE}.",
    "quoted": f"> Card: {NUMBER}\n> Code: {CODE}",
    "a table": f"| card | code |\n| {NUMBER} | {CODE} |",
    "an address": f"https://example.com/?card={NUMBER}&code={CODE}",
    "JSON": f'{{"card": "{NUMBER}", "code": "{CODE}"}}',
    "twice the same": f"{NUMBER} {CODE}\n{NUMBER} {CODE}",
    "a postcode": f"Registration code: {CODE}. Card {NUMBER}. Postcode 2000",
    "a bar code": f"Card {NUMBER}, registration code {CODE}. Barcode 4711",
    "another code": f"Card {NUMBER}. Promo code: 9999. Registration code: {CODE}.",
    "the code beside another one": f"Card {NUMBER}. Promo code: 9999. Code: {CODE}.",
    "a telephone number in the next line": f"Card: 6000 3010 0041 8000\nCode: {CODE}\n207 555 0142",
    "a street in the next line": f"Card: {NUMBER}\nRegistration code: {CODE}\n12 Main Street",
    "the code in the line before": f"Code: {CODE}\n6000 3010 0041 8000",
    "a day in the line before": f"July 29\n6000 3010 0041 8000\nCode: {CODE}",
    "a year before a number in one piece": f"Valid until 12/2031\n{NUMBER}\nCode: {CODE}",
    "accents behind their letters": f"Tarjeta {NUMBER}, co\u0301digo: {CODE}. Postcode 2000",
    "a long mail": f"Card {NUMBER}. Code: {CODE}. {'Thank you. ' * 400}",
}

# For a merchant whose cards may have any of many lengths; each holds NUMBER and CODE.
MESSAGES_OF_ANY_LENGTH: Final = {
    "labels": f"Card number: 6000 3010 0041 8000 Registration code: {CODE}",
    "dashes": f"6000-3010-0041-8000\n{CODE}",
    "a blank between": f"6000 3010 0041 8000 {CODE}",
    "in one piece": f"{NUMBER} {CODE}",
}

# A number of 12 and a code, or a number of 18.
UNCERTAIN_OF_ANY_LENGTH: Final = {
    "a group that is too long": f"6000 3010 0041 123456 code {CODE}",
    "a number and what may be its end": f"60003010004180 1234 code {CODE}",
}

# Each holds LETTERS and CODE, and nothing for a merchant whose cards have digits only.
MESSAGES_WITH_LETTERS: Final = {
    "a blank between": f"{LETTERS} {CODE}",
    "groups": f"AB12 CD34 EF56 GH78 {CODE}",
    "labels": f"Card number: AB12-CD34-EF56-GH78\r\nRegistration code: {CODE}",
    "small letters": f"Your card is ab12cd34ef56gh78, your code is {CODE}.",
    "twice, as it comes": f"{LETTERS.lower()} {CODE}, that is {LETTERS} and {CODE}",
    "with a phone number": f"Card {LETTERS}, code {CODE}. Questions? +1 207 555 0142",
    "with a date": f"On 2026-11-22: card {LETTERS}, code {CODE}",
}

UNCERTAIN: Final = {
    "nothing": "",
    "no number": "Hello, your code is 123456",
    "no code": f"Card number {NUMBER}",
    "two cards": f"{NUMBER} {CODE}\n6000301000731206 246810",
    "two cards side by side": f"{NUMBER} 6000301000731206 code {CODE}",
    "two cards in two lines, one code": f"{NUMBER}\n6000301000731206\ncode {CODE}",
    "two codes": f"{NUMBER} 123456 654321",
    "two named codes": f"{NUMBER} code 123456 PIN 6543",
    "a number too long": f"{NUMBER}{NUMBER} code {CODE}",
    "a number too short": f"600030100041 code {CODE}",
    "a code too long": f"{NUMBER} code 1234567",
    "a code and a postcode": f"Registration code is {CODE}. Card {NUMBER}. Postcode 2000",
    "a code and a bar code": f"Registration code is {CODE}. Card {NUMBER}. Barcode 4711",
    "a code and another one": f"Registration code (on the back): {CODE}. Card {NUMBER}. Promo code: 9999",
    "digits run together": f"{NUMBER}{CODE}",
    "a word where the code should be": f"{NUMBER} code below",
    "a code in two parts": f"{NUMBER} 12 34 56",
    "a named code in two parts": f"{NUMBER} code 1234 56",
    "a named code with a dash": f"{NUMBER} code 1234-5678",
    "a year before the groups of a number": f"Joined 2025 6000 3010 0041 8000, code {CODE}",
    "a year before the groups of a number and no code": "Joined 2025 6000 3010 0041 8000",
    "a month before the groups of a number and no code": "Valid until 12/2031 6000 3010 0041 8000",
    "a code before the groups of a number": "PIN 1234 6000 3010 0041 8000",
    "a code with a colon before the groups of a number": "PIN: 1234 6000 3010 0041 8000",
    "a book": "lorem ipsum " * 200,
}

UNCERTAIN_WITH_LETTERS: Final = {
    "two cards": f"{LETTERS} {CODE}\n{LETTERS[::-1]} 246810",
    "run together": f"{LETTERS}{CODE}",
    "a number too long": f"x{LETTERS} {CODE}",
    "a word as long as a number": f"Congratulations {CODE}",
    "groups without a digit": f"ABCD EFGH IJKL MNOP code {CODE}",
}
