// A worker thread of TCL.

import { serve } from "../trained/worker.js";
import { type TclDescription, TclNetwork } from "./network.js";
import { tclTrainer } from "./trainer.js";

await serve({
  create: (description: TclDescription) => TclNetwork.create(description, { initialise: false }),
  trainer: tclTrainer,
});
