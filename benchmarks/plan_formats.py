"""How long the formats take to open, and how much memory: one invented plan of fifty thousand characters in each.

    python benchmarks/plan_formats.py

Each format is opened in a process of its own. `floor` is what reading the same bytes as text lines costs.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

CHARACTERS = 50_000
FORMATS = ("txt", "docx", "xlsx", "html", "pdf")


def written(suffix: str) -> bytes:
    """The sample plan, repeated until it is long enough, in one format."""
    from tasks.plans.tests import writers
    from tasks.plans.tests.plan_files import SAMPLES

    text = (SAMPLES / "invented_plan.md").read_text("utf-8")
    text = "\n\n".join([text] * (CHARACTERS // len(text) + 1))
    if suffix == "txt":
        return text.encode()
    return getattr(writers, f"to_{suffix}")(writers.parts_of(text))


def measure(suffix: str, path: str) -> None:
    """Opens the file and prints one line; runs in a process of its own."""
    from tasks.plans.formats import open_document

    data = Path(path).read_bytes()
    start = time.process_time()
    document = open_document(f"plan.{suffix}", data)
    seconds = time.process_time() - start
    start = time.process_time()
    "\n".join(block.text for block in document.blocks).encode().decode().splitlines()
    floor = max(time.process_time() - start, 1e-4)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        f"{suffix:5} {document.characters:7} characters {len(data):8} bytes {seconds:6.2f} s "
        f"{seconds / floor:8.0f} x floor {megabytes:5.0f} MB\n"
    )


def main() -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for suffix in FORMATS:
            path = Path(folder) / f"plan.{suffix}"
            path.write_bytes(written(suffix))
            subprocess.run([sys.executable, __file__, suffix, str(path)], check=True)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure(sys.argv[1], sys.argv[2])
    else:
        main()
