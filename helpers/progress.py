"""Lo que llevas hecho: la marca de cada ejercicio, guardada entre sesiones, y su tabla.

Las marcas están en un archivo JSON, {"perceptron.decide": "correcto", …}: en la carpeta de datos de tu usuario,
o donde diga la variable de entorno CURSO_PROGRESO. Antes de cada escritura se vuelve a leer, así que dos cuadernos
abiertos a la vez suman sus marcas; solo si escriben en el mismo milisegundo puede perderse una, y basta con volver
a ejecutar esa celda.
"""
import functools
import html
import json
import os
import re
import sys
import types
import warnings
from pathlib import Path

from helpers import runtime
from helpers.check.grading import CLOSE, RIGHT, UNTRIED, WRONG, Verdict

ORDER = [UNTRIED, WRONG, CLOSE, RIGHT]  # de peor a mejor: se guarda siempre la mejor
NOTEBOOKS = runtime.ROOT / "notebooks"
EXERCISE = re.compile(r"^check\.(\w+)\.(\w+)\(", re.M)
KEEP_IN_COLAB = ('from google.colab import drive; drive.mount("/content/drive")\n'
                 "%env CURSO_PROGRESO=/content/drive/MyDrive/progreso.json")
_warned = set()  # los avisos ya dados en esta sesión


class ProgressWarning(UserWarning):
    """El ejercicio se corrigió bien, pero su marca no se pudo leer o guardar."""


class Damaged(Exception):
    """El archivo de marcas existe y no se entiende."""


def path():
    """Archivo de las marcas."""
    if os.environ.get("CURSO_PROGRESO"):
        return Path(os.environ["CURSO_PROGRESO"]).expanduser()
    import platformdirs
    return Path(platformdirs.user_data_path("del-perceptron-a-las-gan", appauthor=False)) / "progreso.json"


def shown_path():
    """La misma ruta para enseñarla: tu carpeta personal se escribe ~."""
    try:
        return "~/" + path().relative_to(Path.home()).as_posix()
    except ValueError:
        return str(path())


def tracked(module):
    """El módulo de ejercicios, con sus funciones públicas apuntando cada veredicto."""
    twin = types.ModuleType(module.__name__, module.__doc__)
    twin.__dict__.update({name: value for name, value in vars(module).items() if name != "__getattr__"})
    short = module.__name__.rsplit(".", 1)[-1]
    for name, value in vars(module).items():
        if isinstance(value, types.FunctionType) and value.__module__ == module.__name__ and name[0] != "_":
            setattr(twin, name, _tracked_function(f"{short}.{name}", value))
    return twin


def _tracked_function(key, grade):
    @functools.wraps(grade)
    def graded(*args, **kwargs):
        verdict = grade(*args, **kwargs)
        if isinstance(verdict, Verdict) and _counts():
            mark(key, verdict.state)
        return verdict
    return graded


