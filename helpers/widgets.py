"""Controles interactivos que funcionan igual en Colab (ipywidgets 7) y en JupyterLab (8)."""
import gc
import time

import ipywidgets
import numpy as np
from IPython.display import display

from helpers import plots

FALLBACK = "[Control interactivo: ejecuta esta celda para moverlo.]"
WIDE = {"description_width": "130px"}
LAYOUT = {"width": "440px"}

# Un lienzo que no necesita nada instalado: ipywidgets.HTML no ejecuta <script>, pero sí atiende sus eventos.
# Cada trazo se promedia por cuadros de 10 × 10 y se escribe en el Textarea oculto que acompaña al lienzo; el
# suceso «input» hace que ipywidgets, el 7 y el 8, lo mande al kernel.
PEN = """
const pen = this.getContext('2d'), text = this.closest('.curso-lienzo').querySelector('textarea');
let last = event, sent = 0;
const send = () => {
  const pixels = pen.getImageData(0, 0, 280, 280).data, sums = new Uint32Array(784);
  for (let k = 0; k < 78400; k++) sums[28 * (k / 2800 | 0) + (k % 280 / 10 | 0)] += pixels[4 * k + 3];
  text.value = Array.from(sums, sum => Math.round(sum / 100)).join(' ');
  text.dispatchEvent(new Event('input', {bubbles: true}));
};
this.onpointermove = now => {
  Object.assign(pen, {lineWidth: 24, lineCap: 'round', strokeStyle: 'white'});
  pen.beginPath(); pen.moveTo(last.offsetX, last.offsetY); pen.lineTo(now.offsetX, now.offsetY); pen.stroke();
  last = now;
  if (Date.now() - sent > 100) { sent = Date.now(); send(); }
};
this.onpointerup = this.onpointercancel = () => { this.onpointermove = this.onpointerup = null; send(); };
this.setPointerCapture(event.pointerId);
this.onpointermove(event);
"""
SHEET = (f'<canvas width="280" height="280" role="img" aria-label="lienzo para dibujar" onpointerdown="{PEN}" style='
         '"width:280px; height:280px; background:black; touch-action:none; cursor:crosshair"></canvas>')


def slider(label, low, high, value=None, step=None):
    """Deslizador. Entero si `low`, `high` y `step` son enteros; si no, decimal."""
    whole = all(isinstance(v, (int, np.integer)) for v in (low, high, 1 if step is None else step))
    kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
    return kind(value=low if value is None else value, min=low, max=high,
                step=step or (1 if whole else 0.1), description=label, style=WIDE, layout=LAYOUT)


def choice(label, options, value=None):
    """Lista desplegable. options: lista de textos, o diccionario de texto a valor."""
    pairs = list(options.items()) if isinstance(options, dict) else [(o, o) for o in options]
    return ipywidgets.Dropdown(options=pairs, value=pairs[0][1] if value is None else value,
                               description=label, style=WIDE, layout=LAYOUT)


def explore(draw, height=380, **controls):
    """Une controles con una función que dibuja: cada cambio llama a `draw(nombre=valor, …)`.

    draw: función normal que termina en plots.show(…). Llámala antes una vez tú, sin controles,
        para que la imagen quede también en papel.
    height: alto reservado en píxeles, para que la página no salte.
    controls: los de slider() o choice(), con el nombre del argumento que mueven.
    Devuelve los controles en un diccionario. Cada uno se mueve una vez y vuelve a su sitio: así
    una función que falla se nota al ejecutar la celda, y también en las pruebas.
    """
    margins = {}
    gc.collect()
    gc.freeze()  # lo que ya existe no se recorre al mover un control: tras entrenar una red, costaba medio segundo

    def redraw(**values):
        with plots.steady(margins):
            draw(**values)

    output = ipywidgets.interactive_output(redraw, controls)
    output.layout.height = f"{height}px"
    for control in controls.values():
        _move_and_return(control)
    _display(ipywidgets.VBox([*controls.values(), output]))
    return controls


def _move_and_return(control):
    """Cambia un control a otro valor posible y lo deja como estaba."""
    before = control.value
    if hasattr(control, "options"):
        control.value = next((v for _, v in control.options if v is not before), before)
    else:
        control.value = control.max if before != control.max else control.min
    control.value = before


