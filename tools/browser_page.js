// Lo que browser_page.py ejecuta dentro de la página: escucha al kernel y mira el dibujo de cada control.
async () => {
  await jupyterapp.restored;
  const panel = jupyterapp.shell.currentWidget;
  await panel.context.ready;
  await panel.sessionContext.ready;
  jupyterapp.commands.execute('application:toggle-left-area');
  const kernel = panel.sessionContext.session.kernel;
  const RED = ['error', 'stderr'].map(kind => `[data-mime-type="application/vnd.jupyter.${kind}"]`).join();
  const DEAD = ['dead', 'restarting', 'autorestarting', 'terminating'];
  const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));
  const red = [];             // lo que ha ido mal
  const asked = new Set();    // celdas que se ejecutan y controles que se mueven, por el id de su mensaje
  let sent = new Map();       // los que van a un control -> {busy, idle}, en el reloj del kernel
  let last = 0;               // último mensaje o cambio del dibujo
  let ran = false, dead = false, watch = null;

  kernel.statusChanged.connect((_, status) => {
    if (DEAD.includes(status)) { dead = true; red.push(`el kernel ha muerto (${status})`); }
  });
  kernel.connectionStatusChanged.connect((_, status) => {
    if (status === 'disconnected') { dead = true; red.push('el kernel se ha desconectado'); }
  });
  // Solo cuenta la respuesta a una celda o a un control. Al abrir, ipywidgets pregunta por sus controles
  // (request_states, comm_close) y el kernel, que aún no lo ha importado, escribe «No such comm».
  kernel.anyMessage.connect((_, {msg, direction}) => {
    const {header: {msg_type: type, msg_id: id, date}, content, parent_header: {msg_id: parent}} = msg;
    if (direction === 'send') {
      const move = type === 'comm_msg' && content.data.method !== 'request_states';
      if (move) sent.set(id, {});
      if (move || type === 'execute_request') asked.add(id);
      return;
    }
    const request = type === 'status' && sent.get(parent);
    if (request) request[content.execution_state] = Date.parse(date);
    if (!asked.has(parent)) return;
    last = performance.now();
    if (type === 'error') red.push(`${content.ename}: ${content.evalue}`);
    if (type === 'stream' && content.name === 'stderr') red.push(`stderr: ${content.text}`);
  });

  // Lo dibujado en una celda: sus imágenes o, si no las hay, el texto de las salidas de sus controles.
  const drawing = cell => {
    const all = [...cell.querySelectorAll('.jp-OutputArea img, .jp-OutputArea canvas')];
    const inner = () => [...cell.querySelectorAll('.jp-OutputArea .jp-OutputArea')].map(area => area.textContent);
    const pictures = () => [...cell.querySelectorAll('.jp-OutputArea img')].map(image => image.src);
    return all.length ? () => pictures().join() : () => inner().join();
  };

  window.spy = {
    run() {
      jupyterapp.commands.execute('notebook:run-all-cells')
        .catch(error => red.push(String(error))).finally(() => { ran = true; });
    },
    finished: () => dead || (ran && kernel.status === 'idle'),
    bad: () => [...red, ...[...document.querySelectorAll(RED)].map(e => `en rojo: ${e.textContent.trim()}`)]
      .map(text => text.split('\n')[0].slice(0, 200)),

    // [celdas de código, las que no se ejecutaron, las que tienen un control que no aparece]; anota sus errores.
    cells() {
      const code = panel.content.widgets.filter(w => w.model.type === 'code' && w.model.sharedModel.source.trim());
      const outputs = cell => cell.model.outputs.toJSON();
      for (const output of code.flatMap(outputs)) {
        if (output.output_type === 'error') red.push(`${output.ename}: ${output.evalue}`);
        if (output.name === 'stderr') red.push(`stderr: ${[output.text].flat().join('')}`);
      }
      const view = output => 'application/vnd.jupyter.widget-view+json' in (output.data ?? {});
      return [code.length, code.filter(c => c.model.executionCount === null).length,
              code.filter(c => outputs(c).some(view) && !c.node.querySelector('.jupyter-widgets')).length];
    },

    // De «Play» basta el primer botón; los otros son de ipywidgets. Lo que no se ve no lo mueve nadie.
    controls(selector) {
      const cells = [...document.querySelectorAll('.jp-Notebook .jp-Cell')];
      const kinds = {'.noUi-handle': 'slider', select: 'dropdown', button: 'button', textarea: 'text', canvas: 'canvas'};
      const kind = e => Object.entries(kinds).find(([selector]) => e.matches(selector))?.[1] ?? e.type;
      const label = e => (e.matches('button') && (e.textContent.trim() || e.title))
        || [...(e.closest('.jupyter-widgets')?.querySelectorAll('label, .widget-label, span') ?? [])]
          .map(node => node.textContent.trim()).find(Boolean) || e.ariaLabel || kind(e);
      return [...document.querySelectorAll(selector)].map((e, index) => (
        {e, index, kind: kind(e), label: label(e), cell: cells.indexOf(e.closest('.jp-Cell'))}))
        .filter(({e}) => !e.matches('.widget-play button:not(:first-child)') && e.checkVisibility())
        .map(({e, ...info}) => info);
    },

    // Prepara la medida de un movimiento: el reloj arranca con la tecla, el clic o la elección.
    arm(element) {
      watch?.stop();
      sent = new Map();
      const cell = element.closest('.jp-Cell'), look = drawing(cell), before = look();
      const others = () => [...cell.querySelectorAll('.noUi-handle')].map(handle => handle.ariaValueNow).join();
      const values = others();
      const state = watch = {start: null, shown: null, current: before, changed: () => state.current !== before,
                             others: () => others() !== values};
      const begin = () => { state.start ??= performance.now(); };
      const events = ['keydown', 'click', 'change'];
      events.forEach(name => window.addEventListener(name, begin, true));
      const observer = new MutationObserver(async () => {
        const now = look();
        if (!now || now === state.current) return;
        state.current = now;
        state.shown = null;
        await Promise.allSettled([...cell.querySelectorAll('.jp-OutputArea img')].map(image => image.decode()));
        if (state.current === now) state.shown = last = performance.now();
      });
      observer.observe(cell, {subtree: true, childList: true, attributes: true, attributeFilter: ['src'],
                              characterData: true});
      state.stop = () => {
        observer.disconnect();
        events.forEach(name => window.removeEventListener(name, begin, true));
      };
    },

    // Espera a que el kernel responda y el dibujo se calme. Un «Play» no calla: se le dan tres segundos.
    async settle() {
      const begun = performance.now(), waited = () => performance.now() - begun;
      last = begun;
      const first = () => [...sent.values()][0];
      const pending = () => [...sent.values()].some(request => request.idle === undefined)
        || (watch.changed() && watch.shown === null);
      while (!dead && (pending() || performance.now() - last < 150)) {
        await pause(10);
        if (waited() > 3000 && first()?.idle !== undefined && watch.changed() && watch.shown !== null) break;
        if (waited() > 20000) { red.push('un control no respondió en 20 segundos'); break; }
      }
      watch.stop();
      const moved = watch.changed() && watch.shown !== null;
      return {sent: sent.size > 0, others: watch.others(), browser: moved ? watch.shown - watch.start : null,
              kernel: moved && first() ? first().idle - first().busy : null};
    },
  };
}
