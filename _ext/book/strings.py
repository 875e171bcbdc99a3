"""The words that the book's machinery shows, in each language.

Most of what a page says comes from Sphinx' catalogue. `CATALOGUE` is what it lacks or says badly,
by the English message; `WORDS` is what only this book says.
"""

CATALOGUE = {
    "en": {
        "Show code cell source": "Show the code",
        "Hide code cell source": "Hide the code",
        "Show code cell output": "Show the output",
        "Hide code cell output": "Hide the output",
        "Show code cell outputs": "Show the output",
        "Hide code cell outputs": "Hide the output",
        "Show code cell content": "Show the cell",
        "Hide code cell content": "Hide the cell",
    },
    "es": {
        "Fig. %s": "Fig. %s",
        "Hide code cell content": "Ocultar la celda",
        "Hide code cell output": "Ocultar la salida",
        "Hide code cell outputs": "Ocultar la salida",
        "Hide code cell source": "Ocultar el código",
        "Link to this code": "Enlace a este código",
        "Link to this definition": "Enlace a esta definición",
        "Link to this equation": "Enlace a esta ecuación",
        "Link to this heading": "Enlace a esta sección",
        "Link to this image": "Enlace a esta figura",
        "Link to this table": "Enlace a esta tabla",
        "Link to this term": "Enlace a este término",
        "Link to this toctree": "Enlace a este índice",
        "Listing %s": "Código %s",
        "Search": "Buscar",
        "Show code cell content": "Mostrar la celda",
        "Show code cell output": "Mostrar la salida",
        "Show code cell outputs": "Mostrar la salida",
        "Show code cell source": "Mostrar el código",
        "Skip to main content": "Ir al contenido",
    },
}

WORDS = {
    "en": {
        "name": "English",
        "locale": "en_GB",
        "title": "Inside the LSTM",
        "switch": "Read this page in English",
        "chapters": "Chapters",
        "belt": "Chapter {number} of {count}",
        "on this page": "On this page",
        "turn": "Previous and next page",
        "previous": "Previous",
        "next": "Next",
        "copy": "Copy",
        "copied": "Copied",
        "download": "Download as a notebook",
        "package": "Download its package",
        "needs": (
            "**Before you run it.** This notebook needs `lstm_edu`, the book’s package, which is "
            "on no package index. Download `{wheel}` from the page where you found the notebook, "
            "and put it into the same folder; the next cell installs it, with what else is "
            "missing. "
            "In Colab, drag it into the *Files* panel. In Kaggle, upload it with *Add Input*, and "
            "turn *Internet* on in the session’s options. Chapters that use Keras run without it "
            "too: their cells leave out what needs it."
        ),
        "needs published": (
            "**Before you run it.** This notebook needs `lstm_edu`, the book’s package. Run the "
            "next cell: it installs it from the book’s own site, with what else is missing. In "
            "Kaggle, first turn *Internet* on in the session’s options. Chapters that use Keras "
            "run without it too: their cells leave out what needs it."
        ),
        "needs comment": "What this notebook needs, installed if it is missing",
        "needs missing": "Put {wheel}, from the book’s page, into this notebook’s folder.",
        "launch": "Open in {name}",
        "cover": "The LSTM cell: its belt, its three gates and the candidate.",
        "colours auto": "Colours: as the system",
        "colours light": "Colours: light",
        "colours dark": "Colours: dark",
        "licence": "Prose and drawings under CC BY 4.0, code under the MIT License.",
        "repository": "The book’s repository",
        "search book": "Search this book",
        "search prompt": "Search this book…",
        "no scripts": "Search needs JavaScript.",
        "found none": "Nothing found for “{query}”.",
        "found one": "One section found.",
        "found many": "{count} sections found.",
        "found partly": "No section has every word; {count} have some of them.",
    },
    "es": {
        "name": "Español",
        "locale": "es_ES",
        "title": "Dentro de la LSTM",
        "switch": "Leer esta página en español",
        "chapters": "Capítulos",
        "belt": "Capítulo {number} de {count}",
        "on this page": "En esta página",
        "turn": "Página anterior y siguiente",
        "previous": "Anterior",
        "next": "Siguiente",
        "copy": "Copiar",
        "copied": "Copiado",
        "download": "Descargar como cuaderno",
        "package": "Descargar su paquete",
        "needs": (
            "**Antes de ejecutarlo.** Este cuaderno necesita `lstm_edu`, el paquete del libro, que "
            "no está en ningún índice de paquetes. Descarga `{wheel}` de la página donde "
            "encontraste el cuaderno y ponlo en la misma carpeta; la celda siguiente lo instala, "
            "con lo demás que falte. En Colab, arrástralo al panel *Archivos*. En Kaggle, súbelo "
            "con *Add Input* y activa *Internet* en las opciones de la sesión. Los capítulos que "
            "usan Keras también se ejecutan sin Keras: sus celdas omiten lo que lo necesita."
        ),
        "needs published": (
            "**Antes de ejecutarlo.** Este cuaderno necesita `lstm_edu`, el paquete del libro. "
            "Ejecuta la celda siguiente: lo instala desde el sitio del libro, con lo demás que "
            "falte. En Kaggle, activa antes *Internet* en las opciones de la sesión. Los capítulos "
            "que usan Keras también se ejecutan sin Keras: sus celdas omiten lo que lo necesita."
        ),
        "needs comment": "Lo que necesita este cuaderno, instalado si falta",
        "needs missing": "Pon {wheel}, de la página del libro, en la carpeta de este cuaderno.",
        "launch": "Abrir en {name}",
        "cover": "La celda LSTM: su cinta, sus tres puertas y el candidato.",
        "colours auto": "Colores: los del sistema",
        "colours light": "Colores: claros",
        "colours dark": "Colores: oscuros",
        "licence": "Texto y dibujos con licencia CC BY 4.0; código con licencia MIT.",
        "repository": "El repositorio del libro",
        "search book": "Buscar en el libro",
        "search prompt": "Buscar en el libro…",
        "no scripts": "La búsqueda necesita JavaScript.",
        "found none": "No se encontró nada para «{query}».",
        "found one": "Se encontró una sección.",
        "found many": "Se encontraron {count} secciones.",
        "found partly": "Ninguna sección tiene todas las palabras; {count} tienen algunas.",
    },
}