def _display(widget):
    """Muestra un control; donde no hay controles (GitHub, papel) queda una línea que lo dice."""
    display({"text/plain": FALLBACK, "application/vnd.jupyter.widget-view+json":
             {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}}, raw=True)


class Progress:
    """Línea de progreso que se reescribe: `bar = Progress(10); bar(3, "pérdida 0.21")`."""

    def __init__(self, total, unit="época"):
        if total < 1:
            raise ValueError(f"El total de pasos debe ser al menos 1 y vale {total}.")
        self.total, self.unit, self.start, self.last = total, unit, time.perf_counter(), 0.0
        self.line = display({"text/plain": ""}, raw=True, display_id=True)

    def __call__(self, done, note="", end=False):
        """Anota que van `done` pasos; redibuja como mucho cinco veces por segundo, y al final o si `end`."""
        now = time.perf_counter()
        if now - self.last < 0.2 and done < self.total and not end:
            return
        self.last = now
        filled = round(20 * done / self.total)
        text = (f"{self.unit} {done}/{self.total} [{'█' * filled}{'·' * (20 - filled)}] "
                f"{now - self.start:.0f} s  {note}")
        self.line.update({"text/plain": text.rstrip()}, raw=True)


def training_progress(epochs, metric="accuracy"):
    """Callback de Keras que muestra una sola línea mientras entrena `fit(…, verbose=0)`.

    metric: nombre de la métrica que se muestra junto a la pérdida, si está en los registros.
    """
    import keras

    bar, reached = Progress(epochs), []
    names = {"loss": "pérdida", metric: "exactitud" if metric == "accuracy" else metric}

    def report(epoch, logs):
        notes = [f"{label} {float(logs[key]):.3f}" for key, label in names.items() if key in logs]
        if f"val_{metric}" in logs:
            notes.append(f"en validación {float(logs[f'val_{metric}']):.3f}")
        reached[:] = epoch + 1, ", ".join(notes)
        bar(*reached)

    def finish(logs):
        if reached:
            bar(*reached, end=True)  # también si paró antes de tiempo

    return keras.callbacks.LambdaCallback(on_epoch_end=report, on_train_end=finish)


