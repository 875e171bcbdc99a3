"""Where Keras cannot be imported, a chapter says so, and leaves out that and no more."""

import ast
import contextlib
import io
import json
import os
import re
import sys

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from processes import run_captured

from lstm_edu import if_installed, lstm_step, show_code, use_language
from lstm_edu.language import STRINGS
from lstm_edu.notebook import LeaveOut
from rules.pages import ROOT, mimes, page_files, read

LEFT_OUT = STRINGS["keras_left_out"]["es"]
MISSING = STRINGS["keras_missing"]["es"].partition("{")[0]
CUT = {
    "es": r"del (\d+) al (\d+) usan Keras: de sus (\d+) celdas de código, (\d+) omiten",
    "en": r"chapters (\d+) to (\d+) use Keras: of their (\d+) cells of code, (\d+) leave",
}
NOTEBOOKS = [path for path in page_files(lang="es") if path.suffix == ".ipynb"]


@pytest.fixture(scope="module")
def without_keras():
    """{page: what each Spanish cell shows, and the English cells in which a statement fails}."""
    done = run_captured([sys.executable, str(ROOT / "tests" / "chapters" / "without_keras.py")])
    assert done.returncode == 0, done.stdout
    return json.loads(done.stdout.splitlines()[-1])


def stored(cell):
    """Return the lines that a cell printed when it was run with Keras."""
    return "".join(mimes(output).get("stdout", "") for output in cell.outputs).splitlines()


def is_notice(line):
    return line == LEFT_OUT or line.startswith(MISSING)


def is_within(lines, others):
    """Whether these lines are among the others, in their order."""
    others = iter(others)
    return all(line in others for line in lines)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_a_cell_shows_without_keras_it_shows_with_keras(path, without_keras):
    cells = {cell.id: cell for cell in read(path).code()}
    for name, (text, error) in without_keras[path.name]["shown"].items():
        lines, expected = text.splitlines(), stored(cells[name])
        assert error is None, f"{name}: {error}"
        if any(map(is_notice, lines)):
            assert [k for k, line in enumerate(lines) if is_notice(line)] == [0], f"{name}: {text}"
            assert is_within(lines[1:], expected), f"{name}: {text}"
        else:
            assert lines == expected, name


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_only_what_needs_keras_is_left_out(path, without_keras):
    shown = without_keras[path.name]["shown"]
    noticed = [name for name, (text, _) in shown.items() if is_notice(text.partition("\n")[0])]
    assert sorted(noticed) == without_keras[path.name]["failing"]


def test_the_chapters_keep_what_does_not_need_keras(without_keras):
    """The hand-made sums of the Keras chapters are there without it."""
    for page, cell, line in [
        ("07_keras_by_hand.ipynb", "by-hand-code", "h = 0.099933"),
        ("08_predicting_a_word.ipynb", "hand-code", "example  0.468019"),
        ("10_stacked_layers.ipynb", "order-code", "by diagonals True"),
    ]:
        assert line in without_keras[page]["shown"][cell][0].splitlines()


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_classroom_page_says_how_many_cells_are_cut(without_keras, lang):
    text = (ROOT / "chapters" / lang / "classroom.md").read_text(encoding="utf-8")
    first, last, cells, cut = map(int, re.search(CUT[lang], text).groups())
    counts = {}
    for page in without_keras:
        shown = without_keras[page]["shown"].values()
        notices = sum(is_notice(text.partition("\n")[0]) for text, _ in shown)
        if notices:
            counts[page[:2]] = len(shown), notices
    assert sorted(counts) == [f"{number:02}" for number in range(first, last + 1)]
    assert tuple(map(sum, zip(*counts.values(), strict=True))) == (cells, cut)


# Statement by statement


