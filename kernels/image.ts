// Image batches in kernel layout: [group of 4 images][channel][row][column][4 images], a vector of 4 images a pixel.
// A plane starts with a row of border, and each of its rows with a pixel of border; then come as many pixels and rows
// as the tiles of the Winograd convolution cover. What lies to the right of a row and below a plane is the border that
// the next row and the next plane start with, and after the last plane follow borderBytes. All of it is zero where a
// convolution reads. These kernels only move data, a vector at a time, and write no border but for imageClearBorder.

/** The pixels along a side that its tiles cover, 4 or 3 each: all, but for sides of 1, 2 and 5. */
// @ts-ignore: decorator
@inline
export function coveredSide(side: usize): usize {
  return max(side, ((side + 3) >> 2) * 3);
}

/** Bytes from row to row of a plane. */
// @ts-ignore: decorator
@inline
export function rowBytes(width: usize): usize {
  return (coveredSide(width) + 1) << 4;
}

/** Bytes of a plane: its rows, in whole blocks of 4 pixels. */
// @ts-ignore: decorator
@inline
export function planeBytes(height: usize, width: usize): usize {
  return ((coveredSide(height) + 1) * rowBytes(width) + 63) & ~63;
}

/** Byte offset in a plane of an image's first pixel; as many bytes of border follow the last plane. */
// @ts-ignore: decorator
@inline
export function borderBytes(width: usize): usize {
  return rowBytes(width) + 16;
}

// @ts-ignore: decorator
@inline
function put(to: usize, from: usize, accumulate: bool): void {
  const value = v128.load(from);
  v128.store(to, accumulate ? f32x4.add(value, v128.load(to)) : value);
}

/** Samples [samples][channels * height * width] into an image tensor; the lanes beyond `samples` become zero. */
export function imageLoad(
  source: usize, image: usize, samples: usize, channels: usize, height: usize, width: usize,
): void {
  const sample = (channels * height * width) << 2;
  const row = rowBytes(width), plane = planeBytes(height, width), first = borderBytes(width);
  const padded = (samples + 7) & ~7;
  for (let s: usize = 0; s < padded; s += 4) {
    let from = source + s * sample;
    for (let c: usize = 0; c < channels; c++) {
      for (let r: usize = 0; r < height; r++) {
        let to = image + first + r * row;
        for (let end = to + (width << 4); to < end; to += 16, from += 4) {
          let pixel = f32x4.splat(0);
          if (s < samples) pixel = v128.load32_lane(from, pixel, 0);
          if (s + 1 < samples) pixel = v128.load32_lane(from + sample, pixel, 1);
          if (s + 2 < samples) pixel = v128.load32_lane(from + 2 * sample, pixel, 2);
          if (s + 3 < samples) pixel = v128.load32_lane(from + 3 * sample, pixel, 3);
          v128.store(to, pixel);
        }
      }
      image += plane;
    }
  }
}

/** The reverse of imageLoad: an image tensor into samples [samples][channels * height * width]. */
export function imageStore(
  image: usize, target: usize, samples: usize, channels: usize, height: usize, width: usize,
): void {
  const sample = (channels * height * width) << 2;
  const row = rowBytes(width), plane = planeBytes(height, width), first = borderBytes(width);
  for (let s: usize = 0; s < samples; s += 4) {
    let to = target + s * sample;
    for (let c: usize = 0; c < channels; c++) {
      for (let r: usize = 0; r < height; r++) {
        let from = image + first + r * row;
        for (let end = from + (width << 4); from < end; from += 16, to += 4) {
          const pixel = v128.load(from);
          v128.store32_lane(to, pixel, 0);
          if (s + 1 < samples) v128.store32_lane(to + sample, pixel, 1);
          if (s + 2 < samples) v128.store32_lane(to + 2 * sample, pixel, 2);
          if (s + 3 < samples) v128.store32_lane(to + 3 * sample, pixel, 3);
        }
      }
      image += plane;
    }
  }
}

// For short stretches, where a call of memory.fill costs more than the stores.
// @ts-ignore: decorator
@inline
function clear(from: usize, end: usize): void {
  const zero = f32x4.splat(0);
  for (; from < end; from += 16) v128.store(from, zero);
}

/** Zeroes all but the images of consecutive planes, and the border that follows the last. */
export function imageClearBorder(image: usize, planes: usize, height: usize, width: usize): void {
  const row = rowBytes(width), plane = planeBytes(height, width), border = borderBytes(width);
  const pixels = width << 4, gap = row - pixels, zero = f32x4.splat(0);
  for (const end = image + planes * plane; image < end; image += plane) {
    clear(image, image + border);
    let edge = image + border + pixels;
    for (let r: usize = 1; r < height; r++, edge += row) {
      v128.store(edge, zero);
      clear(edge + 16, edge + gap);
    }
    clear(edge, image + plane);
  }
  clear(image, image + border);
}

