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
 * Writes a file piece by piece, whole or not at all; see {@link AtomicFile}. Throws FailureError when the file cannot be
 * written, and whatever `pieces` throws.
 */
export async function writeFileAtomicFrom(path: string, pieces: Pieces): Promise<void> {
  const file = await AtomicFile.open(path);
  try {
    for await (const piece of pieces) await file.write(piece);
    await file.commit();
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/**
 * A file that is written piece by piece under a temporary name in its folder, and takes its place with `commit`: flushed
 * to the disk, then renamed. Until then a file that stood there before is as it was. A pipe or a device, which has no
 * temporary name to be renamed from, is written in place.
 */
export class AtomicFile {
  private constructor(
    private readonly path: string,
    private readonly target: string,
    private readonly temporary: string | undefined,
    private readonly file: FileHandle,
    private open = true,
  ) {}

  /** Throws FailureError where the file cannot be written. */
  static async open(path: string): Promise<AtomicFile> {
    const target = await realpath(path).catch(() => path);
    const existing = await stat(target).catch(() => undefined);
    if (existing?.isDirectory()) throw new FailureError(`cannot write ${path}: it is a directory`);
    const inPlace = existing !== undefined && !existing.isFile();
    const temporary = inPlace ? undefined : join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`);
    const file = await open(temporary ?? path, temporary ? "wx" : "w", existing?.mode).catch(
      (error: unknown) => failWrite(path, error),
    );
    return new AtomicFile(path, target, temporary, file);
  }

  async write(piece: Uint8Array | string): Promise<void> {
    const bytes = typeof piece === "string" ? new TextEncoder().encode(piece) : piece;
    await this.file.writeFile(bytes).catch((error: unknown) => failWrite(this.path, error));
  }

  async commit(): Promise<void> {
    await this.file.sync().catch(ignoreUnsyncable);
    await this.close();
    if (this.temporary === undefined) return;
    await rename(this.temporary, this.target).catch((error: unknown) => failWrite(this.path, error));
  }

  /** Removes what was written; nothing after `commit`. */
  async discard(): Promise<void> {
    await this.close();
    if (this.temporary !== undefined) await rm(this.temporary, { force: true }).catch(() => {});
  }

  private async close(): Promise<void> {
    if (this.open) await this.file.close();
    this.open = false;
  }
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
