"""Los días malos: cada cuaderno funciona, o se detiene con un solo mensaje en español, y no deja nada a medias.

Cada prueba copia el curso a una carpeta y ejecuta el cuaderno en un proceso aparte (run_cells.py), en un ensayo
(CURSO_DISPOSITIVO=ensayo: todo pequeño y por los caminos de la GPU) y con una casa en la que no se puede escribir.
«make test» prueba cada tipo de día; «make test-bad-days» (CURSO_DIAS_MALOS=todos), todos con todos los cuadernos.
"""
import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

import notebooks

MEGABYTES = 2048  # el límite de Binder
ALL = os.environ.get("CURSO_DIAS_MALOS") == "todos"
LOAD = re.compile(r"\bdata\.load\(")
NAME = re.compile(r"\bdata\.load\(\s*[\"'](\w+)[\"']")
IMPORTS = re.compile(r"^(?:import|from) ", re.M)
TENSORFLOW = re.compile(r"^\s*(?:import|from)\s+(?:tensorflow|keras)\b", re.M)
RECOVER = r"(No puedo leer|está dañado).* Recupéralo con «git checkout data/{}\.\w+» o descarga el curso de nuevo\."


def code_cells(path):
    return [cell for cell in notebooks.read(path).cells if cell.cell_type == "code"]


def uses_tensorflow(path):
    return any(TENSORFLOW.search(cell.source) for cell in code_cells(path))


NUMPY = [path for path in notebooks.paths() if not uses_tensorflow(path)]
KERAS = [path for path in notebooks.paths() if uses_tensorflow(path)]


def every(paths, few):
    """Parametriza una prueba: con todos los cuadernos, o solo con los `few` primeros en «make test»."""
    return pytest.mark.parametrize("path", paths if ALL else paths[:few], ids=lambda path: path.name[:2])


# --- El curso en un mal día ----------------------------------------------------------------------

class Course:
    """Una copia del curso, con su carpeta temporal, y una casa que no existe ni se puede crear."""

    def __init__(self, folder):
        self.root, self.temporary, self.ipython = (folder / name for name in ("curso", "temporal", "ipython"))
        for target in (self.temporary, self.ipython, self.root / "notebooks"):
            target.mkdir(parents=True)
        for name in ("helpers", "data"):
            shutil.copytree(notebooks.ROOT / name, self.root / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "requirements.txt"):
            shutil.copy(notebooks.ROOT / name, self.root)
        (folder / "archivo").write_text("Debajo de un archivo nadie, ni root, puede crear una carpeta.", "utf-8")
        self.home = str(folder / "archivo" / "casa")

    def environment(self):
        """Las variables de esta sesión, sin las del curso ni las que digan dónde escribir."""
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("CURSO_", "XDG_", "MPL", "KERAS", "IPYTHON", "PYTHONDONTWRITE"))}
        nowhere = dict.fromkeys(("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"), self.home)
        proxies = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9")  # nadie escucha ahí
        return {**kept, **nowhere, **proxies, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(self.temporary)),
                "IPYTHONDIR": str(self.ipython), "MPLBACKEND": "module://matplotlib_inline.backend_inline",
                "CURSO_DISPOSITIVO": "ensayo", "PYTHONUTF8": "1"}

    def start(self, notebook, **day):
        """Ejecuta un cuaderno (una ruta, o una lista de celdas) en un mal día. Devuelve el proceso terminado."""
        if isinstance(notebook, Path):
            target = shutil.copy(notebook, self.root / "notebooks")
        else:
            target = self.root / "notebooks" / "00_prueba.ipynb"
            notebooks.write(new_notebook(cells=notebook), target)
        command = [sys.executable, Path(__file__).with_name("run_cells.py"), target, json.dumps(day)]
        return subprocess.run(command, env=self.environment(), capture_output=True, encoding="utf-8",
                              timeout=900)

    def run(self, notebook, **day):
        """Como start, y devuelve el informe de run_cells.py; el proceso tiene que llegar al final."""
        process = self.start(notebook, **day)
        assert process.returncode == 0, f"el proceso murió ({process.returncode}): {process.stderr[-3000:]}"
        return json.loads(process.stdout.splitlines()[-1])

    def worst_day(self, notebook, **more):
        """Sin red, sin poder escribir en el curso y con 2 GB: `more` añade o cambia algo."""
        return self.run(notebook, **{"offline": True, "read_only": [str(self.root)], "megabytes": MEGABYTES, **more})

    @contextlib.contextmanager
    def untouched(self):
        """Comprueba que al salir el curso es, archivo por archivo, el mismo, y que no quedan temporales."""
        before = self.snapshot()
        yield
        after = self.snapshot()
        traces = sorted(name for name in before | after if before.get(name) != after.get(name))
        assert not traces, f"quedaron huellas: {traces}"

    def snapshot(self):
        """{nombre: sha256} de lo que hay en el curso y en la carpeta temporal.

        No cuentan los cuadernos, que aquí nadie guarda, ni lo que Python compila.
        """
        paths = [*self.root.rglob("*"), *self.temporary.rglob("*")]
        return {str(path.relative_to(self.root.parent)):
                path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest()
                for path in paths if path.suffix != ".ipynb" and "__pycache__" not in path.parts}


