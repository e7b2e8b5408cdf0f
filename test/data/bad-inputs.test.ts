import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { encode } from "fast-png";
import { zipSync } from "fflate";
import { parquetWriteBuffer } from "hyparquet-writer";
import {
  checkForFit,
  decodeSafetensors,
  encodePng,
  encodeSafetensors,
  type ReadOptions,
  readDataset,
} from "../../src/data/index.js";
import { encodeNpy } from "../../src/data/npy-format.js";
import { encodeNpz } from "../../src/data/npz.js";
import { streamDataset } from "../../src/data/read.js";
import { collect } from "../../src/data/sample-stream.js";
import { InputError } from "../../src/errors.js";
import { fixture, idxBytes, put, temporaryFolder } from "./helpers.js";

const folder = temporaryFolder();

/** A set of files, the one that is read, how it is read, and what the message must say. */
interface BadInput {
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly read?: string;
  readonly options?: ReadOptions;
  readonly says: RegExp;
  /** Also run the checks that come before a fit. */
  readonly fit?: boolean;
}

function bad(
  name: string,
  content: string | Uint8Array,
  says: RegExp,
  rest: Partial<BadInput> = {},
): BadInput {
  return { read: name, ...rest, files: { [name]: content, ...rest.files }, says };
}

const label: ReadOptions = { condition: "u" };

