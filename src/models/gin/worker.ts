// A worker thread of GIN.

import { serve } from "../trained/worker.js";
import { type GinDescription, GinNetwork } from "./network.js";
import { ginTrainer } from "./trainer.js";

await serve({
  create: (description: GinDescription) => GinNetwork.create(description, { initialise: false }),
  trainer: ginTrainer,
});
