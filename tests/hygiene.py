"""Reglas de limpieza de los cuadernos: cada una devuelve una lista de problemas, vacía si todo va bien.

Cada regla tiene en test_hygiene.py un cuaderno estropeado a propósito que debe hacerla saltar.
"""
import copy
import re

import nbformat
from refresh import CELL_METADATA, WIDGET

import notebooks

MAX_LINES, MAX_COLUMNS, MAX_KILOBYTES = 25, 120, 700
HEADER = {"number": int, "title": str, "part": str, "description": str, "goals": list, "minutes": int,
          "prerequisites": str, "data": str, "device": str, "code": str, "measured": dict}
SECTIONS = ["La pregunta", "Experimento", "Ahora tú", "Más grande", "Lo que te llevas"]
MACHINE = re.compile(r"/(?:home|root|Users|tmp|work|usr|opt|content)/|[A-Z]:\\\\|\b0x[0-9a-f]{6,}")
RULES = []


def rule(function):
    """Apunta una función (cuaderno, ruta) -> problemas en la lista de reglas."""
    RULES.append(function)
    return function


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs(notebook):
    return [(cell, output) for cell in code_cells(notebook) for output in cell.outputs]


def text_of(output):
    """Todo el texto de una salida: flujo, error o representaciones que no son imágenes."""
    data = [str(v) for k, v in output.get("data", {}).items() if not k.startswith("image/")]
    return "\n".join([output.get("text", ""), output.get("evalue", ""), *data])


def tags(cell):
    return cell.metadata.get("tags", [])


@rule
def canonical(notebook, path):
    """Formato 4.5 y los mismos bytes que escribiría make refresh."""
    problems = [] if (notebook.nbformat, notebook.nbformat_minor) == (4, 5) else ["no es nbformat 4.5"]
    if path.read_text("utf-8") != nbformat.writes(notebook) + "\n":
        problems.append("el JSON no está en forma canónica: usa make refresh")
    return problems


@rule
def known_metadata(notebook, path):
    """Solo los metadatos conocidos; nunca el estado de los controles."""
    extra = set(notebook.metadata) - {"curso", "kernelspec", "language_info"}
    extra |= {key for cell in notebook.cells for key in set(cell.metadata) - CELL_METADATA}
    return [f"metadato no admitido: {key}" for key in sorted(extra)]


@rule
def clean_outputs(notebook, path):
    """Sin errores, sin stderr, sin vistas de controles y sin rastros de la máquina."""
    problems = []
    for cell, output in outputs(notebook):
        if output.output_type == "error" or output.get("name") == "stderr":
            problems.append(f"celda {cell.id}: salida de error: {text_of(output)[:80]}")
        if WIDGET in output.get("data", {}):
            problems.append(f"celda {cell.id}: guarda la vista de un control")
        if found := MACHINE.search(text_of(output)):
            problems.append(f"celda {cell.id}: rastro de la máquina «{found.group()}»")
    return problems


@rule
def valid_header(notebook, path):
    """La cabecera tiene todas sus claves, con su tipo, y concuerda con el plan y con el archivo."""
    header = notebook.metadata.get("curso", {})
    problems = [f"cabecera: falta {key} o no es {kind.__name__}" for key, kind in HEADER.items()
                if not isinstance(header.get(key), kind)]
    if problems:
        return problems
    planned = [(part, title) for part, titles in notebooks.plan() for title in titles]
    if (header.part, f"{header.number:02} {header.title}") not in planned:
        problems.append("cabecera: parte o título distintos de los de tools/plan.toml")
    if path.name[:2] != f"{header.number:02}":
        problems.append("cabecera: el número no es el del archivo")
    if not 3 <= len(header.goals) <= 5:
        problems.append("cabecera: debe haber de 3 a 5 objetivos")
    return problems


@rule
def generated_cells(notebook, path):
    """Título, preparación y navegación son los que escriben las herramientas, con sus enlaces."""
    fresh = notebooks.complete(copy.deepcopy(notebook), path.name, notebooks.existing_names())
    if [(c.id, c.source) for c in fresh.cells] != [(c.id, c.source) for c in notebook.cells]:
        return ["título, enlaces, navegación o id atrasados: usa make refresh o make links"]
    return []


