import { randomUUID } from "node:crypto";
import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { FailureError } from "../../errors.js";
import { reasonOf } from "../wording.js";

/** What a file is made of: pieces in order. */
export type Pieces = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

/** Writes a file whole or not at all; see {@link writeFileAtomicFrom}. */
export function writeFileAtomic(path: string, content: Uint8Array | string): Promise<void> {
  return writeFileAtomicFrom(path, [content]);
}

/**
 * Writes a file piece by piece, whole or not at all: under a temporary name in the same folder, flushed to
 * the disk, then renamed. When anything fails the temporary file is removed and a file that stood there
 * before is left as it was. Throws FailureError when the file cannot be written, and whatever `pieces` throws.
 */
export async function writeFileAtomicFrom(path: string, pieces: Pieces): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const existing = await stat(target).catch(() => undefined);
  if (existing?.isDirectory()) throw new FailureError(`cannot write ${path}: it is a directory`);
  if (existing !== undefined && !existing.isFile()) return writeInPlace(path, pieces);
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`);
  const file = await open(temporary, "wx", existing?.mode).catch((error: unknown) => failWrite(path, error));
  try {
    await writePieces(file, path, pieces);
    await rename(temporary, target).catch((error: unknown) => failWrite(path, error));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

async function writePieces(file: FileHandle, path: string, pieces: Pieces): Promise<void> {
  try {
    for await (const piece of pieces) {
      const bytes = typeof piece === "string" ? new TextEncoder().encode(piece) : piece;
      await file.writeFile(bytes).catch((error: unknown) => failWrite(path, error));
    }
    await file.sync().catch(ignoreUnsyncable);
  } finally {
    await file.close();
  }
}

/** A pipe or a device has no temporary name to be renamed from. */
async function writeInPlace(path: string, pieces: Pieces): Promise<void> {
  const file = await open(path, "w").catch((error: unknown) => failWrite(path, error));
  await writePieces(file, path, pieces);
}

function ignoreUnsyncable(error: unknown): void {
  const code = (error as { code?: string }).code;
  if (code !== "EINVAL" && code !== "ENOTSUP" && code !== "EPERM") throw error;
}

function failWrite(path: string, error: unknown): never {
  const code = (error as { code?: string }).code;
  const folder = dirname(path);
  const reason =
    code === "ENOENT"
      ? `the folder ${folder} does not exist`
      : code === "ENOTDIR"
        ? `${folder} is not a folder`
        : code === "EACCES" || code === "EPERM" || code === "EROFS"
          ? `no permission to write in ${folder}`
          : code === "ENOSPC"
            ? "the disk is full"
            : reasonOf(error);
  throw new FailureError(`cannot write ${path}: ${reason}`);
}
