"""For all tests: user data in a temporary folder, and tests skipped whose machine is not here."""

import logging
import os
import shutil

import hypothesis
import pytest

from inpaintgui.log_file import DEBUG_VARIABLE

# A developer's runs explore; a run that decides whether a change lands repeats the same cases. None goes by the clock:
# the machine may be busy with other things.
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.register_profile("decide", derandomize=True, deadline=None)
hypothesis.settings.load_profile("decide" if os.environ.get("CI") else "explore")


@pytest.fixture(scope="session", autouse=True)
def _user_data_elsewhere(tmp_path_factory):
    """No test reads or writes the settings, logs and weights of the person who runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INPAINTGUI_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture
def fresh_log(monkeypatch):
    """No log was begun yet; afterwards it is as it was."""
    monkeypatch.delenv(DEBUG_VARIABLE, raising=False)
    root = logging.getLogger("inpaintgui")
    handlers, level = root.handlers[:], root.level
    root.handlers[:] = []
    yield
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)


def _cuda_is_here():
    import torch

    return torch.cuda.is_available()


MACHINES = {
    "cuda": ("no CUDA device", _cuda_is_here),
    "xcb": ("no Xvfb", lambda: shutil.which("Xvfb") is not None),
}


def pytest_collection_modifyitems(items):
    for marker, (reason, is_here) in MACHINES.items():
        marked = [item for item in items if item.get_closest_marker(marker)]
        if marked and not is_here():
            for item in marked:
                item.add_marker(pytest.mark.skip(reason=reason))
