"""scikit-learn's mutual_info_classif, as a peer for the benchmark of mutual information.

The first argument is an npz file with x [samples][latents] and u [samples]. Reads requests, one JSON object a line, from
standard input, {"from": first latent, "to": past the last}, and answers each with one line:
{"seconds": ..., "values": [...], "version": ...}.
"""

import json
import sys
import time

import numpy as np
import sklearn
from sklearn.feature_selection import mutual_info_classif

data = np.load(sys.argv[1])
x, u = data["x"].astype(np.float64), data["u"].astype(int)
for line in sys.stdin:
    request = json.loads(line)
    columns = np.ascontiguousarray(x[:, request["from"] : request["to"]])
    start = time.perf_counter()
    values = mutual_info_classif(columns, u, discrete_features=False, n_neighbors=3, random_state=0)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "values": values.tolist(), "version": sklearn.__version__}), flush=True)
