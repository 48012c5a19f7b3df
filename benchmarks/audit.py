"""Known vulnerabilities of the pinned packages, by pip-audit; and how many it could look up at all.

    python benchmarks/audit.py

pip-audit ends well where the index knows none of the packages (a mirror without vulnerability data, no network): that
is no result, so it is a failure here. Status 0: every pinned package was looked up and none is known to be vulnerable.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

PINS = Path(__file__).resolve().parent.parent / "constraints.txt"


def main() -> int:
    command = [sys.executable, "-m", "pip_audit", "-r", str(PINS), "--no-deps", "--disable-pip", "-f", "json"]
    done = subprocess.run([*command, "--progress-spinner", "off"], capture_output=True, text=True)
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        print(f"pip-audit gave no result: {(done.stderr.strip().splitlines() or ['no word'])[-1]}", file=sys.stderr)
        return 2
    skipped = [one["name"] for one in found if "skip_reason" in one]
    hit = [one for one in found if one.get("vulns")]
    for one in hit:
        for fault in one["vulns"]:
            fixed = ", ".join(fault.get("fix_versions", [])) or "no version yet"
            print(f"{one['name']} {one['version']}: {fault['id']}, fixed in {fixed}")
    looked_up = len(found) - len(skipped)
    print(f"{looked_up} of {len(found)} pinned packages looked up, {len(hit)} with known vulnerabilities")
    if skipped:
        print(f"not looked up, the index does not know them: {', '.join(skipped)}", file=sys.stderr)
    return 1 if hit or skipped else 0


if __name__ == "__main__":
    raise SystemExit(main())
