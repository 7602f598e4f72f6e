#!/usr/bin/env python3
"""Captures, restores and drills the states of this machine with restic.

usage: labc-backup capture [STATE]     all states, or the group that STATE belongs to
       labc-backup restore STATE [ID]  put a state back, the newest capture where no ID is given
       labc-backup adopt STATE         declare that what lies here now is the state, whatever the repository holds
       labc-backup drill [STATE]       restore into an empty folder and look at it; changes nothing
       labc-backup check [all]         prove the repository's structure; with `all` every byte is read back
       labc-backup resume              start what a capture held still that was cut off; a timer does it

Jobs lie in /etc/labc/restic/jobs, one file a state. The states of a workload are one group: its containers
stand still together, so that what is captured fits together. The repository is named by the environment.

A machine that was never restored must not push its empty state over a good backup. So every state has a marker beside
it, which is lost with its disk: restored, adopted, or new because nothing was captured before; it goes along when the state
moves. Without the marker, and with captures in the repository, nothing of the group is captured until somebody says which
of the two counts. Nothing is read from or written to a folder whose disk, by /etc/fstab, should be mounted and is not.
"""
import datetime
import fcntl
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

FOLDER = pathlib.Path("/etc/labc/restic")
FSTAB = pathlib.Path("/etc/fstab")
HELD = pathlib.Path("/var/lib/labc/held")


class Fault(Exception):
    """What keeps one workload from being captured, and no other."""


def environment():
    """The timer brings the environment; a person at a shell does not."""
    result = dict(os.environ)
    for line in (FOLDER / "env").read_text().splitlines():
        name, _, value = line.partition("=")
        result.setdefault(name, value)
    return result


def restic(*args, minutes=120, **options):
    """Machines of the lab share the repository: while another one holds it, this one waits, for two hours at most."""
    for left in range(minutes * 4, -1, -1):
        done = subprocess.run(["restic", *args], env=environment(), stderr=subprocess.PIPE, **options)
        sys.stderr.buffer.write(done.stderr)
        sys.stderr.flush()
        if done.returncode == 0:
            return done
        if left == 0 or b"already locked" not in done.stderr:
            raise Fault(f"restic {args[0]} ended with code {done.returncode}")
        # A lock of a restic that was killed, as a shutdown kills it, never goes by itself, and shuts out `forget` and `check`.
        # `unlock` takes those only: of a process of this machine that is gone, or not renewed for half an hour.
        if left % 40 == 0:
            subprocess.run(["restic", "unlock"], env=environment(), stdout=subprocess.DEVNULL)
        else:
            time.sleep(15)
        if "stdin" in options:
            options["stdin"].seek(0)


def unmounted(path):
    """The mount point that should hold a path and does not: what is written there now lies on the disk below it."""
    lines = FSTAB.read_text().splitlines() if FSTAB.exists() else []
    fields = [line.split() for line in lines if not line.lstrip().startswith("#")]
    points = [f[1].replace("\\040", " ") for f in fields if len(f) > 2 and f[1].startswith("/") and f[1] != "/"]
    for point in sorted((p for p in points if pathlib.Path(path).is_relative_to(p)), key=len, reverse=True):
        try:
            # What is mounted at its first use is mounted by this.
            os.listdir(point)
        except OSError:
            return point
        if not os.path.ismount(point):
            return point
    return None


def repository_is_there():
    """A repository that is a folder: on the empty folder below its disk, a new one would come into being."""
    path = environment().get("RESTIC_REPOSITORY", "").removeprefix("local:")
    point = unmounted(path) if path.startswith("/") else None
    if point:
        sys.exit(f"labc-backup: the repository {path} is on {point}, and nothing is mounted there")


def jobs():
    """A state that no workload owns has neither group nor container."""
    nothing = {"group": "", "container": "", "exclude": [], "was": []}
    return [nothing | json.loads(p.read_text()) for p in sorted((FOLDER / "jobs").glob("*.json"))]


def tags(job):
    return ",".join(t for t in ("labc", job["group"], job["id"]) if t)


def one(name):
    for job in jobs():
        if job["id"] == name:
            return job
    sys.exit(f"labc-backup: no state is called {name}; there are: {', '.join(j['id'] for j in jobs())}")


def compose(job, *args, **options):
    return subprocess.run(["docker", "compose", "--project-name", job["group"], *args], check=True, **options)


def services(job):
    """Those of its workload that run. What stands still is left alone: whoever stopped it, perhaps to move it, starts it again."""
    label = "com.docker.compose.service"
    found = subprocess.run(
        ["docker", "ps", "--filter", f"label=com.docker.compose.project={job['group']}", "--format", f'{{{{.Label "{label}"}}}}'],
        check=True, capture_output=True, text=True).stdout.split() if job["group"] else []
    return sorted(set(found))


