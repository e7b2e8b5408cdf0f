import type { Context } from "../engine/context.js";
import type { Tensor } from "../engine/tensor.js";
import { type Activation, activate } from "./activation.js";
import { type ClassLanes, embed } from "./embedding.js";
import { addLinear, declareLinear, type LinearLayer, linear } from "./linear.js";
import type { Parameter, Parameters } from "./parameters.js";

export interface MlpOptions {
  /** After all layers but the last. Default: ReLU. */
  readonly activation?: Activation;
  /** Classes of a condition that the MLP takes beside x; 0 where it takes none. Default 0. */
  readonly classes?: number;
  /** Numbers that stand for a condition that is no class; 0 where there are none. Default 0. */
  readonly inputs?: number;
  /** The first outputs, so many, are W x of the input besides, W being `NAME.skip.weight`. Default 0. */
  readonly skip?: number;
}

/**
 * Declares an MLP with the given widths, input first, and returns it as a function. Parameters are named
 * `NAME.0.weight`, `NAME.0.bias`, `NAME.1.weight`, ...; where there are classes, `NAME.condition` [class][output] is what
 * each adds to the output of the first layer: the weights of a one-hot input. Where conditions are numbers, these weights are
 * `NAME.condition.weight` [output][input].
 */
export function declareMlp(
  parameters: Parameters,
  name: string,
  widths: readonly number[],
  { activation = "relu", classes = 0, inputs = 0, skip = 0 }: MlpOptions = {},
): (context: Context, x: Tensor, labels?: ClassLanes) => Tensor {
  const layers = widths
    .slice(1)
    .map((outputs, index) => declareLinear(parameters, `${name}.${index}`, widths[index], outputs));
  const condition = classes > 0 ? parameters.declare(`${name}.condition`, [classes, widths[1]]) : undefined;
  const weights =
    inputs > 0 ? parameters.declare(`${name}.condition.weight`, [widths[1], inputs]) : undefined;
  const direct = skip > 0 ? parameters.declare(`${name}.skip.weight`, [skip, widths[0]]) : undefined;
  return (context, x, labels) => {
    const output = layers.reduce((value, layer, index) => {
      const hidden = index < layers.length - 1 ? activation : undefined;
      return index === 0 && (condition || weights)
        ? conditioned(context, layer, { condition, weights }, value, labels, hidden)
        : dense(context, layer, value, hidden);
    }, x);
    if (direct) addLinear(context, direct, x, output.slice(0, skip));
    return output;
  };
}

function dense(context: Context, layer: LinearLayer, x: Tensor, activation: Activation | undefined): Tensor {
  if (activation === undefined || activation === "relu") {
    return linear(context, layer, x, activation === "relu");
  }
  const y = linear(context, layer, x, false);
  activate(context, y, activation);
  return y;
}

function conditioned(
  context: Context,
  layer: LinearLayer,
  {
    condition,
    weights,
  }: { readonly condition?: Parameter | undefined; readonly weights?: Parameter | undefined },
  x: Tensor,
  labels: ClassLanes | undefined,
  activation: Activation | undefined,
): Tensor {
  if (!labels) throw new Error("This MLP takes the condition of each sample.");
  const y = linear(context, layer, x, false);
  if (condition) embed(context, condition, labels, y, { accumulate: true });
  if (weights && labels.rows) addLinear(context, weights, labels.rows, y);
  if (activation) activate(context, y, activation);
  return y;
}
