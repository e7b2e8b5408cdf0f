// A worker thread of iVAE and its kin.

import { serve } from "../trained/worker.js";
import { type IvaeDescription, IvaeNetwork } from "./network.js";
import { ivaeTrainer } from "./trainer.js";

await serve({
  create: (description: IvaeDescription) => IvaeNetwork.create(description, { initialise: false }),
  trainer: ivaeTrainer,
});