const csv: Record<string, BadInput> = {
  "an empty file": bad("d.csv", "", /d\.csv: the file is empty/),
  "blank lines only": bad("d.csv", "\n\n\n", /d\.csv: the file has no rows/),
  "a header and no rows": bad("d.csv", "a,b\n", /found a header and no rows/),
  "a word in a numeric column": bad(
    "d.csv",
    "a,b\n1,2\n3,abc\n",
    /d\.csv, row 2 \(line 3\), column "b": found "abc", expected a number/,
  ),
  "a word in the first row of a numeric column": bad(
    "d.csv",
    "a,b\nabc,2\n3,4\n",
    /row 1 \(line 2\), column "a": found "abc", expected a number/,
  ),
  "a word without a header": bad("d.csv", "1,2\n3,x\n", /row 2 \(line 2\), column "x2": found "x"/),
  "a word after a quoted line break": bad(
    "d.csv",
    'u,a\n"x\ny",1\nz,q\n',
    /row 2 \(line 4\), column "a": found "q"/,
    { options: label },
  ),
  "a wholly textual column": bad(
    "d.csv",
    "a,name\n1,ann\n2,bob\n",
    /column "name" holds text \("ann"\), expected numbers; .*--features, or name it with --condition/,
  ),
  "a textual column beside the condition": bad(
    "d.csv",
    "a,name,u\n1,ann,0\n",
    /column "name" holds text .*--features$/,
    { options: label },
  ),
  "a long textual column": bad("d.csv", `a,b\n${"1,word\n".repeat(200)}`, /column "b" holds text/),
  "a word in a named feature": bad("d.csv", "a,b\nx,2\n", /row 1 \(line 2\), column "a": found "x"/, {
    options: { features: ["a"] },
  }),
  "a very long word": bad(
    "d.csv",
    `a,b\n1,2\n1,${"w".repeat(1000)}\n`,
    /found "w{40}\.\.\.", expected a number/,
  ),
  "an empty cell": bad(
    "d.csv",
    "a,b\n1,\n",
    /row 1 \(line 2\), column "b": found an empty cell, expected a number/,
  ),
  "a cell of spaces": bad("d.csv", "a,b\n1,2\n  ,2\n", /row 2 \(line 3\), column "a": found an empty cell/),
  "a missing value": bad("d.csv", "a,b\n1,NA\n", /column "b": found the missing value "NA"/),
  NaN: bad(
    "d.csv",
    "a,b\n1,2\nnan,2\n",
    /row 2 \(line 3\), column "a": found "nan", expected a finite number/,
  ),
  infinity: bad("d.csv", "a,b\n1,-inf\n", /found "-inf", expected a finite number/),
  "JavaScript's infinity": bad("d.csv", "a,b\n1,Infinity\n", /found "Infinity", expected a finite number/),
  "a number beyond float32": bad(
    "d.csv",
    "a,b\n1,3.5e38\n",
    /found 3\.5e38, expected a number within the range of float32/,
  ),
  "a number beyond float64": bad("d.csv", "a,b\n1,1e999\n", /found 1e999, expected a finite number/),
  "a hexadecimal number": bad("d.csv", "a,b\n1,2\n1,0x10\n", /found "0x10", expected a number/),
  "a decimal comma": bad("d.csv", "a;b\n1;2\n1;2,5\n", /column "b": found "2,5", expected a number/),
  "a row with too few cells": bad(
    "d.csv",
    "a,b,c\n1,2,3\n4,5\n",
    /row 2 \(line 3\): found 2 cells, expected 3/,
  ),
  "a row with too many cells": bad("d.csv", "a,b\n1,2,3\n", /row 1 \(line 2\): found 3 cells, expected 2/),
  "a blank line inside": bad("d.csv", "a,b\n1,2\n\n3,4\n", /d\.csv, line 3: found a blank line/),
  "an open quote": bad("d.csv", 'a,b\n1,"2\n3,4\n', /found the end of the file inside a quoted cell/),
  "text after a quote": bad("d.csv", 'a,b\n1,"2"x\n', /line 2: found text after the closing quote/),
  "a quote inside a cell": bad("d.csv", 'a,b\n1,2"x\n', /line 2: found a quote/),
  "doubled column names": bad("d.csv", "a,b,a\n1,2,3\n", /columns 1 and 3 are both named "a"/),
  "a column without a name": bad("d.csv", ",a,b\n0,1,2\n", /column 1 has no name/),
  "an unknown condition": bad(
    "d.csv",
    "a,b\n1,2\n",
    /no condition column "u" \(--condition\); its columns are "a", "b"/,
    { options: label },
  ),
  "an unknown feature": bad(
    "d.csv",
    "a,b\n1,2\n",
    /no feature column "c" \(--features\); its columns are "a", "b"/,
    { options: { features: ["a", "c"] } },
  ),
  "a feature listed twice": bad("d.csv", "a,b\n1,2\n", /--features lists column "a" twice/, {
    options: { features: ["a", "a"] },
  }),
  "a condition that is also a feature": bad(
    "d.csv",
    "a,u\n1,2\n",
    /column "u" is the condition and also listed in --features/,
    { options: { condition: "u", features: ["a", "u"] } },
  ),
  "nothing but the condition": bad("d.csv", "u\n1\n", /found no feature column, only the condition "u"/, {
    options: label,
  }),
  "an empty label": bad(
    "d.csv",
    "a,u\n1,x\n2,\n",
    /row 2 \(line 3\), column "u": found no label, expected a class/,
    { options: label },
  ),
  "a missing label": bad(
    "d.csv",
    "a,u\n1,x\n2,NA\n",
    /row 2 \(line 3\), column "u": found the missing value "NA", expected a class/,
    { options: label },
  ),
  "no condition where one is needed": bad(
    "d.csv",
    "a,b\n1,2\n",
    /no condition given; .*--condition \(its columns are "a", "b"\)/,
    { options: { requireCondition: true } },
  ),
  "a label file beside a table": bad(
    "d.csv",
    "a,b\n1,2\n",
    /found a label file \(l\.txt\), expected .*--condition/,
    { options: { labels: "l.txt" } },
  ),
  "a table to transpose": bad("d.csv", "a,b\n1,2\n", /--transposed is for images/, {
    options: { transposed: true },
  }),
  "a spreadsheet called CSV": bad(
    "d.csv",
    zipSync({ "xl/a.xml": Uint8Array.of(1) }),
    /found binary data, expected text/,
  ),
  "text in UTF-16": bad("d.csv", Buffer.from("\ufeffa,b\n1,2\n", "utf16le"), /found binary data/),
  "a wrong gzip": bad("d.csv.gz", "a,b\n1,2\n", /d\.csv\.gz: not a whole gzip file/),
  "a gzip cut short": bad("d.csv.gz", gzipSync("1,2\n".repeat(99)).subarray(0, 20), /not a whole gzip file/),
};

