// Compiles the AssemblyScript kernels, with relaxed SIMD (fused multiply-add) and with plain SIMD, and the sums of a team;
// all on memory that threads can share.
import { mkdirSync } from "node:fs";
import asc from "assemblyscript/asc";

const target = "dist/src/engine";
mkdirSync(target, { recursive: true });

await compile("index", "kernels.plain", "simd");
await compile("index", "kernels.relaxed", "simd,relaxed-simd");
await compile("team", "team", "simd");

async function compile(source, name, features) {
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
    "--sharedMemory",
    "--maximumMemory",
    "65536",
    "--enable",
    `threads,${features}`,
  ]);
  if (error) {
    console.error(stderr.toString());
    process.exit(1);
  }
}
