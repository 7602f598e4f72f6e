"""Brings the states of an instance to where the lab says that it runs now: stops it, copies, compares, and leaves a mark.

A copy goes over SSH through this machine into a folder beside its place, owners as numbers. Both sides are read again and
compared before it takes its place, and only then the mark is written that lets the instance start. What is there already
is never overwritten, and the old place is left as it was, with a note for backups that it is not the state any more.
Jobs that run once have run for that data: their stamps go along.
Cut short anywhere, it can be run again: nothing starts at either place by itself until everything is there.
"""

import json
import shlex
import subprocess

import lab as common
from lab import Fault

TAR = "tar --create --file=- --format=posix --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime --numeric-owner --sort=name"

STAMPS = "/var/lib/labc/stamps"


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
    if missing:
        for stamp in wanted["stamps"]:
            remember(wanted["to"], stamp)
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
    known = on(state["host"], f"cat {quote(note(state['from']))} 2>/dev/null || true").strip()
    # Cut short behind that note, a run has its digest noted at the new place.
    if known and json.loads(known)["is"] == "left" and on(host, f"cat {quote(placing(state))} 2>/dev/null || true") == "":
        raise Fault(
            f"{origin(state)} is what stayed behind when {state['name']} went to {json.loads(known)['to']}, and older than that: restore it on {host['name']} "
            f"with `labc-backup restore`, then write `{origin(state)}` into {state['mark']}"
        )
    if on(host, f"find {quote(state['to'])} -mindepth 1 -maxdepth 1 -print -quit 2>/dev/null || true") != "" and not placed(host, state):
        raise Fault(f"{host['name']}:{state['to']} holds something already: look into it, and move it away")


def placed(host, state):
    """Whether an earlier run was cut short between bringing the copy to its place and its mark: nothing has touched it since."""
    known = on(host, f"cat {quote(placing(state))} 2>/dev/null || true").strip()
    return known != "" and known == digest(host, state["to"])


def placing(state):
    """Where the digest of a copy is noted while it takes its place."""
    return f"{state['mark']}.placing"


def stop(host, projects):
    """Stopped, not taken down: the old place can be started again by hand."""
    for project in projects:
        on(host, f"set -o pipefail; if command -v docker >/dev/null; then docker ps --quiet --filter label=com.docker.compose.project={quote(project)} | xargs --no-run-if-empty docker stop >/dev/null; fi")


def remember(host, stamp):
    """The stamp says that the job ran, not with which inputs: folders may be called otherwise here."""
    if on(stamp["host"], f"cd {STAMPS} 2>/dev/null && ls {' '.join(map(quote, stamp['from']))} 2>/dev/null || true") != "":
        target = quote(f"{STAMPS}/{stamp['to']}")
        on(host, f"install -d -m 0700 {STAMPS} && if [ ! -e {target} ]; then echo renamed > {target}; fi")


def copy(host, state):
    target = state["to"]
    part = f"{target}.labc-arriving"
    # What an earlier run brought and did not mark is compared like any other copy.
    again = on(host, f"""mkdir -p {quote(part)}; if [ -f {quote(placing(state))} ]; then
        if [ -n "$(ls -A {quote(target)} 2>/dev/null)" ]; then rm -rf {quote(part)} && mv -T {quote(target)} {quote(part)}; fi
        echo again
    fi""")
    if not again or digest(state["host"], state["from"]) != digest(host, part):
        transfer(host, state, part)
    wanted = digest(state["host"], state["from"])
    if digest(host, part) != wanted:
        raise Fault(f"{state['name']} is not the same on both sides: does something still write to {origin(state)}?")
    backed_up = on(state["host"], f"cat {quote(note(state['from']))} 2>/dev/null || true").strip()
    if not backed_up:
        on(host, f"rm -f {quote(note(target))}")
    elif json.loads(backed_up)["is"] != "left":
        on(host, f"printf '%s\\n' {quote(backed_up)} > {quote(note(target))}")
    on(host, f"printf '%s\\n' {quote(wanted)} > {quote(placing(state))} && sync")
    on(host, f"if [ -d {quote(target)} ]; then rmdir {quote(target)}; fi && mv -T {quote(part)} {quote(target)} && sync")
    left = json.dumps({"is": "left", "to": f"{host['name']}:{target}"})
    # Its own mark goes too: if it comes back one day, it has to arrive anew.
    on(state["host"], f"printf '%s\\n' {quote(left)} > {quote(note(state['from']))} && rm -f {quote(mark(state['from']))}")
    on(host, f"printf '%s\\n' {quote(origin(state))} > {quote(state['mark'])} && sync && rm -f {quote(placing(state))}")


def transfer(host, state, part):
    on(host, f"rm -rf {quote(part)} && mkdir -p {quote(part)}")
    pack = f"tar --create --file=- --numeric-owner --acls --xattrs --xattrs-include='*' -C {quote(state['from'])} ."
    unpack = f"tar --extract --file=- --numeric-owner --same-owner --preserve-permissions --acls --xattrs --xattrs-include='*' -C {quote(part)}"
    sender = subprocess.Popen(ssh(state["host"], pack), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    receiver = subprocess.Popen(ssh(host, unpack), stdin=sender.stdout)
    sender.stdout.close()
    codes = (sender.wait(), receiver.wait())
    if codes != (0, 0):
        raise Fault(f"{state['name']} could not be copied (tar ended with {codes[0]} and {codes[1]}); nothing was changed at its place: run this again")


def mark(path):
    """What says that a state arrived, beside it."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/.labc-arrived-{name}"


def note(path):
    """Where labc-backup notes that a state is the real one, so that it may be captured."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/.{name}.labc-state"


def digest(host, path):
    """Names, owners, permissions, times and contents, read from the disk again."""
    return on(host, f"set -o pipefail; {TAR} -C {quote(path)} . | sha256sum").strip()


def quote(text):
    return shlex.quote(text)


def ssh(host, command):
    inner = f"bash -c {quote(command)}"
    whole = inner if host["user"] == "root" else f"sudo -n {inner}"
    # A connection that died without a word ends within a minute.
    alive = ["-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=4"]
    return ["ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", *alive, "-p", str(host["port"]), f"{host['user']}@{host['address']}", "--", whole]


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
