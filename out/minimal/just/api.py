"""The API of Proxmox, asked with the token of a cluster. A token is sent to its cluster only, and never printed."""

import json
import ssl
import urllib.error
import urllib.parse
import urllib.request

from lab import Fault


class Api:
    """A certificate that no authority signed is taken where the lab says so."""

    def __init__(self, cluster, token):
        self.base = cluster["endpoint"].rstrip("/") + "/api2/json"
        self.token = token.strip()
        self.context = ssl.create_default_context()
        if cluster["insecure"]:
            self.context.check_hostname = False
            self.context.verify_mode = ssl.CERT_NONE

    def get(self, path):
        return self._ask(path, None)

    def post(self, path, **arguments):
        return self._ask(path, urllib.parse.urlencode(arguments).encode())

    def _ask(self, path, data):
        request = urllib.request.Request(self.base + path, data=data, headers={"Authorization": f"PVEAPIToken={self.token}"})
        try:
            # The API is on the lab's own network: a proxy of the operator's environment has no business there.
            handlers = [urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=self.context)]
            with urllib.request.build_opener(*handlers).open(request, timeout=20) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            why = "the token is not accepted" if error.code == 401 else error.reason
            raise Fault(f"{self.base}{path} answered {error.code}: {why}") from None
        except (urllib.error.URLError, OSError, ValueError) as error:
            raise Fault(f"{self.base} does not answer: {getattr(error, 'reason', error)}") from None
