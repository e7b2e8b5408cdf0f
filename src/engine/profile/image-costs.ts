import { planePixels } from "../shape.js";
import { floatBytes, type KernelCost, type KernelCosts, writes } from "./kernel-cost.js";

/** A batch that is copied from one layout to another; a group is 4 images. */
function moved(operation: string, count: number, accumulate = 0): KernelCost {
  return {
    operation,
    flops: accumulate ? count : 0,
    bytes: floatBytes((1 + writes(accumulate)) * count),
  };
}

/** Kernels that move batches into kernel memory, out of it, and from layout to layout. */
export const imageCosts: KernelCosts<
  | "gatherSamples"
  | "rowsLoad"
  | "rowsStore"
  | "imageLoad"
  | "imageStore"
  | "imageClearBorder"
  | "readAhead"
  | "downsample"
  | "upsample"
  | "flatten"
  | "unflatten"
> = {
  gatherSamples(_source, _indices, _target, samples, size) {
    return moved("gathering samples", samples * size);
  },
  rowsLoad(_source, _rows, _stride, samples, _padded, features) {
    return moved("batch loading", samples * features);
  },
  rowsStore(_rows, _stride, _target, samples, features) {
    return moved("storing", samples * features);
  },
  imageLoad(_source, _image, samples, channels, height, width) {
    return moved("batch loading", samples * channels * height * width);
  },
  imageStore(_image, _target, samples, channels, height, width) {
    return moved("storing", samples * channels * height * width);
  },
  imageClearBorder(_image, planes, height, width) {
    const border = 4 * planes * (planePixels({ height, width }) - height * width);
    return { operation: "clearing", flops: 0, bytes: floatBytes(border) };
  },
  readAhead(_from, bytes) {
    return { operation: "reading ahead", flops: 0, bytes };
  },
  downsample(_x, _xGroupStride, _y, _yGroupStride, channels, height, width, groups, accumulate) {
    return moved("image layout", 4 * groups * channels * height * width, accumulate);
  },
  upsample(_x, _xGroupStride, _y, _yGroupStride, channels, height, width, groups, accumulate) {
    return moved("image layout", 4 * groups * channels * height * width, accumulate);
  },
  flatten(_x, _xGroupStride, _y, _rowStride, channels, height, width, groups, accumulate) {
    return moved("image layout", 4 * groups * channels * height * width, accumulate);
  },
  unflatten(_x, _rowStride, _y, _yGroupStride, channels, height, width, groups, accumulate) {
    return moved("image layout", 4 * groups * channels * height * width, accumulate);
  },
};
