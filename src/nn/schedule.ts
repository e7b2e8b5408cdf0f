/** How the learning rate falls, in epochs. */
export type ScheduleOptions =
  | {
      /** Trains at `learningRate` until the loss has converged, then at `factor` times that until it has again. */
      readonly kind: "plateau";
      readonly learningRate: number;
      readonly factor: number;
      readonly phases: number;
      /** Epochs without progress that end a phase. */
      readonly patience: number;
      /** Nats per dimension that count as progress. */
      readonly threshold: number;
      /** Epochs after which a phase ends in any case. */
      readonly longestPhase: number;
    }
  | {
      /** `epochs` in all; the last `finalEpochs` of them at `factor` times the learning rate. */
      readonly kind: "fixed";
      readonly learningRate: number;
      readonly factor: number;
      readonly epochs: number;
      readonly finalEpochs: number;
    };

/** Where a schedule stands; plain data, part of a checkpoint. */
export interface ScheduleState {
  /** Epochs done. */
  readonly epoch: number;
  readonly phase: number;
  readonly epochsInPhase: number;
  /** Exponential average of the loss, and the best it has been in this phase. */
  readonly average: number | null;
  readonly best: number | null;
  /** Epochs since `best` was last improved on by the threshold. */
  readonly stale: number;
}

export const startOfSchedule: ScheduleState = {
  epoch: 0,
  phase: 0,
  epochsInPhase: 0,
  average: null,
  best: null,
  stale: 0,
};

export function learningRate(options: ScheduleOptions, state: ScheduleState): number {
  if (options.kind === "plateau") return options.learningRate * options.factor ** state.phase;
  const isFinal = state.epoch >= options.epochs - options.finalEpochs;
  return isFinal ? options.learningRate * options.factor : options.learningRate;
}

export function isDone(options: ScheduleOptions, state: ScheduleState): boolean {
  return options.kind === "plateau" ? state.phase >= options.phases : state.epoch >= options.epochs;
}

/** The state after an epoch whose mean training loss was `loss`. */
export function advance(options: ScheduleOptions, state: ScheduleState, loss: number): ScheduleState {
  const epoch = state.epoch + 1;
  if (options.kind === "fixed") return { ...state, epoch };
  const average = state.average === null ? loss : 0.8 * state.average + 0.2 * loss;
  const improved = state.best === null || average < state.best - options.threshold;
  const stale = improved ? 0 : state.stale + 1;
  const epochsInPhase = state.epochsInPhase + 1;
  if (stale >= options.patience || epochsInPhase >= options.longestPhase) {
    return { epoch, phase: state.phase + 1, epochsInPhase: 0, average: null, best: null, stale: 0 };
  }
  return { epoch, phase: state.phase, epochsInPhase, average, best: improved ? average : state.best, stale };
}

/** The share of the work that is done, from 0 to 1; for a plateau schedule, measured against its longest course. */
export function fractionDone(options: ScheduleOptions, state: ScheduleState): number {
  if (isDone(options, state)) return 1;
  if (options.kind === "fixed") return state.epoch / options.epochs;
  return (state.phase + Math.min(1, state.epochsInPhase / options.longestPhase)) / options.phases;
}