const wave = Float32Array.of(1, 2, 3, 4, 5, 6);
const small = encodeNpy({ data: wave, shape: [3, 2] });
const nan = encodeNpy({ data: Float64Array.of(1, 2, 3, Number.NaN), shape: [2, 2] });
const withLabels = (content: string | Uint8Array, name = "l.txt") => ({
  files: { [name]: content },
  options: { labels: name },
});

const npy: Record<string, BadInput> = {
  "an empty file": bad("x.npy", "", /x\.npy: the file is empty/),
  "a wrong mark": bad("x.npy", "not an array", /not an npy file, its first bytes/),
  "an unknown version": bad("x.npy", patched(small, 6, 9), /found npy version 9, expected 1, 2 or 3/),
  "a cut in the header": bad("x.npy", small.subarray(0, 40), /the file ends inside its header/),
  "a broken header": bad("x.npy", patched(small, 11, 65), /the npy header cannot be read/),
  "values cut short": bad(
    "x.npy",
    small.subarray(0, small.length - 1),
    /cut short, found 23 bytes of values, expected 24 for shape \[3, 2\]/,
  ),
  "values left over": bad("x.npy", Buffer.concat([small, small]), /the file is too long/),
  "half floats": bad(
    "x.npy",
    new Uint8Array(await readFile(fixture("half.npy"))),
    /found dtype "<f2", expected float32/,
  ),
  "complex numbers": bad(
    "x.npy",
    new Uint8Array(await readFile(fixture("complex.npy"))),
    /found dtype "<c8"/,
  ),
  "Python objects": bad(
    "x.npy",
    new Uint8Array(await readFile(fixture("objects.npy"))),
    /found Python objects/,
  ),
  records: bad("x.npy", new Uint8Array(await readFile(fixture("records.npy"))), /found a structured array/),
  text: bad(
    "x.npy",
    new Uint8Array(await readFile(fixture("labels-text.npy"))),
    /found text, expected numbers/,
  ),
  "one dimension": bad(
    "x.npy",
    encodeNpy({ data: wave, shape: [6] }),
    /found an array of shape \[6\], expected \[N, d\]/,
  ),
  "five dimensions": bad(
    "x.npy",
    encodeNpy({ data: wave, shape: [1, 1, 1, 2, 3] }),
    /shape \[1, 1, 1, 2, 3\]/,
  ),
  "no samples": bad(
    "x.npy",
    encodeNpy({ data: new Float32Array(), shape: [0, 4] }),
    /shape \[0, 4\], which holds no values/,
  ),
  "channels last": bad(
    "x.npy",
    encodeNpy({ data: new Uint8Array(192), shape: [1, 8, 8, 3] }),
    /looks like \[N, H, W, C\]/,
  ),
  NaN: bad("x.npy", nan, /x\.npy, row 2, column "x2": found NaN, expected a finite number/),
  "infinity in an image": bad(
    "x.npy",
    encodeNpy({ data: Float32Array.of(0, 0, -Infinity, 0), shape: [1, 2, 2] }),
    /row 1, pixel \(2, 1\): found -Infinity/,
  ),
  "a double beyond float32": bad(
    "x.npy",
    encodeNpy({ data: Float64Array.of(1, 1e39), shape: [1, 2] }),
    /column "x2": found 1e\+39, expected a number within/,
  ),
  "a condition without labels": bad("x.npy", small, /holds no labels for its 3 samples; .*--labels/, {
    options: label,
  }),
  "an unknown feature": bad("x.npy", small, /no feature column "x3"/, { options: { features: ["x3"] } }),
  "features of images": bad(
    "x.npy",
    encodeNpy({ data: wave, shape: [1, 2, 3] }),
    /--features is for tables, found images/,
    { options: { features: ["x1"] } },
  ),
  "vectors to transpose": bad("x.npy", small, /--transposed is for images, found a table/, {
    options: { transposed: true },
  }),
  "too few labels": bad(
    "x.npy",
    small,
    /l\.txt: found 2 labels, expected 3 labels, one for each sample of .*x\.npy/,
    withLabels("a\nb\n"),
  ),
  "too many labels": bad("x.npy", small, /found 5 labels, expected 3/, withLabels("1\n2\n3\n4\n5\n")),
  "a missing label file": bad("x.npy", small, /absent\.npy: no such file/, {
    options: { labels: "absent.npy" },
  }),
  "an empty label file": bad("x.npy", small, /l\.txt: the file is empty/, withLabels("")),
  "two labels a line": bad(
    "x.npy",
    small,
    /l\.txt, line 1: found 2 cells, expected one label a line/,
    withLabels("a,b\nc,d\n"),
  ),
  "a missing label": bad(
    "x.npy",
    small,
    /l\.txt, line 2: found the missing value "nan"/,
    withLabels("a\nnan\nb\n"),
  ),
  "labels of two dimensions": bad(
    "x.npy",
    small,
    /l\.npy: found labels of shape \[3, 2\], expected \[N\]/,
    withLabels(small, "l.npy"),
  ),
  "labels that are NaN": bad(
    "x.npy",
    small,
    /l\.npy, row 2: found NaN, expected a class/,
    withLabels(encodeNpy({ data: Float32Array.of(1, Number.NaN, 2), shape: [3] }), "l.npy"),
  ),
};

