"""Whether this machine lets us give a service namespaces of its own."""

import os
import subprocess


def namespaces_allowed() -> bool:
    as_user = [] if os.geteuid() == 0 else ["--map-root-user"]
    return (
        subprocess.run(["unshare", *as_user, "--net", "--mount", "--pid", "--fork", "true"], check=False).returncode
        == 0
    )
