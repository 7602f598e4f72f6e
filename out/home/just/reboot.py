"""Reboots a guest through Proxmox, which is what makes settings count that wait for its next start: a reboot from
inside the guest does not. Waits until Proxmox says how it went."""

import time
import urllib.parse

import lab as common
from api import Api
from lab import Fault

# Seconds for the guest to shut down, and for the task to end.
SHUTDOWN = 300
PATIENCE = 600


def run(arguments):
    (name,) = arguments
    lab = common.load()
    for cluster in lab["runway"]["clusters"]:
        for guest in cluster["guests"]:
            if guest["machine"] == name:
                return reboot(Api(cluster, common.read_secret(lab, cluster["token"])), guest)
    raise Fault(f"Proxmox does not run {name}")


def reboot(api, guest):
    node = urllib.parse.quote(guest["node"], safe="")
    sort = "lxc" if guest["container"] else "qemu"
    path = f"/nodes/{node}/{sort}/{guest['vmid']}/status"
    if api.get(f"{path}/current")["status"] != "running":
        raise Fault(f"{guest['machine']} is off: it takes up what waits when it starts")
    task = api.post(f"{path}/reboot", timeout=SHUTDOWN)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            state = api.get(f"/nodes/{node}/tasks/{urllib.parse.quote(task, safe='')}/status")
        except Fault:
            # The guest may be the very router or resolver on the way to Proxmox.
            state = {"status": "unknown"}
        if state["status"] == "stopped":
            if state.get("exitstatus") != "OK":
                raise Fault(f"{guest['machine']} was not rebooted: {state.get('exitstatus')}")
            print(f"{guest['machine']} was rebooted.")
            return 0
        time.sleep(2)
    raise Fault(f"the reboot of {guest['machine']} is not done after {PATIENCE} seconds: look at the tasks of {guest['node']}")


if __name__ == "__main__":
    common.main(run)
