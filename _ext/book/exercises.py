"""What `check` answers is a sentence: its lines wrap, where numbers in columns must not."""

from docutils import nodes


def mark_answers(app, doctree, docname):
    for cell in doctree.findall(nodes.container):
        if "cell" in cell["classes"] and any(
            "check(" in block.astext() for block in cell.findall(nodes.literal_block)
        ):
            cell["classes"].append("answers")


def setup(app):
    app.connect("doctree-resolved", mark_answers)
