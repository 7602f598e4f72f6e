"""Checks, reading only, everything that this lab needs before it can start, and nothing that it does not.

Every line is one fact: `ok`, `warn` or `FAIL` with what to do. The exit code is 1 when something fails.
What is needed stands in lab.json; this script only asks.
"""

import json
import re
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request

import lab as common
import registry
from api import Api
from lab import Fault

GIB = 1024**3


class Report:
    def __init__(self):
        self.failed = 0

    def ok(self, text):
        print(f"ok    {text}")

    def warn(self, text):
        print(f"warn  {text}")

    def fail(self, text):
        self.failed += 1
        print(f"FAIL  {text}")

    def judge(self, good, text, otherwise):
        if good:
            self.ok(text)
        else:
            self.fail(otherwise)


def run(arguments):
    (name,) = arguments
    lab = common.load()
    machines = common.machines(lab, name)
    names = {machine["name"] for machine in machines}
    report = Report()
    for tool in lab["runway"]["tools"]:
        check_tool(report, tool)
    check_collections(report)
    for key in sorted(lab["secrets"]):
        check_secret(report, lab, key)
    for cluster in lab["runway"]["clusters"]:
        wanted = [guest for guest in cluster["guests"] if guest["machine"] in names]
        try:
            if wanted:
                check_cluster(report, lab, cluster, wanted)
        except Fault as fault:
            report.fail(f"cluster {cluster['name']}: {fault}")
    registry.check(report, sorted({image for machine in machines for one in machine["instances"] for image in one["images"]}))
    print("Nothing is missing." if report.failed == 0 else f"{report.failed} to mend first.")
    return 1 if report.failed else 0


