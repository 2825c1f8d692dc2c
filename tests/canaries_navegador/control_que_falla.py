# Debe fallar: ValueError: deslizador roto
import matplotlib.pyplot as plt

from helpers import plots, widgets


def draw(n):
    if armed:
        raise ValueError("deslizador roto")
    fig, ax = plt.subplots(figsize=(2, 2))
    ax.plot([0, n])
    plots.show(fig, alt="Una recta de prueba.")


# %%
armed = False  # al ejecutar la celda todo va bien: solo falla cuando alguien lo mueve
widgets.explore(draw, n=widgets.slider("n", 0, 5))

# %%
armed = True
