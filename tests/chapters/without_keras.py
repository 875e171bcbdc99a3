"""The notebooks, run where neither Keras nor TensorFlow can be imported.

Prints JSON: for each Spanish notebook, what every cell showed and the error that it ended in; for
its English twin, in which cells a statement fails when each is run by itself, with no machinery.
"""

import ast
import contextlib
import dis
import io
import json
import os
import sys
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # faster, with small matrices
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from IPython.core.interactiveshell import InteractiveShell

MISSING = ("keras", "tensorflow")


class Nowhere:
    """Finds no Keras and no TensorFlow, installed or not."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in MISSING:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def code_cells(path):
    """Return [(id, source)]; only the first of a page that trains for long, with NumPy alone."""
    cells = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
    code = [(cell["id"], "".join(cell["source"])) for cell in cells if cell["cell_type"] == "code"]
    page = "\n".join(source for _, source in code)
    return code[:1] if "ProgressBar(" in page and "import keras" not in page else code


def shown(path):
    """Run a notebook as Jupyter does; return {id: [text, error or None]}."""
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    results = {}
    for cell, source in code_cells(path):
        with contextlib.redirect_stdout(io.StringIO()) as text:
            done = shell.run_cell(source, silent=True)
        error = done.error_before_exec or done.error_in_exec
        left = text.getvalue().rpartition("\033[2K\r")[2]  # what clear_output() leaves
        results[cell] = [left, repr(error) if error else None]
    return results


def failing(path):
    """Run each statement by itself, whatever the others did; return the cells with one that fails.

    A failed statement takes with it the names that it would have set.
    """
    InteractiveShell.clear_instance()
    variables, cells = {"__name__": "__main__"}, []
    for cell, source in code_cells(path):
        for statement in ast.parse(source).body:
            code = compile(ast.Module([statement], []), cell, "exec")
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    exec(code, variables)
            except (NameError, ModuleNotFoundError):
                cells.append(cell)
                for step in dis.get_instructions(code):
                    if step.opname == "STORE_NAME":
                        variables.pop(step.argval, None)
    return sorted(set(cells))


def names_keras(path):
    return any(name in source for _, source in code_cells(path) for name in MISSING)


if __name__ == "__main__":
    sys.meta_path.insert(0, Nowhere)
    os.chdir(Path(__file__).resolve().parents[2])
    result = {}
    for spanish in sorted(Path("chapters/es").glob("*.ipynb")):
        english = Path("chapters/en", spanish.name)
        result[spanish.name] = {
            "shown": shown(spanish),
            "failing": failing(english) if names_keras(english) else [],
        }
    print(json.dumps(result))
