"""The same command on a local Dask cluster of two workers."""

import json
import subprocess
import sys

import pytest

from tests.batch.conftest import read

pytest.importorskip("distributed")

CLUSTER = """
import sys
from distributed import LocalCluster
from inpaintgui.cli import run
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        sys.exit(run([*sys.argv[1:], "--cluster", cluster.scheduler_address]))
"""


@pytest.mark.slow
def test_two_workers_pull_photos(photos, mask, tmp_path, tiny_home):
    (photos / "3.png").write_bytes(b"not a photo")
    script = tmp_path / "cluster.py"
    script.write_text(CLUSTER, "utf-8")
    options = ["--mask", mask, "--prior", "scenes-tiny", "--preset", "draft", "--device", "cpu", "--json"]
    command = [sys.executable, script, "batch", photos, "-o", tmp_path / "out", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert sorted(line["outcome"] for line in told) == ["failed", *["filled"] * 4]
    (reason,) = (line["reason"] for line in told if line["outcome"] == "failed")
    assert "not an image" in reason
    assert all(read(path).shape == (40, 48, 3) for path in (tmp_path / "out").iterdir())
