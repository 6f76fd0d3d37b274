"""What stands in an answer and in no documentation: names of members, words and formats, never values.

A reply is read into structs that leave out what they do not know, so its names are looked at beside that: in objects
that are documented and the first members of a list; of a long body in its outermost object alone.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import islice
from typing import Any, get_args, get_origin

import msgspec

from guestportal.paytronix import vocabulary
from guestportal.paytronix.calls import Call
from guestportal.paytronix.redaction import redact_code
from guestportal.paytronix.replies.account import CardReply
from guestportal.paytronix.replies.gift_transfer import TransferReply
from guestportal.paytronix.replies.structs import Items, Wire

LONGEST_BODY_BYTES = 64 * 1024
LONGEST_NAME = 60
MANY = "(many)"  # more than anybody would read
NO_NAME = "(not a name)"  # digits, an address, a guest's own word: what may be a value
_MOST_NEW_MEMBERS = 5  # of one object
_MOST_LOOKED_AT = 20  # of a list
_MOST_NOVELTIES = 30  # of one reply

_NAME = re.compile(r"[A-Za-z][A-Za-z_]*(?:[.-][A-Za-z_]+)*")
_BEGINS_NUMBER = frozenset(bytes([each]) for each in b"-0123456789")
_FORMAT = re.compile(r"[9aTZE :/.,+-]{1,30}")


class Kind(StrEnum):
    """What is new."""

    FIELD = "field"
    STATE = "state"
    STATUS = "status"
    FORMAT = "format"
    RESULT = "result"
    ERROR_CODE = "error code"


@dataclass(frozen=True, slots=True)
class Novelty:
    """One new thing by its name; that of a word or a format begins with the member it stood in."""

    kind: Kind
    name: str


def novelties(call: Call, reply: type[Wire]) -> frozenset[Novelty]:
    """What is new in the answer to a call, a few dozen at most; empty without an answer."""
    found: set[Novelty] = set()
    for each in islice(_look(call, reply), 50 * _MOST_NOVELTIES):
        if len(found) == _MOST_NOVELTIES:
            break
        found.add(each)
    return frozenset(found)


def _look(call: Call, reply: type[Wire]) -> Iterator[Novelty]:
    if call.answer is None:
        return
    if call.result and call.result not in vocabulary.RESULTS:
        yield Novelty(Kind.RESULT, _safe(call.result, call))
    if call.error_code and not vocabulary.ERROR_CODE.fullmatch(call.error_code.casefold()):
        yield Novelty(Kind.ERROR_CODE, _safe(call.error_code, call))
    body = call.answer.body.removeprefix(b"\xef\xbb\xbf")
    members = _decoded(msgspec.Raw(body), dict[str, msgspec.Raw])
    if members is None:
        return
    if len(body) <= LONGEST_BODY_BYTES:
        yield from _look_at(members, reply, "", call)
    else:
        yield from _new_members(members, reply, "", call)


def _look_at(
    members: Mapping[str, msgspec.Raw], kind: type[Wire], path: str, call: Call
) -> Iterator[Novelty]:
    """The novelties of an object that should be of this kind."""
    yield from _new_members(members, kind, path, call)
    for name, (inner, is_list) in _objects_in(kind).items():
        if name in members:
            below = [members[name]]
            if is_list:
                below = (_decoded(members[name], list[msgspec.Raw]) or [])[:_MOST_LOOKED_AT]
            for each in below:
                inside = _decoded(each, dict[str, msgspec.Raw]) or {}  # what is no object is told elsewhere
                yield from _look_at(inside, inner, f"{path}{name}{'[]' if is_list else ''}.", call)
    for name, value in members.items():
        if reader := _reader_of(kind, name):
            yield from reader(f"{path}{name}", value, call)


def _new_members(
    members: Mapping[str, msgspec.Raw], kind: type[Wire], path: str, call: Call
) -> Iterator[Novelty]:
    new = members.keys() - _known_members(kind)
    if not path:
        new -= vocabulary.OF_EVERY_REPLY
    if len(new) > _MOST_NEW_MEMBERS:
        yield Novelty(Kind.FIELD, f"{path}{MANY}")
    else:
        yield from (Novelty(Kind.FIELD, path + _safe(name, call)) for name in new)


def _reader_of(kind: type[Wire], name: str) -> "Callable[[str, msgspec.Raw, Call], Iterator[Novelty]] | None":
    """What looks at the value of a member; None where nothing but its name matters."""
    if name in {"accountStatus", "queryCardStatus"} or (kind is CardReply and name == "status"):
        return _words(Kind.STATE, vocabulary.CARD_STATES)
    if name == "registrationStatus":
        return _words(Kind.STATE, vocabulary.REGISTRATION_STATES)
    if kind is TransferReply and name == "status":
        return _words(Kind.STATUS, vocabulary.GIFT_STATUSES)
    if name in _known_members(kind) and name.casefold().endswith(("date", "datetime")):
        return _formats(vocabulary.MOMENT_FORMAT)
    if name in {"balance", "amount", "sourceAmount", "destinationAmount", "quantityRequired"}:
        return _formats(vocabulary.DECIMAL_FORMAT)
    return None


@cache
def _words(kind: Kind, known: frozenset[str]) -> "Callable[[str, msgspec.Raw, Call], Iterator[Novelty]]":
    def look(path: str, raw: msgspec.Raw, call: Call) -> Iterator[Novelty]:
        word = _decoded(raw, str)
        if word and word.strip().casefold() not in known:
            yield Novelty(kind, f"{path}: {_safe(word.strip(), call)}")

    return look


@cache
def _formats(known: re.Pattern[str]) -> "Callable[[str, msgspec.Raw, Call], Iterator[Novelty]]":
    def look(path: str, raw: msgspec.Raw, _call: Call) -> Iterator[Novelty]:
        text = _decoded(raw, str)
        if text is None and bytes(raw)[:1] in _BEGINS_NUMBER:
            text = bytes(raw).decode("ascii")
        if not text:
            return
        shape = re.sub(r"[^\W\d_]", _letter, re.sub(r"\d", "9", text.strip()[:100]))
        if not known.fullmatch(shape):
            yield Novelty(Kind.FORMAT, f"{path}: {shape if _FORMAT.fullmatch(shape) else NO_NAME}")

    return look


def _letter(found: re.Match[str]) -> str:
    """The letters that formats are made of as they are, and any other one as `a`."""
    return found.group() if found.group() in "TZEe" else "a"


def _safe(name: str, call: Call) -> str:
    """The name, if it can be no card, code, address or word of the call's own; else a note that it is none."""
    is_name = len(name) <= LONGEST_NAME and _NAME.fullmatch(name)
    return name if is_name and redact_code(name, sent=call.payload) == name else NO_NAME


def _decoded(raw: msgspec.Raw, kind: Any) -> Any:
    """What stands there if it is of this kind, else None."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except (ValueError, RecursionError):
        return None


@cache
def _known_members(kind: type[Wire]) -> frozenset[str]:
    read = frozenset(each.encode_name for each in msgspec.structs.fields(kind))
    return read | vocabulary.UNREAD_MEMBERS.get(kind.__name__, frozenset())


@cache
def _objects_in(kind: type[Wire]) -> dict[str, tuple[type[Wire], bool]]:
    """The members that hold documented objects: of which kind, and whether there is a list of them."""
    found = {}
    for each in msgspec.structs.fields(kind):
        inner = next(
            (one for one in _parts(each.type) if isinstance(one, type) and issubclass(one, Wire)), None
        )
        if inner is not None:
            found[each.encode_name] = (inner, any(get_origin(one) is Items for one in _parts(each.type)))
    return found


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for each in get_args(annotation):
        yield from _parts(each)
