# Debe fallar: el dibujo no cambia con «n», «mudo»
import ipywidgets
import matplotlib.pyplot as plt
from IPython.display import display

from helpers import plots, widgets


def draw(n):
    fig, ax = plt.subplots(figsize=(2, 2))
    ax.plot([0, 1])  # se olvida de n
    plots.show(fig, alt="Siempre la misma recta.")


# %%
widgets.explore(draw, n=widgets.slider("n", 0, 5))
display(ipywidgets.Button(description="mudo"))