def outputs(*cells):
    """Run cells that know no Keras; return what each printed, «…» for the notice."""
    variables = {"np": np}
    leave_out = LeaveOut(variables)
    texts = []
    for source in cells:
        module = ast.fix_missing_locations(leave_out.visit(ast.parse(source)))
        with contextlib.redirect_stdout(io.StringIO()) as text:
            exec(compile(module, "<cell>", "exec"), variables)
        texts.append(text.getvalue())
    return [text.replace(STRINGS["keras_left_out"]["en"], "…").split() for text in texts]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        # What imports it, uses it, or needs what was left out; what comes after goes on.
        (["import keras\nprint(1)"], ["… 1"]),
        (["from keras import layers", "layers.LSTM(3)"], ["…", "…"]),
        (["import tensorflow as tf\nx = tf.zeros(3)", "print(x)", "print(2)"], ["…", "…", "2"]),
        (["import keras.utils as u", "print(u)"], ["…", "…"]),
        (["import re, keras", "print(re)"], ["…", "…"]),
        # A name that is bound anew is there again.
        (["x = keras.f()", "x = 2", "print(x)"], ["…", "", "2"]),
        (["x = keras.f()", "for x in (1, 2):\n    print(x)", "print(x)"], ["…", "1 2", "2"]),
        (["x = keras.f()", "for x in x:\n    print(x)"], ["…", "…"]),
        (["x = keras.f()", "for k in (1, 2):\n    x = k\n    print(x)"], ["…", "1 2"]),
        (["x = keras.f()", "for k in (1, 2):\n    print(x)\n    x = k"], ["…", "…"]),
        (["x = keras.f()", "x += 1", "print(x)"], ["…", "…", "…"]),
        # A value that was there before is not shown in place of the one that was left out.
        (["x = 1", "x = keras.f()", "print(x)"], ["", "…", "…"]),
        (["x = 1", "for k in keras.f():\n    x = k", "print(x)"], ["", "…", "…"]),
        # Changed in place.
        (["a = []", "a.append(keras.f())", "print(a)"], ["", "…", "…"]),
        (["a = {}", "a['k'] = keras.f()", "print(a)"], ["", "…", "…"]),
        (["a = []\nfor k in 1, 2:\n    a.append(keras.f(k))\nprint(a)", "print(3)"], ["…", "3"]),
        (["np.random.seed(keras.f())", "print(np.sqrt(4))"], ["…", "2.0"]),
        # Functions: what they read counts when they are called.
        (["def f():\n    return keras.g()\nprint(1)", "f()"], ["1", "…"]),
        (["def f():\n    return g()", "def g():\n    return keras.h()", "f()"], ["", "", "…"]),
        (["x = 1\ndef f():\n    return x", "x = keras.g()", "print(f())"], ["", "…", "…"]),
        (["def f():\n    return keras.g()", "def f():\n    return 2", "print(f())"], ["", "", "2"]),
        (["def f():\n    return keras.g()", "f = abs", "print(f(-2))"], ["", "", "2"]),
        (["def f(a=keras.g()):\n    return a", "print(f(2))"], ["…", "…"]),
        (["def f():\n    def g():\n        return keras.h()\n    return g()", "f()"], ["", "…"]),
        (["f = lambda: keras.g()", "print(f())"], ["…", "…"]),
        # The same word as another's name is no need.
        (["def f(keras):\n    return keras", "print(f(2))"], ["", "2"]),
        (["x = keras.f()", "print([x for x in (1, 2)][1])"], ["…", "2"]),
        (["class A:\n    keras = 2", "print(A.keras)"], ["", "2"]),
    ],
)
def test_a_statement_is_left_out_for_what_it_needs(cells, expected):
    assert outputs(*cells) == [text.split() for text in expected]


# The import


@pytest.fixture
def shell():
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


@pytest.mark.parametrize("error", [ModuleNotFoundError("no keras"), RuntimeError("two\nlines")])
def test_a_notebook_goes_on_whatever_the_import_raised(shell, error, capsys):
    use_language("es")
    with if_installed():
        raise error
    use_language("en")
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(MISSING) and str(error).splitlines()[0] in line
    assert shell.run_cell("x = keras.f()\n2").result == 2
    assert capsys.readouterr().out.splitlines()[0] == STRINGS["keras_left_out"]["en"]


def test_outside_a_notebook_the_error_is_raised():
    with pytest.raises(ModuleNotFoundError, match="no keras"), if_installed():
        raise ModuleNotFoundError("no keras")


def test_what_is_written_while_it_is_imported_is_not_shown(capfd):
    with if_installed():
        os.write(2, b"a note about the machine\n")
    os.write(2, b"a warning of the cell\n")
    assert capfd.readouterr().err == "a warning of the cell\n"


def documented(x):
    """Say what it is."""
    # Why it is so.
    if x:
        return -x
    return x


def bare(x):
    return x + 1


@pytest.mark.parametrize(
    ("function", "shown"),
    [
        (documented, "# Why it is so.\nif x:\n    return -x\nreturn x\n"),
        (bare, "return x + 1\n"),
    ],
)
def test_code_is_shown_without_its_head_and_docstring(function, shown, capsys):
    show_code(function)
    assert capsys.readouterr().out == shown


def test_a_step_is_shown_line_by_line(capsys):
    show_code(lstm_step)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("x, h_prev, c_prev, (W, U, b) = ")
    assert lines[1] == "z = x @ W + h_prev @ U + b  # (B, 4H)"
    assert lines[-2:] == [
        "h = o * np.tanh(c)",
        "return LSTMStep(x, h_prev, c_prev, z, i, f, g, o, c, h)",
    ]
    with pytest.raises(TypeError):
        show_code(3)
