#!/usr/bin/env node
/** Starts the program `client-certificate-guide`; what it does is in src/cli/. */
import { describeFailure, runCli } from './cli/main.ts';
import { exitCodes } from './cli/arguments.ts';

runCli(process.argv.slice(2), __dirname, {
  folder: process.cwd(),
  environment: process.env,
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(describeFailure(error));
    process.exitCode = exitCodes.notChecked;
  },
);
