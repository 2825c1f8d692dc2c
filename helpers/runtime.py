"""Arranque de un cuaderno: edición, versiones, semillas, dispositivo y tamaños."""
import contextlib
import gc
import importlib.metadata
import logging
import os
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INSTALL = ("En Colab, elige la versión más reciente en «Entorno de ejecución → Cambiar tipo de entorno». En tu "
           "computadora, desde la carpeta del curso: pip install -U -r requirements.txt")


class CourseError(Exception):
    """Algo impide seguir; el mensaje dice qué y cómo arreglarlo. En un cuaderno se ve solo el mensaje."""

    def _render_traceback_(self):
        return [f"✘ {self}"]


def start():
    """Deja listo el cuaderno: versiones comprobadas, estilo de las figuras y TensorFlow en silencio.

    Llámala antes de importar TensorFlow o Keras (lo hace la celda de preparación).
    Lanza CourseError si falta una biblioteca que usan todos los cuadernos o si alguna es demasiado antigua.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    check_versions()
    log = logging.getLogger("matplotlib")
    log.setLevel(logging.ERROR)  # si tu carpeta no admite escritura usa una temporal, y no hace falta que lo cuente
    from helpers import plots
    log.setLevel(logging.NOTSET)
    plots.set_style()
    gc.freeze()  # lo ya cargado no se vuelve a recorrer: quita pausas de una décima al mover un control
    print(f"Todo listo: edición {edition()}.")


def check_versions():
    """Compara lo instalado con las cotas inferiores de requirements.txt.

    Lanza CourseError si Python o una biblioteca son demasiado antiguos, o si faltan NumPy, matplotlib
    o ipywidgets. TensorFlow y Keras pueden faltar: los cuadernos de NumPy no los usan.
    """
    if sys.version_info < (3, 11):
        raise CourseError("El curso necesita Python 3.11 o posterior y este es el "
                          f"{sys.version_info[0]}.{sys.version_info[1]}. Instala uno más nuevo.")
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    bounds = dict(re.match(r"([\w-]+)>=([\d.]+)", line).groups() for line in lines if not line.startswith("#"))
    for name in ("numpy", "matplotlib", "ipywidgets", "tensorflow", "keras"):
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            if name in ("tensorflow", "keras"):
                continue
            raise CourseError(f"Falta la biblioteca {name}. {INSTALL}") from None
        if _numbers(found) < _numbers(bounds[name]):
            raise CourseError(f"La versión {found} de {name} es demasiado antigua: el curso necesita la "
                              f"{bounds[name]} o posterior. {INSTALL}")


def report():
    """Cuenta, una línea por cosa, si está todo lo que usa el curso. No carga TensorFlow ni se detiene.

    ✔ está bien; ○ falta y todavía no hace falta; ✘ hay algo que arreglar.
    """
    python = "{}.{}.{}".format(*sys.version_info[:3])
    _line(sys.version_info >= (3, 11), "Python " + python, "el curso necesita la 3.11 o posterior")
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    bounds = dict(re.match(r"([\w-]+)>=([\d.]+)", line).groups() for line in lines if not line.startswith("#"))
    for name in ("numpy", "matplotlib", "ipywidgets", "tensorflow", "keras", "platformdirs"):
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            if name in ("tensorflow", "keras"):
                print(f"○ {name}: no está. No hace falta hasta el cuaderno 12.")
            else:
                _line(False, name, "no está. " + INSTALL)
            continue
        _line(_numbers(found) >= _numbers(bounds[name]), f"{name} {found}",
              f"es demasiado antigua; hace falta la {bounds[name]} o posterior. {INSTALL}")
    gpu = any(Path("/dev").glob("nvidia[0-9]*")) or sys.platform == "win32" and shutil.which("nvidia-smi")
    print("✔ GPU: hay una tarjeta NVIDIA." if gpu else
          "○ GPU: no veo ninguna. No hace falta, y hasta el cuaderno 17 ni se nota.")
    _report_data()
    try:
        from helpers import progress
        print(f"✔ tus ejercicios se guardan en {progress.shown_path()}"
              + (" hasta que se cierre la sesión" if progress.fleeting() else ""))
    except ImportError:
        _line(False, "tus ejercicios", "no sé dónde guardarlos sin platformdirs")


def _line(good, thing, trouble):
    """Una línea del informe: ✔ y la cosa, o ✘, la cosa y lo que le pasa."""
    print(f"✔ {thing}" if good else f"✘ {thing}: {trouble}")


def _report_data():
    """La línea del informe sobre la carpeta data/: compara cada archivo con la huella de su ficha."""
    import hashlib
    try:
        from helpers import data
        names = data.names()
        for name in names:
            content = (data.FOLDER / f"{name}.npz").read_bytes()
            if hashlib.sha256(content).hexdigest() != data._card(name)["sha256"]:
                return _line(False, f"data/{name}.npz", "está dañado. " + data._repair(f"data/{name}.npz"))
        _line(names, f"datos: {', '.join(names)}", "la carpeta data/ está vacía. Descarga el curso de nuevo")
    except (OSError, ImportError, CourseError) as error:
        _line(False, "datos", str(error))


def _numbers(version):
    """«2.10.1rc0» → (2, 10, 1): lo que se compara de una versión."""
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


@contextlib.contextmanager
def quiet():
    """Calla los avisos internos con que TensorFlow saluda al cargarse: `with runtime.quiet(): import keras`.

    Solo desvía lo que el código compilado escribe por el descriptor 2; las excepciones salen igual, salvo
    una biblioteca que falta, que se convierte en un CourseError que dice cómo instalarla.
    """
    saved, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    except ModuleNotFoundError as error:
        raise CourseError(f"Este cuaderno necesita TensorFlow y Keras, y falta «{error.name}». Los de la "
                          f"primera parte funcionan sin ellos. {INSTALL}") from error
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)


def edition():
    """Número de la edición, el de pyproject.toml (por ejemplo «0.1.0»)."""
    import tomllib  # aquí y no arriba: en un Python antiguo, check_versions lo dice antes en español
    with open(ROOT / "pyproject.toml", "rb") as file:
        return tomllib.load(file)["project"]["version"]


def seed(number=0):
    """Semilla para un generador de números aleatorios.

    Devuelve `number` más un desplazamiento que vale 0, salvo que la variable de entorno
    CURSO_SEMILLA diga otra cosa: así se repite un cuaderno entero con otro azar.

    >>> rng = np.random.default_rng(runtime.seed(3))
    >>> keras.utils.set_random_seed(runtime.seed(3))
    """
    text = os.environ.get("CURSO_SEMILLA", "0")
    if not text.isdecimal():
        raise ValueError(f"CURSO_SEMILLA debe ser un entero no negativo y vale «{text}».")
    return number + 1000 * int(text)


def device():
    """«gpu» si el Keras ya importado ve una GPU; si no, «cpu».

    La variable de entorno CURSO_DISPOSITIVO manda sobre lo detectado: cpu, gpu, o ensayo (ver rehearsal).
    """
    forced = os.environ.get("CURSO_DISPOSITIVO")
    if forced:
        if forced not in ("cpu", "gpu", "ensayo"):
            raise ValueError(f"CURSO_DISPOSITIVO debe ser «cpu», «gpu» o «ensayo» y vale «{forced}».")
        return "cpu" if forced == "cpu" else "gpu"
    if "tensorflow" in sys.modules:
        found = bool(sys.modules["tensorflow"].config.list_physical_devices("GPU"))
    elif "torch" in sys.modules:
        found = sys.modules["torch"].cuda.is_available()
    elif "jax" in sys.modules:
        found = sys.modules["jax"].default_backend() == "gpu"
    else:
        found = False
    return "gpu" if found else "cpu"


def rehearsal():
    """True si CURSO_DISPOSITIVO=ensayo: el cuaderno cree tener una GPU y todo es pequeño.

    Así las pruebas recorren en segundos, sin GPU ni red, los caminos que solo se usan con GPU:
    device() dice «gpu», pick() da el tamaño de CPU y data.load() da mil ejemplos de cada.
    """
    return os.environ.get("CURSO_DISPOSITIVO") == "ensayo"


def pick(*, cpu, gpu):
    """Elige un tamaño según el dispositivo: `epochs = runtime.pick(cpu=5, gpu=30)`.

    En un ensayo da el de CPU. Lanza TypeError si los dos no son del mismo tipo.
    """
    if type(cpu) is not type(gpu):
        raise TypeError(f"pick espera dos valores del mismo tipo y recibió {cpu!r} y {gpu!r}.")
    return gpu if device() == "gpu" and not rehearsal() else cpu
