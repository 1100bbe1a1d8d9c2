"""Make packets and verify them: in this process, or by Python alone in a process of its own."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

from cli.packet import verify
from ledger.integrity.keys import load_key

VERIFIER = Path(verify.__file__)
PYTHON = [sys.executable, "-I", "-S"]


def made(tally, *words):
    """Return the zip that `tally packet` writes."""
    path = tally.folder / f"{'-'.join(map(str, words))}.zip"
    tally("packet", *words, "-o", path).ok()
    return path


def verified(path, *words):
    """Return exit status and lines of the verifier, run in this process."""
    out = io.StringIO()
    with redirect_stdout(out):
        status = verify.main([str(path), *words])
    return status, out.getvalue().splitlines()


def wrong(path, *words):
    """Return what the verifier says is wrong; the last line says not to rely on it."""
    status, lines = verified(path, *words)
    assert status == 1, lines
    found = [line.removeprefix("[不符 WRONG] ") for line in lines if "WRONG" in line]
    assert found.pop() == "不能采信 / do not rely on this packet"
    assert found
    return found


def by_python(*words, folder=None):
    """Run a verifier by Python without the program's packages; return the finished process."""
    run = subprocess.run(
        [*PYTHON, *map(str, words)], capture_output=True, text=True, check=False, cwd=folder,
        encoding="utf-8", timeout=60, env={"PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert "Traceback" not in run.stderr, run.stderr
    assert run.stderr == ""
    return run


def files_of(path):
    return verify.files_of_zip(path.read_bytes())


def events_of(files):
    """Return the states of the events that are proved, each with its originator id."""
    events = json.loads(files[verify.PROOF])["events"]
    return [(one["id"], json.loads(one["state"])) for one in events]


def unpacked(path, folder):
    """Write the files of a packet into a folder."""
    for name, data in files_of(path).items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return folder


def signed_again(path, url, change, target):
    """Change the files of a packet, sign it again with the ledger's own key, and write it.

    Args:
        path: the packet.
        url: the ledger.
        change: changes the files in place; JSON files are given parsed.
        target: the file to write.
    """
    files = files_of(path)
    manifest = verify.parse_manifest(
        files.pop(verify.MANIFEST).decode().partition("\n\n")[0] + "\n"
    )
    parsed = {
        name: json.loads(data) if name.endswith(".json") else data for name, data in files.items()
    }
    change(parsed)
    files = {
        name: data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False).encode()
        for name, data in parsed.items()
    }
    about = manifest.unit, manifest.period, manifest.position
    note = load_key(url).sign(verify.manifest_text(about, files.items())).encode()
    target.write_bytes(verify.zip_of([(verify.MANIFEST, note), *files.items()]))
    return target
