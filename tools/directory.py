"""Writes `src/iamd/wire/directory.json`: which botocore service answers for which name in a credential scope.

Per signing name a list of `[service, protocols, API version, X-Amz-Target prefix]`; run it when botocore is upgraded.
"""

import json
from pathlib import Path
from typing import Any, Final

from botocore.loaders import Loader

PATH: Final = Path(__file__).resolve().parent.parent / "src" / "iamd" / "wire" / "directory.json"


def generate() -> str:
    directory: dict[str, list[list[str]]] = {}
    for service in sorted(Loader().list_available_services("service-2")):
        metadata: dict[str, Any] = Loader().load_service_model(service, "service-2")["metadata"]
        protocols = metadata.get("protocols") or [metadata["protocol"]]
        entry = [service, " ".join(protocols), metadata["apiVersion"], metadata.get("targetPrefix", "")]
        directory.setdefault(metadata.get("signingName") or metadata["endpointPrefix"], []).append(entry)
    lines = [f"  {json.dumps(name)}: {json.dumps(directory[name])}" for name in sorted(directory)]
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    PATH.write_text(generate())
