"""Terraform for the lab or for one machine: plan, apply, replace.

`plan` shows and keeps a plan. `apply` makes a new one and carries it out only if it destroys nothing.
`replace` carries out exactly the plan that was shown last, as long as neither the files nor the state have moved on.
Owners of kept disks that get one more come first: the provider cannot plan the path of a volume that is not there yet.
"""

import hashlib
import json
import re
import sys

import blame
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
    wanted = [*targets(lab, name), *(renamed(environment) if name else [])]
    stamp.unlink(missing_ok=True)
    lost = make(plan, wanted, environment)
    stamp.write_text(fingerprint(), encoding="utf-8")
    if action == "plan":
        if lost:
            print(f"`{say('apply')}` will not carry this out; `{say('replace')}` does, after asking.")
        return 0
    refusal = f"nothing was applied, since the above would be lost. Read the plan; `{say('replace')}` carries it out."
    if lost:
        raise Fault(refusal)
    if grow_owners(plan, environment) and make(plan, wanted, environment):
        raise Fault(refusal)
    return carry_out(plan, environment)


def make(plan, wanted, environment):
    """Plans what is wanted, all of it where that is nothing; the answer is what it takes away."""
    plan.unlink(missing_ok=True)
    terraform(["plan", "-input=false", f"-out={plan}", *wanted], environment)
    lost = destroyed(plan, environment)
    for line in lost:
        print(f"  {line}")
    return lost


def grow_owners(plan, environment):
    """Gives owners of kept disks the disks that a plan adds to them, and says whether there were any."""
    owners = growing(plan, environment)
    if not owners:
        return False
    print(f"First {', '.join(owners)}, since others use the disks that are new there.")
    first = plan.with_name(f"{plan.stem}-owners.tfplan")
    if make(first, [*(f"-target={owner}" for owner in owners), *renamed(environment)], environment):
        raise Fault("nothing was applied, since the above would be lost")
    carry_out(first, environment)
    return True


def growing(plan, environment):
    """Owners that are there already and get one disk more."""
    shown = json.loads(terraform(["show", "-json", str(plan)], environment, quiet=True))
    found = []
    for resource in shown.get("resource_changes", []):
        change = resource["change"]
        if resource["address"].endswith("_data") and change["actions"] == ["update"]:
            if len(change["after"].get("disk") or []) > len(change["before"].get("disk") or []):
                found.append(resource["address"])
    return found


def replace(plan, stamp, environment, say):
    if not plan.is_file() or not stamp.is_file():
        raise Fault(f"there is no plan to carry out: run `{say('plan')}` and read it first")
    if stamp.read_text(encoding="utf-8") != fingerprint():
        raise Fault(f"the lab was built again since that plan: run `{say('plan')}` and read it first")
    for line in destroyed(plan, environment):
        print(f"  {line}")
    if grow_owners(plan, environment):
        plan.unlink(missing_ok=True)
        raise Fault(f"the owners of kept disks have their new disks, so that plan is out of date: run `{say('plan')}`, read it, and `{say('replace')}`")
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


def renamed(environment):
    """Terraform plans nothing of one machine while it has not been told what became of another: those are planned too."""
    files = "".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.tf")))
    moves = re.findall(r"^moved \{\n  from = (\S+)\n  to   = (\S+)\n\}", files, re.M)
    if not moves:
        return []
    known = set(terraform(["state", "list"], environment, quiet=True).split())
    chains = {old: new for old, new in moves}
    pending = []
    for old in known & chains.keys():
        while old in chains:
            pending.append(old)
            old = chains[old]
        pending.append(old)
    return [f"-target={address}" for address in sorted(set(pending))]


def destroyed(plan, environment):
    """What the plan takes away, one line each. A downloaded image is no loss: its URL and its sum bring it back."""
    shown = json.loads(terraform(["show", "-json", str(plan)], environment, quiet=True))
    lines = []
    for change in shown.get("resource_changes", []):
        actions = change["change"]["actions"]
        if "delete" in actions and change["type"] != "proxmox_download_file":
            lines.append(f"{'replaces' if len(actions) > 1 else 'destroys'} {change['address']}")
    return lines


def fingerprint():
    return hashlib.sha256((ROOT / "manifest.json").read_bytes()).hexdigest()


def terraform(arguments, environment, quiet=False):
    command = ["terraform", f"-chdir={FOLDER}", *arguments]
    try:
        code, text = blame.run(command, environment=environment, stdout="kept" if quiet else "shown")
    except FileNotFoundError:
        raise Fault("terraform is not installed") from None
    if code != 0:
        sys.stdout.write(text if arguments[0] == "init" else "")
        raise Fault(f"terraform {arguments[0]} ended with code {code}")
    return text


if __name__ == "__main__":
    common.main(run)
