// Dibuja N caras de 16×16 píxeles con el estilo «pixel-art» de DiceBear (diseño CC0 1.0).
// Uso: node faces.mjs CARPETA_CON_node_modules N SALIDA.rgb
import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, count, output] = process.argv.slice(2);
const require = createRequire(folder + "/");
const load = (name) => import(pathToFileURL(require.resolve(name)));
const { createAvatar } = await load("@dicebear/core");
const pixelArt = await load("@dicebear/pixel-art");
const { Resvg } = await load("@resvg/resvg-js");

const backgroundColor = ["b6e3f4", "c0aede", "d1d4f9", "ffd5dc", "ffdfbf"];
const seen = new Set();
const faces = [];
for (let i = 0; faces.length < Number(count); i++) {
  const svg = createAvatar(pixelArt, { seed: "s" + i, backgroundColor }).toString();
  const rgba = new Resvg(svg, { fitTo: { mode: "width", value: 16 } }).render().pixels;
  const rgb = Buffer.from(rgba.filter((_, k) => k % 4 !== 3)); // sin el canal alfa
  const key = rgb.toString("base64");
  if (!seen.has(key)) { // cada cara, una sola vez
    seen.add(key);
    faces.push(rgb);
  }
}
writeFileSync(output, Buffer.concat(faces));
