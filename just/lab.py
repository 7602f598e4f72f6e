"""What the recipes of a lab share: its data (lab.json), its declared secrets and how to run a program.

Only Python's standard library is used: Ansible brings Python, so an operator has it.
A secret's value is never printed, and reaches another program only through that program's environment.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Fault(Exception):
    """Something that the operator can mend; the text says how."""


def load():
    return json.loads((ROOT / "just" / "lab.json").read_text(encoding="utf-8"))


def main(run):
    """Runs a script's main function: faults are one sentence and exit code 1, never a traceback."""
    try:
        sys.exit(run(sys.argv[1:]))
    except Fault as fault:
        print(f"error: {fault}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def machines(lab, name):
    """The machine of that name, or all of them for an empty name."""
    found = [machine for machine in lab["machines"] if name in ("", machine["name"])]
    if not found and name != "":
        raise Fault(f"the lab has no machine {name}")
    return found


def command(lab, name, recipe):
    """What to type for a recipe of the lab or of a machine."""
    return f"just {machines(lab, name)[0]['module']} {recipe}" if name else f"just {recipe}"


def sources(lab):
    """The folder of the lab's sources, where files of secrets lie: beside `out/`, or where LABC_SOURCE says."""
    return Path(os.environ.get("LABC_SOURCE") or ROOT / lab["source"]).resolve()


def labc():
    """The compiler, the repository and the sources below it, or None: this folder runs without them. It is the one on the PATH,
    or the one that the repository has installed."""
    source = load()["source"]
    repository = ROOT.joinpath(*[part for part in source.split("/") if part == ".."]).resolve()
    below = source.removeprefix("../" * source.count("../"))
    if not ROOT.is_relative_to(repository) or not (repository / below).is_dir() or os.environ.get("LABC_SOURCE"):
        return None
    for folder in (repository, *repository.parents):
        program = folder / "node_modules" / ".bin" / "labc"
        if program.exists() and shutil.which("node"):
            return [str(program)], repository, below
    program = shutil.which("labc")
    return None if program is None else ([program], repository, below)


def read_secret(lab, key):
    """The value of a declared secret, from where its declaration says."""
    source = lab["secrets"][key]
    kind = source["source"]
    if kind == "env":
        value = os.environ.get(source["variable"], "")
        if value == "":
            raise Fault(f"secret {key} is not set: export {source['variable']}")
        return value
    if kind == "sops":
        file = sources(lab) / source["file"]
        if not file.is_file():
            raise Fault(f"secret {key} comes from {file}, which is not there")
        path = "".join(f"[{json.dumps(part)}]" for part in source["key"].split("/"))
        return output(["sops", "--decrypt", "--extract", path, str(file)], f"secret {key} ({source['key']} in {file})")
    place = f"op://{source['vault']}/{source['item']}/{source['field']}"
    return output(["op", "read", "--no-newline", place], f"secret {key} ({place})")


def output(command, what):
    """What a program prints; its own words on stderr are shown, its output never is."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False)
    except FileNotFoundError:
        raise Fault(f"{what} needs {command[0]}, which is not installed") from None
    if done.returncode != 0:
        raise Fault(f"{what} could not be read: {command[0]} ended with code {done.returncode}")
    return done.stdout.decode("utf-8")


def terraform_environment(lab):
    """This environment and the declared secrets that Terraform's providers ask for."""
    tokens = {entry["variable"]: read_secret(lab, entry["secret"]) for entry in lab["variables"]}
    return {**os.environ, **tokens}
