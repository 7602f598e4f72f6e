"""Brings the states of an instance to where the lab says that it runs now: stops it, copies, compares, and leaves a mark.

A copy goes over SSH through this machine into a folder beside its place, owners as numbers. Both sides are read again and
compared before it takes its place, and only then the mark is written that lets the instance start. What is there already
is never overwritten, and the old place is left as it was.
"""

import shlex
import subprocess

import lab as common
from lab import Fault

TAR = "tar --create --file=- --format=posix --pax-option=delete=atime,delete=ctime --numeric-owner --sort=name"


def run(arguments):
    machine, instance = arguments
    lab = common.load()
    place = common.machines(lab, machine)[0]
    wanted = next((one for one in place["instances"] if one["name"] == instance), {}).get("migration")
    if wanted is None:
        raise Fault(f"nothing of {instance} is on the move")
    missing = [state for state in wanted["states"] if not arrived(wanted["to"], state)]
    for state in missing:
        judge(wanted["to"], state)
    stopped = set()
    for state in missing:
        for host in (state["host"], wanted["to"]):
            if host["name"] not in stopped:
                stopped.add(host["name"])
                stop(host, wanted["projects"])
    for state in missing:
        copy(wanted["to"], state)
        print(f"{state['name']}: {state['machine']}:{state['from']} is at {wanted['to']['name']}:{state['to']} too, byte for byte")
    print(f"Everything of {instance} is here. `just {place['module']} {module(place, instance)} up` starts it.")
    for name in sorted({state["machine"] for state in wanted["states"]} - {machine}):
        if any(one["name"] == name for one in lab["machines"]):
            print(f"When it serves, `{common.command(lab, name, 'retire')}` takes it down on {name}; its folders stay there.")
    return 0


def module(place, instance):
    return next(one["module"] for one in place["instances"] if one["name"] == instance)


def arrived(host, state):
    return (on(host, f"cat {quote(state['mark'])} 2>/dev/null || true")).strip() == origin(state)


def origin(state):
    return f"{state['machine']}:{state['from']}"


def judge(host, state):
    """Proof that there is something to copy, and nothing in its way."""
    if state["host"] is None:
        raise Fault(
            f"{state['name']} is on {state['machine']}, which the lab no longer reaches: bring {state['from']} to {host['name']}:{state['to']} "
            f"by hand or from a backup, then write `{origin(state)}` into {state['mark']}"
        )
    for one in (state["host"], host):
        if "GNU tar" not in on(one, "tar --version"):
            raise Fault(f"{one['name']} has no GNU tar, which keeps owners and compares what it copied")
    if on(state["host"], f"test -d {quote(state['from'])} && echo yes || true").strip() != "yes":
        raise Fault(f"{origin(state)} is not there, so there is nothing to bring for {state['name']}")
    if on(host, f"find {quote(state['to'])} -mindepth 1 -maxdepth 1 -print -quit 2>/dev/null || true") != "":
        raise Fault(f"{host['name']}:{state['to']} holds something already: look into it, and move it away")


def stop(host, projects):
    """Stopped, not taken down: the old place can be started again by hand."""
    for project in projects:
        on(host, f"if command -v docker >/dev/null; then docker ps --quiet --filter label=com.docker.compose.project={quote(project)} | xargs --no-run-if-empty docker stop >/dev/null; fi")


def copy(host, state):
    target = state["to"]
    part = f"{target}.labc-arriving"
    on(host, f"rm -rf {quote(part)} && mkdir -p {quote(part)}")
    pack = f"tar --create --file=- --numeric-owner --acls --xattrs --xattrs-include='*' -C {quote(state['from'])} ."
    unpack = f"tar --extract --file=- --numeric-owner --same-owner --preserve-permissions --acls --xattrs --xattrs-include='*' -C {quote(part)}"
    sender = subprocess.Popen(ssh(state["host"], pack), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    receiver = subprocess.Popen(ssh(host, unpack), stdin=sender.stdout)
    sender.stdout.close()
    codes = (sender.wait(), receiver.wait())
    if codes != (0, 0):
        raise Fault(f"{state['name']} could not be copied (tar ended with {codes[0]} and {codes[1]}); nothing was changed at its place")
    if digest(state["host"], state["from"]) != digest(host, part):
        raise Fault(f"{state['name']} is not the same on both sides: does something still write to {origin(state)}?")
    backed_up = on(state["host"], f"cat {quote(note(state['from']))} 2>/dev/null || true").strip()
    if backed_up:
        on(host, f"printf '%s\\n' {quote(backed_up)} > {quote(note(target))}")
    on(host, f"if [ -d {quote(target)} ]; then rmdir {quote(target)}; fi && mv -T {quote(part)} {quote(target)} && sync && printf '%s\\n' {quote(origin(state))} > {quote(state['mark'])}")


def note(path):
    """Where labc-backup notes that a state is the real one, so that it may be captured."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/.{name}.labc-state"


def digest(host, path):
    """Names, owners, permissions, times and contents, read from the disk again."""
    return on(host, f"set -o pipefail; {TAR} -C {quote(path)} . | sha256sum")


def quote(text):
    return shlex.quote(text)


def ssh(host, command):
    inner = f"bash -c {quote(command)}"
    whole = inner if host["user"] == "root" else f"sudo -n {inner}"
    return ["ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-p", str(host["port"]), f"{host['user']}@{host['address']}", "--", whole]


def on(host, command):
    try:
        done = subprocess.run(ssh(host, command), stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False)
    except FileNotFoundError:
        raise Fault("ssh is not installed") from None
    if done.returncode != 0:
        raise Fault(f"`{command.splitlines()[0]}` failed on {host['name']} with code {done.returncode}")
    return done.stdout.decode("utf-8", "replace")


if __name__ == "__main__":
    common.main(run)
