"""Visita un cuaderno en JupyterLab: lo ejecuta y mueve sus controles como lo haría una persona.

Lo usa test_browser.py. Lo que se mira dentro de la página está en browser_page.js.
"""
import time
from pathlib import Path

SPY = Path(__file__).with_suffix(".js")
MINUTES = 10  # lo que puede tardar un cuaderno en ejecutarse
NOISE = {"net::ERR_NAME_NOT_RESOLVED": "la prueba no usa la red, y las insignias de Colab están fuera"}
KEYS = ["End", *["ArrowLeft"] * 9, "Home", *["ArrowRight"] * 9]  # los extremos y pasos cortos
CONTROLS = (".jp-Cell-outputArea :is(.noUi-handle, button.jupyter-button, .jupyter-widgets select, "
            ".jupyter-widgets input, .jupyter-widgets textarea, .jupyter-widgets canvas)")


class Failure(Exception):
    """Algo que se ve mal en un cuaderno."""


def visit(browser, browser_error, lab, name, pictures=None):
    """Abre un cuaderno, lo ejecuta y mueve sus controles. Devuelve lo visto; `problems` vacío si todo va bien.

    browser_error: la excepción de Playwright. lab: {"url": …, "token": …}. pictures: carpeta de las imágenes.
    """
    seen = {"number": name[:2], "cells": 0, "seconds": 0.0, "widgets": 0, "controls": [], "problems": []}
    context = browser.new_context(viewport={"width": 1300, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.on("pageerror", lambda error: seen["problems"].append(f"error de la página: {error}"))
    page.on("crash", lambda _: seen["problems"].append("la página se cayó"))
    page.on("console", lambda message: seen["problems"].extend(console_problems(message)))
    try:
        page.goto(f"{lab['url']}lab/tree/notebooks/{name}?reset&token={lab['token']}", wait_until="domcontentloaded")
        page.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel")
        page.evaluate(SPY.read_text("utf-8"))
        run(page, seen)
        move_all(page, seen, pictures)
    except Failure as failure:
        seen["problems"].append(str(failure))
    except browser_error as error:
        seen["problems"].append(f"el navegador no pudo seguir: {str(error).splitlines()[0]}")
    page.close()
    stop_kernels(context.request, lab)
    context.close()
    seen["problems"] = list(dict.fromkeys(seen["problems"]))
    return seen


def stop_kernels(request, lab):
    """Detiene los kernels que dejó abiertos un cuaderno, para que no se acumule su memoria."""
    kernels, headers = f"{lab['url']}api/kernels", {"Authorization": f"token {lab['token']}"}
    for kernel in request.get(kernels, headers=headers).json():
        request.delete(f"{kernels}/{kernel['id']}", headers=headers)


def console_problems(message):
    """El error de la consola del navegador, en una lista; vacía si no es un error o es ruido conocido."""
    noise = message.type != "error" or any(text in message.text for text in NOISE)
    return [] if noise else [f"consola: {message.text.splitlines()[0][:200]}"]


def check(page, seen):
    """Detiene la visita si la página o el kernel se han quejado o si hay algo en rojo."""
    found = [*seen["problems"], *page.evaluate("() => spy.bad()")]
    if found:
        raise Failure(found[0])


def run(page, seen):
    """Ejecuta todas las celdas y exige que ninguna falle ni quede sin ejecutar."""
    start = time.perf_counter()
    page.evaluate("() => spy.run()")
    page.wait_for_function("() => spy.finished()", timeout=60_000 * MINUTES, polling=200)
    seen["seconds"] = time.perf_counter() - start
    seen["cells"], unrun, hidden = page.evaluate("() => spy.cells()")
    check(page, seen)
    if unrun or hidden:
        raise Failure(f"{unrun} celdas sin ejecutar y {hidden} con controles que no aparecen")


def move_all(page, seen, pictures):
    """Mueve cada control, comprueba que después siguen respondiendo y guarda una imagen de cada grupo."""
    found = page.evaluate("selector => spy.controls(selector)", CONTROLS)
    for info in found:
        info["locator"] = page.locator(CONTROLS).nth(info["index"])
    groups = [[i for i in found if i["cell"] == cell] for cell in sorted({i["cell"] for i in found})]
    seen["widgets"] = len(groups)
    for k, group in enumerate(groups, start=1):
        sliders = [info["locator"] for info in group if info["kind"] == "slider"]
        for info in group:
            seen["controls"].append(exercise(page, seen, info, sliders))
        for info in group:  # los dos primeros movimientos otra vez: al menos uno llega al kernel
            again = [move(page, seen, info["locator"], act) for act in actions(info)[:2]]
            if not any(result["sent"] for result in again):
                raise Failure(f"«{info['label']}» deja de responder")
        if pictures:
            output = page.locator(".jp-Notebook .jp-Cell").nth(group[0]["cell"]).locator(".jp-Cell-outputWrapper")
            output.screenshot(path=pictures / f"{seen['number']}_{k}.png")
    mute = [row["label"] for row in seen["controls"] if row["mute"]]
    if mute:
        raise Failure(f"el dibujo no cambia con «{'», «'.join(mute)}»")


def actions(info):
    """Los movimientos de un control, como funciones sin argumentos."""
    control, kind = info["locator"], info["kind"]
    if kind == "slider":
        return [lambda key=key: control.press(key) for key in KEYS]
    if kind == "dropdown":
        total = control.locator("option").count()
        return [lambda k=k: control.select_option(index=k % total) for k in range(1, 11)]
    if kind in ("button", "checkbox"):
        return [control.click] * 10
    if kind == "number":
        return [lambda: control.press("ArrowUp")] * 10
    if kind == "canvas":
        return [lambda k=k: stroke(control, k) for k in range(10)]
    if kind == "text":
        return [lambda: (control.press("1"), control.press("Enter"))] * 10
    raise Failure(f"control que esta prueba no sabe mover: «{info['label']}» ({kind})")


def stroke(control, k):
    """Traza con el ratón una raya en un lienzo; cada `k`, una distinta."""
    control.scroll_into_view_if_needed()
    box, mouse = control.bounding_box(), control.page.mouse
    x = box["x"] + box["width"] * (0.1 + 0.08 * k)
    mouse.move(x, box["y"] + 0.2 * box["height"])
    mouse.down()
    mouse.move(x, box["y"] + 0.8 * box["height"], steps=5)
    mouse.up()


def exercise(page, seen, info, sliders):
    """Mueve un control. Devuelve su fila: rótulo, movimientos, cambios del dibujo y tiempos en milisegundos.

    Un botón puede no tener efecto según el estado (poner a cero lo que ya vale cero). Por eso, antes de cada
    pulsación se lleva a un extremo un deslizador distinto; así, también un botón debe cambiar el dibujo. Solo a
    una lista le basta con mover otros controles de su celda (elegir qué punto mueven los deslizadores).
    """
    results = []
    for k, act in enumerate(actions(info)):
        if info["kind"] == "button" and sliders:
            other, key = sliders[k % len(sliders)], ("Home", "End")[k // len(sliders) % 2]
            move(page, seen, other, lambda: other.press(key))
        results.append(move(page, seen, info["locator"], act))
    changed = [result for result in results if result["browser"] is not None]
    useful = changed or info["kind"] == "dropdown" and any(result["others"] for result in results)
    return {"label": info["label"], "mute": not useful, "moves": sum(result["sent"] for result in results),
            "changes": len(changed), "browser": [result["browser"] for result in changed],
            "kernel": [result["kernel"] for result in changed if result["kernel"] is not None]}


def move(page, seen, control, act):
    """Un movimiento: {"sent": si llegó al kernel, "others": si movió otros controles, "browser" y "kernel":
    milisegundos, o None si el dibujo no cambió}."""
    control.evaluate("element => spy.arm(element)")
    act()
    result = page.evaluate("() => spy.settle()")
    check(page, seen)
    return result