const npz: Record<string, BadInput> = {
  "no zip archive": bad("x.npz", small, /not an npz file, its first bytes/),
  "an archive cut short": bad(
    "x.npz",
    encodeNpz({ x: { data: wave, shape: [3, 2] } }).subarray(0, 100),
    /the zip archive is damaged or cut short/,
  ),
  "a foreign archive": bad(
    "x.npz",
    zipSync({ "readme.txt": Uint8Array.of(1) }),
    /found "readme\.txt" in the archive, expected npy arrays only/,
  ),
  "an archive of nothing": bad("x.npz", zipSync({}), /holds no arrays/),
  "a broken array inside": bad(
    "x.npz",
    zipSync({ "x.npy": small.subarray(0, 50) }),
    /x\.npz, array "x": the file ends inside its header/,
  ),
  "two matrices and no x": bad(
    "x.npz",
    new Uint8Array(await readFile(fixture("ambiguous.npz"))),
    /found 2 arrays of 2 to 4 dimensions, .*--features \(its arrays are "first", "second"\)/,
  ),
  "no matrix": bad(
    "x.npz",
    new Uint8Array(await readFile(fixture("only-labels.npz"))),
    /found no array of 2 to 4 dimensions/,
  ),
  "an unknown condition": bad(
    "x.npz",
    encodeNpz({ x: { data: wave, shape: [3, 2] } }),
    /no array "u" \(--condition\); its other arrays are none/,
    { options: label },
  ),
  "no condition where one is needed": bad(
    "x.npz",
    encodeNpz({ x: { data: wave, shape: [3, 2] } }),
    /no condition given/,
    { options: { requireCondition: true } },
  ),
  "labels of another length": bad(
    "x.npz",
    new Uint8Array(await readFile(fixture("short-labels.npz"))),
    /array "y" holds 2 labels, expected 3/,
    { options: { condition: "y" } },
  ),
};

