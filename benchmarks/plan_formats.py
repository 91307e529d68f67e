"""How long the formats take to open and to read, and how much memory: an invented plan of fifty thousand characters.

    python benchmarks/plan_formats.py

Each format is opened in a process of its own; the fastest of three runs counts. `floor` is what the least work on the
same file costs: PDFium taking its pages apart, or reading the text as lines. Limits: 1 second of processor time for
opening and reading together, and 200 MB. Exits 1 when one is passed.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

CHARACTERS = 50_000
LIMIT_SECONDS = 1.0
LIMIT_MEGABYTES = 200
FORMATS = ("txt", "docx", "xlsx", "html", "pdf", "ofd")


def written(suffix: str) -> bytes:
    """The sample plan, repeated until it is long enough, in one format."""
    from tasks.plans.tests import writers
    from tasks.plans.tests.ofd_writer import to_ofd
    from tasks.plans.tests.plan_files import SAMPLES

    text = (SAMPLES / "invented_plan.md").read_text("utf-8")
    text = "\n\n".join([text] * (CHARACTERS // len(text) + 1))
    if suffix == "txt":
        return text.encode()
    if suffix == "ofd":
        return to_ofd(writers.to_pdf(writers.parts_of(text)))
    return getattr(writers, f"to_{suffix}")(writers.parts_of(text))


def measure(suffix: str, path: str) -> None:
    """Opens the file and prints one line; runs in a process of its own."""
    from tasks.plans.formats import open_document
    from tasks.plans.reader import read_plan

    data = Path(path).read_bytes()
    opened, document = fastest(lambda: open_document(f"plan.{suffix}", data))
    read, _ = fastest(lambda: read_plan(document))
    floor, _ = fastest(lambda: pages_taken_apart(data) if suffix == "pdf" else data.decode("latin-1").splitlines())
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        f"{suffix:5} {document.characters:7} characters {len(data):8} bytes  open {opened:5.2f} s (floor {floor:5.2f})"
        f"  read {read:5.2f} s  together {opened + read:5.2f} s  {megabytes:4.0f} MB\n"
    )
    sys.exit(int(opened + read > LIMIT_SECONDS or megabytes > LIMIT_MEGABYTES))


def fastest(work: Callable[[], Any], times: int = 3) -> tuple[float, Any]:
    """Seconds of processor time of the fastest of several runs, and what the work gives."""
    best, result = float("inf"), None
    for _ in range(times):
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    return best, result


def pages_taken_apart(data: bytes) -> None:
    """What PDFium itself needs to open a file and its text."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    for page in document:
        page.get_textpage().close()
        page.close()
    document.close()


def main() -> int:
    import tempfile

    failed = 0

    with tempfile.TemporaryDirectory() as folder:
        for suffix in FORMATS:
            path = Path(folder) / f"plan.{suffix}"
            path.write_bytes(written(suffix))
            failed |= subprocess.run([sys.executable, __file__, suffix, str(path)], check=False).returncode
    return failed


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure(sys.argv[1], sys.argv[2])
    else:
        sys.exit(main())
