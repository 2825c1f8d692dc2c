"""Datos reales listos para usar: `data.load("mnist")` y `data.catalog()`."""
import difflib
import gzip
import hashlib
import html
import io
import os
import tempfile
import tomllib
import urllib.request
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from helpers import runtime

FOLDER = Path(__file__).resolve().parent.parent / "data"
TIMEOUT = 30  # segundos de espera por respuesta de la red
REHEARSAL = 1000  # ejemplos de cada arreglo en un ensayo (runtime.rehearsal)
CARD_ROWS = {"title": "título", "description": "qué es", "contents": "contenido",
             "origin": "origen", "licence": "licencia", "sha256": "sha256", "remake": "se rehace con"}


class DataError(runtime.CourseError):
    """Los datos no se pueden usar; el mensaje dice qué pasó y qué hacer."""


class DataWarning(UserWarning):
    """Los datos sirven, pero no son exactamente los que se pidieron."""


class Card(dict):
    """Ficha de un conjunto de datos (data/NOMBRE.toml); en un cuaderno se ve como tabla."""

    def _repr_html_(self):
        rows = "".join(f"<tr><th style='text-align:left'>{label}</th>"
                       f"<td style='text-align:left'>{html.escape(self[key])}</td></tr>"
                       for key, label in CARD_ROWS.items() if key in self and key != "sha256")
        return f"<table>{rows}</table>"

    def __repr__(self):
        return "\n".join(f"{label}: {self[key]}" for key, label in CARD_ROWS.items() if key in self)


class Catalog(list):
    """Lista de fichas; en un cuaderno se ve como tabla."""

    def _repr_html_(self):
        head = "<tr><th>nombre</th><th>contenido</th><th>licencia</th><th>full=True</th></tr>"
        rows = "".join(f"<tr><td><code>{card['name']}</code></td><td style='text-align:left'>"
                       f"{html.escape(card['contents'])}</td><td>{html.escape(card['licence'])}</td>"
                       f"<td>{'sí' if 'full' in card else 'no'}</td></tr>" for card in self)
        return f"<table>{head}{rows}</table>"

    def __repr__(self):
        return "\n".join(f"{card['name']}: {card['contents']}. {card['licence']}." for card in self)


@dataclass(frozen=True)
class Dataset:
    """Un conjunto de datos. Lo que un conjunto no tiene (etiquetas, prueba) vale None.

    x_train, x_test: arreglos (n, …). y_train, y_test: enteros (n,) que indexan class_names.
    card: la ficha. full: True si es la versión completa.
    test_index: (n,), el lugar de cada ejemplo de prueba en el conjunto original, si se sorteó de él.
    """
    name: str
    x_train: np.ndarray
    y_train: np.ndarray | None
    x_test: np.ndarray | None
    y_test: np.ndarray | None
    class_names: list
    card: Card
    full: bool = False
    test_index: np.ndarray | None = None

    def __repr__(self):
        shapes = ", ".join(f"{key} {array.shape}" for key in ("x_train", "y_train", "x_test", "y_test")
                           if (array := getattr(self, key)) is not None)
        return f"{self.card['title']}: {shapes}"


def names():
    """Nombres de los conjuntos disponibles, en orden alfabético (también si falta uno de sus dos archivos)."""
    return sorted({path.stem for kind in ("toml", "npz") for path in FOLDER.glob(f"*.{kind}")})


def catalog():
    """Tabla con todos los conjuntos de datos: nombre, contenido y licencia."""
    return Catalog(_card(name) for name in names())


def load(name, full=False):
    """Carga un conjunto de datos por su nombre y devuelve un Dataset.

    full=False: el subconjunto que viene con el curso, sin red.
    full=True: la versión completa. La descarga la primera vez, la comprueba y la guarda en la
        carpeta de CURSO_CACHE (o en ~/.cache). Si no puede, avisa y devuelve el subconjunto.
    Lanza DataError si el nombre no existe, o si falta o está dañado un archivo del curso.
    """
    card = _card(name)
    if full and "full" not in card:
        raise DataError(f"«{name}» no tiene versión completa: lo que viene con el curso es todo. "
                        f"Usa data.load(\"{name}\").")
    if runtime.rehearsal():
        arrays = {key: array[:REHEARSAL] for key, array in _shipped_arrays(name, card).items()}
        return _dataset(name, card, arrays, full)
    if full:
        try:
            return _dataset(name, card, _full_arrays(name, card), full=True)
        except (OSError, DataError) as error:
            warnings.warn(f"No pude conseguir «{name}» completo ({error}). Sigo con el subconjunto "
                          "del curso; vuelve a intentarlo con red.", DataWarning, stacklevel=2)
    return _dataset(name, card, _shipped_arrays(name, card))