const images = idxBytes(8, [2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]);

const idx: Record<string, BadInput> = {
  "a wrong mark": bad(
    "a-images-idx3-ubyte",
    patched(images, 0, 1),
    /not an IDX file, found the first bytes 01 00 08 03/,
  ),
  "an unknown type": bad("a.idx3", patched(images, 2, 0x0a), /found IDX type code 0x0a/),
  "no dimensions": bad("a.idx3", patched(images, 3, 0), /found 0 IDX dimensions, expected 1 to 4/),
  "two bytes only": bad("a.idx3", images.subarray(0, 2), /not an IDX file/),
  "a cut in the header": bad("a.idx3", images.subarray(0, 9), /the file ends inside its header/),
  "pixels cut short": bad(
    "a.idx3",
    images.subarray(0, 20),
    /cut short, found 4 bytes of values, expected 8 for shape \[2, 2, 2\]/,
  ),
  "pixels left over": bad("a.idx3", Buffer.concat([images, images]), /too long/),
  "labels in place of images": bad(
    "a-labels-idx1-ubyte",
    idxBytes(8, [3], [1, 2, 3]),
    /found an array of shape \[3\]/,
  ),
  "no labels where they are needed": bad("a.idx3", images, /holds no labels for its 2 samples/, {
    options: { requireCondition: true },
  }),
  "labels of another length": bad(
    "a.idx3",
    images,
    /l\.idx1: found 3 labels, expected 2/,
    withLabels(idxBytes(8, [3], [1, 2, 3]), "l.idx1"),
  ),
  "images in place of labels": bad(
    "a.idx3",
    images,
    /l\.idx3: found labels of shape \[2, 2, 2\]/,
    withLabels(images, "l.idx3"),
  ),
  "a gzip cut short": bad("a.idx3.gz", gzipSync(images).subarray(0, 15), /not a whole gzip file/),
};

const table = parquetOf({ a: [1, 2, 3], b: [4, 5, 6] });

const parquet: Record<string, BadInput> = {
  "a wrong mark": bad("d.parquet", "a,b\n1,2\n", /not a Parquet file, its first bytes are not PAR1/),
  "an empty file": bad("d.parquet", "", /the file is empty/),
  "a file cut short": bad(
    "d.parquet",
    table.subarray(0, table.length - 20),
    /d\.parquet: cannot be read as Parquet/,
  ),
  "only the mark": bad("d.parquet", "PAR1", /cannot be read as Parquet/),
  "no rows": bad("d.parquet", parquetOf({ a: [], b: [] }), /found a header and no rows/),
  "a textual column": bad(
    "d.parquet",
    parquetOf({ a: [1, 2], name: ["x", "y"] }),
    /column "name" holds text, expected numbers/,
  ),
  "a column of dates": bad(
    "d.parquet",
    parquetOf({ a: [1, 2], day: [new Date(0), new Date(1)] }),
    /column "day" holds dates or times/,
  ),
  "a missing value": bad(
    "d.parquet",
    parquetOf({ a: [1, null, 3], b: [1, 2, 3] }),
    /row 2, column "a": found a missing value/,
  ),
  NaN: bad("d.parquet", parquetOf({ a: [1, 2.5, Number.NaN], b: [1, 2, 3] }), /row 3, column "a": found NaN/),
  "a number beyond float32": bad(
    "d.parquet",
    parquetOf({ a: [1, 2.5], b: [1.5, -1e300] }),
    /row 2, column "b": found -1e\+300/,
  ),
  "a missing label": bad(
    "d.parquet",
    parquetOf({ a: [1, 2], u: ["x", null] }),
    /row 2, column "u": found a missing value, expected a class/,
    { options: label },
  ),
  "an unknown condition": bad("d.parquet", table, /no condition column "u"/, { options: label }),
  "an unknown feature": bad("d.parquet", table, /no feature column "c"/, { options: { features: ["c"] } }),
};