@pytest.fixture
def course():
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield Course(Path(folder).resolve())


def assert_works(report, cells):
    """Todas las celdas se ejecutaron, sin errores ni avisos, y la memoria no pasó del límite."""
    for cell in report["cells"]:
        assert "error" not in cell, f"celda {cell['id']}: {cell['error']}\n{cell['shown'][-3000:]}"
        assert not cell["stderr"], f"celda {cell['id']} avisa: {cell['stderr']}"
    assert len(report["cells"]) == len(cells)
    assert report["megabytes"] <= MEGABYTES, f"pico de {report['megabytes']} MB"


def assert_stops(cell, kind, pattern):
    """La celda se detuvo con un error del curso, y quien lee solo ve su mensaje."""
    error = cell.get("error", "ninguno")
    assert error.startswith(f"{kind}: "), f"celda {cell['id']}: se esperaba {kind} y llegó {error}"
    message = error.removeprefix(f"{kind}: ")
    assert re.search(pattern, message), message
    assert cell["shown"] == f"✘ {message}" and not cell["stderr"]


# --- Los cuadernos -------------------------------------------------------------------------------

@every(NUMPY, 1)
def test_numpy_notebook_on_the_worst_day(path, course):
    """Además de todo lo peor, sin TensorFlow ni Keras."""
    with course.untouched():
        assert_works(course.worst_day(path, versions={"tensorflow": None, "keras": None}), code_cells(path))


@every(KERAS, len(KERAS))
def test_keras_notebook_on_the_worst_day(path, course):
    """Con todos también en «make test»: es lo único que recorre los caminos de la GPU."""
    with course.untouched():
        assert_works(course.worst_day(path), code_cells(path))


