"""The network that finds people as a file: safetensors in half precision, with a row in the manifest beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import safetensors
import safetensors.torch

from inpaintgui.engine.known_weights import file_hash, read_known
from inpaintgui.engine.people.network import PeopleNet, folded
from inpaintgui.engine.people.rows import FinderRow
from inpaintgui.errors import PriorError
from inpaintgui.sentences import say
from inpaintgui.staged_file import replace_file

FORMAT = "inpaintgui-people/1"
WIDEST = 128
"""Channels of the widest map that a row may ask for."""


def save_people_net(path: Path, row: FinderRow, network: PeopleNet) -> FinderRow:
    """Write the weights; returns the row with the new file's name, hash and width."""
    tensors = {
        name: (value.half() if value.is_floating_point() else value).detach().cpu().contiguous()
        for name, value in network.state_dict().items()
    }
    replace_file(path, safetensors.torch.save(tensors, metadata={"format": FORMAT}))
    return replace(row, file=path.name, sha256=file_hash(path), width=network.width)


def load_people_net(path: Path, row: FinderRow) -> PeopleNet:
    """Read the weights of ``row``, with batch norm folded. Raises PriorError if they are missing, changed or misfit."""
    what = say("the finder “{name}”", name=row.name)
    if not isinstance(row.width, int) or not 1 <= row.width <= WIDEST:
        raise PriorError(
            say(
                "The manifest beside “{path}” gives {what} a width that is not 1 to {widest}.",
                path=path,
                what=what,
                widest=WIDEST,
            )
        )
    try:
        tensors = read_known(path, row.sha256, what=what)
        network = PeopleNet(width=row.width)
        network.load_state_dict(tensors)
    except (safetensors.SafetensorError, RuntimeError, ValueError, OSError) as error:
        raise PriorError(
            say("The weights of {what} ({path}) cannot be used: {error}", what=what, path=path, error=error)
        ) from error
    return folded(network)