const dot = png(1, 1, 1);

const folders: Record<string, BadInput> = {
  "a missing file": { files: {}, read: "absent.csv", says: /absent\.csv: no such file or directory/ },
  "a file used as a folder": {
    files: { plain: "x" },
    read: "plain/d.csv",
    says: /a part of its path is not a directory/,
  },
  "a directory without folders": {
    files: { "pics/a.png": dot },
    read: "pics",
    says: /pics: found no sub-folders, expected one folder of PNG images a class/,
  },
  "an empty directory": { files: { "pics/.keep": "" }, read: "pics", says: /found no sub-folders/ },
  "an empty class": {
    files: { "pics/a/1.png": dot, "pics/b/.keep": "" },
    read: "pics",
    says: /b: the class folder is empty/,
  },
  "an image outside the classes": {
    files: { "pics/a/1.png": dot, "pics/2.png": dot },
    read: "pics",
    says: /2\.png: found an image beside the class folders/,
  },
  "folders in folders": {
    files: { "pics/a/b/1.png": dot },
    read: "pics",
    says: /found a folder inside a class folder/,
  },
  "another kind of image": {
    files: { "pics/a/1.jpg": dot },
    read: "pics",
    says: /found "1\.jpg", expected PNG images only/,
  },
  "text called PNG": {
    files: { "pics/a/1.png": "hello, world" },
    read: "pics",
    says: /1\.png: not a whole PNG image/,
  },
  "an empty PNG": { files: { "pics/a/1.png": "" }, read: "pics", says: /1\.png: the file is empty/ },
  "a PNG cut short": {
    files: { "pics/a/1.png": png(9, 9, 3).subarray(0, 60) },
    read: "pics",
    says: /1\.png: not a whole PNG image/,
  },
  "a PNG with a flipped bit": {
    files: { "pics/a/1.png": patched(dot, 45, 0xff) },
    read: "pics",
    says: /1\.png: not a whole PNG image/,
  },
  "images of two sizes": {
    files: { "pics/a/1.png": png(4, 4, 1), "pics/b/2.png": png(4, 5, 1) },
    read: "pics",
    says: /2\.png: found an image of 4 x 5 pixels and 1 channel, expected an image of 4 x 4 pixels .* as in .*1\.png/,
  },
  "grey and coloured images": {
    files: { "pics/a/1.png": png(4, 4, 1), "pics/b/2.png": png(4, 4, 3) },
    read: "pics",
    says: /found an image of 4 x 4 pixels and 3 channels/,
  },
  "transparent pixels": {
    files: {
      "pics/a/1.png": encode({ width: 1, height: 1, channels: 4, depth: 8, data: Uint8Array.of(1, 2, 3, 4) }),
    },
    read: "pics",
    says: /found transparent pixels/,
  },
  "a label file beside classes": {
    files: { "pics/a/1.png": dot },
    read: "pics",
    options: { labels: "l.txt" },
    says: /the sub-folders are the labels/,
  },
  "one class of images": {
    files: { "pics/a/1.png": png(2, 2, 1), "pics/a/2.png": png(2, 2, 1) },
    read: "pics",
    fit: true,
    says: /condition "class" has one class only \("a"\)/,
  },
  "an unknown format": bad(
    "model.xlsx",
    "hello",
    /model\.xlsx: cannot tell the format of this file, expected CSV, Parquet, npy, npz, IDX/,
  ),
  "a part of MNIST that is not": {
    files: {},
    read: "mnist:valid",
    says: /mnist:valid: no such part of MNIST/,
  },
  "MNIST with other labels": {
    files: {},
    read: "mnist",
    options: { labels: "l.txt" },
    says: /mnist: MNIST has its own labels/,
  },
};

