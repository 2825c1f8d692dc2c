"""Compone la portada del README con figuras ya guardadas en los cuadernos (la llama make refresh)."""
import base64
import io
import sys
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent))
import notebooks  # noqa: E402

WIDTH = 900
# (número del cuaderno, comienzo de la descripción de la figura), de arriba abajo.
PICTURES = [("01", "Las diez correcciones"), ("17", "Diez fotos de prendas"),
            ("34", "Cinco filas con las mismas doce caras")]


def picture(number, start):
    """La figura de un cuaderno cuya descripción empieza por `start`."""
    path = notebooks.FOLDER / notebooks.existing_names()[number]
    for cell in notebooks.read(path).cells:
        for output in cell.get("outputs", []):
            if output.get("metadata", {}).get("image/png", {}).get("alt", "").startswith(start):
                return Image.open(io.BytesIO(base64.b64decode(output.data["image/png"]))).convert("RGB")
    sys.exit(f"El cuaderno {number} no tiene una figura cuya descripción empiece por «{start}».")


def main():
    rows = [picture(*wanted) for wanted in PICTURES]
    rows = [row.resize((WIDTH, round(row.height * WIDTH / row.width)), Image.Resampling.LANCZOS) for row in rows]
    cover = Image.new("RGB", (WIDTH, sum(row.height + 12 for row in rows)), "white")
    top = 0
    for row in rows:
        cover.paste(row, (0, top))
        top += row.height + 12
    path = notebooks.ROOT / ".github" / "portada.png"
    path.parent.mkdir(exist_ok=True)
    cover.quantize(256, dither=0).save(path, optimize=True)


if __name__ == "__main__":
    main()
