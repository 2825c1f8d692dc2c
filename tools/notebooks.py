"""Lo que comparten las herramientas: leer, escribir y completar los cuadernos.

La cabecera de cada cuaderno (metadata.curso) es la única fuente: de ella y de pyproject.toml
salen la celda de título, la de preparación, la de navegación y el índice del README.
"""
import hashlib
import re
import tomllib
from pathlib import Path
from urllib.parse import quote

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "notebooks"
GENERATED = {"titulo", "preparacion", "navegacion"}  # id de las celdas que escribe este archivo
SOLUTION = "solucion"                                # etiqueta de las celdas con soluciones

SETUP = '''\
# Preparación: encuentra el curso; si abriste el cuaderno suelto (en Colab), lo clona sin instalar nada.
import pathlib, subprocess, sys
repo, edition, here = "{repository}", "v{edition}", pathlib.Path.cwd()
root = next((p for p in (here, *here.parents) if (p / "helpers/runtime.py").is_file()), here / "curso")
if not root.exists() and subprocess.call(["git", "clone", "-q", "--depth=1", "-b", edition, repo, str(root)]):
    raise RuntimeError(f"No pude traer el curso desde {{repo}}. Revisa la red y ejecuta esta celda otra vez.")
sys.path.insert(0, str(root))
from helpers import runtime; runtime.start()'''


def project():
    """(dirección del repositorio, edición), de pyproject.toml."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return settings["urls"]["Repository"], settings["version"]


def paths():
    """Cuadernos de la colección, en orden."""
    return sorted(FOLDER.glob("[0-9][0-9]_*.ipynb"))


def read(path):
    return nbformat.read(path, as_version=4)


def write(notebook, path):
    """Escribe el cuaderno en su forma canónica (mismo contenido, mismos bytes)."""
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")


def plan():
    """[(parte, ["00 Bienvenida", …]), …] con los 37 cuadernos, hechos o por hacer."""
    parts = tomllib.loads((ROOT / "tools/plan.toml").read_text("utf-8"))["part"]
    return [(part["title"], part["notebooks"]) for part in parts]


def code_hash(notebook):
    """Huella del código que produjo las salidas (sin la celda de preparación)."""
    cells = [c.source for c in notebook.cells if c.cell_type == "code" and c.id not in GENERATED]
    return hashlib.sha256("\n# %%\n".join(cells).encode()).hexdigest()[:16]


def colab_url(name):
    """Enlace que abre en Colab el cuaderno `name` de esta edición."""
    repository, edition = project()
    return repository.replace("https://github.com/", "https://colab.research.google.com/github/") \
        + f"/blob/v{edition}/notebooks/{quote(name)}"


def navigation(number, existing):
    """Línea con el cuaderno anterior, el índice y el siguiente. existing: {número: archivo}."""
    titles = {title[:2]: title for _, notebooks in plan() for title in notebooks}

    def link(key, before, after):
        if key not in titles:
            return ""
        if key not in existing:
            return f"{before}{titles[key]} (en preparación){after}"
        name = existing[key]
        return f"{before}[{titles[key]}]({name}) ([en Colab]({colab_url(name)})){after}"

    around = [link(f"{number - 1:02}", "← ", ""), f"[Índice]({project()[0]}#índice)",
              link(f"{number + 1:02}", "", " →")]
    return " · ".join(filter(None, around))


def complete(notebook, name, existing):
    """Pone al día las celdas generadas de un cuaderno y los id de las demás."""
    header = notebook.metadata.curso
    repository, edition = project()
    badge = f"[![Abrir en Colab](https://colab.research.google.com/assets/colab-badge.svg)]({colab_url(name)})"
    goals = "\n".join(f"- {goal}" for goal in header.goals)
    nav = navigation(header.number, existing)
    title = (f"{badge} Edición {edition}\n\n# {header.number:02} · {header.title}\n\n{header.description}\n\n"
             f"**Al terminar podrás:**\n\n{goals}\n\n**Tiempo:** {header.minutes} minutos de lectura y práctica · "
             f"**Antes:** {header.prerequisites} · **Datos:** {header.data} · "
             f"**Dispositivo:** {header.device}\n\n{nav}")
    body = [c for c in notebook.cells if c.id not in GENERATED]
    seen = {}
    for cell in body:
        key = hashlib.sha256((cell.cell_type + cell.source).encode()).hexdigest()[:10]
        seen[key] = seen.get(key, 0) + 1
        cell.id = key if seen[key] == 1 else f"{key}-{seen[key]}"
    old = {c.id: c for c in notebook.cells if c.id in GENERATED}
    setup = old.get("preparacion") or new_code_cell(id="preparacion")
    setup.source = SETUP.format(repository=repository, edition=edition)
    notebook.cells = [new_markdown_cell(title, id="titulo"), setup, *body,
                      new_markdown_cell(nav, id="navegacion")]
    return notebook


def existing_names():
    """{«01»: «01_perceptron.ipynb», …}"""
    return {path.name[:2]: path.name for path in paths()}


def index():
    """Tabla del README: los 37 cuadernos, con enlaces los que ya existen."""
    existing, lines = existing_names(), []
    for part, notebooks in plan():
        lines += [f"\n### {part}\n", "| Cuaderno | Qué harás | Minutos | |", "|---|---|---|---|"]
        for title in notebooks:
            name = existing.get(title[:2])
            if name is None:
                lines.append(f"| {title} | *en preparación* | | |")
                continue
            header = read(FOLDER / name).metadata.curso
            lines.append(f"| [{title}](notebooks/{name}) | {header.description} | {header.minutes} "
                         f"| [Colab]({colab_url(name)}) |")
    return "\n".join(lines).strip()


def measures():
    """Tabla del README: segundos y memoria de cada cuaderno en la última actualización."""
    lines = ["| Cuaderno | Segundos | Memoria máxima (MB) |", "|---|---|---|"]
    for path in paths():
        header = read(path).metadata.curso
        lines.append(f"| {header.number:02} {header.title} | {header.measured.seconds} "
                     f"| {header.measured.megabytes} |")
    return "\n".join(lines)


def readme():
    """El README con sus dos tablas y sus enlaces al día."""
    text = (ROOT / "README.md").read_text("utf-8")
    for mark, content in (("índice", index()), ("medidas", measures())):
        start, end = f"<!-- {mark}: lo escribe make refresh -->", f"<!-- fin de {mark} -->"
        before, rest = text.split(start)
        text = before + start + "\n" + content + "\n" + end + rest.split(end)[1]
    return text


def stamped(text):
    """El mismo texto con la dirección del repositorio y la edición de pyproject.toml."""
    repository, edition = project()
    name = repository.removeprefix("https://github.com/")
    text = re.sub(r"(//github\.com|//colab\.research\.google\.com/github)/[\w.-]+/[\w.-]+", rf"\1/{name}", text)
    return re.sub(r"\bv\d+\.\d+\.\w+", f"v{edition}", text)


def update_all():
    """Reescribe las celdas generadas de todos los cuadernos, las tablas del README y tools/colab_gpu.*."""
    existing = existing_names()
    for path in paths():
        write(complete(read(path), path.name, existing), path)
    (ROOT / "README.md").write_text(readme(), encoding="utf-8", newline="\n")
    for path in (ROOT / "tools").glob("colab_gpu.*"):
        path.write_text(stamped(path.read_text("utf-8")), encoding="utf-8", newline="\n")