const fits: Record<string, BadInput> = {
  "no condition": bad("d.csv", "a,b\n1,2\n3,4\n", /has no condition, expected a class for each sample/, {
    fit: true,
  }),
  "one class": bad(
    "d.csv",
    "a,b,u\n1,2,0\n3,4,0\n",
    /condition "u" has one class only \("0"\), expected at least 2: a condition that never changes/,
    { fit: true, options: label },
  ),
  "a class with one sample": bad(
    "d.csv",
    "a,b,u\n1,2,x\n3,4,x\n5,6,x\n5,6,x\n7,8,y\n",
    /class "y" of condition "u" has one sample, expected at least 2/,
    { fit: true, options: label },
  ),
  "a class for every row": bad(
    "d.csv",
    "a,b,u\n1,2,0.1\n3,4,0.2\n5,6,0.3\n",
    /condition "u" has 3 classes in 3 rows, expected classes that repeat/,
    { fit: true, options: label },
  ),
  "one row": bad("d.csv", "a,b,u\n1,2,0\n", /found 1 row, expected at least 2/, {
    fit: true,
    options: label,
  }),
  "one feature": bad("d.csv", "a,u\n1,0\n2,0\n3,1\n4,1\n", /found 1 feature column, expected at least 2/, {
    fit: true,
    options: label,
  }),
};

for (const [family, table] of Object.entries({ csv, npy, npz, idx, parquet, folders, fits })) {
  for (const [title, input] of Object.entries(table)) {
    test(`${family}: ${title}`, () =>
      assertRefused(join(folder, family, title.replaceAll(/\W/g, "-")), input));
    if (family !== "npy") continue;
    test(`${family}, portion by portion: ${title}`, () =>
      assertRefused(join(folder, "portions", title.replaceAll(/\W/g, "-")), input, readPortions));
  }
}

const readPortions: typeof readDataset = async (source, options) =>
  collect(await streamDataset(source, options));

async function assertRefused(
  place: string,
  { files, read = "", options = {}, fit, says }: BadInput,
  reader = readDataset,
) {
  await mkdir(place, { recursive: true });
  for (const [name, content] of Object.entries(files)) await put(place, name, content);
  const named = options.labels === undefined ? options : { ...options, labels: join(place, options.labels) };
  const source = read.startsWith("mnist") ? read : join(place, read);
  const work = async () => {
    const data = await reader(source, named);
    if (fit) checkForFit(data, { batch: 1000 });
  };
  const unplaced = new RegExp(says.source.replace("(l\\.txt\\)", "(.*l\\.txt\\)"));
  await assert.rejects(work, (error: Error) => {
    assert.ok(error instanceof InputError, `found ${error.stack}`);
    assert.match(error.message, unplaced);
    assert.doesNotMatch(error.message, /\n/);
    assert.ok(read.startsWith("mnist") || error.message.includes(dirname(join(place, read))), error.message);
    return true;
  });
}

const model = encodeSafetensors({ a: { shape: [2], data: Float32Array.of(1, 2) } }, { k: "v" });
const entry = (fields: string) => withHeader(`{"a":{${fields}}}`, 8);

