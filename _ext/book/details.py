"""Things that fold, as the browser's own <details>: no script, and words in the page's language.

Two kinds come here: a notebook's hidden cells (tags `hide-input`, `hide-output`, `hide-cell`),
and any admonition with the class `dropdown`, the usual way to hide an answer.
"""

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.locale import _, admonitionlabels
from sphinx.transforms.post_transforms import SphinxPostTransform


class details(nodes.General, nodes.Element):
    """A foldable block; its first child is the summary."""


class summary(nodes.General, nodes.TextElement):
    """What one sees of a foldable block, open or not."""


def visit_hidden_cell(self, node):
    """As MyST-NB does it, but the prompts are translated and they alone name the button."""
    self.body.append(f'<details class="hide {" ".join(node["classes"])}"><summary>')
    for state, prompt in (("collapsed", "prompt_show"), ("expanded", "prompt_hide")):
        self.body.append(f'<span class="{state}">{_(node[prompt])}</span>')
    self.body.append("</summary>")


def depart_hidden_cell(self, node):
    self.body.append("</details>")


class FoldDropdowns(SphinxPostTransform):
    """Turn every admonition of class `dropdown` into <details>."""

    default_priority = 300
    formats = ("html",)

    def run(self, **kwargs):
        for box in list(self.document.findall(nodes.Admonition)):
            if "dropdown" not in box["classes"]:
                continue
            if isinstance(box.children[0], nodes.title):
                title, *content = box.children
                words = title.children
            else:
                content = box.children
                words = [nodes.Text(str(admonitionlabels[box.tagname]))]
            kind = [] if box.tagname == "admonition" else [box.tagname]
            fold = details("", classes=["admonition", *kind, *box["classes"]], ids=box["ids"])
            fold += summary("", "", *words, classes=["admonition-title"])
            fold += content
            box.replace_self(fold)


def setup(app):
    for node in (details, summary):
        name = node.__name__
        app.add_node(
            node,
            html=(
                lambda self, node, name=name: self.body.append(self.starttag(node, name)),
                lambda self, node, name=name: self.body.append(f"</{name}>"),
            ),
        )
    app.add_node(HideCodeCellNode, override=True, html=(visit_hidden_cell, depart_hidden_cell))
    app.add_post_transform(FoldDropdowns)
