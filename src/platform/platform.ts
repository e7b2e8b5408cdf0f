/** A thread of its own that runs a module. */
export interface WorkerHandle {
  terminate(): void;
  /** Resolves with the first error of the thread, or with undefined when it ends without one. */
  readonly ended: Promise<Error | undefined>;
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
  /** Starts a thread with the module at `url`; `job` is what its `receiveJob` gets. */
  startWorker(url: URL, job: unknown): WorkerHandle;
  /** Within a thread: the job it was started with. */
  receiveJob(): Promise<unknown>;
}
