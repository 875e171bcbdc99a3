"""What pictures say to one who does not see them, and their captions."""

import re

from rules.pages import (
    LANGUAGES,
    NAMES,
    contents,
    html_events,
    image_outputs,
    mimes,
    output_alt,
    where,
)

# Frequent words that only one of the two languages has, and the words of this book's figures.
SPANISH = """
    al aunque cada casi como con cuando cuya cuyo de del desde donde dos el ella en entre es esta
    este estos hacia hasta la las lo los luego mientras más muestra muy negativo negativos no nula
    o para pero por porque positivo positivos primera primero que queda se según segunda segundo
    siempre sin sobre su sus tras tres un una unas uno unos valor valores y abajo abre abierta
    arriba barra barras candidato celda cerca cerrada cierra coma columna crece cuatro curva curvas
    derecha diagrama dibujo eje ejes entra entrada entradas escala estado figura fila flecha
    flechas gráfica gráfico horizontal izquierda letras línea líneas memoria muestra número números
    olvido oculto paso pasos peso pesos puerta puertas punto puntos recta sale salida salidas sesgo
    suma tabla texto tiempo tubería unidad unidades válvula vector vertical
"""
ENGLISH = """
    above across after also an and are as at before below between both but by down each first for
    four from goes has have in into is it its left meets near negative of off on one onto or out
    over positive right second shows than that the their then there these third this three through
    to two under up value values where which while whose with zero arrow arrows axis axes bar bars
    bias bottom box boxes candidate cell chart circle closed closes column current curve curves
    diagram drawing enters figure flat flow forget gate gates graph grows hidden horizontal input
    inputs leaves line lines memory number numbers open opens output outputs picture pipe plot
    point points row scale sigmoid state states step steps sum table text time top unit units
    valve vector vertical weight weights
"""
BOTH = set(SPANISH.split()) & set(ENGLISH.split())
WORDS = {"es": set(SPANISH.split()) - BOTH, "en": set(ENGLISH.split()) - BOTH}


def language_score(text, lang):
    """Count the words and letters that speak for one language."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    score = sum(word in WORDS[lang] for word in words)
    if lang == "es":
        score += sum(bool(set(word) & set("áéíóúñü")) for word in words)
    return score


def alt_problems(alt, lang):
    """Return what is wrong with an alternative text, as sentences without a place."""
    if not alt.strip():
        return ["has no alternative text"]
    if re.search(r"\.(png|jpe?g|svg|gif|webp)\W*$", alt, re.IGNORECASE):
        return [f"has a file name as its alternative text, {alt!r}"]
    problems = []
    if not alt.rstrip().endswith("."):
        problems.append(f"has an alternative text that does not end with a period: {alt!r}")
    other = next(one for one in LANGUAGES if one != lang)
    own, foreign = language_score(alt, lang), language_score(alt, other)
    if foreign > own or (len(alt) >= 40 and foreign == own):
        problems.append(f"has an alternative text that does not read as {NAMES[lang]}: {alt!r}")
    return problems


def image_problems(page):
    """Every picture, written or computed, says in the page's language what it shows."""
    problems = []
    for cell in page.cells:
        here = where(page, cell)
        if cell.kind == "markdown":
            for source, alt in contents(cell.source).images:
                problems += [
                    f"{here}: the image {source} {problem}. Write ![what one sees, as a "
                    f"sentence in {NAMES[page.lang]}.]({source})."
                    for problem in alt_problems(alt, page.lang)
                ]
        pictures = image_outputs(cell)
        if pictures:
            problems += [
                f"{here}: its picture {problem}. Write what one sees, as a sentence in "
                f"{NAMES[page.lang]}, into the cell's metadata: "
                '{"mystnb": {"image": {"alt": "…"}}}.'
                for problem in alt_problems(output_alt(cell), page.lang)
            ]
        if len(pictures) > 1:
            problems.append(
                f"{here}: {len(pictures)} pictures in one cell would share one alternative text. "
                "Draw each in a cell of its own."
            )
        for output in cell.outputs:
            for event in html_events(mimes(output).get("text/html", "")):
                if event[0] == "img" and not event[1].get("alt", "").strip():
                    problems.append(
                        f"{here}: its HTML holds an image without alternative text. Add alt."
                    )
    return problems


UNCAPTIONED = re.compile(r"!\[[^\]]*\]\(([^)]*)\)(?!\n\n\*[^*\n]+\*(?:\n\n|\s*$))")


def caption_problems(page):
    """A caption in italics stands below every drawing."""
    return [
        f"{where(page, cell)}: the drawing {source} has no caption. Below it, between empty lines, "
        "write what to look at, in italics: *One sentence.*"
        for cell in page.cells
        if cell.kind == "markdown"
        for source in UNCAPTIONED.findall(cell.source)
    ]


def rule(page):
    return image_problems(page) + caption_problems(page)
