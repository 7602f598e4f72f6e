"""Whether the images of containers can be pulled: asks their registries for the manifest, as an engine does, and pulls nothing."""

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

MANIFESTS = ", ".join(
    [
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    ]
)


def check(report, images):
    """A tag that a registry does not know is a fault. A registry that this machine may not ask is a warning: the lab's may."""
    with ThreadPoolExecutor(max_workers=8) as pool:
        for image, answer in zip(images, pool.map(ask, images)):
            if answer is None:
                report.ok(f"image {image}")
            elif answer == 404:
                report.fail(f"image {image} is not known to its registry")
            else:
                report.warn(f"image {image} could not be asked for: {answer}")


def ask(image):
    """None when it is there, 404 when it is not, else why nobody knows."""
    registry, repository, reference = parse(image)
    # Engines speak plain HTTP to a registry on their own machine, and only there.
    scheme = "http" if re.match(r"(localhost|127\.[\d.]+)(:\d+)?$", registry) else "https"
    url = f"{scheme}://{registry}/v2/{repository}/manifests/{reference}"
    try:
        try:
            return head(url, None)
        except urllib.error.HTTPError as error:
            if error.code != 401:
                raise
            return head(url, token(error.headers.get("WWW-Authenticate") or "", repository))
    except urllib.error.HTTPError as error:
        return 404 if error.code == 404 else f"{registry} answered {error.code}"
    except (urllib.error.URLError, OSError, ValueError) as error:
        return f"{registry}: {getattr(error, 'reason', error)}"


def head(url, bearer):
    headers = {"Accept": MANIFESTS, **({} if bearer is None else {"Authorization": f"Bearer {bearer}"})}
    with urllib.request.urlopen(urllib.request.Request(url, method="HEAD", headers=headers), timeout=20):
        return None


def token(challenge, repository):
    """Registries hand a token for reading to anyone who asks, where the image is public."""
    fields = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
    if "realm" not in fields:
        raise ValueError("it wants a login")
    query = urllib.parse.urlencode({"service": fields.get("service", ""), "scope": f"repository:{repository}:pull"})
    with urllib.request.urlopen(f"{fields['realm']}?{query}", timeout=20) as answer:
        given = json.load(answer)
    return given.get("token") or given["access_token"]


def parse(image):
    """`postgres:17` is `registry-1.docker.io`, `library/postgres`, `17`; a first part with a dot or a port is a registry."""
    name, _, digest = image.partition("@")
    first, slash, rest = name.partition("/")
    if slash and (re.search(r"[.:]", first) or first == "localhost"):
        registry, repository = first, rest
    else:
        registry, repository = "docker.io", name
    repository, _, tag = repository.partition(":")
    if registry == "docker.io":
        registry = "registry-1.docker.io"
        repository = repository if "/" in repository else f"library/{repository}"
    return registry, repository, digest or tag or "latest"
