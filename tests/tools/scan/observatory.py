"""`make observatory`: the grade of Mozilla's Observatory engine for the portal behind TLS; A+ and 120 or it fails.

What it cannot check here: the redirect from plain HTTP (tests/portal/web has it), the list of preloaded hosts, and a
certificate that the world trusts.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.tools.scan.portal import SecurePortal
from tests.tools.served_portal import HOST

HERE: Final = Path(__file__).parent
LOWEST_SCORE: Final = 120


# The engine downloads it when it can; without it no host counts as preloaded, which is true of ours.
PRELOADED: Final = "node_modules/@mdn/mdn-http-observatory/conf/hsts-preload.json"


def main(folder: str) -> int:
    (Path(folder) / PRELOADED).write_text("{}", encoding="utf-8")
    with SecurePortal() as portal:
        done = subprocess.run(
            ["node", str(HERE / "observatory.mjs"), str(Path(folder).resolve()), f"{HOST}:{portal.port}"],  # noqa: S607 - the machine's own
            env={**os.environ, "NODE_EXTRA_CA_CERTS": str(portal.trusted)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    if done.returncode:
        print(done.stderr[-2000:])
        return 1
    found = json.loads(done.stdout.splitlines()[-1])
    for test in found["results"]:
        mark = "ok  " if test["pass"] else "FAIL"
        print(f"{mark} {test['name']:<32} {test['result']} ({test['modifier'] or 0:+d})")
    print(f"Observatory: {found['grade']}, {found['score']}")
    print("Not checked here: the redirect from HTTP, the preload list, a certificate that the world trusts.")
    return 0 if found["grade"] == "A+" and found["score"] >= LOWEST_SCORE else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
