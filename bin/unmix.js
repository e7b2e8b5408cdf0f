#!/usr/bin/env node
import { existsSync } from "node:fs";

const program = new URL("../dist/src/cli/main.js", import.meta.url);

if (existsSync(program)) {
  const { main } = await import(program.href);
  await main(process.argv.slice(2));
} else {
  process.stderr.write("unmix: the program is not built yet; build it with: npm run build\n");
  process.exitCode = 1;
}