def inside(job, command, user=None, **options):
    as_user = ["--user", user] if user else []
    interactive = ["--interactive"] if "stdin" in options else []
    name = subprocess.run(
        ["docker", "ps", "--quiet", "--filter", f"label=com.docker.compose.project={job['group']}",
         "--filter", f"label=com.docker.compose.service={job['container']}"],
        check=True, capture_output=True, text=True).stdout.split()
    if not name:
        raise Fault(f"{job['id']}: container {job['container']} of {job['group']} does not run")
    return subprocess.run(["docker", "exec", *interactive, *as_user, name[0], *command], check=True, **options)


def how(job):
    """A word for the way in which a state is made still, and what that way needs."""
    quiesce = job["quiesce"]
    return (quiesce, {}) if isinstance(quiesce, str) else (quiesce["variant"], quiesce)


def marker(job):
    """Beside the state, not in it: it shares the fate of the disk and is no part of what is captured."""
    path = pathlib.Path(job["path"])
    return path.with_name(f".{path.name}.labc-state")


def mark(job, how_it_came):
    marker(job).write_text(json.dumps({"state": job["id"], "is": how_it_came}) + "\n")


def captures(job):
    """Oldest first, whichever machine made them: a state that moved is still the same state."""
    names = [tags(job), *(f"labc,{name}" for name in job["was"])]
    found = restic("snapshots", "--json", *(word for name in names for word in ("--tag", name)), stdout=subprocess.PIPE).stdout
    return sorted(json.loads(found) or [], key=lambda s: datetime.datetime.fromisoformat(s["time"]))


def rename(job):
    """Captures that were made under another name get the one that the state has now, so that they age with the rest."""
    for name in job["was"]:
        found = restic("snapshots", "--json", "--tag", f"labc,{name}", stdout=subprocess.PIPE).stdout
        if json.loads(found):
            restic("tag", "--tag", f"labc,{name}", "--set", tags(job))


def stranger(job):
    """What speaks against capturing this state; a state that was never captured anywhere is new by itself."""
    point = unmounted(job["path"])
    if point:
        return f"{job['id']}: {job['path']} is on {point}, and nothing is mounted there"
    if not os.path.isdir(job["path"]):
        return f"{job['id']}: {job['path']} is not there"
    if marker(job).exists():
        known = json.loads(marker(job).read_text())
        if known["is"] != "left":
            return None
        return (f"{job['id']}: it moved to {known['to']}, and {job['path']} is what it left behind. "
                f"If that is the state again: labc-backup adopt {job['id']}")
    there = captures(job)
    if not there:
        mark(job, "new")
        return None
    last = there[-1]
    return (f"{job['id']}: the repository holds {len(there)} of its captures, the newest {last['short_id']} of "
            f"{last['hostname']} at {last['time'][:16]}, and what lies in {job['path']} was neither restored nor adopted. "
            f"Put the capture back: labc-backup restore {job['id']}. "
            f"Or say that what lies there now is the state: labc-backup adopt {job['id']}")


def save(job, minutes=120):
    kind, detail = how(job)
    tag = ["--tag", tags(job)]
    if kind == "dump":
        with tempfile.TemporaryFile() as dump:
            inside(job, detail["how"]["save"], stdout=dump)
            dump.seek(0)
            restic("backup", *tag, "--stdin", "--stdin-filename", f"/{job['id']}.dump", stdin=dump)
        return
    if kind == "exec":
        inside(job, detail["before"], detail.get("user"))
    try:
        excludes = [f"--exclude={job['path']}/{e}" for e in job["exclude"]]
        restic("backup", *tag, *excludes, job["path"], minutes=minutes)
    finally:
        if kind == "exec":
            inside(job, detail["after"], detail.get("user"))


def capture(group):
    """One consistent set. Dumps want a running database, so they come before anything stands still."""
    for job in (j for j in group if how(j)[0] in ("dump", "exec")):
        save(job)
    still = [j for j in group if how(j)[0] not in ("dump", "exec")]
    kinds = {how(j)[0] for j in still}
    verb = ("stop", "start") if "stop" in kinds else ("pause", "unpause") if "pause" in kinds else None
    names = sorted({j["container"] for j in still} & set(services(group[0]))) if verb else []
    if not names:
        for job in still:
            save(job)
        return
    # Nothing stands still while another machine holds the repository: this waits until it can be had.
    restic("snapshots", "--latest=1", stdout=subprocess.DEVNULL)
    note = HELD / f"{group[0]['group']}.json"
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(json.dumps({"verb": verb[1], "services": names}))
    try:
        compose(group[0], verb[0], *names)
        for job in still:
            save(job, minutes=10)
    finally:
        compose(group[0], verb[1], *names)
        note.unlink()


def resume():
    """After a power cut nobody else starts what was stopped by its name: the engine leaves it as it was left."""
    for note in sorted(HELD.glob("*.json")):
        try:
            held = json.loads(note.read_text())
        except ValueError:
            held = {"verb": "start", "services": []}
        done = subprocess.run(["docker", "compose", "--project-name", note.stem, held["verb"], *held["services"]])
        # What was paused runs again after a boot, and there is nothing to do.
        if done.returncode == 0 or held["verb"] == "unpause":
            note.unlink()


