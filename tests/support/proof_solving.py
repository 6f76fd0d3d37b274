"""What a browser answers to a challenge, worked out in the test process."""

import base64
import hashlib
import json
from typing import Any


def solve(work: str, **changes: Any) -> str:
    """The form's `proof` for the JSON that stands in the page; `changes` replace parts of the challenge."""
    challenge = json.loads(work)
    parameters = challenge["parameters"]
    nonce, salt = bytes.fromhex(parameters["nonce"]), bytes.fromhex(parameters["salt"])
    counter = 0
    while True:
        password = nonce + counter.to_bytes(4, "big")
        key = hashlib.pbkdf2_hmac("sha256", password, salt, parameters["cost"], parameters["keyLength"]).hex()
        if key.startswith(parameters["keyPrefix"]):
            break
        counter += 1
    parameters |= changes
    return encoded({"challenge": challenge, "solution": {"counter": counter, "derivedKey": key}})


def encoded(answer: object) -> str:
    """Any answer as the form carries it."""
    return base64.b64encode(json.dumps(answer).encode()).decode()
