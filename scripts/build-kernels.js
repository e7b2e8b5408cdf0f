// Compiles the AssemblyScript kernels: twice those of a thread's own memory, with relaxed SIMD (fused multiply-add) and
// with plain SIMD, and those of a team's shared memory.
import { mkdirSync } from "node:fs";
import asc from "assemblyscript/asc";

const target = "dist/src/engine";
mkdirSync(target, { recursive: true });

await compile("index", "kernels.plain", ["--enable", "simd"]);
await compile("index", "kernels.relaxed", ["--enable", "simd,relaxed-simd"]);
await compile("team", "team", ["--enable", "simd,threads", "--sharedMemory", "--maximumMemory", "65536"]);

async function compile(source, name, options) {
  const { error, stderr } = await asc.main([
    `kernels/${source}.ts`,
    "--outFile",
    `${target}/${name}.wasm`,
    "--optimizeLevel",
    "3",
    "--noAssert",
    "--runtime",
    "stub",
    "--importMemory",
    ...options,
  ]);
  if (error) {
    console.error(stderr.toString());
    process.exit(1);
  }
}
