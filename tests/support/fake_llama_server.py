#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Stands in for llama-server where its behaviour is tested, not what it answers: takes its options, loads for a while,
answers with the first class of the schema, and crashes when it is told.

    FAKE_LLAMA_LOAD=SECONDS FAKE_LLAMA_CRASH_AFTER=REQUESTS FAKE_LLAMA_EXIT=1 fake_llama_server.py --port N ...
"""
import argparse
import http.server
import json
import os
import time

parser = argparse.ArgumentParser()
parser.add_argument("--model")
parser.add_argument("--host")
parser.add_argument("--port", type=int)
options, _ = parser.parse_known_args()
if os.environ.get("FAKE_LLAMA_EXIT"):
    raise SystemExit(1)
begun = time.monotonic()
load = float(os.environ.get("FAKE_LLAMA_LOAD", "0"))
crash = int(os.environ.get("FAKE_LLAMA_CRASH_AFTER", "0"))
marker = options.model + ".crashed"
answered = 0


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def say(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        loads = time.monotonic() - begun < load
        self.say(503 if loads else 200, {"status": "loading model" if loads else "ok"})

    def do_POST(self):
        global answered
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers.get("Authorization") != "Bearer " + os.environ["LLAMA_API_KEY"]:
            return self.say(401, {"error": {"message": "wrong key"}})
        answered += 1
        if crash and answered > crash and not os.path.exists(marker):
            open(marker, "w").close()
            os._exit(139)
        schema = body["response_format"]["json_schema"]["schema"]["properties"]["label"]["enum"]
        self.say(200, {"choices": [{"message": {"content": json.dumps({"label": schema[0]})}}],
                       "usage": {"prompt_tokens": 10, "completion_tokens": 2}})


http.server.ThreadingHTTPServer((options.host, options.port), Handler).serve_forever()
