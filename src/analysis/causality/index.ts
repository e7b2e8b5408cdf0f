export {
  type CausalDirection,
  causalDirection,
  type DirectionOptions,
  type IndependenceTest,
} from "./direction.js";
export { type CausalGraph, causalGraph, type PairVerdict } from "./graph.js";
export { type HsicOptions, type HsicTest, hsic, hsicTest } from "./hsic.js";
export { type LinearDirection, linearDirection } from "./linear-direction.js";
