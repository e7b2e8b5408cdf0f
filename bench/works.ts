import type { BenchRequest } from "./requests.js";

/** What one side may do the same work with. */
interface Way {
  readonly name: string;
  readonly request: BenchRequest;
}

/** A line of the table: one way of ours against the best of some of PyTorch's. */
export interface Line {
  readonly work: string;
  readonly ours: string;
  readonly torch: readonly string[];
  /** How many times faster than PyTorch it must be, and should be. */
  readonly least: number;
  readonly aim: number;
}

/** Measurements that are made in turns, and the lines they give. */
export interface Group {
  readonly name: string;
  /** Times that every way is measured, at most. */
  readonly rounds: number;
  readonly ours: readonly Way[];
  readonly torch: readonly Way[];
  /** PyTorch takes part in the first so many rounds only. */
  readonly torchRounds?: number;
  readonly lines: readonly Line[];
}

const BOTH = ["1 thread", "2 threads"];

const onThreads = (work: (threads: number) => BenchRequest, counts = [1, 2]): Way[] =>
  counts.map((threads) => ({ name: BOTH[threads - 1], request: work(threads) }));

const STRETCH = { warmSeconds: 0.8, seconds: 0.8 };
const IMAGE_STRETCH = { warmSeconds: 1, seconds: 2.5 };

/** The steps and passes that are compared with PyTorch; `quick` makes the long ones short. */
export function groups(quick: boolean): readonly Group[] {
  const vectorStep = onThreads((threads) => ({ work: "vector-step", threads, ...STRETCH }));
  const imageStep = onThreads((threads) => ({ work: "image-step", threads, ...IMAGE_STRETCH }));
  const samples = quick ? 3000 : 60_000;
  const encode = (counts: number[]) => onThreads((threads) => ({ work: "encode", threads, samples }), counts);
  return [
    {
      name: "vector-step",
      rounds: 15,
      ours: vectorStep,
      torch: vectorStep,
      lines: [
        {
          work: "training step, 10-d GIN, batch 1000, 1 thread against PyTorch's best",
          ours: BOTH[0],
          torch: BOTH,
          least: 8,
          aim: 12,
        },
        { work: "the same, 2 threads", ours: BOTH[1], torch: BOTH, least: 15, aim: 25 },
      ],
    },
    ...[64, 256].map((batch): Group => {
      const steps = onThreads((threads) => ({ work: "ivae-step", batch, threads, ...STRETCH }));
      return {
        name: `ivae-step-${batch}`,
        rounds: 15,
        ours: steps,
        torch: steps,
        lines: [
          {
            work: `training step, iVAE (5 latents, 40 classes, 3 x 100 hidden units), batch ${batch}, 1 thread against PyTorch's best`,
            ours: BOTH[0],
            torch: BOTH,
            least: batch === 64 ? 10 : 4,
            aim: batch === 64 ? 12 : 6,
          },
          {
            work: "the same, 2 threads",
            ours: BOTH[1],
            torch: BOTH,
            least: batch === 64 ? 10 : 6,
            aim: batch === 64 ? 15 : 10,
          },
        ],
      };
    }),
    {
      name: "image-step",
      rounds: 9,
      ours: imageStep,
      torch: imageStep,
      lines: [
        {
          work: "training step, image GIN, batch 240, 1 thread against PyTorch's 1 thread",
          ours: BOTH[0],
          torch: [BOTH[0]],
          least: 1,
          aim: 1.3,
        },
        {
          work: "the same, 2 threads against PyTorch's best",
          ours: BOTH[1],
          torch: BOTH,
          least: 1.5,
          aim: 2.2,
        },
      ],
    },
    {
      name: "encode",
      rounds: 3,
      ours: encode([2]),
      torch: encode([1, 2]),
      lines: [
        {
          work: `encode ${samples.toLocaleString("en-US")} digits, 2 threads against PyTorch's best`,
          ours: BOTH[1],
          torch: BOTH,
          least: 1.6,
          aim: 2.5,
        },
      ],
    },
  ];
}

/** The whole fit, which takes PyTorch two minutes: once, on the number of threads it is best at. */
export function fitGroup(quick: boolean, torchThreads: number): Group {
  const epochs = quick ? 4 : 80;
  const fit = (threads: number) =>
    onThreads((count) => ({ work: "fit", threads: count, samples: 100_000, epochs }), [threads]);
  return {
    name: "fit",
    rounds: 3,
    ours: fit(2),
    torch: fit(torchThreads),
    torchRounds: 1,
    lines: [
      {
        work: `whole fit of GIN's experiment 1, 100,000 samples, ${epochs} epochs, 2 threads`,
        ours: BOTH[1],
        torch: [BOTH[torchThreads - 1]],
        least: 13,
        aim: 20,
      },
    ],
  };
}
