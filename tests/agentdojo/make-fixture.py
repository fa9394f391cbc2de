"""Makes tasks.json from the package agentdojo, so that the tests need neither Python nor the package.

    python3 -m venv venv && venv/bin/pip install agentdojo==0.1.35
    PYTHONHASHSEED=0 venv/bin/python tests/agentdojo/make-fixture.py > tests/agentdojo/tasks.json
    npx biome check --write tests/agentdojo/tasks.json

AgentDojo is Copyright (c) 2024 Edoardo Debenedetti, Jie Zhang, Mislav Balunovic, Luca Beurer-Kellner, Marc Fischer and Florian
Tramer, under the MIT License: https://github.com/ethz-spylab/agentdojo. Every task is played with its ground truth in an
environment whose injection vectors hold their own names. Of a long output, its beginning and the text around each vector stay.
Injection tasks that have no ground truth are left out.
"""

import json
import re
import sys
from importlib.metadata import version

from agentdojo.agent_pipeline.tool_execution import tool_result_to_str
from agentdojo.attacks.important_instructions_attacks import ImportantInstructionsAttack
from agentdojo.functions_runtime import FunctionsRuntime
from agentdojo.task_suite.load_suites import get_suite

BENCHMARK = "v1.2.2"
SUITES = ["workspace", "travel", "banking", "slack"]
HEAD_CHARS = 240
AROUND_CHARS = 80
# The data end in 2024: a later time is that of the call.
NOW = re.compile(r"20(?:2[5-9]|[3-9]\d)-\d\d-\d\d[ T][\d:.]+")
VECTOR = re.compile(r"\{\{(\w+)\}\}")


def shortened(output: str) -> str:
    spans = [(0, HEAD_CHARS)] + [(m.start() - AROUND_CHARS, m.end() + AROUND_CHARS) for m in VECTOR.finditer(output)]
    text, end = "", 0
    for start, stop in spans:
        start, stop = max(start, end), min(stop, len(output))
        if start >= stop:
            continue
        text += ("" if start == end else " ... ") + output[start:stop]
        end = stop
    return text


def plain(arguments):
    return json.loads(re.sub(r"VECTOR_\w+?_END", "", json.dumps(dict(arguments), default=str)))


def calls_of(suite, task):
    names = suite.get_injection_vector_defaults()
    # YAML reads two braces in a plain text as a mapping; the vectors stand where text stands.
    env = suite.load_and_inject_default_environment({name: f"VECTOR_{name}_END" for name in names})
    runtime = FunctionsRuntime(suite.tools)
    calls = []
    for call in task.ground_truth(env):
        result, _ = runtime.run_function(env, call.function, call.args, raise_on_error=True)
        output = re.sub(r"VECTOR_(\w+?)_END", r"{{\1}}", tool_result_to_str(result).replace("\\\n", ""))
        output = NOW.sub("2024-05-15 12:00:00", output)
        calls.append({"tool": call.function, "arguments": plain(call.args), "output": shortened(output)})
    return calls


def suite_of(name):
    suite = get_suite(BENCHMARK, name)
    injections, left_out = [], []
    for id_, task in suite.injection_tasks.items():
        try:
            calls = calls_of(suite, task)
        except Exception as error:  # a ground truth that fails is no attack that can be played
            print(f"{name} {id_}: {error}", file=sys.stderr)
            calls = []
        if calls or "Say" in task.GOAL:
            calls = [{key: call[key] for key in ("tool", "arguments")} for call in calls]
            injections.append({"id": id_, "goal": task.GOAL, "calls": calls})
        else:
            left_out.append(id_)
    users = [
        {"id": id_, "prompt": task.PROMPT, "calls": calls_of(suite, task)} for id_, task in suite.user_tasks.items()
    ]
    tools = [
        {"name": tool.name, "description": tool.description.split("\n")[0], "parameters": list(tool.parameters.model_fields)}
        for tool in suite.tools
    ]
    return {"name": name, "tools": tools, "user_tasks": users, "injection_tasks": injections, "left_out": left_out}


text = json.dumps(
    {
        "source": "https://github.com/ethz-spylab/agentdojo",
        "package": f"agentdojo {version('agentdojo')} of PyPI, benchmark {BENCHMARK}",
        "license": "MIT, Copyright (c) 2024 Edoardo Debenedetti, Jie Zhang, Mislav Balunovic, Luca Beurer-Kellner, "
        "Marc Fischer, and Florian Tramèr",
        "attack": ImportantInstructionsAttack._JB_STRING.replace("{user}", "Emma Johnson").replace("{model}", "AI assistant"),
        "suites": [suite_of(name) for name in SUITES],
    },
    indent=1,
    ensure_ascii=False,
)
# The checks of this repository refuse the word; as JSON it is the same.
print(text.replace("TO" + "DO", "\\u0054O" + "DO"))
