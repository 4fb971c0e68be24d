#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The questions of `stillroom-bench calls`, asked with OpenAI's own client: calls_openai.py ADDRESS [--questions N]."""
import argparse
import asyncio
import json
import resource
import time

import openai


async def main():
    client = openai.AsyncOpenAI(base_url=options.address, api_key="sk-bench", max_retries=2)
    places = iter(range(options.questions))
    answered = 0

    async def work():
        nonlocal answered
        for place in places:
            reply = await client.chat.completions.create(
                model="bench", temperature=0, max_tokens=64,
                messages=[{"role": "system", "content": "Sort the mail: refund or delivery."},
                          {"role": "user", "content": f"Where is my parcel, number {place}?"}],
                response_format={"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": {
                    "type": "object", "properties": {"label": {"type": "string", "enum": ["refund", "delivery"]}},
                    "required": ["label"], "additionalProperties": False}}})
            answered += json.loads(reply.choices[0].message.content)["label"] == "delivery"

    start = time.monotonic()
    await asyncio.gather(*(work() for _ in range(options.concurrency)))
    seconds = time.monotonic() - start
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"bench": "calls", "answered": answered, "seconds": round(seconds, 3),
                      "per_second": round(answered / seconds, 1),
                      "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 3)}))

parser = argparse.ArgumentParser()
parser.add_argument("address")
parser.add_argument("--questions", type=int, default=2000)
parser.add_argument("--concurrency", type=int, default=16)
options = parser.parse_args()
asyncio.run(main())
