// Serves the page on this machine, with the built package beside it: `node serve.mjs` (PORT=8000).
// The files of a page on a real site are the same: this folder, with dmarc-wasm/pkg/web as `dmarc/`.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";

const page = fileURLToPath(new URL(".", import.meta.url));
const folders = [
  ["/dmarc/", fileURLToPath(new URL("../../dmarc-wasm/pkg/web/", import.meta.url))],
  ["/", page],
];
const types = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** Starts the server on the loopback address; resolves to it when it listens. */
export function serve(port) {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    const [prefix, folder] = folders.find(([start]) => path.startsWith(start));
    const file = normalize(join(folder, path.slice(prefix.length) || "index.html"));
    const type = types[extname(file)];
    const body = file.startsWith(folder.endsWith(sep) ? folder : folder + sep) && type
      ? await readFile(file).catch(() => null) : null;
    response.writeHead(body ? 200 : 404, { "content-type": body ? type : "text/plain", "cache-control": "no-store" });
    response.end(body ?? "not found");
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", () => resolve(server));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = await serve(Number(process.env.PORT ?? 8000));
  console.log(`http://127.0.0.1:${server.address().port}/ (Ctrl-C ends it)`);
}
