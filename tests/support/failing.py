"""How a test fails in words."""

import pytest


def no_problems(problems):
    """Fail with the problems alone, a line each: they say where and what to do, and no traceback
    could say more."""
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)
