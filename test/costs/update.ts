// Rewrites the record of costs and says what has changed: npm run costs

import { existsSync, writeFileSync } from "node:fs";
import { deviations, measureCosts, recordedCosts, recordPath } from "./record.js";

const before = existsSync(recordPath) ? recordedCosts() : {};
const costs = await measureCosts();
const sorted = (value: unknown): unknown =>
  value !== null && typeof value === "object"
    ? Object.fromEntries(
        Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, inner]) => [key, sorted(inner)]),
      )
    : value;
writeFileSync(recordPath, `${JSON.stringify(sorted(costs), null, 2)}\n`);
const changes = deviations(before, costs);
console.log(changes.length > 0 ? changes.join("\n") : "no cost grew or fell by more than a tenth");
