"""Runs the task of three tools with the unchanged openai package: argv has the task and the tools. Prints one line of JSON."""

import json
import sys

import openai

client = openai.OpenAI(max_retries=0)
task, tools = sys.argv[1], json.loads(sys.argv[2])
heights = {"Cusco": "3399", "Lima": "161"}
degrees = {"Cusco": "17", "Lima": "24"}
run = {
    "temperature": lambda city: degrees[city],
    "altitude": lambda city: heights[city],
    "subtract": lambda a, b: str(a - b),
}


def called(notes, name, text):
    given = json.loads(text)
    notes.append(name + " " + json.dumps(given, separators=(",", ":")))
    return run[name](**given)


def chat(stream):
    notes, messages = [], [{"role": "user", "content": task}]
    functions = [
        {"type": "function", "function": {"name": name, "description": text, "parameters": schema}}
        for name, text, schema in tools
    ]
    for _ in range(5):
        asked = {"model": "default", "messages": messages, "tools": functions}
        if stream:
            with client.chat.completions.stream(**asked) as events:
                message = events.get_final_completion().choices[0].message
        else:
            message = client.chat.completions.create(**asked).choices[0].message
        if not message.tool_calls:
            return {"answer": message.content, "calls": notes}
        calls = [
            {"id": c.id, "type": "function", "function": {"name": c.function.name, "arguments": c.function.arguments}}
            for c in message.tool_calls
        ]
        messages.append({"role": "assistant", "content": message.content, "tool_calls": calls})
        for call in message.tool_calls:
            result = called(notes, call.function.name, call.function.arguments)
            messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
    return None


def responses(stream):
    notes, given, previous = [], task, None
    functions = [
        {"type": "function", "name": name, "description": text, "parameters": schema, "strict": True}
        for name, text, schema in tools
    ]
    for _ in range(5):
        asked = {"model": "default", "input": given, "tools": functions, "previous_response_id": previous}
        if stream:
            with client.responses.stream(**asked) as events:
                answer = events.get_final_response()
        else:
            answer = client.responses.create(**asked)
        calls = [item for item in answer.output if item.type == "function_call"]
        if not calls:
            return {"answer": answer.output_text, "calls": notes}
        previous = answer.id
        given = [
            {"type": "function_call_output", "call_id": c.call_id, "output": called(notes, c.name, c.arguments)}
            for c in calls
        ]
    return None


print(
    json.dumps(
        {
            "chat": chat(False),
            "streamed_chat": chat(True),
            "responses": responses(False),
            "streamed_responses": responses(True),
        }
    )
)
