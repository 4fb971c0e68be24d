#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A chat service that answers at once: calls_server.py [--delay SECONDS]. Prints its address."""
import argparse
import asyncio

BODY = (b'{"id":"1","object":"chat.completion","created":1,"model":"bench","choices":[{"index":0,"finish_reason":"stop",'
        b'"message":{"role":"assistant","content":"{\\"label\\": \\"delivery\\"}"}}],'
        b'"usage":{"prompt_tokens":30,"completion_tokens":6,"total_tokens":36}}')
ANSWER = (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(BODY)) + BODY


class Service(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.buffer = b""

    def data_received(self, data):
        self.buffer += data
        while True:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self.buffer[:end].lower()
            place = head.find(b"content-length:")
            length = int(head[place + 15:].split(b"\r\n", 1)[0]) if place >= 0 else 0
            if len(self.buffer) < end + 4 + length:
                return
            self.buffer = self.buffer[end + 4 + length:]
            if options.delay > 0:
                asyncio.get_running_loop().call_later(options.delay, self.answer)
            else:
                self.answer()

    def answer(self):
        if not self.transport.is_closing():
            self.transport.write(ANSWER)


async def main():
    server = await asyncio.get_running_loop().create_server(Service, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    await server.serve_forever()

parser = argparse.ArgumentParser()
parser.add_argument("--delay", type=float, default=0)
options = parser.parse_args()
asyncio.run(main())
