# Debe fallar: error de la página: página rota
from IPython.display import Javascript

Javascript("setTimeout(() => { throw Error('página rota') })")