const tensors: Record<string, readonly [Uint8Array, RegExp]> = {
  nothing: [new Uint8Array(), /not a safetensors file, found 0 bytes/],
  "a foreign file": [
    new TextEncoder().encode("PK\x03\x04 a PyTorch model"),
    /its first 8 bytes are not the length/,
  ],
  "a header cut short": [model.subarray(0, 20), /the file ends inside its header, found 12 bytes/],
  "values cut short": [
    model.subarray(0, model.length - 1),
    /tensor "a" ends at byte 8, but the file holds 7 bytes of data/,
  ],
  "values left over": [Buffer.concat([model, Uint8Array.of(0)]), /found 1 byte after the last tensor/],
  "a header that is not JSON": [withHeader("{nonsense}", 0), /the safetensors header is not JSON/],
  "a header that is not text": [
    patched(withHeader('{"a":1}', 0), 10, 0xff),
    /the safetensors header is not JSON/,
  ],
  "a header that is a list": [withHeader("[1]", 0), /is not a JSON object/],
  "metadata that are numbers": [withHeader('{"__metadata__":{"a":1}}', 0), /the metadata are not text/],
  "no dtype": [entry('"shape":[2],"data_offsets":[0,8]'), /tensor "a": dtype/],
  "half floats": [
    entry('"dtype":"F16","shape":[4],"data_offsets":[0,8]'),
    /dtype "F16", expected F32, F64, I32 or I64/,
  ],
  "a negative length": [entry('"dtype":"F32","shape":[-2],"data_offsets":[0,8]'), /tensor "a": shape 0/],
  "a broken length": [entry('"dtype":"F32","shape":[1.5],"data_offsets":[0,8]'), /tensor "a": shape 0/],
  "three offsets": [entry('"dtype":"F32","shape":[2],"data_offsets":[0,8,9]'), /tensor "a": data_offsets/],
  "offsets backwards": [
    entry('"dtype":"F32","shape":[0],"data_offsets":[8,0]'),
    /ends at byte 0 before it starts at 8/,
  ],
  "a shape for other bytes": [
    entry('"dtype":"F64","shape":[2],"data_offsets":[0,8]'),
    /holds 8 bytes, expected 16 for shape \[2\] of F64/,
  ],
  "a hole": [
    entry('"dtype":"F32","shape":[1],"data_offsets":[4,8]'),
    /starts at byte 4 and leaves a hole before it/,
  ],
  "an overlap": [
    withHeader(
      '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
      8,
    ),
    /tensor "b" starts at byte 4 and overlaps the one before it/,
  ],
};

for (const [title, [bytes, says]] of Object.entries(tensors)) {
  test(`safetensors: ${title}`, () => {
    assert.throws(
      () => decodeSafetensors(bytes, "run/model.safetensors"),
      (error: Error) => {
        assert.ok(error instanceof InputError, `found ${error.stack}`);
        assert.match(error.message, says);
        assert.match(error.message, /^run\/model\.safetensors: [^\n]+$/);
        return true;
      },
    );
  });
}

test("options: an unknown one, an empty one and one of another type are refused by name", async () => {
  for (const [options, says] of [
    [{ condition: "" }, /option condition/],
    [{ features: [] }, /option features/],
    [{ header: "yes" }, /option header/],
    [{ labls: "l.txt" }, /labls/],
  ] as const) {
    await assert.rejects(readDataset("d.csv", options as unknown as ReadOptions), (error: Error) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, says);
      return true;
    });
  }
});

test("an array cut at any byte is refused", async () => {
  const place = join(folder, "cuts");
  for (const [name, bytes] of [
    ["x.npy", small],
    ["x.npz", encodeNpz({ x: { data: wave, shape: [3, 2] } })],
    ["x.idx3", images],
    ["x.parquet", table],
  ] as const) {
    for (let length = 0; length < bytes.length; length++) {
      const path = await put(place, name, bytes.subarray(0, length));
      await assert.rejects(readDataset(path), InputError, `${name} cut after ${length} bytes`);
      if (name === "x.npy") await assert.rejects(readPortions(path), InputError, `${length} bytes`);
    }
  }
});

function patched(bytes: Uint8Array, place: number, value: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[place] = value;
  return copy;
}

function png(width: number, height: number, channels: number): Uint8Array {
  return encodePng({ shape: { channels, height, width }, pixels: new Uint8Array(width * height * channels) });
}

function parquetOf(columns: Record<string, unknown[]>): Uint8Array {
  const columnData = Object.entries(columns).map(([name, data]) => ({
    name,
    data,
    ...(data.length === 0 ? { type: "DOUBLE" as const } : {}),
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

function withHeader(header: string, dataLength: number): Uint8Array {
  const json = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + json.length + dataLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}
