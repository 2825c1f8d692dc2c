"""Crea el entorno virtual del curso: python3 tools/setup_env.py CARPETA [argumentos de pip install].

Si algo falta (Python adecuado, disco, pip), termina con una línea que dice qué hacer.
Este archivo debe funcionar también en un Python antiguo, para poder decirlo.
"""
import os
import shutil
import subprocess
import sys

OLDEST, NEWEST = (3, 11), (3, 13)
NEEDED_GB = 4


def fail(message):
    sys.stderr.write("✘ " + message + "\n")
    sys.exit(1)


def suitable_python():
    """Ruta de un Python entre OLDEST y NEWEST: el que ejecuta esto u otro instalado; si no, None."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return sys.executable
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which("python3.{0}".format(minor))
        if found and subprocess.call([found, "-c", "import sys; sys.exit(sys.version_info[1] != {0})"
                                      .format(minor)], stderr=subprocess.DEVNULL) == 0:
            return found
    return None


def main(folder, pip_arguments):
    python = suitable_python()
    if python is None:
        fail("El curso necesita Python 3.11, 3.12 o 3.13 y este es el {0}.{1}. Instala uno de ellos o di cuál "
             "usar: make lab PYTHON=/ruta/a/python3.12".format(*sys.version_info[:2]))
    if shutil.disk_usage(".").free < NEEDED_GB * 10**9:
        fail("No hay bastante disco: el entorno ocupa unos {0} GB y quedan {1:.1f} GB libres."
             .format(NEEDED_GB, shutil.disk_usage(".").free / 1e9))
    inner = os.path.join(folder, "Scripts" if os.name == "nt" else "bin", "python")
    print("Preparando el entorno en {0} (uno o dos minutos la primera vez)…".format(folder))
    sys.stdout.flush()
    if subprocess.call([python, "-m", "venv", "--clear", folder]) != 0:
        fail("No pude crear el entorno con {0} -m venv. En Debian y Ubuntu falta el paquete python3-venv; "
             "en otros sistemas, reinstala Python con pip.".format(python))
    if subprocess.call([inner, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
                       + pip_arguments) != 0:
        fail("La instalación no terminó (mira el error de pip, arriba). Suele faltar red o disco; "
             "al repetir la orden empieza de nuevo.")
    with open(os.path.join(folder, "listo"), "w") as stamp:
        stamp.write("ok\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
