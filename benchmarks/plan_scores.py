"""Every number the plan reader must reach, on every annotated plan, with time and memory.

    python benchmarks/plan_scores.py [FOLDER] [--verbose]

FOLDER holds text/, gold/ and score.py; it is CAMPAIGN_TRACKER_PLANS, else ../shared/plans. Exits 1 below a floor.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import runpy
import sys
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

from tasks.plans.formats import open_document
from tasks.plans.reader import read_plan
from tasks.plans.tests.garbling import GARBLINGS

FLOORS = {
    "tasks": 0.99, "units": 0.99, "deadlines": 0.99, "bodies": 0.97, "titles": 0.97, "paths": 0.97,
    "recurrences": 0.97, "stages": 0.97, "campaign": 0.97, "goals": 0.90,
}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("CAMPAIGN_TRACKER_PLANS") or REPOSITORY.parent / "shared" / "plans"
    parser.add_argument("folder", nargs="?", type=Path, default=Path(default))
    parser.add_argument("--verbose", action="store_true", help="name every miss and invention")
    parser.add_argument("--damaged", action="store_true", help="also read every plan in every damaged form")
    args = parser.parse_args()
    if not (args.folder / "score.py").exists():
        print(f"没有标注的方案：{args.folder} 下找不到 score.py。")
        return 1
    score = runpy.run_path(str(args.folder / "score.py"))["score"]
    print(f"{'plan':24}" + "".join(f"{part:>12}" for part in FLOORS) + f"{'seconds':>10}")
    low = False
    for path in sorted((args.folder / "text").glob("*.txt")):
        gold = json.loads((args.folder / "gold" / f"plan_{path.name[:3]}.json").read_text(encoding="utf-8"))
        text = path.read_text(encoding="utf-8")
        forms = [("", text)]
        if args.damaged:
            forms += [(f" {garble.__name__}", garble(text)) for garble in GARBLINGS]
        for form, printed in forms:
            start = time.perf_counter()
            found = read_plan(open_document(path.name, printed.encode())).to_json()
            seconds = time.perf_counter() - start
            tallies = score(found, gold)
            cells = "".join(f"{tallies[part].f1:>12.3f}" for part in FLOORS)
            print(f"{path.name[:3] + form:24}{cells}{seconds:>10.3f}")
            low = low or (not form and any(tallies[part].f1 < floor for part, floor in FLOORS.items()))
            for part in FLOORS if args.verbose else ():
                for note in tallies[part].notes:
                    print(f"    {part}: {note}")
    print(f"{'floor':24}" + "".join(f"{floor:>12.2f}" for floor in FLOORS.values()))
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return int(low)


if __name__ == "__main__":
    sys.exit(main())
