#!/usr/bin/env python3
"""Gets, renews and installs the certificates of this machine with lego.

usage: labc-certificates [ID]   all of them, or one

Jobs lie in /etc/labc/acme/jobs, one file a certificate. One that is not there, or was made out to other names, is asked
for; one that ends within 30 days is renewed; what differs from what is installed is installed, and its user told. A job
that fails does not keep the others back. Accounts and the authority's answers lie in /var/lib/labc/acme.
"""
import fcntl
import json
import os
import pathlib
import subprocess
import sys

JOBS = pathlib.Path("/etc/labc/acme/jobs")
STORE = pathlib.Path("/var/lib/labc/acme")


def lego(job, *verb):
    """One account for all, one folder each: two certificates may begin with the same name."""
    store = STORE / job["id"]
    (STORE / "accounts").mkdir(parents=True, exist_ok=True)
    store.mkdir(exist_ok=True)
    if not (store / "accounts").is_symlink():
        (store / "accounts").symlink_to(STORE / "accounts")
    words = ["lego", "--path", str(store), "--accept-tos", "--email", job["email"], "--dns", job["provider"]]
    words += [word for resolver in job["resolvers"] for word in ("--dns.resolvers", resolver)]
    words += [word for name in job["names"] for word in ("--domains", name)]
    subprocess.run([*words, *verb], env=os.environ | job["token"], check=True)


def obtain(job):
    """Where lego keeps the certificate and its key, both fresh."""
    file = job["names"][0].replace("*", "_")
    cert, key = (STORE / job["id"] / "certificates" / f"{file}.{end}" for end in ("crt", "key"))
    made_for = STORE / job["id"] / "names.json"
    if cert.exists() and made_for.exists() and json.loads(made_for.read_text()) == job["names"]:
        lego(job, "renew", "--days", "30", "--no-random-sleep")
    else:
        lego(job, "run")
        made_for.write_text(json.dumps(job["names"]))
    return cert, key


def install(source, target, owner, mode):
    """In one step, so that nobody reads half a file, and with its owner and mode before it has its name."""
    text = source.read_bytes()
    if target.exists() and target.read_bytes() == text and (target.stat().st_uid, target.stat().st_gid) == owner:
        return False
    new = target.with_name(f".{target.name}.new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb") as file:
        file.write(text)
    os.chown(new, *owner)
    new.chmod(mode)
    new.replace(target)
    return True


def serve(job):
    cert, key = obtain(job)
    uid, gid = (int(number) for number in job["owner"].split(":"))
    files = ((key, job["key"], 0o400), (cert, job["cert"], 0o444))
    changed = [install(source, pathlib.Path(target), (uid, gid), mode) for source, target, mode in files]
    if any(changed) and job["reload"]:
        subprocess.run(job["reload"], check=True)


def main(args):
    if any(arg.startswith("-") for arg in args):
        sys.exit(__doc__)
    jobs = [json.loads(p.read_text()) for p in sorted(JOBS.glob("*.json"))]
    chosen = [job for job in jobs if not args or job["id"] in args]
    if args and not chosen:
        sys.exit(f"labc-certificates: there is no {args[0]}; there are: {', '.join(job['id'] for job in jobs)}")
    failed = []
    with open("/run/lock/labc-certificates", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for job in chosen:
            try:
                serve(job)
            except (OSError, subprocess.CalledProcessError) as reason:
                print(f"labc-certificates: {job['id']}: {reason}", file=sys.stderr)
                failed.append(job["id"])
    if failed:
        sys.exit(f"labc-certificates: not in place: {', '.join(failed)}")


if __name__ == "__main__":
    main(sys.argv[1:])
