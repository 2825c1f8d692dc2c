"""Ejecuta los cuadernos como en Google Colab (make test-colab).

Cada cuaderno se copia solo a una carpeta vacía; no ve el resto del curso. Hay un google.colab de
mentira, y la dirección pública del repositorio lleva, mediante la configuración de git, a una copia
local con la edición etiquetada. Las versiones son las de tests/constraints/colab.txt.
"""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import notebooks  # noqa: E402


def git(*arguments, folder):
    subprocess.run(["git", "-c", "user.name=pruebas", "-c", "user.email=pruebas@localhost", *arguments],
                   cwd=folder, check=True, stdout=subprocess.DEVNULL)


def published_copy(target):
    """Repositorio con los archivos actuales (también los aún no confirmados) y la etiqueta de la edición."""
    files = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=notebooks.ROOT,
                           check=True, capture_output=True, text=True).stdout.split("\0")
    for name in filter(None, files):
        source = notebooks.ROOT / name
        if source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / name)
    git("init", "-q", folder=target)
    git("add", "-A", folder=target)
    git("commit", "-q", "-m", "copia", folder=target)
    git("tag", f"v{notebooks.project()[1]}", folder=target)


def colab_environment(repository, stand_in):
    """Variables de entorno: la dirección pública lleva a `repository`; google.colab se puede importar."""
    (stand_in / "google/colab").mkdir(parents=True)
    (stand_in / "google/colab/__init__.py").write_text('"""google.colab de mentira."""\n')
    return {**os.environ, "PYTHONPATH": str(stand_in), "GIT_CONFIG_COUNT": "1", "CURSO_ESTRICTO": "1",
            "GIT_CONFIG_KEY_0": f"url.{repository.as_uri()}.insteadOf",
            "GIT_CONFIG_VALUE_0": notebooks.project()[0]}


def main(numbers):
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in ("repositorio", "google", "content"):
            (folder / name).mkdir()
        published_copy(folder / "repositorio")
        environment = colab_environment(folder / "repositorio", folder / "google")
        failed = []
        for path in notebooks.paths():
            if numbers and path.name[:2] not in numbers:
                continue
            alone = folder / "content" / path.stem
            alone.mkdir()
            shutil.copy(path, alone)
            result = subprocess.run(
                [sys.executable, "-m", "pytest", "-q", "--rootdir", str(alone), "--nbval-lax",
                 "--nbval-current-env", "--nbval-cell-timeout=600", "-p", "no:cacheprovider", path.name],
                cwd=alone, env=environment)
            cloned = (alone / "curso/helpers/runtime.py").is_file()
            if result.returncode or not cloned:
                failed.append(path.name)
            print(f"{'✔' if path.name not in failed else '✘'} {path.name}", flush=True)
    sys.exit(f"Fallaron con las versiones de Colab: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main([number.zfill(2) for number in sys.argv[1:]])
