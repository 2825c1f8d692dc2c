"""Arranque de un cuaderno: edición, semillas, dispositivo y tamaños."""
import contextlib
import os
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def start():
    """Deja listo el cuaderno: estilo de las figuras y avisos internos de TensorFlow en silencio.

    Llámala antes de importar TensorFlow o Keras (lo hace la celda de preparación).
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from helpers import plots
    plots.set_style()
    print(f"Todo listo: edición {edition()}.")


@contextlib.contextmanager
def quiet():
    """Calla los avisos internos con que TensorFlow saluda al cargarse: `with runtime.quiet(): import keras`.

    Solo desvía lo que el código compilado escribe por el descriptor 2; las excepciones salen igual.
    """
    saved, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)


def edition():
    """Número de la edición, el de pyproject.toml (por ejemplo «0.1.0»)."""
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

    La variable de entorno CURSO_DISPOSITIVO (cpu o gpu) manda sobre lo detectado.
    """
    forced = os.environ.get("CURSO_DISPOSITIVO")
    if forced:
        if forced not in ("cpu", "gpu"):
            raise ValueError(f"CURSO_DISPOSITIVO debe ser «cpu» o «gpu» y vale «{forced}».")
        return forced
    if "tensorflow" in sys.modules:
        found = bool(sys.modules["tensorflow"].config.list_physical_devices("GPU"))
    elif "torch" in sys.modules:
        found = sys.modules["torch"].cuda.is_available()
    elif "jax" in sys.modules:
        found = sys.modules["jax"].default_backend() == "gpu"
    else:
        found = False
    return "gpu" if found else "cpu"


def pick(*, cpu, gpu):
    """Elige un tamaño según el dispositivo: `epochs = runtime.pick(cpu=5, gpu=30)`."""
    return gpu if device() == "gpu" else cpu
