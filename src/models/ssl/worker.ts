// A worker thread of self-supervised GIN.

import { serve } from "../trained/worker.js";
import { type SslDescription, SslNetwork } from "./network.js";
import { sslTrainer } from "./trainer.js";

await serve({
  create: (description: SslDescription) => SslNetwork.create(description, { initialise: false }),
  trainer: sslTrainer,
});