/**
 * 2x2 space to depth: y[4c + 2i + j][r][q] = x[c][2r + i][2q + j], in the order of PyTorch's pixel_unshuffle.
 * channels, height and width are those of x, both sides even; accumulate: y is added to.
 */
export function downsample(
  x: usize, xGroupStride: usize, y: usize, yGroupStride: usize,
  channels: usize, height: usize, width: usize, groups: usize, accumulate: bool,
): void {
  const row = rowBytes(width), plane = planeBytes(height, width);
  const halfHeight = height >> 1, halfWidth = width >> 1;
  const halfRow = rowBytes(halfWidth), halfPlane = planeBytes(halfHeight, halfWidth);
  for (let g: usize = 0; g < groups; g++) {
    for (let c: usize = 0; c < 4 * channels; c++) {
      const phase = ((c >> 1) & 1) * row + ((c & 1) << 4);
      let from = x + ((g * xGroupStride) << 2) + (c >> 2) * plane + borderBytes(width) + phase;
      let to = y + ((g * yGroupStride) << 2) + c * halfPlane + borderBytes(halfWidth);
      for (let r: usize = 0; r < halfHeight; r++, from += 2 * row, to += halfRow) {
        for (let q: usize = 0; q < halfWidth; q++) put(to + (q << 4), from + (q << 5), accumulate);
      }
    }
  }
}

/**
 * The reverse of downsample, depth to 2x2 space: y[c][2r + i][2q + j] = x[4c + 2i + j][r][q].
 * channels, height and width are those of y, both sides even; accumulate: y is added to.
 */
export function upsample(
  x: usize, xGroupStride: usize, y: usize, yGroupStride: usize,
  channels: usize, height: usize, width: usize, groups: usize, accumulate: bool,
): void {
  const row = rowBytes(width), plane = planeBytes(height, width);
  const halfHeight = height >> 1, halfWidth = width >> 1;
  const halfRow = rowBytes(halfWidth), halfPlane = planeBytes(halfHeight, halfWidth);
  for (let g: usize = 0; g < groups; g++) {
    for (let c: usize = 0; c < 4 * channels; c++) {
      const phase = ((c >> 1) & 1) * row + ((c & 1) << 4);
      let from = x + ((g * xGroupStride) << 2) + c * halfPlane + borderBytes(halfWidth);
      let to = y + ((g * yGroupStride) << 2) + (c >> 2) * plane + borderBytes(width) + phase;
      for (let r: usize = 0; r < halfHeight; r++, from += halfRow, to += 2 * row) {
        for (let q: usize = 0; q < halfWidth; q++) put(to + (q << 5), from + (q << 4), accumulate);
      }
    }
  }
}

/**
 * Image tensor (channels, height, width) to feature-major rows in the order c, h, w; row r starts at
 * y + 4 r rowStride and runs along the batch. accumulate: y is added to.
 */
export function flatten(
  x: usize, xGroupStride: usize, y: usize, rowStride: usize,
  channels: usize, height: usize, width: usize, groups: usize, accumulate: bool,
): void {
  const row = rowBytes(width), plane = planeBytes(height, width), group = xGroupStride << 2;
  for (let c: usize = 0; c < channels; c++) {
    for (let r: usize = 0; r < height; r++) {
      const start = x + c * plane + borderBytes(width) + r * row;
      for (let q: usize = 0; q < width; q++, y += rowStride << 2) {
        const from = start + (q << 4);
        for (let g: usize = 0; g < groups; g++) put(y + (g << 4), from + g * group, accumulate);
      }
    }
  }
}

/** The reverse of flatten: feature-major rows x to the image tensor y of shape (channels, height, width). */
export function unflatten(
  x: usize, rowStride: usize, y: usize, yGroupStride: usize,
  channels: usize, height: usize, width: usize, groups: usize, accumulate: bool,
): void {
  const row = rowBytes(width), plane = planeBytes(height, width), group = yGroupStride << 2;
  for (let c: usize = 0; c < channels; c++) {
    for (let r: usize = 0; r < height; r++) {
      const start = y + c * plane + borderBytes(width) + r * row;
      for (let q: usize = 0; q < width; q++, x += rowStride << 2) {
        const to = start + (q << 4);
        for (let g: usize = 0; g < groups; g++) put(to + g * group, x + (g << 4), accumulate);
      }
    }
  }
}
