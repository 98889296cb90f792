/**
 * The sandbox as a program: `node --import tsx test/sandbox/main.ts [--seed FILE] [--state FILE] [--port N]
 * [--connection FILE]`. It prints one line with its addresses, writes what a client needs to FILE (mode 0600, because
 * it holds secrets), and runs until it is interrupted or its standard input closes where `--stdin` was given.
 */
import { chmodSync, renameSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { connection } from './admin.ts';
import { startSandbox } from './sandbox.ts';
import { readSeed } from './seed/seed.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      state: { type: 'string' },
      port: { type: 'string' },
      connection: { type: 'string' },
      user: { type: 'string' },
      stdin: { type: 'boolean', default: false },
    },
  });

  const sandbox = await startSandbox({
    seed: readSeed(values.seed),
    keepsProcessAlive: true,
    ...(values.state === undefined ? {} : { stateFile: values.state }),
    ...(values.port === undefined ? {} : { firstPort: Number(values.port) }),
  });
  sandbox.setCurrentUser(values.user);
  if (values.connection !== undefined) {
    const temporary = `${values.connection}.tmp`;
    writeFileSync(temporary, JSON.stringify(connection(sandbox), undefined, 2), { mode: 0o600 });
    chmodSync(temporary, 0o600);
    renameSync(temporary, values.connection);
  }
  console.log(
    `Sandbox: Entra ${sandbox.entraOrigin}, Resource Manager ${sandbox.armOrigin}, Graph ${sandbox.graphOrigin}, ` +
      sandbox.state.vaults.map(({ name }) => `${name} ${sandbox.vaultOrigin(name)}`).join(', '),
  );

  const stop = (): void => {
    sandbox.save();
    void sandbox.close().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  if (values.stdin) process.stdin.on('end', stop).resume();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
