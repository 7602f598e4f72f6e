"""Terraform for the lab or for one machine: plan, apply, replace.

`plan` shows and keeps a plan. `apply` makes a new one and carries it out only if it destroys nothing.
`replace` carries out exactly the plan that was shown last, as long as neither the files nor the state have moved on.
"""

import hashlib
import json
import re
import subprocess
import sys

import lab as common
from lab import ROOT, Fault

FOLDER = ROOT / "terraform"
KEPT = FOLDER / ".terraform"


def run(arguments):
    action, name = arguments
    lab = common.load()
    scope = name or "lab"

    def say(recipe):
        return common.command(lab, name, recipe)

    environment = common.terraform_environment(lab)
    terraform(["init", "-input=false", "-no-color"], environment, quiet=True)
    plan = KEPT / f"labc-{scope}.tfplan"
    stamp = KEPT / f"labc-{scope}.sha256"
    if action == "replace":
        return replace(plan, stamp, environment, say)
    plan.unlink(missing_ok=True)
    terraform(["plan", "-input=false", f"-out={plan}", *targets(lab, name)], environment)
    stamp.write_text(fingerprint(), encoding="utf-8")
    lost = destroyed(plan, environment)
    for line in lost:
        print(f"  {line}")
    if action == "plan":
        if lost:
            print(f"`{say('apply')}` will not carry this out; `{say('replace')}` does, after asking.")
        return 0
    if lost:
        raise Fault(f"nothing was applied, since the above would be lost. Read the plan; `{say('replace')}` carries it out.")
    return carry_out(plan, environment)


def replace(plan, stamp, environment, say):
    if not plan.is_file() or not stamp.is_file():
        raise Fault(f"there is no plan to carry out: run `{say('plan')}` and read it first")
    if stamp.read_text(encoding="utf-8") != fingerprint():
        raise Fault(f"the lab was built again since that plan: run `{say('plan')}` and read it first")
    for line in destroyed(plan, environment):
        print(f"  {line}")
    return carry_out(plan, environment)


def carry_out(plan, environment):
    # Two at a time: Proxmox gives up on imports that wait ten seconds for a storage's lock.
    terraform(["apply", "-input=false", "-parallelism=2", str(plan)], environment)
    plan.unlink(missing_ok=True)
    return 0


def targets(lab, name):
    """Every resource of the machine's own file; Terraform adds what they depend on."""
    if name == "":
        return []
    file = common.machines(lab, name)[0]["terraform"]
    text = (ROOT / file).read_text(encoding="utf-8")
    return [f"-target={kind}.{label}" for kind, label in re.findall(r'^resource "([^"]+)" "([^"]+)" \{', text, re.M)]


def destroyed(plan, environment):
    """What the plan takes away, one line each."""
    shown = json.loads(terraform(["show", "-json", str(plan)], environment, quiet=True))
    lines = []
    for change in shown.get("resource_changes", []):
        actions = change["change"]["actions"]
        if "delete" in actions:
            lines.append(f"{'replaces' if len(actions) > 1 else 'destroys'} {change['address']}")
    return lines


def fingerprint():
    return hashlib.sha256((ROOT / "manifest.json").read_bytes()).hexdigest()


def terraform(arguments, environment, quiet=False):
    command = ["terraform", f"-chdir={FOLDER}", *arguments]
    try:
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE if quiet else None, check=False)
    except FileNotFoundError:
        raise Fault("terraform is not installed") from None
    text = done.stdout.decode("utf-8") if quiet else ""
    if done.returncode != 0:
        sys.stdout.write(text if arguments[0] == "init" else "")
        raise Fault(f"terraform {arguments[0]} ended with code {done.returncode}")
    return text


if __name__ == "__main__":
    common.main(run)
