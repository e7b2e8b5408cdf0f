import type { RunFolder } from "./run-folder.js";

/** Writes the models of a fit's stages behind its back, one after the other; what fails is told by `flush`. */
export class StageFiles {
  private written: Promise<void> = Promise.resolve();

  constructor(private readonly folder: RunFolder) {}

  add(model: Uint8Array, epoch: number, restart: number): void {
    this.written = this.written.then(() => this.folder.writeStage(epoch, restart, model));
    // Told by the next flush.
    this.written.catch(() => {});
  }

  /** Waits until everything added is on disk. Throws FailureError where a file could not be written. */
  async flush(): Promise<void> {
    await this.written;
  }
}
