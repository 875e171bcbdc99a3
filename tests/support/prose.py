"""Numbers in the sentences of a chapter, held to what its test works out."""

from failing import no_problems

from rules.prose import not_worked_out, unsaid


def assert_said(page, numbers):
    """Each number, (cell id, number as it is written), stands in its cell, as often as given."""
    no_problems(unsaid(page, numbers))


def assert_worked_out(page, cell, others):
    """No number of a cell is left over that the chapter's test does not work out."""
    no_problems(not_worked_out(page, cell, others))
