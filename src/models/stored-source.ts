import { type SampleFile, type StoredSamples, sharedFloat32, sharedInt32 } from "../data/dataset.js";
import { RowReader } from "../data/sample-rows.js";
import { Random } from "../engine/random.js";
import type { Team } from "../engine/team.js";
import type { PositionedReader } from "../platform/platform.js";
import type { LabelledSamples } from "./labelled-samples.js";
import { modelledWidth, type Preprocessing, preprocess } from "./preprocessing.js";
import type { SampleSource } from "./sample-source.js";

/** Training samples in a file, and the memory for those of one window, which a team shares; can be posted to workers. */
export interface StoredTraining {
  readonly file: SampleFile;
  readonly preprocessing: Preprocessing;
  /** Samples of the file that are held out, in ascending order. */
  readonly leftOut: Int32Array;
  readonly blockSamples: number;
  /** The most blocks of a window. */
  readonly windowBlocks: number;
  readonly window: LabelledSamples;
}

/** Prepares training from a file, with windows that hold a batch at least. */
export function storedTraining(
  { file, blockSamples, windowBlocks }: StoredSamples,
  preprocessing: Preprocessing,
  leftOut: Int32Array,
  batch: number,
): StoredTraining {
  // Windows of even size may be half as large as the largest.
  const atLeast = Math.ceil((2 * (batch + leftOut.length)) / blockSamples) + 2;
  const blocks = Math.max(windowBlocks, atLeast);
  const most = Math.min(file.samples, blocks * blockSamples);
  const window = { data: sharedFloat32(most * modelledWidth(preprocessing)), labels: sharedInt32(most) };
  return { file, preprocessing, leftOut, blockSamples, windowBlocks: blocks, window };
}

/**
 * Reads training samples from a file, window by window. The file is divided into blocks of neighbouring samples; every
 * epoch puts the blocks in another random order and takes them in groups of even size, the windows, each of which is
 * shuffled as a whole. A file of a single window is read once, and its order is that of samples in memory.
 *
 * How far that is from a shuffle of all samples: two of them can meet in a mini-batch only where their blocks meet in a
 * window. In a file sorted by class, the share p of a class deviates in a window of B of the M blocks by
 * sqrt(p (1 - p) / B (M - B) / (M - 1)), and so less than in a random batch of B samples.
 */
export class StoredSource implements SampleSource {
  readonly isConstant = false;
  readonly count: number;
  readonly window: LabelledSamples;
  private readonly rows: RowReader;
  private readonly blocks: number;
  private readonly windowCount: number;
  /** How many samples before each block are left out. Shape [blocks + 1]. */
  private readonly leftOutBefore: Int32Array;
  private isLoaded = false;

  constructor(
    private readonly stored: StoredTraining,
    private readonly reader: PositionedReader,
    private readonly team: Team,
    private readonly seed: number,
  ) {
    const { file, blockSamples, windowBlocks, leftOut, window } = stored;
    this.window = window;
    this.count = file.samples - leftOut.length;
    this.rows = new RowReader(file, reader);
    this.blocks = Math.ceil(file.samples / blockSamples);
    this.windowCount = Math.ceil(this.blocks / windowBlocks);
    this.leftOutBefore = new Int32Array(this.blocks + 1);
    for (const position of leftOut) this.leftOutBefore[Math.floor(position / blockSamples) + 1]++;
    for (let block = 0; block < this.blocks; block++)
      this.leftOutBefore[block + 1] += this.leftOutBefore[block];
  }

  windows(epoch: number): readonly number[] {
    const order = this.order(epoch);
    return Array.from({ length: this.windowCount }, (_, window) => this.samplesOf(this.group(order, window)));
  }

  /** Every member of the team fills its part of the window. */
  open(epoch: number, window: number): void {
    if (this.windowCount === 1 && this.isLoaded) return;
    const { team } = this;
    const group = this.group(this.order(epoch), window);
    const boundary = (rank: number) => Math.floor((group.length * rank) / team.size);
    const [from, to] = [boundary(team.rank), boundary(team.rank + 1)];
    // Nobody writes while another may still read.
    team.sum(0);
    let place = this.samplesOf(group.subarray(0, from));
    for (const block of group.subarray(from, to)) place += this.load(block, place);
    team.sum(0);
    this.isLoaded = true;
  }

  close(): void {
    this.reader.close();
  }

  private order(epoch: number): Int32Array {
    return new Random(this.seed, "blocks", epoch).permutation(this.blocks);
  }

  /** The blocks of a window, in the order of the file. */
  private group(order: Int32Array, window: number): Int32Array {
    const boundary = (index: number) => Math.floor((this.blocks * index) / this.windowCount);
    return order.slice(boundary(window), boundary(window + 1)).sort();
  }

  private samplesOf(blocks: Int32Array): number {
    return blocks.reduce((sum, block) => sum + this.sizeOf(block), 0);
  }

  /** Training samples of a block. */
  private sizeOf(block: number): number {
    const { leftOutBefore } = this;
    return this.end(block) - this.start(block) - (leftOutBefore[block + 1] - leftOutBefore[block]);
  }

  private start(block: number): number {
    return block * this.stored.blockSamples;
  }

  private end(block: number): number {
    return Math.min(this.stored.file.samples, this.start(block + 1));
  }

  /** Puts the training samples of a block into the window; returns how many there are. */
  private load(block: number, place: number): number {
    const { preprocessing, leftOut, file } = this.stored;
    const [start, end] = [this.start(block), this.end(block)];
    const { features, labels } = this.rows.read(start, end);
    let kept = 0;
    let from = 0;
    const keepUpTo = (to: number) => {
      features.copyWithin(kept * file.width, from * file.width, to * file.width);
      labels.copyWithin(kept, from, to);
      kept += to - from;
      from = to + 1;
    };
    for (const gone of leftOut.subarray(this.leftOutBefore[block], this.leftOutBefore[block + 1])) {
      keepUpTo(gone - start);
    }
    keepUpTo(end - start);
    const { data, labels: classOf } = this.window;
    const width = modelledWidth(preprocessing);
    const target = data.subarray(place * width, (place + kept) * width);
    preprocess(preprocessing, features.subarray(0, kept * file.width), target);
    classOf.set(labels.subarray(0, kept), place);
    return kept;
  }
}
