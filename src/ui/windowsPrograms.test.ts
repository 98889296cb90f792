import assert from 'node:assert/strict';
import { scriptOfShim } from './windowsPrograms.ts';

/** Abridged where dots are; the lines that matter are as they are shipped. */
const npmCmd = `:: Created by npm, please don't edit manually.\r
@ECHO OFF\r
SETLOCAL\r
SET "NODE_EXE=%~dp0\\node.exe"\r
IF NOT EXIST "%NODE_EXE%" (\r
  SET "NODE_EXE=node"\r
)\r
SET "NPM_PREFIX_JS=%~dp0\\node_modules\\npm\\bin\\npm-prefix.js"\r
SET "NPM_CLI_JS=%~dp0\\node_modules\\npm\\bin\\npm-cli.js"\r
FOR /F "delims=" %%F IN ('CALL "%NODE_EXE%" "%NPM_PREFIX_JS%"') DO (\r
  SET "NPM_PREFIX_NPM_CLI_JS=%%F\\node_modules\\npm\\bin\\npm-cli.js"\r
)\r
"%NODE_EXE%" "%NPM_CLI_JS%" %*\r
`;
const cmdShim = `@ECHO off\r
GOTO start\r
:find_dp0\r
SET dp0=%~dp0\r
EXIT /b\r
:start\r
SETLOCAL\r
CALL :find_dp0\r
IF EXIST "%dp0%\\node.exe" (\r
  SET "_prog=%dp0%\\node.exe"\r
) ELSE (\r
  SET "_prog=node"\r
  SET PATHEXT=%PATHEXT:;.JS;=;%\r
)\r
endLocal & goto #_undefined_# 2>NUL || title %COMSPEC% & "%_prog%"  "%dp0%\\node_modules\\yarn\\bin\\yarn.js" %*\r
`;
const corepack = `@SETLOCAL\r
@IF EXIST "%~dp0\\node.exe" (\r
  "%~dp0\\node.exe" "%~dp0\\node_modules\\corepack\\dist\\pnpm.js" %*\r
) ELSE (\r
  node "%~dp0\\node_modules\\corepack\\dist\\pnpm.js" %*\r
)\r
`;

describe('batch files of package managers on Windows', () => {
  const folder = 'C:\\Program Files\\nodejs';
  for (const [name, text, script] of [
    ['npm.cmd', npmCmd, 'node_modules\\npm\\bin\\npm-cli.js'],
    ['yarn.cmd', cmdShim, 'node_modules\\yarn\\bin\\yarn.js'],
    ['pnpm.cmd', corepack, 'node_modules\\corepack\\dist\\pnpm.js'],
  ] as const) {
    it(`name the script that Node runs: ${name}`, () => {
      assert.equal(scriptOfShim(`${folder}\\${name}`, text), `${folder}\\${script}`);
    });
  }

  it('that start no script are left alone', () => {
    assert.equal(scriptOfShim(`${folder}\\x.cmd`, '@echo off\r\necho %~dp0\r\n'), undefined);
  });
});
