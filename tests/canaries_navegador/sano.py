# Debe pasar: un control de cada clase
import ipywidgets
import matplotlib.pyplot as plt
from IPython.display import display

from helpers import plots, widgets


def draw(n, other=0.0):
    fig, ax = plt.subplots(figsize=(2, 2))
    ax.plot([0, 1, 2], [n, float(other or 0), 1])
    plots.show(fig, alt="Una línea quebrada de prueba.")


# %%
widgets.explore(draw, n=widgets.slider("entero", 0, 5), other=widgets.slider("decimal", 0.0, 1.0))

# %%
widgets.explore(draw, n=widgets.choice("lista", {"uno": 1, "dos": 2, "tres": 3}))

# %%
play = ipywidgets.Play(min=0, max=100, interval=200)
check, text = ipywidgets.Checkbox(description="casilla"), ipywidgets.Text(description="texto")
number = ipywidgets.IntText(description="número")
controls = {"n": play, "other": check}
display(play, check, ipywidgets.interactive_output(draw, controls))

# %%
display(text, number, ipywidgets.interactive_output(draw, {"n": number, "other": text}))

# %%
reset, level = ipywidgets.Button(description="a cero"), widgets.slider("nivel", 0, 5)
reset.on_click(lambda _: level.set_trait("value", 0))
display(reset)
widgets.explore(draw, n=level)
