/** Messages that VS Code's server and workbench log whatever the extension does. Everything else is shown. */
const noise = [
  // Connections and start-up.
  /^(Resolv(ing|ed) connection token|Creating a socket|\[reconnection-grace-time\]|Updating additional builtin extensions)/,
  /^(\*$|\* |Server bound to|Extension host agent (listening|started))/,
  /^\[[\d: ]+\] (Started|Completed|Extension host agent|New EH|Last EH|\[127\.0\.0\.1\]|\[<unknown>\])/,
  /^\[(AgentHost|AccountPolicyGate|DefaultAccount|Service Worker)/,
  /^Creation of workbench contribution|^(Error: )?Timed out waiting for authentication provider/,
  // Native modules that the npm copy of the server comes without; it has fallbacks.
  /^(Error: )?Could not locate the bindings file/,
  /^(Error: )?Cannot find module '\.\/build\/Release\/watchdog'/,
  /spdlog\.node|@vscode\/sqlite3|node-pty/,
  // The extension gallery, which a machine without the internet does not reach.
  /^(Error: )?(getaddrinfo|connect) E\w+.*open-vsx\.org|^Failed to fetch.*open-vsx\.org/,
  // Requests that the workbench gives up on while it closes.
  /^(Error: )?Canceled: Canceled/,
  /\((node|electron):\d+\) .*(ExperimentalWarning|DeprecationWarning)|^\(Use `node --trace-/,
];

/** True for a message of VS Code's own; only its first line counts, so that no part of another message is ever dropped. */
export function isNoise(message: string): boolean {
  const [first = ''] = message.trimStart().split('\n', 1);
  return first === '' || noise.some((pattern) => pattern.test(first));
}
