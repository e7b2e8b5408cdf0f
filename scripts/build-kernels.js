// Compiles the AssemblyScript kernels twice: with relaxed SIMD (fused multiply-add) and with plain SIMD.
import { mkdirSync } from "node:fs";
import asc from "assemblyscript/asc";

const target = "dist/src/engine";
mkdirSync(target, { recursive: true });

for (const [name, features] of [
  ["plain", ["simd"]],
  ["relaxed", ["simd", "relaxed-simd"]],
]) {
  const { error, stderr } = await asc.main([
    "kernels/index.ts",
    "--outFile",
    `${target}/kernels.${name}.wasm`,
    "--optimizeLevel",
    "3",
    "--noAssert",
    "--runtime",
    "stub",
    "--importMemory",
    "--enable",
    features.join(","),
  ]);
  if (error) {
    console.error(stderr.toString());
    process.exit(1);
  }
}
