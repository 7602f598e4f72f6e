"""Proves that this folder is complete and is what manifest.json says; recipes refuse to run from anything else.
Where labc is installed beside the sources, it also proves that they produce this folder.

A build that was killed leaves its journal: `labc build` finishes it. An edited file is named: `labc build` reports it
too, and keeps it until it is told otherwise.
"""

import hashlib
import json
import subprocess
import sys

import lab as common
from lab import ROOT, Fault


def run(_arguments):
    journal = ROOT.parent / f".labc-stage-{ROOT.name}" / "journal.json"
    if journal.exists():
        raise Fault(f"a build was interrupted and left {journal}: run `labc build` to finish it")
    try:
        manifest = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Fault("manifest.json is missing, so this folder is not complete: run `labc build`") from None
    except ValueError:
        raise Fault("manifest.json cannot be read, so this folder is not complete: run `labc build`") from None
    wrong = [line for path, entry in sorted(manifest["files"].items()) if (line := judge(path, entry)) is not None]
    if wrong:
        raise Fault("this folder is not what labc wrote: " + "; ".join(wrong[:10]) + ". Run `labc build`")
    compiler = common.labc()
    return 0 if compiler is None else frozen(*compiler)


def frozen(program, repository, source):
    """A compiler that cannot compare leaves it at the manifest: only a difference stops a recipe."""
    output = ROOT.relative_to(repository).parent
    try:
        done = subprocess.run([*program, "check", "--frozen", source, "--out", str(output)], cwd=repository, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    except OSError:
        return 0
    if done.returncode == 1:
        sys.stderr.buffer.write(done.stderr)
        print(f"Recipes run only what the sources produce. To run this folder as it was last built, keep the sources out: LABC_SOURCE={repository / source} just ...", file=sys.stderr)
        return 1
    return 0


def judge(path, entry):
    try:
        found = hashlib.sha256((ROOT / path).read_bytes()).hexdigest()
    except FileNotFoundError:
        return f"{path} is missing"
    except OSError as error:
        return f"{path} cannot be read ({error.strerror})"
    return None if found == entry["sha256"] else f"{path} was changed"


if __name__ == "__main__":
    common.main(run)