def forget():
    keep = json.loads((FOLDER / "keep.json").read_text()) or {}
    flags = [f"--keep-{age}={count}" for age, count in sorted(keep.items()) if count]
    if flags:
        # What nothing refers to any more is dropped once a week: it reads much and shuts the others out.
        prune = ["--prune"] if time.localtime().tm_wday == 6 else []
        # By state and not by host: one that moved here, or whose machine was renamed, is still one history.
        mine = [word for job in jobs() for word in ("--tag", tags(job))]
        if mine:
            restic("forget", *mine, "--group-by", "tags", *flags, *prune)


def pick(job, wanted=None):
    """The capture that is meant. Unasked this machine's newest; of a state that moved here, the newest of all."""
    there = [c for c in captures(job) if c["id"].startswith(wanted or "")]
    own = [c for c in there if c["hostname"] == os.uname().nodename]
    if not there:
        sys.exit(f"labc-backup: the repository holds no capture {wanted + ' ' if wanted else ''}of {job['id']}")
    return (own or there)[-1]


def bring(job, picked, target):
    """Writes a capture into `target`: the dump as one file, or the folder as it was, from wherever it was captured."""
    path = picked["paths"][0]
    if how(job)[0] == "dump":
        with open(target / "dump", "wb") as out:
            restic("dump", picked["id"], path, stdout=out)
        return target / "dump"
    restic("restore", picked["id"], "--target", str(target))
    return target / path.lstrip("/")


def restore(job, wanted):
    state = pathlib.Path(job["path"])
    old = state.with_name(state.name + ".before-restore")
    if old.exists():
        sys.exit(f"labc-backup: {old} is still there from an earlier restore; look at it and remove it")
    picked = pick(job, wanted)
    # Half a restore is no state: whatever ends this early leaves a state that is not captured.
    marker(job).unlink(missing_ok=True)
    put_back(job, picked, state, old)
    mark(job, "restored")


def put_back(job, picked, state, old):
    # Before the first start of a rebuilt machine nothing is there yet, not even the folders above.
    state.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=state.parent, prefix=".labc-restore-") as folder:
        found = bring(job, picked, pathlib.Path(folder))
        if how(job)[0] == "dump":
            with open(found, "rb") as dump:
                inside(job, how(job)[1]["how"]["restore"], stdin=dump)
            print(f"{job['id']} is restored")
            return
        names = services(job)
        if names:
            compose(job, "stop", *names)
        if state.exists():
            state.rename(old)
        shutil.move(found, state)
        if names:
            compose(job, "start", *names)
        print(f"{job['id']} is restored" + (f"; what was there before is in {old}" if old.exists() else ""))


def drill(job):
    with tempfile.TemporaryDirectory(dir="/var/cache/restic", prefix="drill-") as folder:
        found = bring(job, pick(job), pathlib.Path(folder))
        size = found.stat().st_size if found.is_file() else sum(p.stat().st_size for p in found.rglob("*") if p.is_file())
        if size == 0:
            sys.exit(f"labc-backup: the newest capture of {job['id']} is empty")
        print(f"{job['id']}: {size} bytes came back")


def main(args):
    verb, name = (args + ["", ""])[:2]
    if verb not in ("capture", "restore", "adopt", "drill", "check", "resume") or (verb in ("restore", "adopt") and not name):
        sys.exit(__doc__)
    with open("/run/lock/labc-backup", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (fcntl.LOCK_NB if verb == "resume" else 0))
        except BlockingIOError:
            # Whoever has the lock began with this.
            return
        resume()
        if verb == "resume":
            return
        if verb != "adopt":
            repository_is_there()
        if verb == "restore":
            return restore(one(name), args[2] if len(args) > 2 else None)
        if verb == "adopt":
            return mark(one(name), "adopted")
        chosen = [one(name)] if name and verb != "check" else jobs()
        if verb == "check":
            return restic("check", *(["--read-data"] if name == "all" else []))
        if verb == "drill":
            return [drill(job) for job in chosen]
        # Without a lock: a repository that another machine holds is there all the same.
        if subprocess.run(["restic", "--no-lock", "cat", "config"], env=environment(), capture_output=True).returncode:
            restic("init")
        for job in chosen:
            rename(job)
        refused = []
        for name in sorted({j["group"] or j["id"] for j in chosen}):
            group = [j for j in jobs() if (j["group"] or j["id"]) == name]
            try:
                against = [reason for reason in map(stranger, group) if reason]
                refused += against
                if not against:
                    capture(group)
            except (Fault, subprocess.CalledProcessError) as fault:
                refused.append(f"{name}: {fault}")
        forget()
        if refused:
            sys.exit("labc-backup: not captured\n" + "\n".join(refused))


if __name__ == "__main__":
    # A shutdown amid a capture: what stands still is started on the way out, or it would stay down after the boot.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("labc-backup: cut short"))
    try:
        main(sys.argv[1:])
    except (Fault, subprocess.CalledProcessError) as fault:
        sys.exit(f"labc-backup: {fault}")
