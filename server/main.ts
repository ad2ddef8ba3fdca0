#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { doctor } from './cli/doctor.ts';
import { type Command, EXIT, explainFailure, type Program } from './cli/program.ts';
import { rules } from './cli/rules.ts';
import { serve } from './cli/run.ts';

const COMMANDS: Readonly<Record<string, { readonly run: Command; readonly does: string }>> = {
  serve: { run: serve, does: 'run the hub; everything comes from the environment' },
  rules: { run: rules, does: 'rules lint|test [directory]: check rule files, run their tests' },
  doctor: { run: doctor, does: 'look at everything a start depends on and say what to mend' },
};

const program: Program = {
  env: process.env,
  cwd: process.cwd(),
  root: fileURLToPath(new URL('../..', import.meta.url)),
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
};

function usage(): number {
  program.out('usage: ioc-hub <command>\n');
  for (const [name, { does }] of Object.entries(COMMANDS)) program.out(`  ${name.padEnd(8)}${does}`);
  return EXIT.usage;
}

const [name = '', ...args] = process.argv.slice(2);
const command = COMMANDS[name];
process.exitCode = command
  ? await command.run(args, program).catch((error: unknown) => explainFailure(error, program))
  : usage();