def perceptron_lab(draw, update, x, t, height=420):
    """Laboratorio del perceptrón: pesos, sesgo y puntos en tus manos, y un botón «Un paso».

    draw(weights, bias, x, t): dibuja el estado y termina en plots.show(…).
    update(weights, bias, point, target): devuelve (pesos, sesgo) tras mirar un solo punto.
    x: (n, 2), los puntos. t: (n,), su clase, 0 o 1.
    Empieza con pesos (1, 0) y sesgo 0. Devuelve un diccionario con los controles.
    """
    x, t = np.array(x, float), np.array(t)
    c = {"w1": slider("peso w₁", -4.0, 4.0, 1.0), "w2": slider("peso w₂", -4.0, 4.0, 0.0),
         "b": slider("sesgo b", -4.0, 4.0, 0.0),
         "point": choice("punto", {f"punto {k + 1}": k for k in range(len(x))}),
         "x1": slider("su x₁", -1.0, 2.0, 0.0), "x2": slider("su x₂", -1.0, 2.0, 0.0),
         "t": choice("su clase", {"0": 0, "1": 1}), "step": ipywidgets.Button(description="Un paso"),
         "reset": ipywidgets.Button(description="Pesos a cero")}
    output = ipywidgets.Output(layout={"height": f"{height}px"})
    hint = "«Un paso» aplica la regla al siguiente punto mal clasificado."
    note = ipywidgets.Label(hint)
    margins = {}
    busy = []  # no vacía mientras se cambian varios controles a la vez

    def redraw(_=None):
        if not busy:
            output.clear_output(wait=True)
            with output, plots.steady(margins):
                draw(np.array([c["w1"].value, c["w2"].value]), c["b"].value, x.copy(), t.copy())

    def set_values(**values):
        busy.append(1)
        for name, value in values.items():
            if name in ("w1", "w2", "b"):  # la regla puede salirse del deslizador: se ensancha, no se recorta
                c[name].min, c[name].max = min(c[name].min, value), max(c[name].max, value)
            c[name].value = value
        busy.clear()
        redraw()

    def choose_point(_):
        if not busy:
            k = c["point"].value
            set_values(x1=x[k, 0], x2=x[k, 1], t=int(t[k]))

    def edit_point(_):
        if not busy:
            k = c["point"].value
            x[k], t[k] = (c["x1"].value, c["x2"].value), c["t"].value
            redraw()

    def step(_):
        weights, bias = np.array([c["w1"].value, c["w2"].value]), c["b"].value
        start = c["point"].value + 1
        for k in (np.arange(len(x)) + start) % len(x):
            if int(x[k] @ weights + bias > 0) != t[k]:
                weights, bias = update(weights, bias, x[k], t[k])
                note.value = f"Punto {k + 1} mal clasificado: la regla ha movido la recta."
                set_values(w1=weights[0], w2=weights[1], b=bias, point=int(k), x1=x[k, 0],
                           x2=x[k, 1], t=int(t[k]))
                return
        note.value = "Todos los puntos están bien clasificados: no hay nada que corregir."

    for name in ("w1", "w2", "b"):
        c[name].observe(redraw, "value")
    for name in ("x1", "x2", "t"):
        c[name].observe(edit_point, "value")
    c["point"].observe(choose_point, "value")
    c["step"].on_click(step)

    def reset(_=None):
        note.value = hint
        set_values(w1=0.0, w2=0.0, b=0.0)

    c["reset"].on_click(reset)
    start = {name: c[name].value for name in ("w1", "w2", "b", "point", "x1", "x2", "t")}
    c["step"].click()  # se prueba una vez y se vuelve al principio
    set_values(**start)
    note.value = hint
    rows = [ipywidgets.VBox([c[k] for k in ("w1", "w2", "b")]),
            ipywidgets.VBox([c[k] for k in ("point", "x1", "x2", "t")])]
    _display(ipywidgets.VBox([ipywidgets.HBox(rows), ipywidgets.HBox([c["step"], c["reset"], note]),
                              output]))
    return c


def digit_canvas(on_draw, height=290):
    """Lienzo para dibujar con el ratón o el dedo; a su derecha, lo que responde `on_draw`, trazo a trazo.

    on_draw(picture): recibe el dibujo, (28, 28) de 0 (fondo) a 255 (tinta), y termina en plots.show(…). Con el
        lienzo en blanco recibe ceros. Llámala antes una vez tú, con un dibujo guardado.
    height: alto reservado para la respuesta, en píxeles.
    Devuelve los controles: "drawing" guarda los 784 números como texto y "clear" es el botón «Borrar».
    """
    sheet, clear = ipywidgets.HTML(SHEET), ipywidgets.Button(description="Borrar")
    drawing, note = ipywidgets.Textarea(layout={"display": "none"}), ipywidgets.Label()
    output = ipywidgets.Output(layout={"height": f"{height}px"})
    margins = {}

    def redraw(_=None):
        try:
            picture = np.array(drawing.value.split() or [0] * 784, int).reshape(28, 28)
            note.value = "" if drawing.value else "Dibuja en el cuadro negro."
        except ValueError:
            note.value = "El dibujo llegó incompleto. Pulsa «Borrar» y dibuja otra vez."
            return
        output.clear_output(wait=True)
        with output, plots.steady(margins):
            on_draw(picture.clip(0, 255).astype(np.uint8))

    def erase(_=None):
        sheet.value = SHEET + " " * (sheet.value == SHEET)  # otro texto: la página cambia el lienzo por uno nuevo
        drawing.value = ""

    drawing.observe(redraw, "value")
    clear.on_click(erase)
    drawing.value = " ".join(["0"] * 378 + ["255"] * 28 + ["0"] * 378)  # se prueba una vez, con una raya
    clear.click()
    column = ipywidgets.VBox([sheet, drawing, clear, note], layout={"width": "310px", "min_width": "310px"})
    box = ipywidgets.HBox([column, output])
    box.add_class("curso-lienzo")
    _display(box)
    return {"drawing": drawing, "clear": clear}
