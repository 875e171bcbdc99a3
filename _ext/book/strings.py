"""The words that the book's machinery shows, in each language.

Most of what a page says comes from the catalogues of Sphinx and of the themes. `CATALOGUE` is
what they lack or say badly, by the English message; `WORDS` is what only this book says.
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
        "Contents": "On this page",
    },
    "es": {
        "Color mode": "Modo de color",
        "Contents": "En esta página",
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
        "System Settings": "Según el sistema",
        "Version warning": "Aviso de versión",
        "next page": "página siguiente",
    },
}

WORDS = {
    "en": {
        "name": "English",
        "title": "Inside the LSTM",
        "switch": "Read this page in English",
        "chapters": "Chapters",
        "toggle chapters": "Chapters: show or hide",
        "toggle page contents": "On this page: show or hide",
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
        "title": "Dentro de la LSTM",
        "switch": "Leer esta página en español",
        "chapters": "Capítulos",
        "toggle chapters": "Capítulos: mostrar u ocultar",
        "toggle page contents": "En esta página: mostrar u ocultar",
        "search book": "Buscar en el libro",
        "search prompt": "Buscar en el libro…",
        "no scripts": "La búsqueda necesita JavaScript.",
        "found none": "No se encontró nada para «{query}».",
        "found one": "Se encontró una sección.",
        "found many": "Se encontraron {count} secciones.",
        "found partly": "Ninguna sección tiene todas las palabras; {count} tienen algunas.",
    },
}
