#!/usr/bin/env node
// Gives npm's solc the face of the native compiler, as far as py-solc-x asks for it:
//   solc-shim.js --version
//   solc-shim.js --standard-json [--base-path DIR] [--allow-paths DIR,…] < input > output
// With SOLC_SHIM_CODE=none it generates no code, which takes most of the time, and answers with empty code.
"use strict";

const fs = require("fs");
const path = require("path");

const argv = process.argv.slice(2);

function optionValue(name) {
  const at = argv.indexOf(name);
  return at === -1 ? undefined : argv[at + 1];
}

// process.exit() drops what a pipe has not taken yet, and a pipe takes 64 KiB at a time: write
// synchronously, and wait where the pipe is non-blocking and full.
function writeAll(fd, text) {
  const bytes = Buffer.from(text, "utf8");
  const pause = new Int32Array(new SharedArrayBuffer(4));
  let written = 0;
  while (written < bytes.length) {
    try {
      written += fs.writeSync(fd, bytes, written);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
      Atomics.wait(pause, 0, 0, 5);
    }
  }
}

function fail(message) {
  writeAll(2, `${message}\n`);
  process.exit(1);
}

function importsBelow(basePath, allowedPaths) {
  const allowed = [basePath, ...allowedPaths].map((directory) => fs.realpathSync(directory));
  return (unit) => {
    const wanted = path.resolve(basePath, unit);
    if (!fs.existsSync(wanted)) return { error: `File not found: ${unit}` };
    const file = fs.realpathSync(wanted);
    const inside = allowed.some((directory) => file.startsWith(directory + path.sep));
    if (!inside) return { error: `File outside of the allowed directories: ${unit}` };
    return { contents: fs.readFileSync(file, "utf8") };
  };
}

function loadCompiler() {
  try {
    return require("solc");
  } catch (error) {
    return fail(`npm package solc is not installed: run npm ci (${error.code})`);
  }
}

function withoutCode(input) {
  for (const ofFile of Object.values(input.settings.outputSelection)) {
    for (const [contract, outputs] of Object.entries(ofFile)) {
      ofFile[contract] = outputs.filter((output) => !/^(evm|ir|irOptimized)\b/.test(output));
      if (contract !== "") ofFile[contract].push("evm.methodIdentifiers");
    }
  }
  return input;
}

function withEmptyCode(output) {
  for (const ofFile of Object.values(output.contracts || {})) {
    for (const { evm } of Object.values(ofFile)) {
      evm.bytecode = { object: "", sourceMap: "", linkReferences: {} };
      evm.deployedBytecode = { object: "", sourceMap: "", linkReferences: {}, immutableReferences: {} };
    }
  }
  return output;
}

function codelessly(input, compile) {
  const output = compile(JSON.stringify(withoutCode(JSON.parse(input))));
  return JSON.stringify(withEmptyCode(JSON.parse(output)));
}

function main() {
  if (argv.includes("--version")) {
    const version = loadCompiler().version();
    writeAll(1, `solc, the solidity compiler commandline interface\nVersion: ${version}\n`);
    return;
  }
  if (!argv.includes("--standard-json")) {
    fail("Usage: solc-shim.js --version | --standard-json [--base-path DIR] [--allow-paths DIR,…]");
  }
  const basePath = optionValue("--base-path") || process.cwd();
  const allowedPaths = (optionValue("--allow-paths") || "").split(",").filter(Boolean);
  const compile = (input) => loadCompiler().compile(input, { import: importsBelow(basePath, allowedPaths) });
  const input = fs.readFileSync(0, "utf8");
  const codeless = process.env.SOLC_SHIM_CODE === "none";
  const output = codeless ? codelessly(input, compile) : compile(input);
  writeAll(1, output);
}

main();
// soljson keeps the event loop alive; everything is written by now
process.exit(0);
