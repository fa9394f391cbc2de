"""Lists and calls the tools of Khipu with the official Python client, and prints what it got as one line of JSON."""

import asyncio
import json
import os

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client


async def main():
    headers = {"authorization": f"Bearer {os.environ['KHIPU_API_KEY']}"}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        transport = streamable_http_client(f"{os.environ['KHIPU_URL']}/mcp", http_client=http)
        async with Client(transport) as client:
            listed = await client.list_tools()
            called = await client.call_tool("weather", {"city": "Cusco"})
            refused = await client.call_tool("weather", {"town": "Cusco"})
            print(
                json.dumps(
                    {
                        "protocol": client.protocol_version,
                        "tools": [tool.name for tool in listed.tools],
                        "output": called.structured_content,
                        "refused": [refused.is_error, refused.meta["khipu/problem"]["code"]],
                    }
                )
            )


asyncio.run(main())
