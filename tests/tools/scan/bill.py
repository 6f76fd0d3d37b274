"""`make sbom`: the bill of materials without addresses of package servers, which are a deployment's own choice.

python -m tests.tools.scan.bill generated.json docs/sbom.json
"""

import json
import sys
from pathlib import Path
from typing import Any


def without_addresses(bill: dict[str, Any]) -> dict[str, Any]:
    """The bill with the hashes of each package at the package itself, and nothing of where it was fetched."""
    components = []
    for component in bill["components"]:
        references = component.pop("externalReferences", [])
        component["hashes"] = [each for reference in references for each in reference.get("hashes", ())]
        component.pop("description", None)
        components.append(component)
    metadata = {key: value for key, value in bill["metadata"].items() if key != "tools"}
    return {**bill, "components": components, "metadata": metadata}


def main(source: str, target: str) -> None:
    bill = without_addresses(json.loads(Path(source).read_text(encoding="utf-8")))
    Path(target).write_text(json.dumps(bill, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
