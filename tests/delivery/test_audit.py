"""The audit tells where it could not ask, and fails nobody's run for it."""

import os
import subprocess

from tests.delivery.conftest import ROOT
from tests.servers.process import free_port


def test_where_nobody_can_be_asked_it_says_so_and_is_content() -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    environment = os.environ | {"https_proxy": nowhere, "no_proxy": ""}
    done = subprocess.run(
        [ROOT / ".ci" / "audit"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "NOT AUDITED" in done.stderr
