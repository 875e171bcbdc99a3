"""What leads to a page, and on from it: canonical and social links, sitemap, 404, notebooks.

Two addresses stand in `_config.yml`, and nowhere else: `html: baseurl`, where the book is
published, and `repository: url`. Without the first there is neither sitemap nor canonical link nor
social card; without the second nothing to launch. A notebook can always be downloaded.
"""

from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

from docutils import nodes

from .downloads import wheel_name
from .languages import LANGUAGES, language_of, other, start_page, twin_of
from .search import text_of

COVER = "cover.{language}.png"  # the picture of a social card, in images/
DESCRIPTION = 300  # characters; more than any search engine or card shows
HOSTS = {"github.com": "gh", "gitlab.com": "gl"}  # as Binder abbreviates them


def take_options(app, config):
    """Jupyter Book hands the repository and the launch buttons over as options of a theme."""
    options = config.html_theme_options
    config.book_addresses = {
        "repository": (options.get("repository_url") or "").rstrip("/"),
        "branch": options.get("repository_branch") or "main",
        **(options.get("launch_buttons") or {}),
    }
    config.html_theme_options = {}
    config.html_static_path += [f"images/{COVER.format(language=code)}" for code in LANGUAGES]


def address(app, pagename):
    """Where the page is published, or None."""
    base = app.config.html_baseurl.rstrip("/")
    return f"{base}/{app.builder.get_target_uri(pagename)}" if base else None


def description(doctree):
    """A page's first paragraph, cut at a word."""
    first = doctree and doctree.next_node(nodes.paragraph)
    text = text_of(first) if first else ""
    return text if len(text) <= DESCRIPTION else text[:DESCRIPTION].rpartition(" ")[0] + " …"


def binder(addresses, notebook):
    """Binder's address for a notebook: https://mybinder.readthedocs.io/en/latest/howto/."""
    url = urlsplit(addresses["repository"])
    path = url.path.strip("/").removesuffix(".git")
    host = HOSTS.get(url.netloc)
    if host == "gh":
        place = f"gh/{path}"
    elif host:
        place = f"{host}/{quote(path, safe='')}"
    else:
        place = f"git/{quote(addresses['repository'], safe='')}"
    hub = addresses["binderhub_url"].rstrip("/")
    return f"{hub}/v2/{place}/{quote(addresses['branch'])}?urlpath=lab/tree/{quote(notebook)}"


def jupyterhub(addresses, notebook):
    """nbgitpuller's address: it brings the repository into a student's folder, and opens it."""
    folder = urlsplit(addresses["repository"]).path.rpartition("/")[2].removesuffix(".git")
    hub = addresses["jupyterhub_url"].rstrip("/")
    repository = quote(addresses["repository"], safe="")
    target = quote(f"lab/tree/{folder}/{notebook}", safe="")
    branch = quote(addresses["branch"], safe="")
    return f"{hub}/hub/user-redirect/git-pull?repo={repository}&urlpath={target}&branch={branch}"


LAUNCHERS = {"binderhub_url": ("Binder", binder), "jupyterhub_url": ("JupyterHub", jupyterhub)}


def tools_of(app, pagename, context):
    """Links to a page's notebook: to download it, and to open it where it runs."""
    source = Path(app.env.doc2path(pagename, base=False)) if pagename in app.env.all_docs else None
    if not source or source.suffix != ".ipynb":
        return
    yield {
        "name": context["words"]["download"],
        "link": context["pathto"](f"_sources/{source.as_posix()}", resource=True),
        "download": True,
    }
    if not app.config.html_baseurl:  # else the notebook fetches it by itself
        yield {
            "name": context["words"]["package"],
            "link": context["pathto"](f"_static/{wheel_name()}", resource=True),
            "download": True,
        }
    addresses = app.config.book_addresses
    for option, (name, link) in LAUNCHERS.items():
        if addresses["repository"] and addresses.get(option):
            yield {
                "name": context["words"]["launch"].format(name=name),
                "link": link(addresses, source.as_posix()),
            }


def give_links(app, pagename, templatename, context, doctree):
    language = context["language"]
    alternates = {}
    if twin := context.get("twin"):
        alternates = {language: pagename, other(language): twin["name"]}
    elif pagename == app.config.root_doc:
        alternates = {code: start_page(code) for code in LANGUAGES}
    context |= {
        "address": address(app, pagename),
        "description": description(doctree),
        "alternates": {code: address(app, name) for code, name in alternates.items()},
        "cover": f"{app.config.html_baseurl.rstrip('/')}/_static/{COVER.format(language=language)}",
        "tools": list(tools_of(app, pagename, context)),
        "repository": app.config.book_addresses["repository"],
    }
    if pagename == "404" and app.config.html_baseurl:
        # A server shows this page at any depth, so its links start from the book's own root.
        context["base_path"] = urlsplit(app.config.html_baseurl).path.rstrip("/") + "/"
        context["address"] = None


def write_sitemap(app, error):
    """Every page and its twin, as search engines ask for them."""
    if error or app.builder.format != "html" or not app.config.html_baseurl:
        return
    lines = []
    for name in sorted(app.env.found_docs):
        lines.append(f"<url><loc>{escape(address(app, name))}</loc>")
        if language := language_of(name):
            for code, page in ((language, name), (other(language), twin_of(app, name))):
                link = f'hreflang="{code}" href="{escape(address(app, page))}"'
                lines.append(f'<xhtml:link rel="alternate" {link}/>')
        lines.append("</url>")
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    head = f'<urlset xmlns="{space}" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
    text = "\n".join(['<?xml version="1.0" encoding="utf-8"?>', head, *lines, "</urlset>", ""])
    (Path(app.outdir) / "sitemap.xml").write_text(text, "utf-8")


def setup(app):
    app.add_config_value("book_addresses", {}, "html")
    app.connect("config-inited", take_options)
    app.connect("html-collect-pages", lambda app: [("404", {"title": "404"}, "404.html")])
    app.connect("html-page-context", give_links, priority=3)
    app.connect("build-finished", write_sitemap)
