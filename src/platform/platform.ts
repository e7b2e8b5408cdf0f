/** A thread of its own that runs a module. */
export interface WorkerHandle {
  terminate(): void;
  /** Resolves with the first error of the thread, or with undefined when it ends without one. */
  readonly ended: Promise<Error | undefined>;
}

/** A file of which any part can be read at once. */
export interface PositionedReader {
  /** Fills `bytes` with what stands from `position` on. Throws Error where the file cannot be read or ends before. */
  read(bytes: Uint8Array, position: number): void;
  close(): void;
}

/** What the library needs from where it runs; one small implementation per environment. */
export interface Platform {
  /** Processor cores that threads can use. */
  readonly cores: number;
  /** The build of the kernels that whoever started the program asks for, if any. */
  readonly kernelBuild: string | undefined;
  /** Turns on relaxed SIMD where the environment hides it behind a switch. */
  enableRelaxedSimd(): void;
  readBytes(url: URL): Promise<Uint8Array<ArrayBuffer>>;
  /** Opens a file; throws Error where it cannot be opened, and in a page. */
  openForReading(path: string): PositionedReader;
  /** Starts a thread with the module at `url`; `job` is what its `receiveJob` gets. */
  startWorker(url: URL, job: unknown): WorkerHandle;
  /** Within a thread: the job it was started with. */
  receiveJob(): Promise<unknown>;
}