@rule
def short_cells(notebook, path):
    """Celdas de código de 25 líneas como mucho, y líneas que caben en la pantalla."""
    problems = []
    for cell in code_cells(notebook):
        lines = cell.source.splitlines()
        if len(lines) > MAX_LINES:
            problems.append(f"celda {cell.id}: {len(lines)} líneas (máximo {MAX_LINES})")
        problems += [f"celda {cell.id}: línea de {len(line)} columnas" for line in lines if len(line) > MAX_COLUMNS]
    return problems


@rule
def described_figures(notebook, path):
    """Cada imagen lleva una descripción de al menos una frase."""
    return [f"celda {cell.id}: imagen sin descripción (usa plots.show)" for cell, output in outputs(notebook)
            if "image/png" in output.get("data", {})
            and len(output.get("metadata", {}).get("image/png", {}).get("alt", "")) < 20]


@rule
def light_file(notebook, path):
    """El archivo pesa 700 kB como mucho."""
    size = path.stat().st_size // 1000
    return [f"pesa {size} kB (máximo {MAX_KILOBYTES})"] if size > MAX_KILOBYTES else []


@rule
def fresh_outputs(notebook, path):
    """Las salidas son del código guardado, ejecutado de arriba abajo de una vez."""
    problems = []
    if notebook.metadata.get("curso", {}).get("code") != notebooks.code_hash(notebook):
        problems.append("las salidas no son de este código: usa make refresh")
    counts = [cell.execution_count for cell in code_cells(notebook) if cell.source.strip()]
    if counts != list(range(1, len(counts) + 1)):
        problems.append("las celdas no se ejecutaron seguidas desde un reinicio: usa make refresh")
    return problems


@rule
def sections(notebook, path):
    """Están las secciones fijas, en orden."""
    headings = [line[3:] for cell in notebook.cells if cell.cell_type == "markdown"
                for line in cell.source.splitlines() if line.startswith("## ")]
    found = [s for heading in headings for s in SECTIONS if heading.startswith(s)]
    return [] if found == SECTIONS else [f"secciones {found}; se esperaba {SECTIONS}"]


@rule
def exercises(notebook, path):
    """Entre 2 y 4 ejercicios: el hueco sale «sin intentar» y la solución plegada, «correcto»."""
    problems, states = [], []
    for cell in code_cells(notebook):
        if not re.search(r"^check\.(?!claim)\w+\.\w+\(", cell.source, re.M):
            continue
        text = " ".join(text_of(output) for output in cell.outputs)
        solution = notebooks.SOLUTION in tags(cell)
        states.append("S" if solution else "E")
        if solution and not {"nbval-check-output"} <= set(tags(cell)):
            problems.append(f"celda {cell.id}: la solución no se compara en las pruebas (nbval-check-output)")
        if solution and not cell.metadata.get("jupyter", {}).get("source_hidden"):
            problems.append(f"celda {cell.id}: la solución no está plegada")
        wanted = "Correcto." if solution else "Sin intentar."
        if wanted not in text:
            problems.append(f"celda {cell.id}: se esperaba «{wanted}»")
    if not re.fullmatch("(ES){2,4}", "".join(states)):
        problems.append(f"ejercicios y soluciones sin emparejar: {''.join(states)}")
    return problems


@rule
def seeds_from_runtime(notebook, path):
    """Todo azar nace de runtime.seed, para poder repetir el cuaderno con otro."""
    pattern = re.compile(r"(?:default_rng|set_random_seed|RandomState|random\.seed)\((?!runtime\.seed\()")
    return [f"celda {cell.id}: azar sin runtime.seed" for cell in code_cells(notebook)
            if cell.id not in notebooks.GENERATED and pattern.search(cell.source)]


@rule
def no_tensorflow_before_12(notebook, path):
    """Los cuadernos 00 a 11 solo usan NumPy."""
    if int(path.name[:2]) >= 12:
        return []
    pattern = re.compile(r"^\s*(?:import|from)\s+(?:tensorflow|keras)\b", re.M)
    return [f"celda {cell.id}: importa TensorFlow o Keras" for cell in code_cells(notebook)
            if pattern.search(cell.source)]


@rule
def claims_present(notebook, path):
    """Hay afirmaciones comprobadas y un experimento con controles."""
    code = "\n".join(cell.source for cell in code_cells(notebook))
    problems = [] if "check.claim(" in code else ["no comprueba ninguna afirmación (check.claim)"]
    if "widgets.explore(" not in code and "widgets.perceptron_lab(" not in code:
        problems.append("no tiene ningún experimento con controles")
    return problems
