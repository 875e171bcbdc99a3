"""What a chapter's notebook asks of the package: code to be read, and a way on without Keras.

Where Keras cannot be imported, what needs it is left out and the rest goes on. What depends on it
is found in the code itself, statement by statement, before a cell runs: the chapters need no
`try`, and nothing of another computation is ever shown in place of a result.
"""

import ast
import inspect
import os
import symtable
import sys
from contextlib import contextmanager
from textwrap import dedent
from types import ModuleType
from typing import NamedTuple

from .language import text

__all__ = ["if_installed", "show_code"]

MODULES = {"keras", "tensorflow"}


def show_code(function):
    """Print what a function does: its body, without its head and its docstring.

    Parameters
    ----------
    function : callable
        A function of Python, of which the source is known.

    Raises
    ------
    TypeError, OSError
        If it is no such function.

    Examples
    --------
    >>> from lstm_edu import variants
    >>> show_code(variants._total)
    return np.atleast_2d(dz).sum(axis=0)
    """
    source = dedent(inspect.getsource(function))
    definition = ast.parse(source).body[0]
    body = definition.body
    # After the docstring, so that a comment before the first statement stays.
    first = body[0].lineno - 1 if ast.get_docstring(definition) is None else body[0].end_lineno
    print(dedent("\n".join(source.splitlines()[first:])))


@contextmanager
def if_installed():
    """Import Keras quietly; where that fails, a notebook goes on without it.

    TensorFlow's notes about the machine are not shown. If the import fails, for whatever reason, a
    line says so; from then on each cell leaves out the statements that need Keras, or anything that
    only they would have computed, and says that in one line. Outside a notebook the error is
    raised as ever.

    Raises
    ------
    Exception
        What the import raised, if this is no notebook.

    Examples
    --------
    >>> with if_installed():
    ...     import json  # in a chapter: import keras
    """
    try:
        with _quiet():
            yield
    except Exception as error:
        shell = _shell()
        if shell is None:
            raise
        print(text("keras_missing", reason=f"{type(error).__name__}: {error}".splitlines()[0]))
        shell.ast_transformers.append(LeaveOut(shell.user_ns))


@contextmanager
def _quiet():
    """Hold back what is written to the process's stderr: TensorFlow does so from C++."""
    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}
    stderr = os.dup(2)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)


def _shell():
    """Return IPython's shell, or None outside a notebook."""
    ipython = sys.modules.get("IPython")
    return ipython and ipython.get_ipython()


class LeaveOut(ast.NodeTransformer):
    """Take out of each cell what needs Keras, and say so; one for a whole session.

    `missing` holds the names that only left-out statements would have set, `functions` the names
    that each function of the notebook reads when it is called.
    """

    def __init__(self, variables):
        self.variables = variables
        self.missing = set(MODULES)
        self.functions = {}

    def visit_Module(self, cell):
        kept = [statement for statement in cell.body if self.keeps(statement)]
        if len(kept) < len(cell.body):
            notice = ast.parse(f"print({text('keras_left_out')!r})").body
            cell.body = [*notice, *kept]
        return cell

    def keeps(self, statement):
        """Whether a statement can run; what it sets is known, or missing, from here on."""
        uses = Uses.of(statement)
        if uses.now & self.unavailable() or uses.imported & MODULES:
            self.missing |= uses.sets | {name for name in uses.changes if not self.is_module(name)}
            return False
        self.missing -= uses.sets
        for name in uses.sets:
            self.functions.pop(name, None)
        if isinstance(statement, ast.FunctionDef):
            self.functions[statement.name] = uses.later
        return True

    def unavailable(self):
        """Return the missing names and the functions that, when called, come upon one."""
        gone = set(self.missing)
        while more := {name for name, reads in self.functions.items() if reads & gone} - gone:
            gone |= more
        return gone

    def is_module(self, name):
        return isinstance(self.variables.get(name), ModuleType)


class Uses(NamedTuple):
    """The names that a statement of a cell touches."""

    now: set  # read when it runs
    later: set  # read when the function that it defines is called
    sets: set  # bound
    changes: set  # changed in place: a.append(…), a[0] = …, a.b = …
    imported: set  # the packages that it imports from

    @classmethod
    def of(cls, statement):
        now, later = reads(statement), set()
        if isinstance(statement, ast.FunctionDef):
            now, later = referenced(symbols(statement)), now
        changes, imported = set(), set()
        for node in ast.walk(statement):
            changes |= changed_by(node)
            imported |= imported_by(node)
        return cls(now, later, bound(statement), changes, imported)


def reads(statement):
    """Return the names of the notebook that a statement reads, in functions within it too."""
    if isinstance(statement, ast.For):  # its variable is no earlier one of the same name
        turn = ast.Assign([statement.target], statement.iter, lineno=0)
        return reads_in_order([turn, *statement.body, *statement.orelse])
    table = symbols(statement)
    augmented = {n.target.id for n in ast.walk(statement) if is_augmented(n)}
    return augmented | referenced(table).union(*map(globals_of, table.get_children()))


def reads_in_order(statements):
    """Return what statements read and no earlier one of them has bound."""
    read, known = set(), set()
    for statement in statements:
        read |= reads(statement) - known
        known |= bound(statement)
    return read


def symbols(statement):
    return symtable.symtable(ast.unparse(statement), "<cell>", "exec")


def referenced(table):
    return {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}


def bound(statement):
    """Return the names that a statement sets."""
    found = symbols(statement).get_symbols()
    return {s.get_name() for s in found if s.is_assigned() or s.is_imported()}


def globals_of(table):
    """Return the names of the notebook that a function's body reads, the inner ones' included."""
    names = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
    return names.union(*map(globals_of, table.get_children()))


def is_augmented(node):
    """Whether a node is `name += …`, which reads the name too."""
    return isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)


def changed_by(node):
    """Return the name of what a node changes in place, as a set of at most one."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        node = node.value.func
    elif not isinstance(getattr(node, "ctx", None), ast.Store):
        return set()
    if not isinstance(node, ast.Attribute | ast.Subscript):
        return set()
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def imported_by(node):
    """Return the packages that an import statement takes from."""
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "").partition(".")[0]}
    return set()