def _card(name):
    """Lee data/NOMBRE.toml; si no hay un conjunto con ese nombre, sugiere el más parecido."""
    if not names():
        raise DataError(f"La carpeta data/ falta o está vacía. {_repair('data')}")
    if name not in names():
        close = difflib.get_close_matches(str(name), names(), 1, 0.4)
        hint = f" ¿Querías decir «{close[0]}»?" if close else ""
        raise DataError(f"No hay un conjunto llamado «{name}».{hint} Los que hay: "
                        f"{', '.join(names())}.")
    file = f"data/{name}.toml"
    try:
        card = Card(tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8")), name=name)
    except OSError as error:
        raise DataError(f"No puedo leer {file} ({error.strerror}). {_repair(file)}") from error
    except ValueError as error:  # no es TOML, o ni siquiera es texto
        raise DataError(f"{file} está dañado: {error}. {_repair(file)}") from error
    if missing := {"title", "contents", "licence", "sha256"} - set(card):
        raise DataError(f"{file} está dañado: le falta {', '.join(sorted(missing))}. {_repair(file)}")
    return card


def _repair(file):
    return f"Recupéralo con «git checkout {file}» o descarga el curso de nuevo."


def _dataset(name, card, arrays, full=False):
    return Dataset(name, *(arrays.get(k) for k in ("x_train", "y_train", "x_test", "y_test")),
                   card.get("class_names", []), card, full, arrays.get("test_index"))


def _shipped_arrays(name, card):
    """Arreglos de data/NOMBRE.npz, comprobados antes de abrirlos."""
    path, repair = FOLDER / f"{name}.npz", _repair(f"data/{name}.npz")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"No puedo leer data/{name}.npz ({error.strerror}). {repair}") from error
    if hashlib.sha256(content).hexdigest() != card["sha256"]:
        raise DataError(f"data/{name}.npz está dañado: su sha256 no es el de la ficha. {repair}")
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        return {key: file[key] for key in file.files}


def _full_arrays(name, card):
    """Arreglos de la versión completa: un .npz, o cuatro archivos IDX en orden fijo."""
    parts = [_fetch(name, part["url"], part["sha256"]) for part in card["full"]]
    if len(parts) == 1:
        with np.load(io.BytesIO(parts[0]), allow_pickle=False) as file:
            return {key: file[key] for key in file.files}
    images = [np.frombuffer(p, np.uint8, offset=16).reshape(-1, 28, 28) for p in parts[0::2]]
    labels = [np.frombuffer(p, np.uint8, offset=8) for p in parts[1::2]]
    return {"x_train": images[0], "y_train": labels[0], "x_test": images[1], "y_test": labels[1]}


def _fetch(name, url, sha256):
    """Bytes de un archivo, de la caché o de la red; los .gz se descomprimen. Comprueba el sha256.

    Una copia dañada en la caché no se borra: se reemplaza solo cuando la nueva ya está completa.
    """
    folder = Path(os.environ.get("CURSO_CACHE") or Path.home() / ".cache/del-perceptron-a-las-gan")
    path = folder / name / url.rsplit("/", 1)[-1].removesuffix(".gz")
    if path.is_file() and hashlib.sha256(content := path.read_bytes()).hexdigest() == sha256:
        return content
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as response:
            content = response.read()
        content = gzip.decompress(content) if url.endswith(".gz") else content
    except (OSError, EOFError, urllib.request.http.client.HTTPException) as error:
        raise DataError(f"la descarga de {path.name} falló: {error}") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DataError(f"{path.name} llegó dañado: su sha256 no es el esperado")
    try:
        _write_atomically(path, content)
    except OSError as error:
        warnings.warn(f"No pude guardar {path.name} en la caché ({error.strerror}): se descargará otra "
                      "vez. Indica una carpeta tuya en CURSO_CACHE.", DataWarning, stacklevel=5)
    return content


def _write_atomically(path, content):
    """Escribe un archivo entero o nada: primero en un temporal, luego cambia el nombre."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            file.write(content)
            file.close()
            os.replace(file.name, path)
        except BaseException:
            file.close()
            os.unlink(file.name)
            raise
