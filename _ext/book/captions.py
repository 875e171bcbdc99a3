"""A drawing's caption: the paragraph in italics below it, which a notebook shows as it stands."""

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform


def lone(paragraph, kind):
    """The paragraph's only child, if it is of that kind."""
    fits = isinstance(paragraph, nodes.paragraph) and len(paragraph) == 1
    return paragraph[0] if fits and isinstance(paragraph[0], kind) else None


class Captions(SphinxPostTransform):
    default_priority = 350  # before drawings become part of the page
    formats = ("html",)

    def run(self, **kwargs):
        for image in list(self.document.findall(nodes.image)):
            drawing = image.parent
            below = drawing.next_node(descend=False, siblings=True)
            if lone(drawing, nodes.image) and (words := lone(below, nodes.emphasis)):
                # A legend, for Sphinx numbers whatever has a caption.
                legend = nodes.legend("", nodes.paragraph("", "", *words.children))
                below.parent.remove(below)
                drawing.replace_self(nodes.figure("", image, legend))


def setup(app):
    app.add_post_transform(Captions)
