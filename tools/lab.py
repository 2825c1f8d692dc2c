"""Abre JupyterLab en notebooks/. Pasa sus argumentos a JupyterLab (make lab LAB_ARGS='--no-browser')."""
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def command(arguments):
    """La orden completa; como root (en un contenedor) JupyterLab exige permiso explícito."""
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [sys.executable, "-m", "jupyterlab", f"--notebook-dir={ROOT}",
            "--LabApp.default_url=/lab/tree/notebooks", *root, *arguments]


if __name__ == "__main__":
    os.execv(sys.executable, command(sys.argv[1:]))
