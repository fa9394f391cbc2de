import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../../infra/local/home.ts';
import { pythonEnvironment } from '../../checks/python.ts';

const run = promisify(execFile);

/** Generates a Python client into `dir` from the OpenAPI document of this repository. Resolves with the output of the example that uses it. */
export async function askWithPython(dir: string, env: NodeJS.ProcessEnv): Promise<string> {
  const programs = await pythonEnvironment('python-client', 'tests/e2e/support/python-client.requirements.txt');
  // The generator formats its output with ruff, which it finds by PATH.
  const options = { cwd: dir, env: { ...env, PATH: `${programs}:${env['PATH']}`, PYTHONPATH: join(dir, 'python') } };
  const document = join(projectRoot, 'docs/reference/openapi.json');
  const generator = join(programs, 'openapi-python-client');
  const config = join(projectRoot, 'docs/examples/python-client.yaml');
  const written = ['--fail-on-warning', '--config', config, '--path', document, '--output-path', join(dir, 'python')];
  await run(generator, ['generate', ...written], options);
  const { stdout } = await run(join(programs, 'python'), [join(projectRoot, 'docs/examples/client-ask.py')], options);
  return stdout;
}
