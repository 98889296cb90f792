#!/usr/bin/env node
// Takes VS Code's command line and runs the extension tests in VS Code's server with Chromium: what
// @vscode/test-electron starts in place of the desktop program.
import './nodeVersion.mjs';

const { launch } = await import('./launch.ts');
process.exitCode = await launch(process.argv.slice(2));
process.exit();
