import { createReadStream } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { promisify } from "node:util";
import { createGunzip, gunzip } from "node:zlib";
import { InputError } from "../../errors.js";
import { reasonOf, refuse } from "../wording.js";

/** The bytes of one input, unpacked if they were gzipped, with the name that messages quote. */
export interface Source {
  readonly name: string;
  /** Everything at once. */
  bytes(): Promise<Uint8Array>;
  /** Everything, piece by piece. */
  chunks(): AsyncIterable<Uint8Array>;
  /** Bytes of the file as it lies on the disk, packed or not. */
  readonly size: number;
  /** The bytes from `from` up to, not including, `to` of the file as it lies on the disk. */
  range(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>;
}

const largestRead = 1 << 30;

/** What stands at a path. Throws InputError where nothing does or where it cannot be looked at. */
export async function kindOfPath(path: string): Promise<"file" | "directory"> {
  const found = await stat(path).catch((error: unknown) => refuseRead(path, error));
  return found.isDirectory() ? "directory" : "file";
}

/**
 * A file as a source; a name that ends in `.gz` is unpacked on the way. Throws InputError for a file that
 * is missing, is a directory, cannot be read, or is empty.
 */
export async function openSource(path: string): Promise<Source> {
  const found = await stat(path).catch((error: unknown) => refuseRead(path, error));
  if (found.isDirectory()) refuse(`${path}: found a directory, expected a file`);
  if (found.isFile() && found.size === 0) refuse(`${path}: the file is empty`);
  const zipped = path.toLowerCase().endsWith(".gz");
  return {
    name: path,
    bytes: () => (zipped ? unzippedBytes(path) : readWhole(path)),
    chunks: () => fileChunks(path, zipped),
    size: found.size,
    range: (from, to) => readRange(path, from, to),
  };
}

/** The first `length` bytes of a file, or fewer if it has no more. */
export function readHead(path: string, length: number): Promise<Uint8Array> {
  return readRange(path, 0, length);
}

/** Bytes of a file, fewer than asked for where it ends before. */
async function readRange(path: string, from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
  const file = await open(path).catch((error: unknown) => refuseRead(path, error));
  try {
    const bytes = new Uint8Array(to - from);
    return bytes.subarray(0, await fill(file, bytes, from));
  } catch (error) {
    return refuseRead(path, error);
  } finally {
    await file.close();
  }
}

/** Raises the InputError that says in words why a path could not be read. */
export function refuseRead(path: string, error: unknown): never {
  if (error instanceof InputError) throw error;
  const code = (error as { code?: string }).code;
  if (code === "ENOENT") refuse(`${path}: no such file or directory`);
  if (code === "ENOTDIR") refuse(`${path}: no such file, a part of its path is not a directory`);
  if (code === "EACCES" || code === "EPERM") refuse(`${path}: no permission to read it`);
  if (code?.startsWith("Z_")) refuse(`${path}: not a whole gzip file (${reasonOf(error)})`);
  return refuse(`${path}: cannot be read (${reasonOf(error)})`);
}

async function readWhole(path: string): Promise<Uint8Array> {
  const file = await open(path).catch((error: unknown) => refuseRead(path, error));
  try {
    const about = await file.stat();
    if (!about.isFile()) return new Uint8Array(await file.readFile());
    const bytes = new Uint8Array(about.size);
    return bytes.subarray(0, await fill(file, bytes, 0));
  } catch (error) {
    return refuseRead(path, error);
  } finally {
    await file.close();
  }
}

/** Fills `bytes` with what stands in a file from `position` on; returns how many there were. */
async function fill(file: FileHandle, bytes: Uint8Array, position: number): Promise<number> {
  let filled = 0;
  while (filled < bytes.length) {
    const wanted = Math.min(largestRead, bytes.length - filled);
    const { bytesRead } = await file.read(bytes, filled, wanted, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

async function unzippedBytes(path: string): Promise<Uint8Array> {
  const packed = await readWhole(path);
  return promisify(gunzip)(packed).catch((error: unknown) => refuseRead(path, error));
}

async function* fileChunks(path: string, zipped: boolean): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  try {
    if (!zipped) {
      for await (const chunk of file) yield chunk as Uint8Array;
      return;
    }
    const unpacked = createGunzip({ chunkSize: 1 << 18 });
    file.on("error", (error) => unpacked.destroy(error));
    file.pipe(unpacked);
    for await (const chunk of unpacked) yield chunk as Uint8Array;
  } catch (error) {
    refuseRead(path, error);
  } finally {
    file.destroy();
  }
}
