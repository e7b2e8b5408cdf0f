import { readFileSync } from "node:fs";
import asc from "assemblyscript/asc";
import { instantiateKernels, type KernelBuild } from "../../src/engine/compile-kernels.js";
import { Engine } from "../../src/engine/engine.js";
import { put, take } from "./kernel-memory.js";
import { projectFile } from "./project.js";

const FUNCTIONS = ["exp", "log", "tanh", "cosTurn"] as const;
export type ElementaryName = (typeof FUNCTIONS)[number];
/** f of every value, in float32. */
export type Elementary = (values: Float32Array) => Float32Array;

// The functions of kernels/math.ts are inlined and not exported: a module around each is compiled for the tests.
const source = `
import { ${FUNCTIONS.map((name) => `${name}4`).join(", ")} } from "./math";
export function heapBase(): usize { return __heap_base; }
${FUNCTIONS.map(
  (name) => `
export function ${name}(at: usize, length: usize): void {
  for (let i: usize = 0; i < length << 2; i += 16) v128.store(at + i, ${name}4(v128.load(at + i)));
}`,
).join("\n")}
`;

/** The vectorised elementary functions, compiled as the kernels of `build` are. */
export async function compileElementary(build: KernelBuild): Promise<Record<ElementaryName, Elementary>> {
  const engine = await Engine.create({ build });
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const features = build === "relaxed" ? "threads,simd,relaxed-simd" : "threads,simd";
  const { error, stderr } = await asc.main(
    [
      "elementary.ts",
      "--outFile",
      "elementary.wasm",
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
      features,
    ],
    {
      readFile: (name) => {
        if (name === "elementary.ts") return source;
        return /^(math|simd)\.ts$/.test(name) ? readFileSync(projectFile(`kernels/${name}`), "utf8") : null;
      },
      writeFile: (_, contents) => {
        binary = Uint8Array.from(contents as Uint8Array);
      },
      listFiles: () => [],
    },
  );
  if (error || !binary) throw new Error(stderr.toString());
  const run = instantiateKernels(await WebAssembly.compile(binary), engine.memory) as unknown as Record<
    ElementaryName,
    (at: number, length: number) => void
  >;
  const elementary =
    (name: ElementaryName): Elementary =>
    (values) => {
      const mark = engine.arena.mark();
      const length = 4 * Math.ceil(values.length / 4);
      const padded = new Float32Array(length);
      padded.set(values);
      const at = put(engine, padded);
      run[name](at, length);
      const result = take(engine, at, values.length);
      engine.arena.release(mark);
      return result;
    };
  return {
    exp: elementary("exp"),
    log: elementary("log"),
    tanh: elementary("tanh"),
    cosTurn: elementary("cosTurn"),
  };
}