def check_tool(report, tool):
    name, minimum = tool["name"], tool["minimum"]
    if shutil.which(name) is None:
        report.fail(f"{name} is not installed: {tool['why']}")
        return
    if minimum is None:
        report.ok(f"{name} is installed")
        return
    done = subprocess.run(tool["version"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False)
    found = re.search(r"\d+\.\d+(?:\.\d+)?", done.stdout.decode("utf-8", "replace"))
    version = found.group() if found else "of an unknown version"
    good = found is not None and numbers(version) >= numbers(minimum)
    report.judge(good, f"{name} {version}", f"{name} is {version}, but {minimum} or newer is needed: {tool['why']}")


def numbers(version):
    return [int(part) for part in version.split(".")]


def check_collections(report):
    """The list is the one that `just collections` installs, as labc writes it: a name, then a version."""
    requirements = common.ROOT / "ansible" / "requirements.yml"
    if not requirements.is_file() or shutil.which("ansible-galaxy") is None:
        return
    wanted = re.findall(r'- name: (\S+)\n\s+version: "?([^"\s]+)', requirements.read_text(encoding="utf-8"))
    done = subprocess.run(
        ["ansible-galaxy", "collection", "list", "--format", "json"],
        cwd=common.ROOT / "ansible",
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    try:
        places = json.loads(done.stdout)
    except ValueError:
        places = {}
    found = {name: entry["version"] for place in reversed(list(places.values())) for name, entry in place.items()}
    for name, version in wanted:
        have = found.get(name)
        report.judge(
            have == version, f"collection {name} {have}", f"collection {name} is {have or 'missing'}, wanted {version}: run `just collections`"
        )


def check_secret(report, lab, key):
    try:
        empty = common.read_secret(lab, key) == ""
        report.judge(not empty, f"secret {key} is there", f"secret {key} is empty")
    except Fault as fault:
        report.fail(str(fault))


def check_cluster(report, lab, cluster, guests):
    name = cluster["name"]
    api = Api(cluster, common.read_secret(lab, cluster["token"]))
    version = api.get("/version")["version"]
    report.ok(f"cluster {name} answers, Proxmox VE {version}")
    nodes = {node["node"]: node for node in api.get("/nodes")}
    used = {guest["node"] for guest in guests}
    for node in cluster["nodes"]:
        if node["name"] not in used:
            continue
        status = nodes.get(node["name"], {}).get("status")
        if status != "online":
            report.fail(f"node {node['name']} is {status or 'not in the cluster'}")
            continue
        report.ok(f"node {node['name']} is online")
        mine = [guest for guest in guests if guest["node"] == node["name"]]
        check_bridges(report, api, node, {bridge for guest in mine for bridge in guest["bridges"]})
        check_datastores(report, api, node, mine, cluster["images"])
    check_mappings(report, api, guests)
    check_privileges(report, api, guests)
    wanted = {key for guest in guests for key in guest["images"]}
    for image in cluster["images"]:
        if image["key"] in wanted:
            check_image(report, api, image)


def check_bridges(report, api, node, bridges):
    found = {entry["iface"] for entry in api.get(f"/nodes/{node['name']}/network?type=any_bridge")}
    for bridge in sorted(bridges):
        report.judge(
            bridge in found, f"node {node['name']} has bridge {bridge}", f"node {node['name']} has no bridge {bridge}, or the token may not see it"
        )


def check_datastores(report, api, node, guests, images):
    """A datastore must be there, active, take what is put there, and have room for what is not there yet."""
    found = {entry["storage"]: entry for entry in api.get(f"/nodes/{node['name']}/storage")}
    here = {entry.get("vmid") for entry in api.get("/cluster/resources?type=vm")}
    wanted = {key for guest in guests for key in guest["images"]}
    content, need = {}, {}
    for guest in guests:
        for disk in guest["disks"]:
            content.setdefault(disk["datastore"], set()).add("rootdir" if guest["container"] else "images")
            if disk["vmid"] not in here:
                need[disk["datastore"]] = need.get(disk["datastore"], 0) + disk["bytes"]
    for image in images:
        if image["key"] in wanted and image["node"] == node["name"]:
            content.setdefault(image["datastore"], set()).add("vztmpl" if image["container"] else "import")
    for name in sorted(content):
        store, place = found.get(name), f"datastore {name} of {node['name']}"
        if store is None:
            report.fail(f"{place} is not there, or the token may not see it")
            continue
        if not store.get("active", 1):
            report.fail(f"{place} is not active")
            continue
        kinds = set(store.get("content", "").split(","))
        lacking = sorted(content[name] - kinds)
        more = f"pvesm set {name} --content {','.join(sorted(kinds - {''} | content[name]))}"
        report.judge(
            not lacking, f"{place} takes {', '.join(sorted(content[name]))}", f"{place} does not take {', '.join(lacking)}: on the node, `{more}`"
        )
        free, wants = store.get("avail", 0), need.get(name, 0)
        if wants == 0:
            continue
        text = f"{place} has {free / GIB:.1f} GiB free, the disks still to be made are {wants / GIB:.1f} GiB"
        if free >= wants:
            report.ok(text)
        elif store.get("type") in ("lvm", "iscsi"):
            report.fail(text)
        else:
            report.warn(f"{text}; they are thin, but will not fit when full")


def check_mappings(report, api, guests):
    for kind in ("pci", "usb"):
        names = sorted({name for guest in guests for name in guest["mappings"][kind]})
        if names:
            found = {entry["id"] for entry in api.get(f"/cluster/mapping/{kind}")}
            for name in names:
                report.judge(name in found, f"{kind} mapping {name}", f"there is no {kind} mapping {name}, or the token may not see it")


def check_privileges(report, api, guests):
    """`A|B` in the wanted list: either will do, since Proxmox renamed it."""
    wanted = {}
    for guest in guests:
        for path, privileges in guest["privileges"].items():
            wanted.setdefault(path, set()).update(privileges)
    lacking = 0
    for path in sorted(wanted):
        have = {
            name
            for name, granted in api.get(f"/access/permissions?path={urllib.parse.quote(path, safe='')}").get(path, {}).items()
            if granted is not None
        }
        missing = [name for name in sorted(wanted[path]) if not have & set(name.split("|"))]
        if missing:
            lacking += 1
            report.fail(f"the token lacks {', '.join(missing)} on {path}")
    if lacking == 0:
        report.ok(f"the token has the {sum(map(len, wanted.values()))} privileges that the lab uses")


def check_image(report, api, image):
    what = f"image {image['image']} {image['version']}"
    if image["file"] is not None:
        kind = "vztmpl" if image["container"] else "import"
        found = {entry["volid"] for entry in api.get(f"/nodes/{image['node']}/storage/{image['datastore']}/content?content={kind}")}
        report.judge(image["file"] in found, f"{what} is there", f"{what} is not there: {image['file']} on {image['node']}")
        return
    try:
        with urllib.request.urlopen(urllib.request.Request(image["url"], method="HEAD"), timeout=20) as answer:
            report.ok(f"{what} can be downloaded ({int(answer.headers.get('Content-Length') or 0) / GIB:.1f} GiB)")
    except (urllib.error.URLError, OSError, ValueError) as error:
        report.fail(f"{what} cannot be downloaded from {image['url']}: {error}")


if __name__ == "__main__":
    common.main(run)
