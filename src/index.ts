export { type DescribedFile, openSampleFile } from "./data/files/sample-file.js";
export { writeSampleFile } from "./data/files/sample-file-writer.js";
export { type ReadOptions, readDataset, writeArray, writeDataset } from "./data/index.js";
export { streamDataset } from "./data/read.js";
export type { SampleStream } from "./data/sample-stream.js";
export { datasetOfFile, type StorageOptions } from "./models/stored-dataset.js";
export * from "./page.js";