@every(NUMPY + KERAS, 1)
def test_killed_half_way_and_then_every_cell_twice(path, course):
    cells = code_cells(path)
    with course.untouched():
        killed = course.start(path, kill_at=len(cells) // 2)
        assert killed.returncode != 0 and not killed.stdout
        shutil.rmtree(course.temporary)  # nadie que muere de golpe recoge su carpeta temporal
        course.temporary.mkdir()
        assert_works(course.run(path, times=2), cells)


@every(NUMPY + KERAS, 1)
@pytest.mark.parametrize("name, old", [("python", "3.10.4"), ("numpy", "1.26.4"), ("matplotlib", "3.7.1"),
                                       ("keras", "2.15.0"), ("tensorflow", "2.15.1"), ("ipywidgets", None)])
def test_old_or_missing_library_stops_at_once(path, name, old, course):
    wanted = f"Falta la biblioteca {name}\\." if old is None else \
        "necesita Python 3.11 o posterior y este es el 3.10" if name == "python" else \
        f"La versión {old} de {name} es demasiado antigua: el curso necesita la"
    with course.untouched():
        first, *rest = course.run(path, versions={name: old})["cells"]
    assert_stops(first, "CourseError", wanted)
    assert not rest


@every(KERAS, len(KERAS))
def test_without_tensorflow_says_what_to_install(path, course):
    importing = next(k for k, cell in enumerate(code_cells(path)) if TENSORFLOW.search(cell.source))
    with course.untouched():
        *before, last = course.run(path, versions={"tensorflow": None, "keras": None})["cells"]
    assert len(before) == importing and not any("error" in cell for cell in before)
    assert_stops(last, "CourseError", r"falta «keras».*carpeta del curso: pip install -U -r requirements.txt")


@every(KERAS, 1)
def test_keras_without_tensorflow_says_what_to_install(path, course):
    assert_stops(course.run(path, versions={"tensorflow": None})["cells"][-1], "CourseError", "falta «tensorflow»")


# --- Datos dañados -------------------------------------------------------------------------------

DAMAGE = {
    "un byte cambiado": "npz.write_bytes(good[:99] + bytes([good[99] ^ 1]) + good[100:])",
    "archivo a medias": "npz.write_bytes(good[:len(good) // 2])", "archivo ausente": "npz.unlink()",
    "ficha a medias": "toml.write_bytes(card[:len(card) // 2])", "ficha ausente": "toml.unlink()"}
KEEP = "from pathlib import Path; npz, toml = (Path(f'../data/{0}.' + kind) for kind in ('npz', 'toml')); " \
       "good, card = npz.read_bytes(), toml.read_bytes()"
RESTORE = "npz.write_bytes(good); toml.write_bytes(card)"


def damaged_runs(path):
    """Las celdas que preparan e importan y, antes de cada celda que carga datos, cada daño posible.

    Devuelve las celdas y {id de la celda de carga: conjunto de datos}.
    """
    cells = code_cells(path)
    chosen, loads = [c for c in cells if c.id == "preparacion" or IMPORTS.search(c.source)], {}
    for cell in (c for c in cells if LOAD.search(c.source)):
        names = NAME.findall(cell.source)
        assert len(names) == len(LOAD.findall(cell.source)), f"celda {cell.id}: escribe el nombre en data.load(…)"
        for name in names:
            chosen.append(new_code_cell(KEEP.format(name)))
            for k, damage in enumerate(DAMAGE.values()):
                identity = f"{cell.id}-{name}-{k}"
                chosen += [new_code_cell(damage), new_code_cell(cell.source, id=identity), new_code_cell(RESTORE)]
                loads[identity] = name
    return chosen, loads


@every(NUMPY + KERAS, len(NUMPY + KERAS))
def test_damaged_data_stops_the_cell_that_loads_it(path, course):
    """Sin red y con 2 GB. Cada celda que carga datos empieza por cargarlos: no necesita las anteriores."""
    cells, loads = damaged_runs(path)
    with course.untouched():
        report = course.worst_day(cells, read_only=[str(course.root / "helpers")], keep_going=True)
    assert [cell["id"] for cell in report["cells"]] == [cell.id for cell in cells]
    for cell in report["cells"]:
        if cell["id"] in loads:
            assert_stops(cell, "DataError", RECOVER.format(loads[cell["id"]]))
        else:
            assert "error" not in cell, cell["shown"]


# --- La prueba de la prueba: cada protección, rota a propósito -------------------------------------

HEALTHY = """
import socket, tempfile
with tempfile.TemporaryFile() as file, socket.create_server(("127.0.0.1", 0)) as server:
    socket.create_connection(server.getsockname()).close()
assert open("../data/iris.npz", "rb").read()
"""
BROKEN = {  # una celda que no aguanta, y lo que debe decir la prueba
    "escribir en el curso": ("open('modelo.npz', 'wb')", "Errno 30"),
    "crear una carpeta": ("import os; os.mkdir('../salidas')", "Errno 30"),
    "cambiar un nombre": ("import os; os.rename('../data/iris.npz', '../data/otro.npz')", "Errno 30"),
    "escribir en casa": ("from pathlib import Path; (Path.home() / 'x').write_text('')", "Error: .*casa"),
    "conectar": ("import socket; s = socket.socket(); s.settimeout(5); s.connect(('192.0.2.1', 80))",
                 "OSError: .*192.0.2.1"),
    "preguntar un nombre": ("import socket; socket.getaddrinfo('example.org', 443)", "OSError: .*example.org"),
    "descargar": ("import urllib.request as u; u.urlopen('https://example.org', timeout=5)", "URLError"),
    "importar lo que no está": ("import keras.layers", "No module named 'keras"),
    "un control que falla": ("from helpers import widgets\n"
                             "widgets.explore(lambda k: 1 / k, k=widgets.slider('k', 0, 2))", "ZeroDivisionError"),
    "guardar estado": ("seen = globals().get('seen', 0) + 1\nassert seen == 1, 'segunda vez'", "segunda vez"),
    "avisar": ("import warnings; warnings.warn('cuidado')", "avisa: .*cuidado"),
    "no ser Python": ("def f(:", "SyntaxError"),
    "decir más que el mensaje": ("class DataError(Exception): pass\nraise DataError('datos dañados')", "Traceback")}


@pytest.fixture(scope="module")
def broken_report():
    """{nombre: lo que pasó con esa celda}, en el peor día, dos veces cada una."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        course = Course(Path(folder).resolve())
        cells = [code_cells(NUMPY[0])[0], new_code_cell(HEALTHY), *(new_code_cell(s) for s, _ in BROKEN.values())]
        with course.untouched():
            report = course.worst_day(cells, versions={"keras": None}, times=2, keep_going=True)["cells"]
    return dict(zip(["preparación", "sana", *BROKEN], report, strict=True))


@pytest.mark.parametrize("name", ["preparación", "sana"])
def test_healthy_cell_passes(name, broken_report):
    assert_works({"cells": [broken_report[name]], "megabytes": 0}, [1])


@pytest.mark.parametrize("name", BROKEN)
def test_broken_cell_is_seen(name, broken_report):
    with pytest.raises(AssertionError, match=f"(?s){BROKEN[name][1]}"):
        assert_works({"cells": [broken_report[name]], "megabytes": 0}, [1])


def test_a_plain_error_is_not_a_course_message(broken_report):
    with pytest.raises(AssertionError, match="Traceback"):
        assert_stops(broken_report["decir más que el mensaje"], "DataError", "datos dañados")


def test_traces_of_other_programs_are_seen(course):
    """Lo que no pasa por Python: un programa aparte escribe, cambia, borra y deja un temporal."""
    code = ("import os, tempfile; open('../nuevo.txt', 'w'); open('../data/iris.npz', 'ab').write(b'x'); "
            "os.remove('../data/iris.toml'); tempfile.mkstemp()")
    cell = new_code_cell(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {code!r}], check=True)")
    with pytest.raises(AssertionError, match="iris.npz.*iris.toml.*nuevo.txt.*temporal") as error:
        with course.untouched():
            assert_works(course.worst_day([cell]), [cell])
    assert "mnist" not in str(error.value)


def test_too_much_memory_is_seen(course):
    """En Linux el sistema la niega; en los demás se ve en el pico."""
    cell = new_code_cell("import numpy as np; x = np.ones(3 * 2**27)")
    with pytest.raises(AssertionError, match="MemoryError|pico de"):
        assert_works(course.worst_day([cell]), [cell])
