"""Ejecuta las celdas de un cuaderno en este proceso, en un mal día, y cuenta qué pasó.

    python tests/run_cells.py CUADERNO.ipynb '{"offline": true, "times": 2}'

Lo que el día no diga es normal:
    read_only   carpetas en las que no se puede escribir, como si el disco fuera de solo lectura
    offline     true: sin más red que la de la propia máquina
    megabytes   memoria que el sistema deja usar (solo en Linux; en los demás se mide el pico)
    versions    {"numpy": "1.26.4", "keras": null}: versiones fingidas; null es «no está instalada»
    times       cuántas veces seguidas ejecuta cada celda
    kill_at     muere de golpe al llegar a esta celda de código (la primera es la 0)
    keep_going  true: sigue después de una celda que falla
Escribe un objeto JSON: las celdas ejecutadas, cada una con lo que vio quien lee si algo falló, y el pico de memoria.

Usa el mismo intérprete que un kernel (IPython), pero sin kernel: así el mal día empieza antes que la primera
línea del cuaderno, vale para Linux, macOS y Windows, aun como root, y cuesta un segundo menos.
"""
import errno
import importlib.metadata
import json
import os
import signal
import sys
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = {"os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.utime"}
CONNECTIONS = {"socket.connect", "socket.sendto"}              # reciben (socket, dirección)
QUESTIONS = {"socket.getaddrinfo", "socket.gethostbyname"}     # reciben (nombre, …)
LOCAL = {"", "localhost", "127.0.0.1", "::1", None}


class Shell(InteractiveShell):
    """IPython que apunta cada error que se enseña a quien lee, también los de los controles (Output los captura)."""
    errors = []

    def _showtraceback(self, kind, error, lines):
        self.errors.append({"error": f"{kind.__name__}: {error}", "shown": "\n".join(lines)})


def forbid(read_only=(), offline=False):
    """Impide escribir en unas carpetas y salir a la red, con los errores que daría el sistema.

    Un «audit hook» ve cada archivo que Python abre para escribir y cada conexión. Lo que escriba un programa
    aparte o una biblioteca compilada no pasa por aquí: para eso las pruebas comparan la carpeta antes y después.
    """
    folders = [os.path.normcase(os.path.realpath(folder)) + os.sep for folder in read_only]

    def check_path(path):
        if isinstance(path, (str, bytes, os.PathLike)):
            real = os.path.normcase(os.path.realpath(os.fsdecode(path)))
            if any((real + os.sep).startswith(folder) for folder in folders):
                raise OSError(errno.EROFS, os.strerror(errno.EROFS), path)

    def check_host(host):
        if host not in LOCAL:
            raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH), str(host))

    def hook(event, arguments):
        if event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING:
            check_path(arguments[0])
        elif event in CHANGES and arguments[-1] == -1:  # con dir_fd, la ruta no es relativa a esta carpeta
            for path in arguments[:2]:
                check_path(path)
        elif offline and event in CONNECTIONS and isinstance(arguments[1], tuple):  # un texto es un socket de archivo
            check_host(arguments[1][0])
        elif offline and event in QUESTIONS:
            check_host(arguments[0])

    sys.addaudithook(hook)


def limit_memory(megabytes):
    """El sistema niega a este proceso más memoria de datos; solo Linux lo cumple."""
    if sys.platform == "linux":
        import resource
        resource.setrlimit(resource.RLIMIT_DATA, (megabytes * 2**20,) * 2)


class Absent:
    """Buscador de módulos para el que algunas bibliotecas no están instaladas."""

    def __init__(self, names):
        self.names = names

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)


def pretend(versions):
    """Finge las versiones instaladas; «python» es la del intérprete."""
    real = importlib.metadata.version

    def version(name):
        if versions.get(name, "") is None:
            raise importlib.metadata.PackageNotFoundError(name)
        return versions.get(name) or real(name)

    importlib.metadata.version = version
    sys.meta_path.insert(0, Absent([name for name, number in versions.items() if number is None]))
    if "python" in versions:
        sys.version_info = tuple(int(part) for part in versions["python"].split("."))


def run(cells, times=1, kill_at=None, keep_going=False):
    """Ejecuta las celdas de código en orden. Devuelve una ficha por celda ejecutada."""
    quiet = Config({"HistoryManager": {"enabled": False}})
    shell, done = Shell.instance(config=quiet), []
    for number, cell in enumerate(cells):
        if number == kill_at:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))  # en Windows, SIGTERM también es de golpe
        shell.errors.clear()
        warnings = ""
        for _ in range(times):
            with capture_output() as captured:
                shell.run_cell("".join(cell["source"]), store_history=True)
            warnings += captured.stderr
        done.append({"id": cell["id"], "stderr": warnings, **(shell.errors[0] if shell.errors else {})})
        if shell.errors and not keep_going:
            break
    return done


def peak_memory():
    """Pico de memoria de este proceso, en MB."""
    if sys.platform == "win32":
        import psutil
        return psutil.Process().memory_info().peak_wset // 2**20
    import resource
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit // 2**20


def main(path, day):
    cells = json.loads(Path(path).read_text("utf-8"))["cells"]
    os.chdir(Path(path).parent)
    if "megabytes" in day:
        limit_memory(day.pop("megabytes"))
    forbid(day.pop("read_only", ()), day.pop("offline", False))
    pretend(day.pop("versions", {}))
    done = run([cell for cell in cells if cell["cell_type"] == "code"], **day)
    print(json.dumps({"cells": done, "megabytes": peak_memory()}))


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), json.loads(sys.argv[2]))
