export { describeFit, modelSpectrum, type RunDescription } from "./describe-fit.js";
export { traversalPng } from "./figures/traversal.js";
export { renderReport } from "./report.js";
export type {
  DataDescription,
  EpochRecord,
  ImageSection,
  ReconstructionImages,
  ReportInput,
  RestartRecord,
  SampleImages,
  ScatterPanel,
  ScatterSection,
  Setting,
  StyleTransferImages,
  TruthComparison,
} from "./report-input.js";