def _counts():
    """¿Se apunta? Solo en un cuaderno, fuera de las pruebas y si la celda no es la de la solución."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None or os.environ.get("CURSO_ESTRICTO") == "1":
        return False
    cells = shell.user_ns.get("In") or [""]
    return not cells[-1].lstrip().startswith("# @title Solución")


def mark(key, state):
    """Apunta el estado de un ejercicio si mejora el que había. Nunca lanza: si no puede, avisa una vez."""
    from helpers.data import _write_atomically
    try:
        marks = read()
        if ORDER.index(state) > ORDER.index(marks.get(key, UNTRIED)):
            text = json.dumps({**marks, key: state}, ensure_ascii=False, indent=1, sort_keys=True)
            _write_atomically(path(), text.encode("utf-8"))
    except (Damaged, OSError, ImportError) as error:
        _warn(error)


def read():
    """Las marcas guardadas. Lanza Damaged si el archivo no se entiende y OSError si no se puede leer."""
    try:
        content = path().read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    try:
        marks = json.loads(content)
        if not isinstance(marks, dict) or any(state not in ORDER for state in marks.values()):
            raise ValueError
    except ValueError:
        raise Damaged from None
    return marks


def _warn(error):
    """Cuenta una vez por sesión por qué no hay marcas y qué hacer."""
    if isinstance(error, Damaged):
        text = (f"No entiendo {shown_path()}, donde se guardan tus ejercicios, así que no lo toco. Ábrelo y "
                "arréglalo, o cámbiale el nombre y empezará otro vacío.")
    elif isinstance(error, ImportError):
        text = ("Falta la biblioteca platformdirs y no sé dónde guardar tus ejercicios: pip install platformdirs, o "
                "escribe un archivo en la variable CURSO_PROGRESO.")
    else:
        text = (f"No puedo usar {shown_path()} ({error.strerror or error}): tus ejercicios se corrigen, pero no se "
                "recuerdan. Escribe en la variable CURSO_PROGRESO un archivo que puedas modificar.")
    if text not in _warned:
        _warned.add(text)
        warnings.warn(text, ProgressWarning, stacklevel=5)


def fleeting():
    """¿Se borrarán las marcas al cerrar? Sí en Google Colab, salvo que CURSO_PROGRESO diga otro sitio."""
    return "google.colab" in sys.modules and not os.environ.get("CURSO_PROGRESO")


def exercises():
    """[(número, título, [«perceptron.decide», …]), …], leído de los cuadernos que hay en notebooks/."""
    found = []
    for file in sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")):
        try:
            notebook = json.loads(file.read_text("utf-8"))
            header = notebook["metadata"]["curso"]
            number, title = f"{header['number']:02}", header["title"]
            sources = ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]
        except (OSError, ValueError, KeyError, TypeError):
            continue  # un cuaderno a medio guardar no impide ver los demás
        names = dict.fromkeys(f"{a}.{b}" for text in sources for a, b in EXERCISE.findall(text))
        found.append((number, title, list(names)))
    return found


def board():
    """La tabla de lo hecho. En las pruebas (CURSO_ESTRICTO=1) sale siempre vacía, igual para todos."""
    try:
        marks = {} if os.environ.get("CURSO_ESTRICTO") == "1" else read()
    except (Damaged, OSError, ImportError) as error:
        _warn(error)
        marks = {}
    return Board(exercises(), marks, fleeting())


class Board:
    """Ejercicios hechos de cada cuaderno; en un cuaderno se ve como tabla.

    notebooks: lo que devuelve exercises(). marks: {ejercicio: estado}. fleeting: si se borrará al cerrar.
    """

    def __init__(self, notebooks, marks, fleeting=False):
        self.fleeting, self.loose = fleeting, sorted(marks) if not notebooks else []
        self.rows = [(number, title, sum(marks.get(key) == RIGHT for key in keys), len(keys),
                      [key.split(".")[1] + ("" if marks.get(key, UNTRIED) == UNTRIED else f" ({marks[key]})")
                       for key in keys if marks.get(key) != RIGHT],
                      any(marks.get(key, UNTRIED) != UNTRIED for key in keys))
                     for number, title, keys in notebooks if keys]

    def notes(self):
        """Por dónde seguir y lo que convenga saber, una frase por elemento."""
        notes = []
        pending = [row for row in self.rows if row[4]]
        begun = [row for row in pending if row[5]]
        if not self.rows:
            notes.append("No encuentro la carpeta notebooks/, así que no sé qué ejercicios hay."
                         + (f" Has intentado: {', '.join(self.loose)}." if self.loose else ""))
        elif not pending:
            notes.append("Has hecho todos los ejercicios.")
        else:
            number, title = (begun or pending)[0][:2]
            notes.append(f"{'Sigue' if begun else 'Puedes empezar'} por el cuaderno {number}, {title}.")
        if self.fleeting:
            notes.append("En Colab estas marcas se borran al cerrar la sesión. Para conservarlas, ejecuta esto en una "
                         f"celda nueva al principio de cada sesión:\n{KEEP_IN_COLAB}")
        return notes

    def __repr__(self):
        lines = [f"{number} {title}: {done} de {total}" + (f". Falta: {', '.join(missing)}" if missing else "")
                 for number, title, done, total, missing, _ in self.rows]
        return "\n".join(lines + self.notes())

    def _repr_html_(self):
        left = "style='text-align:left'"
        rows = "".join(f"<tr><td {left}>{number} {html.escape(title)}</td>"
                       f"<td {left}>{'●' * done}{'○' * (total - done)} {done} de {total}</td>"
                       f"<td {left}>{html.escape(', '.join(missing))}</td></tr>"
                       for number, title, done, total, missing, _ in self.rows)
        head = f"<tr><th {left}>cuaderno</th><th {left}>hechos</th><th {left}>falta</th></tr>"
        notes = "".join(f"<p style='white-space:pre-wrap'>{html.escape(note)}</p>" for note in self.notes())
        return (f"<table>{head}{rows}</table>" if rows else "") + notes
