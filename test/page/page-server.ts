import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** What lets a page share memory between its threads. */
const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/**
 * Serves a folder's modules to pages of this machine as servers for development do: packages that a module imports by
 * name become addresses below node_modules, and names of files need no extension. /page?MODULE is a page that runs that module in a worker and hands back the first
 * message it posts, which `result` gives.
 */
export async function servePage(
  root: string,
): Promise<{ readonly address: string; readonly result: Promise<unknown>; close(): void }> {
  let deliver = (_result: unknown) => {};
  const result = new Promise((resolve) => {
    deliver = resolve;
  });
  const server: Server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://page");
    const send = (status: number, type: string, body: string | Uint8Array) =>
      response.writeHead(status, { ...ISOLATION, "Content-Type": type }).end(body);
    try {
      if (url.pathname === "/result") {
        deliver(JSON.parse(await bodyOf(request)));
        send(200, "text/plain", "");
      } else if (url.pathname === "/page") {
        send(200, "text/html", pageOf(url.search.slice(1)));
      } else {
        const asked = normalize(url.pathname);
        const path = extname(asked) === "" ? `${asked}.js` : asked;
        const type = TYPES[extname(path)] ?? "application/octet-stream";
        const bytes = await readFile(join(root, path));
        send(200, type, type === "text/javascript" ? withAddresses(bytes.toString(), root) : bytes);
      }
    } catch (error) {
      send(404, "text/plain", String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    result,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const pageOf = (module: string) => `<!doctype html><title>unmix</title><script type="module">
const worker = new Worker(${JSON.stringify(module)}, { type: "module" });
const tell = (result) => fetch("/result", { method: "POST", body: JSON.stringify(result) });
worker.onmessage = ({ data }) => tell(data);
worker.onerror = ({ message }) => tell({ error: message ?? "the worker could not start" });
</script>`;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of request) parts.push(part as Uint8Array);
  return Buffer.concat(parts).toString();
}

// At the start of a line, so that what comments say is left alone.
const IMPORT = /(^[^*/\n]*\bfrom\s*|^\s*import\s*\(?\s*)(["'])([^"'./][^"']*)\2/gm;

function withAddresses(source: string, root: string): string {
  return source.replace(IMPORT, (whole, before: string, quote: string, name: string) =>
    name.startsWith("node:") ? whole : `${before}${quote}/${modulePath(name, root)}${quote}`,
  );
}

/** Where a package has its modules, below the root: as bundlers have it, in "module" before "exports". */
function modulePath(name: string, root: string): string {
  const folder = join("node_modules", name);
  const { module } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  const path = module ? join(folder, module) : relative(root, fileURLToPath(import.meta.resolve(name)));
  return path.split(sep).join("/");
}
