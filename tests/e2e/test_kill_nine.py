"""A few kills in every run of the tests; the script does a hundred."""

import pytest
from e2e.kill_nine import main


@pytest.mark.slow
def test_nothing_is_lost_or_half_written_when_the_program_is_killed(capsys):
    main(4, seed=3)
    assert "4 kills" in capsys.readouterr().out
