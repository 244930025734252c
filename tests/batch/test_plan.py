"""Names, masks and parts are settled before anything is filled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaintgui.batch.plan import plan, shard
from inpaintgui.contracts import FillSettings, Holes
from inpaintgui.errors import BadInputError


def planned(inputs, out, **holes):
    return plan(inputs, Holes(**(holes or {"find": "faces"})), out, FillSettings())


@pytest.fixture
def tree(tmp_path):
    for name in ("b.JPG", "a.png", "sub/a.png", "notes.txt"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).touch()
    return tmp_path / "in"


def test_a_folder_is_walked_in_order_and_its_tree_is_kept(tree, tmp_path):
    tasks = planned([tree], tmp_path / "out")
    assert [task.out.relative_to(tmp_path / "out").as_posix() for task in tasks] == ["a.png", "b.JPG", "sub/a.png"]


def test_a_file_of_any_name_is_taken_and_written_as_something_that_can_be_written(tree, tmp_path):
    (only,) = planned([tree / "notes.txt"], tmp_path / "out")
    assert only.out.name == "notes.txt.png"


def test_masks_are_found_by_name(tree, tmp_path):
    masks = tmp_path / "masks"
    (masks / "sub").mkdir(parents=True)
    for name in ("a-mask.png", "sub/a.tif"):
        (masks / name).touch()
    found = {task.out.name: task.mask for task in planned([tree / "a.png", tree / "b.JPG"], tmp_path, folder=masks)}
    assert found == {"a.png": masks / "a-mask.png", "b.JPG": None}
    in_folder = [task.mask for task in planned([tree], tmp_path / "out", folder=masks)]
    assert in_folder == [masks / "a-mask.png", None, masks / "sub" / "a.tif"]


@pytest.mark.parametrize("case", ["missing", "nothing", "collision", "over the photo", "over the mask"])
def test_what_cannot_be_is_refused(tree, tmp_path, case):
    inputs, out, holes = [tree], tmp_path / "out", {"find": "faces"}
    if case == "missing":
        inputs = [tree / "none.png"]
    elif case == "nothing":
        (tmp_path / "empty").mkdir()
        inputs = [tmp_path / "empty"]
    elif case == "collision":
        inputs = [tree / "a.png", tree / "sub" / "a.png"]
    elif case == "over the photo":
        out = tree
    else:
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "a.png").touch()
        holes = {"mask": tmp_path / "out" / "a.png"}
    with pytest.raises(BadInputError) as caught:
        planned(inputs, out, **holes)
    assert str(caught.value).endswith(".")


@given(total=st.integers(0, 40), count=st.integers(1, 12))
def test_parts_together_are_the_whole_and_disjoint(total, count):
    tasks = list(range(total))
    parts = [shard(tasks, number, count) for number in range(1, count + 1)]
    assert sorted(task for part in parts for task in part) == tasks
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


@pytest.mark.parametrize(("number", "count"), [(0, 3), (4, 3), (1, 0), (-1, -1)])
def test_a_part_that_does_not_exist(number, count):
    with pytest.raises(BadInputError, match="no part"):
        shard([], number, count)
