export { type Dataset, type Condition, type ImageShape } from "./data/dataset.js";
