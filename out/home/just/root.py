"""What only root@pam may set on a node, and no API token: whole disks passed through, features and binds of containers.

`plan` shows what differs and changes nothing. `apply` sets it over SSH. Neither ever replaces something that is there:
a slot that holds another device, a device that is missing or that another guest has, is an error.
"""

import shlex
import subprocess

import lab as common
from lab import Fault


def run(arguments):
    action, name = arguments
    lab = common.load()
    # Everything is judged before anything is set.
    steps = [(machine["name"], machine["root"], *step) for machine in common.machines(lab, name) if machine["root"] is not None for step in differences(machine["name"], machine["root"])]
    for machine, wanted, option, value in steps:
        command = [wanted["tool"], "set", str(wanted["vmid"]), f"-{option}", value]
        print(f"{machine}: {shlex.join(command)}")
        if action == "apply":
            on_node(wanted, command)
            if wanted["tool"] == "pct":
                print(f"{machine}: takes effect when the container starts again")
    if not steps:
        print("Everything that only root@pam may set is as the lab wants it.")
    elif action == "plan":
        print(f"Nothing was changed; `{common.command(lab, name, 'root-apply')}` runs this on the node.")
    return 0


def differences(name, wanted):
    """Options to set, after proof that nothing is taken from anyone."""
    tool, vmid = wanted["tool"], str(wanted["vmid"])
    found = config(on_node(wanted, [tool, "config", vmid]))
    others = guests(wanted)
    for disk in wanted["disks"]:
        path = f"/dev/disk/by-id/{disk['device']}"
        have = found.get(disk["slot"])
        if have is not None:
            if have.split(",")[0] != path:
                raise Fault(f"{name}: slot {disk['slot']} holds {have.split(',')[0]}, not {path}; free it by hand first")
            continue
        if on_node(wanted, ["test", "-b", path], check=False) is None:
            raise Fault(f"{name}: {wanted['node']} has no disk {path}")
        for other, text in others.items():
            if other != vmid and disk["device"] in text:
                raise Fault(f"{name}: {path} already belongs to guest {other}")
        # A raw disk is far larger than what a backup of the machine should hold.
        yield disk["slot"], f"{path},backup=0"
    for option, value in wanted["options"]:
        have = found.get(option)
        if have is not None and option.startswith("mp") and not have.startswith("/"):
            raise Fault(f"{name}: {option} holds the volume {have.split(',')[0]}, not a folder of the node; free it by hand first")
        if have is None or set(have.split(",")) != set(value.split(",")):
            yield option, value


def config(text):
    """`qm config` prints `key: value` lines."""
    pairs = (line.split(": ", 1) for line in text.splitlines() if ": " in line)
    return {key: value for key, value in pairs}


def guests(wanted):
    """The definition of every virtual machine of the node, by its number."""
    script = 'for f in /etc/pve/qemu-server/*.conf; do [ -e "$f" ] && echo "== $f" && cat "$f"; done; true'
    found, number = {}, ""
    for line in on_node(wanted, ["sh", "-c", script]).splitlines():
        if line.startswith("== "):
            number = line.rsplit("/", 1)[1].removesuffix(".conf")
        found[number] = found.get(number, "") + line + "\n"
    return found


def on_node(wanted, command, check=True):
    """Runs a command on the node as root; None when it fails and the caller expects that."""
    ssh = ["ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", f"root@{wanted['address']}", "--", shlex.join(command)]
    try:
        done = subprocess.run(ssh, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False)
    except FileNotFoundError:
        raise Fault("ssh is not installed") from None
    if done.returncode == 0:
        return done.stdout.decode("utf-8", "replace")
    if check or done.returncode == 255:
        raise Fault(f"`{shlex.join(command)}` failed on {wanted['node']} (root@{wanted['address']}) with code {done.returncode}")
    return None


if __name__ == "__main__":
    common.main(run)
