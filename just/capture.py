"""A new version of an appliance's image: its root disk, copied on the node while the machine is off.

`plan` shows the commands and changes nothing. `apply` runs them and prints the version to write into the lab.
Nothing is overwritten and no old version is removed: those beyond what the lab keeps are named.
"""

import json
import shlex
import time

import lab as common
import root
from lab import Fault


def run(arguments):
    action, name = arguments
    lab = common.load()
    wanted = common.machines(lab, name)[0]["capture"]
    if wanted is None:
        raise Fault(f"no image of the lab is captured from {name}")
    vmid, version = str(wanted["vmid"]), time.strftime("%Y-%m-%d")
    volume = f"{wanted['datastore']}:import/{wanted['image']}-{version}.qcow2"
    disk = root.config(root.on_node(wanted, ["qm", "config", vmid])).get(wanted["slot"])
    if disk is None:
        raise Fault(f"{name} has no disk at {wanted['slot']}")
    source, target = path(wanted, disk.split(",")[0]), path(wanted, volume)
    if root.on_node(wanted, ["test", "-e", target], check=False) is not None:
        raise Fault(f"{volume} is there already; one capture a day")
    running = "running" in root.on_node(wanted, ["qm", "status", vmid])
    steps = [
        *([["qm", "shutdown", vmid, "--timeout", "600"]] if running else []),
        ["qemu-img", "convert", "-O", "qcow2", "-c", source, f"{target}.part"],
        ["mv", f"{target}.part", target],
        *([["qm", "start", vmid]] if running else []),
    ]
    for step in steps:
        print(f"{wanted['node']}: {shlex.join(step)}")
    if action == "plan":
        print(f"Nothing was changed; `{common.command(lab, name, 'capture')}` runs this on the node.")
        return 0
    try:
        for step in steps[:-1] if running else steps:
            root.on_node(wanted, step)
    finally:
        if running:
            start(name, wanted, steps[-1])
    digest = root.on_node(wanted, ["sha256sum", target]).split()[0]
    print(f"Write into image {wanted['image']}:")
    print(f'  version {json.dumps(version)} {{ file = {json.dumps(volume)}  sha256 = "{digest}" }}')
    old(wanted)
    return 0


def start(name, wanted, command):
    """A machine that was running runs again, whatever became of the copy; one that did not shut down still does."""
    if "running" not in root.on_node(wanted, ["qm", "status", str(wanted["vmid"])]) and root.on_node(wanted, command, check=False) is None:
        raise Fault(f"{name} was shut down and did not start again: on {wanted['node']}, `{shlex.join(command)}`")


def path(wanted, volume):
    """The file or device of a volume, as Proxmox knows it."""
    return root.on_node(wanted, ["pvesm", "path", volume]).strip()


def old(wanted):
    """Names captured versions beyond those that the lab keeps."""
    listing = root.on_node(wanted, ["pvesm", "list", wanted["datastore"], "--content", "import"])
    volumes = sorted(line.split()[0] for line in listing.splitlines()[1:] if f":import/{wanted['image']}-" in line)
    for volume in volumes[: -wanted["keep"]]:
        print(f"No longer kept, once no machine stands on it: pvesm free {volume}")


if __name__ == "__main__":
    common.main(run)
